package peer

import (
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"salon/loadtest/media"
)

// formats is what payload types and header extensions of incoming packets mean.
type formats struct {
	codec  map[uint8]media.Codec // of media
	repair map[uint8]media.Codec // of retransmissions (RFC 4588)
	twcc   uint8                 // extension id; 0: none
}

// ownFormats are those of our own offers, which answers keep.
func ownFormats(video media.Codec) *formats {
	n := payloadOf(video)
	return &formats{
		codec:  map[uint8]media.Codec{payloadOpus: media.Opus, n: video},
		repair: map[uint8]media.Codec{n + 1: video},
		twcc:   extensionTWCC,
	}
}

// learn adds what a section of an offer says, as far as it is Opus or the run's video, and returns the payload types
// that we take.
func (f *formats) learn(m *sdp.MediaDescription, video media.Codec) (taken []string) {
	for _, a := range m.Attributes {
		switch a.Key {
		case "rtpmap":
			number, c, ok := f.mapped(a.Value, video)
			if ok {
				f.codec[number] = c
				taken = append(taken, strconv.Itoa(int(number)))
			}
		case "extmap":
			if id, err := strconv.ParseUint(strings.Split(a.Value, " ")[0], 10, 8); err == nil && strings.HasSuffix(a.Value, uriTWCC) {
				f.twcc = uint8(id)
			}
		}
	}
	for _, a := range m.Attributes { // retransmissions name what they repeat
		number, format, _ := strings.Cut(a.Value, " ")
		apt, isRepair := strings.CutPrefix(format, "apt=")
		if a.Key != "fmtp" || !isRepair {
			continue
		}
		n, err1 := strconv.ParseUint(number, 10, 8)
		of, err2 := strconv.ParseUint(apt, 10, 8)
		if c, ok := f.codec[uint8(of)]; ok && err1 == nil && err2 == nil { //nolint:gosec // eight bits
			f.repair[uint8(n)] = c //nolint:gosec // eight bits
			taken = append(taken, number)
		}
	}
	return taken
}

// mapped reads an rtpmap such as "96 VP8/90000".
func (f *formats) mapped(value string, video media.Codec) (number uint8, c media.Codec, ok bool) {
	n, name, _ := strings.Cut(value, " ")
	name, _, _ = strings.Cut(name, "/")
	v, err := strconv.ParseUint(n, 10, 8)
	if err != nil {
		return 0, "", false
	}
	for _, c := range []media.Codec{media.Opus, video} {
		if strings.EqualFold(name, string(c)) {
			return uint8(v), c, true
		}
	}
	return 0, "", false
}
