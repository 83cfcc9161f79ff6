package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"salon/sfu/id"
	"salon/sfu/room"
)

// A line is the way to a guestbook at another node: statements may get lost on it, or their answers.
type line struct {
	mu   sync.Mutex
	to   registrar
	cut  bool // nothing arrives
	mute bool // no answer does
	most int  // visits that one statement had
}

var errLine = errors.New("the line is cut")

func (l *line) Record(ctx context.Context, s statement) (bool, error) {
	l.mu.Lock()
	to, cut, mute := l.to, l.cut, l.mute
	l.most = max(l.most, len(s.Visits))
	l.mu.Unlock()
	if cut {
		return false, errLine
	}
	again, err := to.Record(ctx, s)
	if mute {
		return false, errLine
	}
	return again, err
}

func (l *line) set(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

// TestStatementsOutlastTheirGuestbook lets people come and go while nobody at another node hears of it.
func TestStatementsOutlastTheirGuestbook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNotebook()
		book, closeBook := keep(t, n, 4*time.Second)
		way := &line{to: book}
		rooms := newPlayedRooms(8)
		leave := attendAt(t, "ND_far", rooms, way)
		rooms.come("PA_1", "conference-7", "user-3")
		rooms.come("PA_2", "conference-7", "user-4")
		rooms.come("PA_3", "conference-7", "user-5")
		time.Sleep(10 * time.Second)
		way.set(func() { way.mute = true })
		time.Sleep(10 * time.Second)
		way.set(func() { way.cut = true })
		rooms.leave("PA_1")
		time.Sleep(2 * time.Second)
		closeBook() // its process ends, and a new one begins that knows nobody
		time.Sleep(20 * time.Second)
		rooms.leave("PA_2")
		rooms.come("PA_4", "conference-7", "user-6")
		book, closeBook = keep(t, n, 4*time.Second)
		time.Sleep(6 * time.Second)
		synctest.Wait()
		if three := n.lasted("PA_3"); three < 19 || three > 20 {
			t.Errorf("at a silent node somebody stayed %d s", three)
		}
		way.set(func() { way.to, way.cut, way.mute = book, false, false })
		time.Sleep(seenInterval)
		synctest.Wait()
		for p, want := range map[string]int{"PA_1": 20, "PA_2": 42, "PA_3": -1, "PA_4": -1} {
			if got := n.lasted(p); got != want {
				t.Errorf("%s stayed %d s, want %d", p, got, want)
			}
		}
		time.Sleep(10 * time.Second)
		leave()
		if three, four := n.lasted("PA_3"), n.lasted("PA_4"); three != 59 || four != 17 {
			t.Errorf("stayed %d and %d s", three, four)
		}
		closeBook()
	})
}

// TestSilentNodesLeaveTheOthersAlone ends one node without a word.
func TestSilentNodesLeaveTheOthersAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNotebook()
		book, closeBook := keep(t, n, 4*time.Second)
		way := &line{to: book}
		far, near := newPlayedRooms(8), newPlayedRooms(8)
		leaveFar, leaveNear := attendAt(t, "ND_far", far, way), attendAt(t, "ND_near", near, book)
		far.come("PA_1", "conference-7", "user-3")
		near.come("PA_2", "conference-7", "user-4")
		time.Sleep(10 * time.Second)
		way.set(func() { way.cut = true })
		time.Sleep(time.Minute)
		synctest.Wait()
		if one, two := n.lasted("PA_1"), n.lasted("PA_2"); one < 9 || one > 10 || two != -1 {
			t.Errorf("stayed %d and %d s", one, two)
		}
		leaveFar()
		leaveNear()
		closeBook()
	})
}

// TestMuchIsSaidInParts tells of more people than one statement has, to a guestbook that asks for all of them again.
func TestMuchIsSaidInParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const many = 3*mostVisits + 1
		n := newNotebook()
		book, closeBook := keep(t, n, 4*time.Second)
		way := &line{to: book}
		rooms := newPlayedRooms(many)
		leave := attendAt(t, "ND_far", rooms, way)
		for i := range many {
			rooms.come(fmt.Sprintf("PA_%d", i), "conference-7", fmt.Sprintf("user-%d", i+1))
		}
		time.Sleep(2 * seenInterval)
		closeBook()
		book, closeBook = keep(t, n, 4*time.Second)
		way.set(func() { way.to = book })
		time.Sleep(2 * seenInterval)
		synctest.Wait()
		if len(n.stays) != many || way.most != mostVisits || !book.heard["ND_far"].whole {
			t.Errorf("%d stays, statements of %d, heard %+v", len(n.stays), way.most, book.heard)
		}
		leave()
		closeBook()
	})
}

// TestOvertakenStatementsSayNothing has a statement come late.
func TestOvertakenStatementsSayNothing(t *testing.T) {
	n := newNotebook()
	book := newGuestbook(n, 0, nil)
	now := time.Now()
	visit := room.Visit{Participant: "PA_1", Room: "conference-7", Identity: "user-3", JoinedAt: now}
	gone := visit
	gone.LeftAt = now.Add(time.Minute)
	for i, s := range []statement{
		{Node: "ND_1", Number: 2, Seen: now.Add(time.Minute), Visits: []room.Visit{gone}},
		{Node: "ND_1", Number: 1, Seen: now, Visits: []room.Visit{visit}},
	} {
		if again, err := book.hear(t.Context(), s, now); err != nil || again != (i == 0) {
			t.Errorf("statement %d: %v, %v", i, again, err)
		}
	}
	if got := n.lasted("PA_1"); got != 60 {
		t.Errorf("stayed %d s", got)
	}
}

// TestWhatWaitsIsBounded forgets ends rather than grow for ever.
func TestWhatWaitsIsBounded(t *testing.T) {
	a := newAttendance()
	now := time.Now()
	for i := range mostEnded + 10 {
		v := room.Visit{Participant: id.Participant(fmt.Sprintf("PA_%d", i)), Room: "conference-7", Identity: "user-3", JoinedAt: now}
		a.hear(v)
		v.LeftAt = now
		a.hear(v)
	}
	if len(a.pending) != mostEnded || a.lost != 10 {
		t.Errorf("%d wait, %d lost", len(a.pending), a.lost)
	}
	for a.owes() {
		a.take(now)
	}
	if a.ended != 0 {
		t.Errorf("%d said and still counted", a.ended)
	}
}
