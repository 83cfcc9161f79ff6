package signaling

import (
	"bufio"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"salon/sfu/room"
	"salon/signaling/wire"
)

// pipe is a ResponseWriter over one end of a pipe. It counts what the server writes after the upgrade.
type pipe struct {
	net.Conn
	header http.Header
	writes atomic.Int64
}

func (p *pipe) Header() http.Header { return p.header }
func (p *pipe) WriteHeader(int)     {}

func (p *pipe) Write(b []byte) (int, error) {
	p.writes.Add(1)
	return p.Conn.Write(b)
}

func (p *pipe) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return p, bufio.NewReadWriter(bufio.NewReader(p), bufio.NewWriter(p)), nil
}

// piped is a session in a bubble, and the client's end of it.
type piped struct {
	*plain
	server *Server
	rooms  *fakeRooms
	pipe   *pipe
	done   chan struct{} // closed when the session has ended
}

// inBubble lets play talk to a session in a bubble, from a moment between two full seconds.
func inBubble(t *testing.T, cfg Config, play func(p *piped)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		rooms := newFakeRooms()
		s, err := New(cfg, Parts{Rooms: rooms, Keys: keys(), Log: slog.New(slog.DiscardHandler), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond)
		client, server := net.Pipe()
		p := &piped{
			plain:  &plain{t: t, conn: client, br: bufio.NewReader(client)},
			server: s, rooms: rooms, pipe: &pipe{Conn: server, header: http.Header{}}, done: make(chan struct{}),
		}
		go func() {
			defer close(p.done)
			s.ServeHTTP(p.pipe, upgradeRequest(t, "http://here"))
		}()
		defer func() {
			_ = client.Close()
			<-p.done
			s.kill()
		}()
		if p.next().GetJoin() == nil || p.next().GetRefreshToken() == "" {
			t.Fatal("the session doesn't begin with its join response and token")
		}
		synctest.Wait()
		play(p)
	})
}

// write sends b in one piece.
func (p *piped) write(b []byte) {
	p.t.Helper()
	if _, err := p.conn.Write(b); err != nil {
		p.t.Fatal(err)
	}
}

func TestWhatWaitsLeavesInOneWrite(t *testing.T) {
	inBubble(t, Config{}, func(p *piped) {
		p.write(masked(t, &wire.SignalRequest{Message: &wire.SignalRequest_Ping{Ping: 1}}))
		synctest.Wait() // its pong is on the way, and not taken
		before := p.pipe.writes.Load()
		p.write(pings(t))
		synctest.Wait()
		if p.next().GetPong() == 0 {
			t.Fatal("no pong")
		}
		if a, b := p.next(), p.next(); a.GetPong() == 0 || b.GetPongResp().GetLastPingTimestamp() != 1777636800000 {
			t.Fatalf("got %v, %v", a, b)
		}
		if got := p.pipe.writes.Load() - before; got != 1 {
			t.Errorf("%d writes", got)
		}
		if n := p.server.Stats().MessagesOut; n != 5 {
			t.Errorf("%d messages counted", n)
		}
	})
}

// Whoever writes may be woken before the second answer is there, which is rare.
func TestPingsThatComeTogetherAreAnsweredTogether(t *testing.T) {
	inBubble(t, Config{}, func(p *piped) {
		const pairs = 200
		before := p.pipe.writes.Load()
		for range pairs {
			p.write(pings(t))
			synctest.Wait()
			if a, b := p.next(), p.next(); a.GetPong() == 0 || b.GetPongResp() == nil {
				t.Fatalf("got %v, %v", a, b)
			}
			time.Sleep(time.Second)
		}
		if got := p.pipe.writes.Load() - before; got > pairs*3/2 {
			t.Errorf("%d writes for %d pairs", got, pairs)
		}
	})
}

