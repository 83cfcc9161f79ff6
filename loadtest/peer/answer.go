package peer

import (
	"fmt"
	"strings"

	"github.com/pion/sdp/v3"
)

// An answer is what we need of the server's answer, or of its offer.
type answer struct {
	ufrag, pwd  string
	hash, print string // of its certificate
	active      bool   // it begins the DTLS handshake
	lite        bool   // it leaves the checks to us (RFC 8445 section 2.5)
	candidates  []string
	twcc        bool
	data        bool            // it takes data channels
	takes       map[string]bool // by mid: the server receives what we send there
}

// readAnswer reads an SDP answer. The error wraps errNoAnswer.
func readAnswer(text string) (answer, error) {
	var d sdp.SessionDescription
	if err := d.UnmarshalString(text); err != nil {
		return answer{}, fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	a := answer{takes: map[string]bool{}}
	a.identity(d.Attribute)
	_, a.lite = d.Attribute("ice-lite")
	for _, m := range d.MediaDescriptions {
		if m.MediaName.Port.Value == 0 {
			continue
		}
		a.identity(m.Attribute)
		a.data = a.data || m.MediaName.Media == "application"
		mid, _ := m.Attribute("mid")
		_, recvonly := m.Attribute("recvonly")
		_, sendrecv := m.Attribute("sendrecv")
		a.takes[mid] = recvonly || sendrecv
		for _, at := range m.Attributes {
			switch at.Key {
			case "candidate":
				a.candidates = append(a.candidates, at.Value)
			case "extmap":
				a.twcc = a.twcc || strings.HasSuffix(at.Value, uriTWCC)
			}
		}
	}
	if a.ufrag == "" || a.pwd == "" || a.print == "" {
		return answer{}, fmt.Errorf("%w: credentials or fingerprint are missing", errNoAnswer)
	}
	return a, nil
}

// identity reads what stands above the sections or in each.
func (a *answer) identity(attribute func(string) (string, bool)) {
	if v, ok := attribute("ice-ufrag"); ok {
		a.ufrag = v
	}
	if v, ok := attribute("ice-pwd"); ok {
		a.pwd = v
	}
	if v, ok := attribute("fingerprint"); ok {
		a.hash, a.print, _ = strings.Cut(v, " ")
	}
	if v, ok := attribute("setup"); ok {
		a.active = v == "active"
	}
}
