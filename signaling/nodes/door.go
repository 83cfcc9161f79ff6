package nodes

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"salon/sfu/id"
	"salon/signaling/cluster"
)

// Inside is the prefix of what nodes say to each other on their own behalf.
const Inside = "/internal/"

// registryPath is where a node is asked how it stands to the registry and, with a room in the query, whether it holds that.
const registryPath = Inside + "registry"

// MaxMessage bounds the body of what a node says to another, and of the answer.
const MaxMessage = 8 << 20

// Behind is what a Door leads to.
type Behind struct {
	// Answer tells how this node stands to the registry, and whether it holds room, unless that is empty: Member.Answer.
	Answer func(ctx context.Context, room id.Room) (cluster.Answer, error)
	// Inside answers what begins with "/internal/", but for what the Door answers itself. May be nil.
	Inside http.Handler
	// Passed answers the requests of clients that came to other nodes.
	Passed http.Handler
}

// A Door is the handler of a node's inside address. It lets in what other nodes of the cluster sent to this one, which it
// knows by their key; all else gets 401 and learns nothing.
type Door struct {
	self    id.Node
	key     Key
	behind  Behind
	log     *slog.Logger
	now     func() time.Time
	refused atomic.Uint64
}

// NewDoor returns the inside door of the node called self.
func NewDoor(self id.Node, key Key, behind Behind, log *slog.Logger, now func() time.Time) *Door {
	return &Door{self: self, key: key, behind: behind, log: log, now: now}
}

// Refused is how many requests were not those of a node so far.
func (d *Door) Refused() uint64 { return d.refused.Load() }

// ServeHTTP answers.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hop, err := d.key.verify(r.Header.Get(header), r.Method, r.RequestURI, d.self, d.now())
	if err != nil {
		d.refused.Add(1)
		d.log.Debug("request of no node refused", "err", err)
		w.Header().Set("WWW-Authenticate", header)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	r.Header.Del(header)
	r = r.WithContext(withHop(r.Context(), hop))
	if !strings.HasPrefix(r.URL.Path, Inside) {
		if hop.Client.IsValid() {
			r.RemoteAddr = net.JoinHostPort(hop.Client.String(), "0") // the port is of no use to anybody
		}
		d.behind.Passed.ServeHTTP(w, r)
		return
	}
	d.inside(w, r, hop)
}

// inside answers what a node says on its own behalf: its body is signed, too.
func (d *Door) inside(w http.ResponseWriter, r *http.Request, hop Hop) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxMessage))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if sum := sha256.Sum256(body); hop.digest != string(sum[:]) {
		d.refused.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch {
	case r.URL.Path == registryPath && r.Method == http.MethodGet:
		d.tell(w, r)
	case d.behind.Inside != nil:
		d.behind.Inside.ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// tell answers a node that asks directly.
func (d *Door) tell(w http.ResponseWriter, r *http.Request) {
	answer, err := d.behind.Answer(r.Context(), id.Room(r.URL.Query().Get("room")))
	if err != nil {
		d.log.Debug("node not answered", "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // the other node may have gone
}
