package room

import "testing"

func TestAMailbox(t *testing.T) {
	m := NewMailbox(4)
	told := func() bool {
		select {
		case <-m.Ready():
			return true
		default:
			return false
		}
	}
	for i := range 5 {
		if ok := m.Put(TrackTaken{}); ok != (i < 3) {
			t.Errorf("event %d: %v", i, ok)
		}
	}
	if _, ok := m.Take(); ok || told() {
		t.Error("open before it was opened")
	}
	m.Open()
	for range 3 {
		if !told() {
			t.Fatal("not told")
		}
		if _, ok := m.Take(); !ok {
			t.Fatal("lost")
		}
	}
	if told() {
		t.Error("told of nothing")
	}
	m.Put(TrackTaken{})
	m.End(Left{Reason: ReasonRoomClosed})
	m.End(Left{})
	if m.Put(TrackTaken{}) {
		t.Error("took something behind the end")
	}
	if events := m.drain(); len(events) != 2 || events[1] != (Left{Reason: ReasonRoomClosed}) {
		t.Errorf("%v", events)
	}
}

func TestAMailboxThatNeverOpensTellsTheEndAlone(t *testing.T) {
	m := NewMailbox(4)
	m.Put(TrackTaken{})
	m.End(Left{})
	if events := m.drain(); len(events) != 1 {
		t.Errorf("%v", events)
	}
}

func (m *Mailbox) drain() (events []Event) {
	for {
		e, ok := m.Take()
		if !ok {
			return events
		}
		events = append(events, e)
	}
}
