package sfu

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"salon/sfu/id"
	"salon/sfu/room"
)

// An ending is how a client goes.
type ending int

const (
	says     ending = iota // it leaves, then closes
	closes                 // it closes its connections; its session notices and leaves
	vanishes               // its session goes, its connections stay for a while and are talked to by nobody
	replaced               // another takes its name first
	endings
)

// TestChurn lets clients come, publish, listen and go, some without a word, and looks for what stays behind.
// SALON_CHURN=10m makes it go on for so long.
func TestChurn(t *testing.T) {
	span := 3 * time.Second
	if text := os.Getenv("SALON_CHURN"); text != "" {
		var err error
		if span, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	s := serve(t, Config{Room: room.Config{EmptyTimeout: time.Millisecond}})
	base := calm(t, s)
	until := time.Now().Add(span)
	var visitors sync.WaitGroup
	for n := range 3 {
		seed := rand.Uint64()
		t.Logf("visitor %d: seed %d", n, seed)
		rnd := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // repeatable
		visitors.Go(func() {
			for visit := 0; visit < 2 || time.Now().Before(until); visit++ {
				single, how := rnd.IntN(2) == 0, ending(rnd.IntN(int(endings)))
				ok := t.Run(fmt.Sprintf("visitor %d visit %d", n, visit), func(t *testing.T) {
					call(t, s, id.Identity(fmt.Sprint("v", n)), single, how)
				})
				if !ok {
					return
				}
			}
		})
	}
	visitors.Wait()
	settled(t, s, base)
}

// call is one visit: in, publish, hear something if somebody speaks, out.
func call(t *testing.T, s *Server, name id.Identity, single bool, how ending) {
	c := joinTuned(t, s, "club", name, single, unread)
	c.leaving.Store(true) // rounds may break off at any time
	c.publish(room.Audio, room.Microphone)
	c.publish(room.Video, room.Camera)
	select {
	case <-c.tracks:
		<-time.After(50 * time.Millisecond) // some media come
	case <-time.After(200 * time.Millisecond):
	}
	switch how {
	case says, endings:
	case closes:
		c.hangUp()
	case vanishes:
		c.begun()
		_ = c.p.Leave(context.Background(), room.ReasonSignalClose)
	case replaced:
		c.begun()
		joinTuned(t, s, "club", name, !single, unread).leaving.Store(true)
	}
}

// unread has the client's stack take media without reading them. Where a description takes back at once what the one before has begun,
// its readers race with what looks at unknown SSRCs, and sometimes wait for ever.
func unread(settings *webrtc.SettingEngine) { settings.SetFireOnTrackBeforeFirstRTP(true) }

// calm has one visit pass, so that everything has been started once, and returns how many goroutines serve nobody.
func calm(t *testing.T, s *Server) int {
	t.Helper()
	t.Run("the first visit", func(t *testing.T) { call(t, s, "first", true, says) })
	const many = 1 << 20
	settled(t, s, many)
	return serving()
}

// serving counts goroutines, without those that a client's own stack has forgotten.
func serving() int {
	stacks := make([]byte, 4<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	forgotten := 0
	for stack := range bytes.SplitSeq(stacks, []byte("\n\n")) {
		if bytes.Contains(stack, []byte(clientsUndeclared)) || bytes.Contains(stack, []byte(clientsReceiver)) {
			forgotten++
		}
	}
	return runtime.NumGoroutine() - forgotten
}

// settled waits until nothing is left of any room.
func settled(t *testing.T, s *Server, goroutines int) {
	t.Helper()
	limit := time.Now().Add(bound)
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		st, peers := s.Stats(), 0
		for _, shard := range s.shards {
			peers += shard.Peers()
		}
		n := serving()
		if st.Rooms == 0 && peers == 0 && st.UDP.Ufrags == 0 && st.UDP.Addresses == 0 && st.UDP.Questions == 0 && n <= goroutines {
			return
		}
		if time.Now().After(limit) {
			var stacks strings.Builder
			_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1)
			t.Log(stacks.String())
			t.Fatalf("left behind: %d rooms, %d peers, %d ufrags, %d addresses, %d questions, %d goroutines more",
				st.Rooms, peers, st.UDP.Ufrags, st.UDP.Addresses, st.UDP.Questions, n-goroutines)
		}
		<-ticker.C
	}
}

// A client that restarts ICE over and over leaves no credentials behind.
func TestRestartsLeaveNothing(t *testing.T) {
	s := serve(t, Config{Room: room.Config{EmptyTimeout: time.Millisecond}})
	base := calm(t, s)
	t.Run("a client that restarts", func(t *testing.T) {
		c := join(t, s, "club", "anna", true)
		await(c, func(e room.ParticipantsChanged) bool { return e.Participants[0].Presence == room.Active })
		for range 20 {
			offer, err := c.pub.CreateOffer(&webrtc.OfferOptions{ICERestart: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.pub.SetLocalDescription(offer); err != nil {
				t.Fatal(err)
			}
			a, err := c.p.Offer(t.Context(), offer.SDP)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.pub.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: a.SDP}); err != nil {
				t.Fatal(err)
			}
		}
		n := s.Stats().UDP.Ufrags
		t.Logf("%d ufrags", n)
		if n > 2 {
			t.Errorf("%d ufrags after 20 restarts", n)
		}
	})
	settled(t, s, base)
}
