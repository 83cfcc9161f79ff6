package nodes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Bounds in time of what a tunnel waits for.
const (
	takeTimeout = 10 * time.Second // for a client to take what there is for it
	lastWords   = 5 * time.Second  // for a node to end, once its client has: more than a session takes for its goodbye
	linger      = time.Second      // for a client to end, once its node has: it has to be gone only when it is cut off
)

// chunk is how much a tunnel carries at a time, in bytes: messages of signaling are smaller, and 10,000 tunnels hold two each.
const chunk = 4 << 10

// A tunnel carries the bytes of a WebSocket between a client and the node of its room.
type tunnel struct {
	client net.Conn
	said   io.Reader // what the client says, from the first byte behind its request
	node   io.ReadWriteCloser
}

// open answers the client as the other node did, and carries bytes until the end.
func open(w http.ResponseWriter, r *http.Request, res *http.Response, leave <-chan struct{}) error {
	node, ok := res.Body.(io.ReadWriteCloser)
	if !ok {
		_ = res.Body.Close()
		return fmt.Errorf("%w: no connection to switch", ErrUnreached)
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = node.Close()
		return fmt.Errorf("take the connection over: %w", err)
	}
	// The reader that net/http hands over would end the request's context where the client ends: only what it holds is read from it.
	early, _ := buffered.Reader.Peek(buffered.Reader.Buffered())
	t := &tunnel{client: conn, said: io.MultiReader(bytes.NewReader(early), conn), node: node}
	copyHeader(w.Header(), res.Header)
	res.Header, res.Body = w.Header(), nil
	_ = conn.SetDeadline(time.Now().Add(takeTimeout)) // a closed one needs none
	if err := errors.Join(res.Write(buffered), buffered.Flush()); err != nil {
		t.close()
		return nil //nolint:nilerr // the client went while it was answered
	}
	_ = conn.SetDeadline(time.Time{})
	t.run(r.Context(), leave)
	return nil
}

// run returns when both sides have ended, or one has and the other did not follow in time.
func (t *tunnel) run(ctx context.Context, leave <-chan struct{}) {
	unbind := context.AfterFunc(ctx, t.close)
	defer unbind()
	var both sync.WaitGroup
	in, out := make(chan struct{}), make(chan struct{})
	both.Go(func() { defer close(in); t.carryIn() })
	both.Go(func() { defer close(out); t.carryOut() })
	wait := lastWords
	select {
	case <-in:
	case <-out:
		wait = linger
	case <-leave:
		endWriting(t.node) // there, the client is gone: it is told to come back
	}
	last := time.AfterFunc(wait, t.close)
	both.Wait()
	last.Stop()
	t.close()
}

// carryIn carries what the client says. What its node doesn't take any more is read nevertheless: closing a connection with
// something unread in it would destroy what is still on its way to the client.
func (t *tunnel) carryIn() {
	buf := make([]byte, chunk)
	_, err := io.CopyBuffer(struct{ io.Writer }{t.node}, struct{ io.Reader }{t.said}, buf)
	if err != nil {
		_, _ = io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{t.said}, buf)
	}
	endWriting(t.node)
}

// carryOut carries what the node says.
func (t *tunnel) carryOut() {
	_, err := io.CopyBuffer(punctual{t.client}, struct{ io.Reader }{t.node}, make([]byte, chunk))
	if err != nil {
		_ = t.client.SetReadDeadline(time.Now()) // one of the two is gone
		_ = t.node.Close()
	}
	endWriting(t.client)
}

// close ends both connections at once.
func (t *tunnel) close() {
	_ = t.client.Close()
	_ = t.node.Close()
}

// endWriting says that nothing follows.
func endWriting(w io.Writer) {
	if c, ok := w.(interface{ CloseWrite() error }); ok {
		_ = c.CloseWrite() // the other side may have gone
	}
}

// punctual is a client that has to take what it gets in time.
type punctual struct{ net.Conn }

// Write satisfies io.Writer.
func (p punctual) Write(b []byte) (int, error) {
	_ = p.SetWriteDeadline(time.Now().Add(takeTimeout)) // a closed one needs none
	return p.Conn.Write(b)
}
