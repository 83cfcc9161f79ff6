package speaker

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// meeting drives a Detector: time goes by in packets of 20 ms, with an Update after each 15.
type meeting struct {
	tb      testing.TB
	d       *Detector
	now     time.Time
	packets int
	changes []Change
}

func newMeeting(tb testing.TB) *meeting {
	return &meeting{tb: tb, d: New(Config{}), now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
}

// run lets time go by while each participant sends at a level in -dBov.
func (m *meeting) run(length time.Duration, levels map[string]uint8) {
	for range length / slotTime {
		for who, level := range levels {
			m.d.Observe(m.now, who, level)
		}
		m.now = m.now.Add(slotTime)
		if m.packets++; m.packets%15 == 0 {
			m.changes = append(m.changes, m.d.Update(m.now)...)
		}
	}
}

// active is who is active by the changes told.
func (m *meeting) active() []string {
	var list []string
	for _, c := range m.changes {
		i, ok := slices.BinarySearch(list, c.Who)
		switch {
		case c.Active && !ok:
			list = slices.Insert(list, i, c.Who)
		case !c.Active && ok:
			list = slices.Delete(list, i, i+1)
		}
	}
	return list
}

func (m *meeting) expect(dominant string, active ...string) {
	m.tb.Helper()
	if got, _ := m.d.Dominant(); got != dominant {
		m.tb.Errorf("%q dominates, want %q", got, dominant)
	}
	if got := m.active(); !slices.Equal(got, active) {
		m.tb.Errorf("active: %v, want %v", got, active)
	}
}

func TestSilenceIsNobodysSpeech(t *testing.T) {
	m := newMeeting(t)
	m.run(3*time.Second, map[string]uint8{"ann": 127, "ben": 70})
	m.expect("")
	if len(m.changes) != 0 {
		t.Errorf("changes: %+v", m.changes)
	}
}

func TestSpeechStartsAndEndsOnce(t *testing.T) {
	m := newMeeting(t)
	m.run(600*time.Millisecond, map[string]uint8{"ann": 20, "ben": 80})
	m.expect("ann", "ann")
	m.run(600*time.Millisecond, map[string]uint8{"ann": 90, "ben": 80})
	m.expect("ann", "ann")
	m.run(900*time.Millisecond, map[string]uint8{"ann": 90, "ben": 80})
	m.expect("ann")
	m.changes = nil
	m.run(3*time.Second, map[string]uint8{"ann": 90, "ben": 80})
	if len(m.changes) != 0 {
		t.Errorf("changes in silence: %+v", m.changes)
	}
}

func TestSpeechEndsWhenPacketsStop(t *testing.T) {
	m := newMeeting(t)
	m.run(time.Second, map[string]uint8{"ann": 20})
	m.expect("ann", "ann")
	m.run(1500*time.Millisecond, nil)
	m.expect("ann")
	if last := m.changes[len(m.changes)-1]; last != (Change{Who: "ann"}) {
		t.Errorf("last change %+v", last)
	}
}

func TestClickIsNotSpeech(t *testing.T) {
	m := newMeeting(t)
	m.run(time.Second, map[string]uint8{"ann": 90})
	m.run(60*time.Millisecond, map[string]uint8{"ann": 5})
	m.run(time.Second, map[string]uint8{"ann": 90})
	m.expect("")
}

func TestDominanceMovesToTheNextSpeaker(t *testing.T) {
	m := newMeeting(t)
	m.run(2*time.Second, map[string]uint8{"ann": 20, "ben": 75})
	m.expect("ann", "ann")
	m.run(1500*time.Millisecond, map[string]uint8{"ann": 75, "ben": 25})
	m.expect("ben", "ben")
}

func TestDominanceStaysThroughAnInterjection(t *testing.T) {
	m := newMeeting(t)
	m.run(2*time.Second, map[string]uint8{"ann": 20, "ben": 75})
	m.run(600*time.Millisecond, map[string]uint8{"ann": 22, "ben": 15})
	m.expect("ann", "ann", "ben")
}

func TestDominanceEndsWithRemove(t *testing.T) {
	m := newMeeting(t)
	m.run(time.Second, map[string]uint8{"ann": 20, "ben": 25})
	m.d.Remove("ann")
	m.d.Remove("ben")
	m.d.Remove("nobody")
	if who, ok := m.d.Dominant(); ok {
		t.Errorf("%q dominates", who)
	}
	if changes := m.d.Update(m.now); len(changes) != 0 {
		t.Errorf("changes of those who left: %+v", changes)
	}
}

func TestLevelFollowsLoudness(t *testing.T) {
	last := float32(0)
	for _, level := range []uint8{39, 30, 20, 10, 0} {
		m := newMeeting(t)
		m.run(3*time.Second, map[string]uint8{"ann": level})
		got := m.changes[len(m.changes)-1].Level
		if got <= last && got != 1 || got > 1 || got*steps != float32(int(got*steps)) {
			t.Errorf("-%d dBov is shown as %v, after %v", level, got, last)
		}
		last = got
	}
	if last != 1 {
		t.Errorf("the loudest is shown as %v", last)
	}
}

func TestLongPacketsCountInFull(t *testing.T) {
	m := newMeeting(t)
	for range 10 { // 60 ms each
		m.d.Observe(m.now, "ann", 20)
		m.now = m.now.Add(60 * time.Millisecond)
	}
	if changes := m.d.Update(m.now); len(changes) != 1 || !changes[0].Active {
		t.Errorf("changes: %+v", changes)
	}
}

func TestLouderOfTwoTracksCounts(t *testing.T) {
	m := newMeeting(t)
	for range 30 {
		m.d.Observe(m.now, "ann", 20)
		m.d.Observe(m.now, "ann", 127)
		m.now = m.now.Add(slotTime)
	}
	if changes := m.d.Update(m.now); len(changes) != 1 || !changes[0].Active {
		t.Errorf("changes: %+v", changes)
	}
}

func TestPausesAndJumpsOfTheClock(t *testing.T) {
	m := newMeeting(t)
	m.run(time.Second, map[string]uint8{"ann": 20})
	m.now = m.now.Add(1000 * time.Hour)
	m.run(time.Second, map[string]uint8{"ann": 20})
	m.expect("ann", "ann")
	m.now = m.now.Add(-time.Hour)
	m.run(time.Second, map[string]uint8{"ann": 127})
}

// Whatever is observed, the changes alternate as they should, and levels keep to their steps.
func TestChangesAreDifferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, now := New(Config{}), time.Unix(1000, 0)
		known := map[string]Change{}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "pause")) * time.Millisecond)
			who := rapid.SampledFrom([]string{"ann", "ben", "cem"}).Draw(t, "who")
			switch rapid.IntRange(0, 9).Draw(t, "action") {
			case 0:
				d.Remove(who)
				delete(known, who)
			case 1, 2, 3:
				for _, c := range d.Update(now) {
					before := known[c.Who]
					before.Who = c.Who
					if c == before || c.Active != (c.Level > 0) || c.Level*steps != float32(int(c.Level*steps)) || c.Level > 1 {
						t.Fatalf("change %+v after %+v", c, before)
					}
					known[c.Who] = c
				}
			default:
				d.Observe(now, who, rapid.Byte().Draw(t, "level"))
			}
		}
	})
}

func TestUpdateAllocatesNothing(t *testing.T) {
	m := newMeeting(t)
	names := make([]string, 50)
	for i := range names {
		names[i] = fmt.Sprint(i)
	}
	step := func() {
		for i, who := range names {
			m.d.Observe(m.now, who, uint8(m.packets+i)%80)
		}
		m.packets++
		m.now = m.now.Add(300 * time.Millisecond)
		m.d.Update(m.now)
	}
	for range 50 {
		step()
	}
	if n := testing.AllocsPerRun(50, step); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkUpdate(b *testing.B) {
	for _, people := range []int{6, 50} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			d, now := New(Config{}), time.Unix(1000, 0)
			for i := range 50 {
				for p := range people {
					d.Observe(now.Add(time.Duration(i)*slotTime), fmt.Sprint(p), uint8(20+p))
				}
			}
			for b.Loop() {
				now = now.Add(slotTime)
				d.Update(now)
			}
		})
	}
}
