package room

import (
	"errors"
	"fmt"
	"testing"

	"salon/sfu/id"
	"salon/sfu/transport"
)

func everything(name string, single bool) Join {
	return Join{
		Identity: id.Identity(name), Single: single, AutoSubscribe: true, Protocol: 17,
		Grants: Grants{Publish: true, Subscribe: true, PublishData: true, UpdateOwnMetadata: true},
	}
}

func (s *stage) mustJoin(name string, single bool) *Participant {
	s.tb.Helper()
	p, err := s.join(everything(name, single))
	if err != nil {
		s.tb.Fatal(err)
	}
	return p
}

// publish has p send one microphone and one camera.
func (s *stage) publish(p *Participant) {
	s.tb.Helper()
	for kind, word := range map[Kind]string{Audio: "mic", Video: "cam"} {
		if _, err := s.add(p, kind, word+"-"+string(p.identity)); err != nil {
			s.tb.Fatal(err)
		}
	}
	if _, err := s.offer(p, fmt.Sprintf("0 application\n1 audio send cid=mic-%[1]s\n2 video send cid=cam-%[1]s", p.identity)); err != nil {
		s.tb.Fatal(err)
	}
}

func (s *stage) offer(p *Participant, sections string) (a Answer, err error) {
	s.do(func() { a, err = p.answer(sections) })
	return a, err
}

// empty checks that nothing is left of anybody.
func (s *stage) empty() {
	s.tb.Helper()
	r := s.room
	if s.open != 0 || len(r.links) != 0 || r.shard.Peers() != 0 || len(r.participants) != 0 || len(r.publications) != 0 || len(r.unsettled) != 0 {
		s.tb.Fatalf("left behind: %d connections, %d links, %d peers, %d participants, %d publications, %d unsettled",
			s.open, len(r.links), r.shard.Peers(), len(r.participants), len(r.publications), len(r.unsettled))
	}
}

// lastIsLeft checks that Left is the last event, and the only one of its kind.
func lastIsLeft(t *testing.T, events []Event, want LeaveReason) {
	t.Helper()
	for i, e := range events {
		left, is := e.(Left)
		if is != (i == len(events)-1) {
			t.Fatalf("event %d of %d is %T", i, len(events), e)
		}
		if is && left.Reason != want {
			t.Fatalf("reason %d, want %d", left.Reason, want)
		}
	}
	if len(events) == 0 {
		t.Fatal("no events at all")
	}
}

func TestASessionThatDoesNotListenIsRemovedWhateverItPublishes(t *testing.T) {
	for _, single := range []bool{true, false} {
		s := newStage(t, Config{MaxEvents: 8})
		deaf := s.mustJoin("anna", single)
		s.publish(deaf)
		var others []*Participant
		for i := range 20 {
			p := s.mustJoin(fmt.Sprint("p", i), i%2 == 0)
			others = append(others, p)
			for _, p := range others {
				drain(p)
			}
		}
		lastIsLeft(t, drain(deaf), ReasonConnectionTimeout)
		for _, p := range others {
			if len(p.subscriptions) != 0 {
				t.Fatalf("%s is still subscribed", p.identity)
			}
			s.do(func() { p.leave(ReasonClientInitiated) })
		}
		s.empty()
	}
}

func TestASessionThatNeverStartsIsRemovedToo(t *testing.T) {
	s := newStage(t, Config{MaxEvents: 8})
	var early *Participant
	s.do(func() { early, _, _ = s.room.admit(everything("anna", false)) })
	for i := range 20 {
		drain(s.mustJoin(fmt.Sprint("p", i), true))
	}
	lastIsLeft(t, drain(early), ReasonConnectionTimeout)
	s.do(early.start)
}

// The queue runs over while an answer with two tracks is being made: nothing of them may stay.
func TestAPublisherThatIsRemovedByItsOwnOfferLeavesNothing(t *testing.T) {
	for waiting := range 6 {
		s := newStage(t, Config{MaxEvents: 8})
		p := s.mustJoin("anna", true)
		other := s.mustJoin("boris", true)
		for range waiting {
			s.do(func() { s.room.changed(p) })
			drain(other)
		}
		for _, cid := range []string{"a", "b", "c"} {
			if _, err := s.add(p, Video, cid); err != nil {
				t.Fatal(err)
			}
		}
		_, err := s.offer(p, "0 application\n1 video send cid=a\n2 video send cid=b\n3 video send cid=c")
		if p.left != errors.Is(err, ErrLeft) {
			t.Fatalf("left %v, error %v", p.left, err)
		}
		if p.left {
			lastIsLeft(t, drain(p), ReasonConnectionTimeout)
			if len(other.subscriptions) != 0 || s.room.state.Tracks != 0 {
				t.Fatalf("%d subscriptions, %d tracks are left", len(other.subscriptions), s.room.state.Tracks)
			}
		}
		s.room.end(ReasonServerShutdown)
		s.room.settle()
		s.empty()
	}
}

func TestAJoinWhoseSecondConnectionFailsLeavesNothing(t *testing.T) {
	s := newStage(t, Config{})
	for lines := range 2 {
		s.refuse = lines
		if _, err := s.join(everything("anna", false)); !errors.Is(err, errNoLine) {
			t.Fatalf("error %v", err)
		}
		s.empty()
	}
	s.refuse = 3 // one more than the first presence takes
	first := s.mustJoin("anna", false)
	if _, err := s.join(everything("anna", false)); !errors.Is(err, errNoLine) {
		t.Fatalf("error %v", err)
	}
	if first.left || s.open != 2 {
		t.Fatalf("the first presence has left, or %d connections are open", s.open)
	}
}

