package jsep

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// Bounds on what a peer may make us read.
const (
	maxSize       = 256 << 10 // bytes of a description
	maxSections   = 512
	maxMIDLen     = 64 // bytes
	maxRIDs       = 8  // encodings of a section; clients send three
	maxSSRCs      = 32 // of a section
	maxCandidates = 64 // of a description
	maxCodecs     = 64 // of a section
	maxTokenLen   = 256
)

// unsaidMaxMessage is what a peer takes that says nothing (RFC 8841 section 6.1).
const unsaidMaxMessage = 64 << 10

// Parse reads a session description of a peer, in any of its roles. It is
// bounded in size and refuses what no connection could be built on; sections
// that we cannot carry come out as Rejected.
func Parse(text string) (*Description, error) {
	if len(text) > maxSize {
		return nil, ErrTooLarge
	}
	var raw sdp.SessionDescription
	if err := raw.UnmarshalString(text); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	if len(raw.MediaDescriptions) == 0 || len(raw.MediaDescriptions) > maxSections {
		return nil, ErrSections
	}
	d := &Description{MaxMessageSize: unsaidMaxMessage}
	bundle := d.readSession(raw.Attributes)
	if err := d.readSections(raw.MediaDescriptions, bundle); err != nil {
		return nil, err
	}
	if err := d.readConnection(&raw); err != nil {
		return nil, err
	}
	return d, nil
}

// readSession reads the lines above the sections and returns the MIDs of the
// first BUNDLE group.
func (d *Description) readSession(attributes []sdp.Attribute) (bundle []string) {
	for _, a := range attributes {
		switch a.Key {
		case "group":
			if words := strings.Fields(a.Value); !d.grouped && len(words) > 0 && words[0] == "BUNDLE" {
				d.grouped, bundle = true, words[1:]
			}
		case "ice-lite":
			d.ICELite = true
		case "extmap-allow-mixed":
			d.ExtmapAllowMixed = true
		}
	}
	return bundle
}

func (d *Description) readSections(media []*sdp.MediaDescription, bundle []string) error {
	members := make(map[string]bool, len(bundle))
	for _, mid := range bundle {
		members[mid] = true
	}
	seen := make(map[string]bool, len(media))
	for i, m := range media {
		s := readSection(m)
		if !token(s.MID) || len(s.MID) > maxMIDLen || seen[s.MID] {
			return ErrMID
		}
		seen[s.MID] = true
		if d.grouped && !members[s.MID] || !d.grouped && i > 0 {
			s.Rejected = true
		}
		if v, ok := m.Attribute("max-message-size"); ok && s.Kind == Application {
			d.MaxMessageSize = messageSize(v)
		}
		if _, ok := m.Attribute("extmap-allow-mixed"); ok {
			d.ExtmapAllowMixed = true
		}
		d.Sections = append(d.Sections, s)
	}
	return nil
}

// messageSize reads a=max-message-size; 0 means no limit (RFC 8841 section 6.1).
func messageSize(text string) uint32 {
	v, err := strconv.ParseUint(text, 10, 32)
	switch {
	case err != nil:
		return unsaidMaxMessage
	case v == 0 || v > 1<<30:
		return 1 << 30 // what fits an int anywhere
	default:
		return uint32(v)
	}
}

// readConnection finds credentials, fingerprint and role: they stand above the
// sections or in the first section of the bundle that is alive, which speaks
// for all (RFC 8843 section 7.1.3).
func (d *Description) readConnection(raw *sdp.SessionDescription) error {
	lookup := func(key string) (string, bool) { return raw.Attribute(key) }
	for i, m := range raw.MediaDescriptions {
		d.readCandidates(m)
		if _, ok := m.Attribute("ice-ufrag"); ok && !d.Sections[i].Rejected {
			lookup = func(key string) (string, bool) {
				if v, ok := m.Attribute(key); ok {
					return v, true
				}
				return raw.Attribute(key)
			}
			break
		}
	}
	d.Ufrag, _ = lookup("ice-ufrag")
	d.Pwd, _ = lookup("ice-pwd")
	// RFC 8839 section 5.4: 4 to 256 and 22 to 256 ice-chars.
	if !iceChars(d.Ufrag, 4) || !iceChars(d.Pwd, 22) {
		return ErrCredentials
	}
	if value, ok := lookup("fingerprint"); !ok || !d.readFingerprint(value) {
		return ErrFingerprint
	}
	d.Setup, _ = lookup("setup")
	if d.Setup == "passive" || d.Setup == "holdconn" {
		return ErrSetup
	}
	return nil
}

func (d *Description) readCandidates(m *sdp.MediaDescription) {
	for _, a := range m.Attributes {
		if a.Key == "candidate" && len(d.Candidates) < maxCandidates {
			d.Candidates = append(d.Candidates, "candidate:"+a.Value)
		}
	}
}

// readFingerprint takes "sha-256 AB:CD:..." with the digests RFC 8122 section 5
// still allows for new connections.
func (d *Description) readFingerprint(value string) bool {
	hash, digest, ok := strings.Cut(strings.TrimSpace(value), " ")
	if !ok {
		return false
	}
	d.FingerprintHash = strings.ToLower(hash)
	d.Fingerprint = strings.ToUpper(strings.TrimSpace(digest))
	size, ok := map[string]int{"sha-256": 32, "sha-384": 48, "sha-512": 64}[d.FingerprintHash]
	if !ok || len(d.Fingerprint) != 3*size-1 {
		return false
	}
	raw, err := hex.DecodeString(strings.ReplaceAll(d.Fingerprint, ":", ""))
	return err == nil && len(raw) == size
}

func iceChars(s string, least int) bool {
	if len(s) < least || len(s) > 256 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !alphanumeric(r) && r != '+' && r != '/'
	})
}

func alphanumeric(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// token tells whether s can stand as one word in a description of ours
// (RFC 8866 section 9, token, and the few more signs that ids carry).
func token(s string) bool {
	return s != "" && len(s) <= maxTokenLen && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~'
	})
}

// uniqueAppend appends v unless it is there already.
func uniqueAppend[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}