func TestGarbageBehindAPingIsAnsweredAfterIt(t *testing.T) {
	inBubble(t, Config{}, func(p *piped) {
		p.write(append(pings(t), maskedBytes([]byte{0x0a, 0xff})...))
		if a, b, c := p.next(), p.next(), p.next(); a.GetPong() == 0 || b.GetPongResp() == nil || c.GetRequestResponse() == nil {
			t.Errorf("got %v, %v, %v", a, b, c)
		}
	})
}

func TestEventsOfARoomLeaveInOrderWithAnswers(t *testing.T) {
	inBubble(t, Config{}, func(p *piped) {
		joined := <-p.rooms.joined
		joined.emit(room.Offered{SDP: "x", ID: 1})
		joined.emit(room.Offered{SDP: "x", ID: 2})
		if a, b := p.next().GetOffer(), p.next().GetOffer(); a.GetId() != 1 || b.GetId() != 2 {
			t.Errorf("got %v, %v", a, b)
		}
	})
}

func TestSilenceIsNoticedAtAFullSecond(t *testing.T) {
	inBubble(t, Config{PingInterval: 5 * time.Second, PingTimeout: 15 * time.Second}, func(p *piped) {
		var last time.Time
		for range 20 {
			time.Sleep(4 * time.Second)
			last = time.Now()
			p.write(pings(t))
			if p.next().GetPong() == 0 || p.next().GetPongResp() == nil {
				t.Fatal("no answer")
			}
		}
		if l := p.next().GetLeave(); l.GetReason() != wire.DisconnectReason_CONNECTION_TIMEOUT {
			t.Fatalf("got %v", l)
		}
		if silent := time.Since(last); silent < 15*time.Second || silent >= 16*time.Second {
			t.Errorf("sent away after %v", silent)
		}
		if time.Now().Nanosecond() != 0 {
			t.Errorf("sent away at %v", time.Now())
		}
		if n := p.server.Stats().Silent; n != 1 {
			t.Errorf("%d counted", n)
		}
	})
}

func TestClientThatTakesNothingIsCutOff(t *testing.T) {
	for _, after := range []time.Duration{0, 4 * time.Second, 10 * time.Second} {
		inBubble(t, Config{PingInterval: 5 * time.Second, PingTimeout: 15 * time.Second}, func(p *piped) {
			for end := time.Now().Add(after); time.Now().Before(end); {
				time.Sleep(2 * time.Second)
				p.write(pings(t))
				p.next()
				p.next()
			}
			began := time.Now()
			for ended := false; !ended; {
				_, _ = p.conn.Write(pings(t)) // it is cut off in the end
				select {
				case <-p.done:
					ended = true
				case <-time.After(time.Second):
				}
			}
			if stuck := time.Since(began); stuck < writeTimeout || stuck > 16*time.Second {
				t.Errorf("cut off after %v", stuck)
			}
			if s := p.server.Stats(); s.Slow != 1 || s.Sessions != 0 {
				t.Errorf("counted %+v", s)
			}
		})
	}
}

func TestSilentClientThatTakesNothingIsCutOff(t *testing.T) {
	inBubble(t, Config{}, func(p *piped) {
		p.write(pings(t))
		began := time.Now()
		<-p.done
		if stuck := time.Since(began); stuck < writeTimeout || stuck > 16*time.Second {
			t.Errorf("cut off after %v", stuck)
		}
	})
}

// A client that ends its side while a write to it is stuck, or whose server has no time left, keeps nobody.
func TestNobodyStaysWithAStuckWrite(t *testing.T) {
	for name, end := range map[string]func(p *piped){
		"the client goes":   func(p *piped) { _ = p.conn.Close() },
		"the server's life": func(p *piped) { p.server.kill() },
	} {
		inBubble(t, Config{}, func(p *piped) {
			p.write(pings(t))
			synctest.Wait()
			began := time.Now()
			end(p)
			<-p.done
			if took := time.Since(began); took != 0 {
				t.Errorf("%s: it took %v", name, took)
			}
		})
	}
}
