package client

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"salon/loadtest/media"
	"salon/loadtest/scenario"
	"salon/signaling/wire"
)

// A visit is what a server does with one try.
type visit struct {
	status int                // refuses with it
	leave  *wire.LeaveRequest // says so after the join response; nil: hangs up
	stay   bool               // says nothing more
}

// host answers tries as planned, and with the last visit whatever follows.
func host(t *testing.T, visits ...visit) (url string, tries *atomic.Int32) {
	t.Helper()
	tries = &atomic.Int32{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := min(int(tries.Add(1)), len(visits))
		v := visits[n-1]
		if v.status != 0 {
			http.Error(w, "no", v.status)
			return
		}
		sock, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = sock.CloseNow() }()
		tell := func(m *wire.SignalResponse) {
			b, err := wire.Marshal(wire.Binary, m)
			if err != nil {
				t.Error(err)
			}
			_ = sock.Write(r.Context(), websocket.MessageBinary, b)
		}
		tell(&wire.SignalResponse{Message: &wire.SignalResponse_Join{Join: &wire.JoinResponse{
			Participant: &wire.ParticipantInfo{Sid: "PA_me", Identity: "p0"},
			OtherParticipants: []*wire.ParticipantInfo{
				{Sid: "PA_a", Identity: "p1", State: wire.ParticipantInfo_ACTIVE},
				{Sid: "PA_b", Identity: "p2", State: wire.ParticipantInfo_ACTIVE},
			},
			ServerInfo: &wire.ServerInfo{NodeId: "ND_x", DebugInfo: "epoch=7"},
		}}})
		tell(&wire.SignalResponse{Message: &wire.SignalResponse_Update{Update: &wire.ParticipantUpdate{
			Participants: []*wire.ParticipantInfo{
				{Sid: "PA_me", Identity: "p0", State: wire.ParticipantInfo_ACTIVE},
				{Sid: "PA_b", Identity: "p2", State: wire.ParticipantInfo_DISCONNECTED},
				{Sid: "PA_c", Identity: "p3", State: wire.ParticipantInfo_JOINED},
			},
		}}})
		if v.leave != nil {
			tell(&wire.SignalResponse{Message: &wire.SignalResponse_Leave{Leave: v.leave}})
		}
		for v.stay {
			if _, _, err := sock.Read(r.Context()); err != nil {
				return
			}
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL, tries
}

func participant(t *testing.T, url string) *Participant {
	t.Helper()
	env, err := NewEnvironment(Config{
		URLs: []string{url}, Key: "k", Secret: "a secret of thirty-two characters", Run: "r", Media: media.Shape{}.WithDefaults(), Seed: 1, Returns: true,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return NewParticipant(env, scenario.Seat{Bare: true}, 0, false)
}

func TestWhoLosesTheSessionComesBack(t *testing.T) {
	again := &wire.LeaveRequest{Action: wire.LeaveRequest_RECONNECT}
	url, tries := host(t, visit{}, visit{status: http.StatusServiceUnavailable}, visit{leave: again}, visit{stay: true})
	p := participant(t, url)
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.Run(ctx)
	}()
	for deadline := time.Now().Add(10 * time.Second); ; {
		s := p.Sight()
		if tries.Load() == 4 && s.In && slices.Contains(s.Others, "p3") {
			if !slices.Equal(s.Others, []string{"p1", "p3"}) || s.Life.Node != "ND_x" || s.Life.Epoch != 7 || s.Room != "r-0" {
				t.Errorf("sees %+v", s)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d tries, sees %+v", tries.Load(), s)
		}
		<-time.After(5 * time.Millisecond)
	}
	leave()
	<-ended
	o := p.Result()
	if o.Err != nil || !o.Left || len(o.Lives) != 3 || len(o.Returns()) != 2 {
		t.Fatalf("%+v", o)
	}
	if back := o.Returns()[0]; back.Tries != 2 || back.Joined.Sub(back.Lost) < 150*time.Millisecond || !back.Lost.Before(back.Ended) {
		t.Errorf("came back as %+v", back)
	}
	if back := o.Returns()[1]; back.Tries != 1 || back.Cause != nil {
		t.Errorf("came back as %+v", back)
	}
}

func TestWhoIsSentAwayForGoodStaysAway(t *testing.T) {
	for says, visits := range map[string][]visit{
		"forbids": {{}, {status: http.StatusForbidden}},
		"ended":   {{leave: &wire.LeaveRequest{Reason: wire.DisconnectReason_PARTICIPANT_REMOVED}}},
	} {
		url, tries := host(t, visits...)
		p := participant(t, url)
		p.Run(t.Context())
		if o := p.Result(); o.Err == nil || !strings.Contains(o.Err.Error(), says) || errors.Is(o.Err, ErrGaveUp) {
			t.Errorf("%s: %+v", says, o)
		}
		if int(tries.Load()) != len(visits) {
			t.Errorf("%s: %d tries", says, tries.Load())
		}
	}
}
