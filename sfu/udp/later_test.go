package udp

import (
	"bytes"
	"encoding/binary"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// transportFeedback looks like SRTCP with transport-wide feedback.
func transportFeedback(fill byte) []byte {
	b := bytes.Repeat([]byte{fill}, 60)
	b[0], b[1] = 0x8F, 205
	return b
}

func TestFeedbackReachesItsPeerWithoutAReaderWaiting(t *testing.T) {
	forModes(t, func(t *testing.T, e *Endpoint) {
		hosts(t, e, func(t *testing.T, host string) {
			ufrag := ufragFor(host)
			h := newCollector()
			e.Attach(ufrag, h)
			c, _ := connect(t, e, ufrag, host)
			for i := range 100 { // more than one read takes
				c.send(transportFeedback(byte(i)))
			}
			for i := range 100 {
				if got := h.next(t); !bytes.Equal(got, transportFeedback(byte(i))) {
					t.Fatalf("feedback %d: %x", i, got)
				}
			}
			if len(e.later) == 0 {
				return
			}
			if n := e.later[len(e.later)-1].count.n[datagramsIn].Load() + e.later[0].count.n[datagramsIn].Load(); n < 100 {
				t.Errorf("%d datagrams on the sockets for what can wait, want 100", n)
			}
		})
	})
}

// clocked keeps when media arrived.
type clocked chan time.Time

func (c clocked) HandleMedia(now time.Time, burst [][]byte, _ *Batch) {
	for range burst {
		c <- now
	}
}

// warmed keeps which steps were taken before media.
type warmed struct {
	clocked
	steps *[]int
}

func (w warmed) WarmMedia(step int) { *w.steps = append(*w.steps, step) }

func TestPeersAreWarmBeforeTheirFeedbackIsRead(t *testing.T) {
	e := run(t, Config{})
	if len(e.later) == 0 {
		t.Fatal("this kernel steers nothing: SO_ATTACH_REUSEPORT_CBPF is needed (Linux 4.5)")
	}
	h := warmed{make(clocked, 1), new([]int)}
	e.Attach("four", h)
	c, _ := connect(t, e, "four", "127.0.0.1")
	c.send(transportFeedback(1))
	select {
	case <-h.clocked:
	case <-time.After(liveness):
		t.Fatal("no feedback arrived")
	}
	if !slices.Equal(*h.steps, []int{0, 1, 2}) {
		t.Errorf("steps %v, want each once, in order", *h.steps)
	}
}

func TestReportsWaitAndKeepTheTimeOfTheirArrival(t *testing.T) {
	e := run(t, Config{})
	if len(e.later) == 0 {
		t.Fatal("this kernel steers nothing: SO_ATTACH_REUSEPORT_CBPF is needed (Linux 4.5)")
	}
	arrived := make(clocked, 2)
	e.Attach("four", arrived)
	c, _ := connect(t, e, "four", "127.0.0.1")
	before := time.Now()
	for _, kind := range []byte{200, 201} {
		report := transportFeedback(kind)
		report[0], report[1] = 0x81, kind
		c.send(report)
	}
	after := time.Now()
	for range 2 {
		select {
		case at := <-arrived:
			if at.Before(before.Add(-time.Millisecond)) || at.After(after.Add(time.Millisecond)) {
				t.Errorf("arrived at %v, sent from %v to %v", at, before, after)
			}
		case <-time.After(liveness):
			t.Fatal("no report arrived")
		}
	}
	for end := time.Now().Add(liveness); e.later[0].count.n[datagramsIn].Load() != 2; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%d datagrams had to wait, want 2", e.later[0].count.n[datagramsIn].Load())
		}
	}
}

