package srtp

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is lost, late or repeated around the points where the 16-bit numbers wrap: a packet opens once, if it is not too old, and
// always under its own index.
func TestOrderAroundTheRollOver(t *testing.T) {
	for _, p := range profiles() {
		t.Run(p.String(), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				s, o := newPair(t, p)
				top := rapid.Uint64Range(0, 1<<15-1).Draw(rt, "first") // RFC 3711 section 3.3.1: the receiver takes it to be of roll-over 0
				seen := map[uint64]bool{}
				open := func(index uint64) {
					old := seen[index] || index <= top && top-index >= windowSize
					_, err := o.OpenRTP(seal(s, 7, index), 12)
					switch {
					case old && !errors.Is(err, ErrReplay):
						rt.Fatalf("%d of %d again or late: %v", index, top, err)
					case !old && err != nil:
						rt.Fatalf("%d of %d: %v", index, top, err)
					}
					seen[index], top = true, max(top, index)
				}
				open(top)
				for range 60 {
					switch rapid.IntRange(0, 3).Draw(rt, "what") {
					case 0: // loss up to half a cycle
						open(top + rapid.Uint64Range(1, 1<<15-1).Draw(rt, "gap"))
					case 1:
						open(top + 1)
					case 2: // late or repeated, by up to more than is remembered
						open(top - min(top, rapid.Uint64Range(0, 2*windowSize).Draw(rt, "back")))
					case 3: // up to just before the next wrap
						if next := top | 0xffff; next-top < 1<<15 && next > top {
							open(next)
						}
					}
				}
			})
		})
	}
}

// The same for reports, whose index is in the packet.
func TestReportsOpenOnce(t *testing.T) {
	for _, p := range profiles() {
		s, o := newPair(t, p)
		var reports [][]byte
		for range 3000 {
			reports = append(reports, s.SealRTCP(rtcpPacket(7)))
		}
		open := func(i int) error {
			_, err := o.OpenRTCP(append([]byte(nil), reports[i]...))
			return err
		}
		for _, step := range []struct {
			report int
			want   error
		}{
			{5, nil}, {4, nil}, {5, ErrReplay}, {4, ErrReplay}, {0, nil}, {2000, nil},
			{2000 - windowSize, ErrReplay}, {2000 - windowSize + 1, nil}, {2999, nil}, {2000, ErrReplay}, {2998, nil},
		} {
			if err := open(step.report); !errors.Is(err, step.want) {
				t.Errorf("%v: report %d: %v, want %v", p, step.report, err, step.want)
			}
		}
	}
}
