package nodes

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"salon/sfu/id"
)

// header carries a Hop between nodes, as nine fields with dots between them:
//
//	v1.from.to.epoch.at.client.room.digest.mac
//
// from and to are ids of nodes, epoch and at (milliseconds since 1970) decimal numbers. client, room, digest and mac are
// in unpadded base64url, and all but mac may be empty. mac is the HMAC-SHA256 of all before it, then method and request
// target, each behind a line feed: none of them can hold one, so that no two requests read the same.
const header = "Salon-Hop"

const (
	hopVersion = "v1"
	hopFields  = 9
	maxHop     = 1 << 10 // bytes of the header; a room's name takes up to 340
	maxNodeID  = 64
	maxRoom    = 255
)

// window is how far the clocks of two nodes may be apart, and for how long a request that somebody recorded is good for
// the one node that it was meant for.
const window = 30 * time.Second

// A Hop is what a node says of a request that it sends to another one.
type Hop struct {
	From, To id.Node
	// Room is the one that the request is about, Epoch that of the Lease by which To was found. Empty: about none.
	Room  id.Room
	Epoch uint64
	// Client is who sent the request to From; zero: From itself.
	Client netip.Addr
	At     time.Time
	// digest is the SHA-256 of the body, or empty: then the body is a client's, which flows as it comes.
	digest string
}

// errHop is why a request isn't one of a node. Only logs hear which it was.
var (
	errHopForm  = errors.New("the hop can't be read")
	errHopMAC   = errors.New("the hop is not signed with our key")
	errHopTime  = errors.New("the hop is too old, or from the future")
	errHopOther = errors.New("the hop is for another node")
)

// A Key signs what a node says to others. All nodes of a cluster have the same.
type Key struct{ secret []byte }

// NewKey derives the key from the API secret, which signs tokens as well: neither is good for the other.
func NewKey(secret string) (Key, error) {
	if secret == "" {
		return Key{}, fmt.Errorf("%w: the secret is empty", ErrConfig)
	}
	b, err := hkdf.Key(sha256.New, []byte(secret), nil, "salon: between nodes, v1", sha256.Size)
	if err != nil {
		return Key{}, fmt.Errorf("derive key: %w", err)
	}
	return Key{b}, nil
}

// sign returns the header of a request.
func (k Key) sign(h Hop, method, target string) string {
	text := h.text()
	return text + "." + base64.RawURLEncoding.EncodeToString(k.mac(text, method, target))
}

// verify reads the header of a request to self, and believes it or not.
func (k Key) verify(raw, method, target string, self id.Node, now time.Time) (Hop, error) {
	h, mac, err := parseHop(raw)
	if err != nil {
		return Hop{}, err
	}
	if !hmac.Equal(mac, k.mac(h.text(), method, target)) {
		return Hop{}, errHopMAC
	}
	if age := now.Sub(h.At); age > window || age < -window {
		return Hop{}, errHopTime
	}
	if h.To != self {
		return Hop{}, errHopOther
	}
	return h, nil
}

func (k Key) mac(text, method, target string) []byte {
	m := hmac.New(sha256.New, k.secret)
	for _, part := range []string{text, "\n", method, "\n", target} {
		_, _ = io.WriteString(m, part) // a hash takes everything
	}
	return m.Sum(nil)
}

func (h Hop) text() string {
	client := ""
	if h.Client.IsValid() {
		client = h.Client.String()
	}
	encode := base64.RawURLEncoding.EncodeToString
	return strings.Join([]string{
		hopVersion, string(h.From), string(h.To), strconv.FormatUint(h.Epoch, 10), strconv.FormatInt(h.At.UnixMilli(), 10),
		encode([]byte(client)), encode([]byte(h.Room)), encode([]byte(h.digest)),
	}, ".")
}

// parseHop reads what sign wrote, and nothing else: a Hop has one way to be written. It believes nothing.
func parseHop(raw string) (h Hop, mac []byte, err error) {
	if len(raw) > maxHop {
		return Hop{}, nil, errHopForm
	}
	fields := strings.Split(raw, ".")
	if len(fields) != hopFields || fields[0] != hopVersion || !isNode(fields[1]) || !isNode(fields[2]) {
		return Hop{}, nil, errHopForm
	}
	h.From, h.To = id.Node(fields[1]), id.Node(fields[2])
	epoch, err1 := strconv.ParseUint(fields[3], 10, 64)
	at, err2 := strconv.ParseInt(fields[4], 10, 64)
	var decoded [4]string
	errs := []error{err1, err2}
	for i, field := range fields[5:] {
		b, err := base64.RawURLEncoding.DecodeString(field)
		decoded[i], errs = string(b), append(errs, err)
	}
	if decoded[0] != "" {
		var err error
		h.Client, err = netip.ParseAddr(decoded[0])
		errs = append(errs, err)
	}
	if errors.Join(errs...) != nil {
		return Hop{}, nil, errHopForm
	}
	h.Epoch, h.At, h.Room, h.digest = epoch, time.UnixMilli(at), id.Room(decoded[1]), decoded[2]
	if len(h.Room) > maxRoom || h.text() != strings.Join(fields[:hopFields-1], ".") {
		return Hop{}, nil, errHopForm
	}
	return h, []byte(decoded[3]), nil
}

// isNode is true of what can be the id of a node.
func isNode(s string) bool {
	if s == "" || len(s) > maxNodeID {
		return false
	}
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}

type hopKey struct{}

// withHop notes that a request came by h.
func withHop(ctx context.Context, h Hop) context.Context { return context.WithValue(ctx, hopKey{}, h) }

// HopOf returns the Hop by which a request came; false when it came to this node first.
func HopOf(ctx context.Context) (Hop, bool) {
	h, ok := ctx.Value(hopKey{}).(Hop)
	return h, ok
}