func TestAnswersToPatientQuestionsWait(t *testing.T) {
	e := run(t, Config{})
	if len(e.later) == 0 {
		t.Fatal("this kernel steers nothing: SO_ATTACH_REUSEPORT_CBPF is needed (Linux 4.5)")
	}
	c, a := connect(t, e, "four", "127.0.0.1")
	for i, number := range []uint16{Patient, Patient + 1} {
		question, answer := stunMessage(bindingRequest, 0, ""), stunMessage(bindingSuccess, 0, "")
		binary.BigEndian.PutUint16(question[8:], number)
		binary.BigEndian.PutUint16(answer[8:], number)
		a.send(question, c.addr())
		if got := c.receive(); !bytes.Equal(got, question) {
			t.Fatalf("the peer got %x", got)
		}
		before := e.later[0].count.n[datagramsIn].Load()
		c.send(answer)
		if got, _ := a.receive(); !bytes.Equal(got, answer) {
			t.Fatalf("got %x, want %x", got, answer)
		}
		eventually(t, "answers that waited", uint64(1), func() uint64 { return e.later[0].count.n[datagramsIn].Load() })
		if waited := e.later[0].count.n[datagramsIn].Load() - before; waited != uint64(1-i) {
			t.Errorf("of number %x, %d had to wait", number, waited)
		}
	}
}

func TestOnlyFeedbackThatTravelsAloneWaits(t *testing.T) {
	e := run(t, Config{})
	if len(e.later) == 0 {
		t.Fatal("this kernel steers nothing: SO_ATTACH_REUSEPORT_CBPF is needed (Linux 4.5)")
	}
	h := newCollector()
	e.Attach("four", h)
	c, _ := connect(t, e, "four", "127.0.0.1")
	nack, picture := transportFeedback(1), transportFeedback(2)
	nack[0] = 0x81
	picture[0], picture[1] = 0x81, 206
	for _, b := range [][]byte{nack, picture, media(100, 3), {0x8F}} {
		c.send(b)
		if got := h.next(t); !bytes.Equal(got, b) {
			t.Fatalf("got %x, want %x", got, b)
		}
	}
	if n := e.later[0].count.n[datagramsIn].Load(); n != 0 {
		t.Errorf("%d datagrams had to wait", n)
	}
}

func TestWhatIsSentLeavesByAnExit(t *testing.T) {
	for name, c := range map[string]struct {
		cfg   Config
		exits bool
	}{"steered": {Config{Shards: 2}, true}, "unsteered": {Config{Shards: 2, Unsteered: true}, false}, "plain": {Config{Plain: true}, false}} {
		t.Run(name, func(t *testing.T) {
			e := run(t, c.cfg)
			for i, sh := range e.shards {
				if has := sh.sock.exit != nil; has != c.exits {
					t.Errorf("shard %d has an exit: %t", i, has)
				}
			}
			peer, _ := connect(t, e, "four", "127.0.0.1") // by sockets for single datagrams
			out := e.NewBatch()
			copy(out.Reserve(100), media(100, 1))
			out.Send(NewDest(peer.addr()), 100)
			out.Flush()
			b := make([]byte, 200)
			n, from, err := peer.ReadFromUDPAddrPort(b)
			if err != nil || !bytes.Equal(b[:n], media(100, 1)) {
				t.Fatalf("the peer got %x, %v", b[:n], err)
			}
			if int(from.Port()) != e.Port() {
				t.Errorf("it came from port %d, want %d", from.Port(), e.Port())
			}
		})
	}
}

func TestTheLogTellsOfSteering(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		want string
	}{{Config{}, "steering=true"}, {Config{Unsteered: true}, "steering=false"}, {Config{Plain: true}, "steering=false"}} {
		var log strings.Builder
		e, err := Listen(c.cfg, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(log.String(), c.want) {
			t.Errorf("%+v: the log says %q, want %s", c.cfg, log.String(), c.want)
		}
	}
}

func TestTheTimerReadsOnlyWhereReadersDoNot(t *testing.T) {
	e := run(t, Config{})
	if len(e.later) == 0 {
		t.Fatal("this kernel steers nothing: SO_ATTACH_REUSEPORT_CBPF is needed (Linux 4.5)")
	}
	h := newCollector()
	e.Attach("four", h)
	c, _ := connect(t, e, "four", "127.0.0.1")
	l := e.later[0]
	now := time.Now()
	l.read(now)
	c.send(transportFeedback(1))
	l.ring(now.Add(laterMost / 4))
	if l.last.Load() != now.UnixNano() {
		t.Error("the timer read though a reader had just done so")
	}
	l.ring(now.Add(laterBusy))
	if got := h.next(t); !bytes.Equal(got, transportFeedback(1)) {
		t.Errorf("got %x", got)
	}
}
