package signaling

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"salon/sfu/room"
	"salon/signaling/wire"
)

// Bounds in time of what a session waits for.
const (
	joinTimeout  = 10 * time.Second // for a room to let somebody in: clients give up after 15 s
	callTimeout  = 10 * time.Second // for a room to do what a request asks
	writeTimeout = 10 * time.Second // for a client to take what is written at once
	lastWords    = 3 * time.Second  // for a client to take all that is left for it
)

// welcome lets a participant into its room and carries its session until the end, or has another node do so.
func (s *Server) welcome(w http.ResponseWriter, r *http.Request, who *admission) {
	if who.resumes {
		s.sendBack(w, r)
		return
	}
	var p Participant
	var snap room.Snapshot
	here, err := s.direct(w, r, who.room, s.cfg.SearchTimeout, func(epoch uint64) (err error) {
		if err = s.open.enter(s.cfg.MaxSessions); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(r.Context(), joinTimeout)
		defer cancel()
		if p, snap, err = s.join(ctx, who, epoch); err != nil {
			s.open.leave()
		}
		return err
	})
	if err != nil {
		s.refuse(w, err)
		return
	}
	if here {
		defer s.open.leave()
		s.carry(w, r, who, p, snap)
	}
}

// carry upgrades the request and carries the session of p until its end.
func (s *Server) carry(w http.ResponseWriter, r *http.Request, who *admission, p Participant, snap room.Snapshot) {
	sock, err := accept(w, r)
	if err != nil {
		s.log.Debug("upgrade failed", "err", err)
		s.quit(p, room.ReasonJoinFailure)
		return
	}
	s.counters.joined.Add(1)
	log := s.log.With("room", string(who.room), "participant", string(p.SID()))
	c := &conversation{
		server:  s,
		sock:    sock,
		session: newSession(s.cfg, who, p, log, &s.counters),
		log:     log,
		began:   s.now(),
		inbox:   make(chan heard),
		outbox:  newOutbox(s.cfg.SendQueue),
		broken:  make(chan struct{}),
		watch:   watch{silence: s.cfg.PingTimeout},
	}
	c.run(s.life, snap)
}

// sendBack tells a client that wants to go on with an old session to join anew. An HTTP error would be final for it.
func (s *Server) sendBack(w http.ResponseWriter, r *http.Request) {
	if err := s.open.enter(s.cfg.MaxSessions); err != nil {
		s.refuse(w, err)
		return
	}
	defer s.open.leave()
	sock, err := accept(w, r)
	if err != nil {
		s.log.Debug("upgrade failed", "err", err)
		return
	}
	defer context.AfterFunc(s.life, sock.cut)()
	sock.hurry()
	leave := &wire.SignalResponse{Message: &wire.SignalResponse_Leave{Leave: goodbye(room.ReasonStateMismatch)}}
	b, err := wire.Marshal(wire.Binary, leave)
	if err == nil {
		err = sock.write(frame{wire.Binary, b}.append(nil))
	}
	if err != nil {
		s.log.Debug("client not sent back", "err", err)
	}
	sock.close(websocket.StatusNormalClosure, "join again")
}

// quit takes a participant out of its room, whatever else has ended.
func (s *Server) quit(p Participant, why room.LeaveReason) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	if err := p.Leave(ctx, why); err != nil && !gone(err) {
		s.log.Error("participant does not leave", "participant", string(p.SID()), "err", err)
	}
}

// A conversation carries one session: a goroutine that reads, one that writes, and the one of the HTTP request, which
// owns the session. Nobody pings the WebSocket: clients ping by the protocol, which keeps proxies from closing a quiet
// connection and tells those whose peer is gone.
type conversation struct {
	server  *Server
	sock    *socket
	session *session
	log     *slog.Logger
	began   time.Time

	inbox  chan heard // unbuffered: a client that is faster than its room waits
	outbox *outbox    // closed by the owner behind the last message
	broken chan struct{}

	writing atomic.Int64 // the writer's: when its write began, in nanoseconds since began and not 0; 0 between writes

	// owned by the owner
	form  wire.Form
	slow  bool
	watch watch
}

// heard is a message of the client, or why there won't be another.
type heard struct {
	form    wire.Form
	request *wire.SignalRequest
	err     error
}

// run returns when the session has ended and so has everything that was started for it.
func (c *conversation) run(life context.Context, snap room.Snapshot) {
	ctx, cancel := context.WithCancel(life)
	unbind := context.AfterFunc(life, c.sock.cut)
	var helpers, writer sync.WaitGroup
	helpers.Go(func() { c.listen(ctx) })
	writer.Go(c.write)

	c.converse(ctx, snap)
	c.server.quit(c.session.p, c.session.reason())

	c.outbox.close()
	c.sock.hurry() // for what is queued, and the goodbye
	if c.slow {
		c.sock.cut()
	}
	writer.Wait()
	c.sock.close(c.session.closing())
	cancel()
	helpers.Wait()
	unbind()
	c.log.Info("session ended", "reason", int(c.session.reason()), "dur", c.server.now().Sub(c.began))
}

