package peer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"

	"salon/loadtest/media"
)

// Accept implements Peer.
func (l *Lean) Accept(text string) (string, error) {
	remote, err := readAnswer(text)
	if err != nil {
		return "", err
	}
	l.desc.setup = "active"
	l.desc.version++
	sdp, f, err := writeAnswer(l.desc, text)
	if err != nil {
		return "", err
	}
	l.in.formats.Store(f)
	l.remote = remote
	l.in.twcc.Store(f.twcc > 0)
	for _, c := range remote.candidates {
		if err := l.addCandidate(c); err != nil {
			return "", err
		}
	}
	if l.started {
		return sdp, nil
	}
	l.started = true
	return sdp, l.connect()
}

// writeAnswer answers a server's offer: it takes the media of the run's codecs and data channels, and sends nothing. It
// keeps the server's numbers (RFC 3264 section 6.1) and tells what they mean.
func writeAnswer(d description, offer string) (string, *formats, error) {
	var o sdp.SessionDescription
	if err := o.UnmarshalString(offer); err != nil {
		return "", nil, fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	f := &formats{codec: map[uint8]media.Codec{}, repair: map[uint8]media.Codec{}}
	var body, head strings.Builder
	var mids []string
	line := func(format string, args ...any) { fmt.Fprintf(&body, format+"\r\n", args...) }
	for _, m := range o.MediaDescriptions {
		if mid, taken := writeAnswered(line, d, m, f); taken {
			mids = append(mids, mid)
		}
	}
	fmt.Fprintf(&head, "v=0\r\no=- %d %d IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE %s\r\na=extmap-allow-mixed\r\n",
		d.session, d.version, strings.Join(mids, " "))
	return head.String() + body.String(), f, nil
}

// writeAnswered answers one section; false: it is refused.
func writeAnswered(line func(string, ...any), d description, m *sdp.MediaDescription, f *formats) (mid string, taken bool) {
	mid, _ = m.Attribute("mid")
	protos, kind := strings.Join(m.MediaName.Protos, "/"), m.MediaName.Media
	if kind == "application" && m.MediaName.Port.Value != 0 {
		line("m=application 9 %s webrtc-datachannel", protos)
		writeConnection(line, d, mid)
		line("a=sctp-port:5000")
		line("a=max-message-size:%d", maxChannelMessage)
		return mid, true
	}
	numbers := f.learn(m, d.codec)
	if m.MediaName.Port.Value == 0 || len(numbers) == 0 {
		line("m=%s 0 %s %s", kind, protos, strings.Join(m.MediaName.Formats, " "))
		line("c=IN IP4 0.0.0.0")
		line("a=mid:%s", mid)
		line("a=inactive")
		return mid, false
	}
	line("m=%s 9 %s %s", kind, protos, strings.Join(numbers, " "))
	writeConnection(line, d, mid)
	direction := "recvonly"
	for _, a := range m.Attributes {
		number, _, _ := strings.Cut(a.Value, " ")
		switch a.Key {
		case "rtpmap", "fmtp", "rtcp-fb":
			if slices.Contains(numbers, number) {
				line("a=%s:%s", a.Key, a.Value)
			}
		case "extmap":
			line("a=extmap:%s", a.Value)
		case "inactive", "recvonly":
			direction = "inactive"
		}
	}
	line("a=%s", direction)
	line("a=rtcp-mux")
	line("a=rtcp-rsize")
	return mid, true
}
