package baseline

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"

	"salon/signaling/token"
	"salon/signaling/wire"
)

// serve lets one participant in and stays until it is gone.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, claims token.Claims, request *wire.JoinRequest) error {
	sock, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		return fmt.Errorf("accept websocket: %w", err)
	}
	defer func() { _ = sock.CloseNow() }() // the session has ended
	sock.SetReadLimit(wire.MaxJoinRequest)
	pc, err := s.connect()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(s.ctx)
	var loops sync.WaitGroup
	c := &session{
		room: s.room(claims.Grant.Room), self: newMember(claims.Identity), sock: sock, pc: pc,
		subscribe: request.GetConnectionSettings().GetAutoSubscribe(),
		known:     make(map[string]uint32), sending: make(map[*publication]*webrtc.RTPSender),
	}
	pc.OnTrack(func(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		loops.Go(func() { drain(receiver) })
		loops.Go(func() { c.forward(ctx, remote) })
	})
	c.room.enter(c.self)
	err = c.run(ctx, request, &loops)
	c.room.leave(c.self)
	cancel()
	err = errors.Join(err, pc.GracefulClose())
	_ = sock.CloseNow() // ends the goroutine that reads it
	loops.Wait()
	return err
}

// run is the session's life.
func (c *session) run(ctx context.Context, request *wire.JoinRequest, loops *sync.WaitGroup) error {
	heard, ended := make(chan *wire.SignalRequest), make(chan error, 1)
	loops.Go(func() { ended <- c.listen(ctx, heard) })
	err := c.begin(ctx, request)
	for err == nil {
		for _, r := range c.fresh {
			loops.Go(r.run)
		}
		c.fresh = nil
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err = <-ended:
		case m := <-heard:
			err = c.hear(ctx, m)
		case <-c.self.changed:
			err = c.look(ctx)
		}
	}
	if errors.Is(err, errBye) {
		return nil
	}
	return err
}

func (c *session) listen(ctx context.Context, heard chan<- *wire.SignalRequest) error {
	for {
		kind, b, err := c.sock.Read(ctx)
		if err != nil {
			return fmt.Errorf("read message: %w", err)
		}
		form := wire.Binary
		if kind == websocket.MessageText {
			form = wire.Text
		}
		var m wire.SignalRequest
		if err := wire.Unmarshal(form, b, &m); err != nil {
			return err
		}
		select {
		case heard <- &m:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