// converse is the owner's loop. It returns when the session is over or the client gone.
func (c *conversation) converse(ctx context.Context, snap room.Snapshot) {
	c.call(ctx, func(ctx context.Context) []*wire.SignalResponse { return c.session.begin(ctx, snap) })
	c.refresh()
	c.call(ctx, func(ctx context.Context) []*wire.SignalResponse {
		c.session.note("start", c.session.p.Start(ctx))
		return nil
	})
	c.watch.heard = c.server.now()
	look := time.NewTimer(c.look())
	defer look.Stop()
	token := time.NewTicker(c.server.cfg.TokenRefresh)
	defer token.Stop()
	for !c.session.over && !c.slow {
		select {
		case h := <-c.inbox:
			if !c.take(ctx, h) {
				return
			}
		case <-c.session.p.Events().Ready():
			if e, ok := c.session.p.Events().Take(); ok {
				c.call(ctx, func(ctx context.Context) []*wire.SignalResponse { return c.session.hear(ctx, e) })
			}
		case <-token.C:
			c.refresh()
		case <-look.C:
			look.Reset(c.look())
		case <-c.server.closing:
			c.send(c.session.end(room.ReasonServerShutdown))
		case <-c.broken:
			return
		case <-ctx.Done():
			return
		}
	}
}

// look ends the session of a client that is silent or stuck, or returns when to look again.
func (c *conversation) look() (wait time.Duration) {
	var writing time.Time
	if since := c.writing.Load(); since != 0 {
		writing = c.began.Add(time.Duration(since))
	}
	found, wait := c.watch.look(c.server.now(), writing)
	switch found {
	case silentNow:
		c.server.counters.silent.Add(1)
		c.send(c.session.end(room.ReasonConnectionTimeout))
	case stuckNow:
		c.giveUp()
	case wellNow:
	}
	return wait
}

// take handles what the reader heard; false when the client is gone.
func (c *conversation) take(ctx context.Context, h heard) bool {
	now := c.server.now()
	c.watch.heard = now
	if ended(h.err) {
		// The side that speaks has ended: the client's, or that of a node between us which is shutting down. The one that
		// listens may be there still, and hears to come back.
		if errors.Is(h.err, io.EOF) || errors.Is(h.err, io.ErrUnexpectedEOF) {
			c.send(c.session.end(room.ReasonSignalClose))
		}
		return false
	}
	c.server.counters.messagesIn.Add(1)
	switch {
	case h.err == nil && isPing(h.request): // no need of a bound, whose timer would outlive it
		c.form = h.form
		c.send(c.session.request(ctx, now, h.request))
	case h.err == nil:
		c.form = h.form
		c.call(ctx, func(ctx context.Context) []*wire.SignalResponse {
			return c.session.request(ctx, now, h.request)
		})
	case errors.Is(h.err, errOversized):
		c.server.counters.oversized.Add(1)
		c.send(c.session.oversized())
	default:
		c.form = h.form
		c.send(c.session.unreadable())
	}
	return true
}

// call lets the session work with a bound on how long its room may take.
func (c *conversation) call(ctx context.Context, work func(context.Context) []*wire.SignalResponse) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	c.send(work(ctx))
}

// refresh sends a token for the next join.
func (c *conversation) refresh() {
	fresh, err := c.session.freshToken(c.server.keys, c.server.now())
	if err != nil {
		c.log.Warn("token not refreshed", "err", err)
		return
	}
	c.send([]*wire.SignalResponse{{Message: &wire.SignalResponse_RefreshToken{RefreshToken: fresh}}})
}

// send queues messages in the form that the client uses. When the queue is full, the client doesn't read: it goes.
func (c *conversation) send(messages []*wire.SignalResponse) {
	for _, m := range messages {
		b, err := wire.Marshal(c.form, m)
		if err != nil {
			c.log.Error("message not sent", "err", err)
			continue
		}
		if !c.outbox.put(frame{c.form, b}) {
			c.giveUp()
			break
		}
	}
	c.outbox.wake()
}

// giveUp ends the session of a client that doesn't read, without a word.
func (c *conversation) giveUp() {
	if c.slow {
		return
	}
	c.slow = true
	c.server.counters.slow.Add(1)
	c.log.Warn("client does not read its messages")
}

// listen reads messages until the connection ends.
func (c *conversation) listen(ctx context.Context) {
	perSecond := c.server.cfg.MessageRate
	limiter := rate.NewLimiter(rate.Limit(perSecond), 5*perSecond)
	for {
		var h heard
		h.form, h.request, h.err = c.sock.next(c.server.cfg.MaxMessage)
		select {
		case c.inbox <- h:
		case <-ctx.Done():
			return
		}
		if h.err != nil && !errors.Is(h.err, wire.ErrMalformed) {
			return
		}
		if err := limiter.Wait(ctx); err != nil {
			return
		}
	}
}

// write sends what is queued until the queue is closed or the connection breaks.
func (c *conversation) write() {
	var b []byte
	for {
		var count int
		if b, count = c.outbox.next(b[:0]); count == 0 {
			return
		}
		c.writing.Store(max(1, int64(c.server.now().Sub(c.began))))
		err := c.sock.write(b)
		c.writing.Store(0)
		if err != nil {
			close(c.broken)
			return
		}
		c.server.counters.messagesOut.Add(uint64(count))
		if cap(b) > keptWritten {
			b = nil
		}
	}
}