func TestWhatIsSaidOfTracksIsForgottenWithThem(t *testing.T) {
	s := newStage(t, Config{})
	anna, boris := s.mustJoin("anna", true), s.mustJoin("boris", true)
	for i := range 2 * maxRemembered {
		cid := fmt.Sprint("t", i)
		if _, err := s.add(anna, Video, cid); err != nil {
			t.Fatal(err)
		}
		if _, err := s.offer(anna, "0 application\n1 video send cid="+cid); err != nil {
			t.Fatal(err)
		}
		s.do(func() {
			boris.wish([]id.Track{id.Track(cid)}, Wish{Disabled: true})
			boris.subscribeTo([]id.Track{id.Track(cid)}, false)
		})
		if !boris.wishes[id.Track(cid)].Disabled || len(boris.subscriptions) != 0 {
			t.Fatalf("track %d: the wish was not heeded", i)
		}
		if _, err := s.offer(anna, "0 application\n1 video"); err != nil {
			t.Fatal(err)
		}
		drain(anna)
		drain(boris)
	}
	if len(boris.wishes) != 0 || len(boris.wants) != 0 {
		t.Fatalf("%d wishes and %d wants for nothing", len(boris.wishes), len(boris.wants))
	}
}

func TestWhatIsSaidOfNothingIsBounded(t *testing.T) {
	s := newStage(t, Config{})
	anna, boris := s.mustJoin("anna", true), s.mustJoin("boris", true)
	for i := range 3 * maxRemembered {
		track := []id.Track{id.Track(fmt.Sprint("nothing", i))}
		s.do(func() { boris.wish(track, Wish{}); boris.subscribeTo(track, true) })
	}
	if len(boris.wishes) != maxRemembered || len(boris.wants) != maxRemembered {
		t.Fatalf("%d wishes, %d wants", len(boris.wishes), len(boris.wants))
	}
	s.publish(anna)
	s.do(func() { boris.wish([]id.Track{"cam-anna"}, Wish{Disabled: true}) })
	if !boris.wishes["cam-anna"].Disabled {
		t.Fatal("what is there is passed over for what isn't")
	}
}

func TestSectionsDoNotPileUp(t *testing.T) {
	for _, single := range []bool{true, false} {
		s := newStage(t, Config{})
		anna, boris := s.mustJoin("anna", true), s.mustJoin("boris", single)
		round := func(sections string) {
			if single {
				if _, err := s.offer(boris, sections); err != nil {
					t.Fatal(err)
				}
				return
			}
			var err error
			s.do(func() { err = boris.answered(0, sections) })
			if err != nil {
				t.Fatal(err)
			}
		}
		const listening = "0 application\n1 video recv\n2 video recv"
		for i := range 200 {
			cid := fmt.Sprint("t", i)
			_, _ = s.add(anna, Video, cid)
			for _, sections := range []string{"0 application\n1 video send cid=" + cid, "0 application\n1 video"} {
				_, _ = s.offer(anna, sections)
				round(listening)
				round(listening)
				drain(anna)
				drain(boris)
			}
		}
		sec := &boris.receiver.sections
		if n := len(sec.free) + len(sec.bound) + len(sec.ending); n > 2 || len(boris.offered.sections) > 3 {
			t.Fatalf("single %v: %d sections remembered, %d offered", single, n, len(boris.offered.sections))
		}
	}
}

// A whole life with an end at every point of it: nothing stays, and Left comes once.
func TestEveryExitLeavesNothing(t *testing.T) {
	steps := []func(s *stage, p *Participant){
		func(*stage, *Participant) {},
		func(s *stage, p *Participant) { _, _ = s.add(p, Video, "cam") },
		func(s *stage, p *Participant) { _, _ = s.offer(p, "0 application\n1 video send cid=cam\n2 video recv") },
		func(s *stage, p *Participant) { p.publisher.hear(transport.Event{Kind: transport.Connected}) },
		func(s *stage, p *Participant) { s.do(func() { _ = p.answered(0, "0 application\n1 video recv") }) },
		func(s *stage, p *Participant) { p.receiver.hear(transport.Event{Kind: transport.Connected}) },
		func(s *stage, p *Participant) { _, _ = s.offer(p, "0 application\n1 video\n2 video recv") },
	}
	ends := map[string]func(s *stage, p *Participant) LeaveReason{
		"leave": func(s *stage, p *Participant) LeaveReason {
			p.leave(ReasonClientInitiated)
			return ReasonClientInitiated
		},
		"failure": func(s *stage, p *Participant) LeaveReason {
			p.receiver.hear(transport.Event{Kind: transport.Failed})
			return ReasonConnectionTimeout
		},
		"the end": func(s *stage, p *Participant) LeaveReason {
			s.room.end(ReasonServerShutdown)
			return ReasonServerShutdown
		},
		"a double": func(s *stage, p *Participant) LeaveReason {
			_, _ = s.join(everything("anna", true))
			return ReasonDuplicateIdentity
		},
		"two calls": func(s *stage, p *Participant) LeaveReason {
			p.leave(ReasonRoomClosed)
			p.leave(ReasonClientInitiated)
			return ReasonRoomClosed
		},
	}
	for name, end := range ends {
		for n := range steps {
			for _, single := range []bool{true, false} {
				s := newStage(t, Config{})
				other := s.mustJoin("boris", true)
				s.publish(other)
				p := s.mustJoin("anna", single)
				for _, step := range steps[:n+1] {
					step(s, p)
				}
				var why LeaveReason
				s.do(func() { why = end(s, p) })
				lastIsLeft(t, drain(p), why)
				s.room.end(ReasonServerShutdown)
				s.room.settle()
				if t.Failed() {
					t.Fatalf("%s after step %d", name, n)
				}
				s.empty()
			}
		}
	}
}
