package signaling

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/coder/websocket"

	"salon/signaling/wire"
)

// A socket is a client's WebSocket and the connection under it, whose deadline bounds what the library would wait
// for without end: a closing peer may send the rest of a message for ever.
//
// The library reads, answers control frames and closes. Messages of ours go to the connection directly, so that
// several leave in one write; a write is never torn by another, so control frames come before or behind it. No call
// takes a context that may end, since the library would watch it anew for each read: whoever closes the connection
// ends them all.
type socket struct {
	ws  *websocket.Conn
	raw net.Conn

	// owned by the reader
	short [keptShort]byte // where short messages are read to
}

// keptShort bounds the messages for which the reader asks for no memory: pings, wishes, candidates.
const keptShort = 512

// accept upgrades the request. Pages from anywhere may do so: the token counts. Messages aren't compressed: they are
// small but for descriptions, and a compressed one may unfold to anything.
func accept(w http.ResponseWriter, r *http.Request) (*socket, error) {
	tapped := &tap{ResponseWriter: w}
	ws, err := websocket.Accept(tapped, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true,
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(-1) // next measures, so that the client can be told
	return &socket{ws: ws, raw: tapped.conn}, nil
}

// tap keeps the connection that the upgrade takes over.
type tap struct {
	http.ResponseWriter
	conn net.Conn
}

// Hijack satisfies http.Hijacker.
func (t *tap) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(t.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	t.conn = unannounce(conn)
	return t.conn, buffered, nil
}

// next reads a message of at most limit bytes. The error wraps wire.ErrMalformed or errOversized, or tells that the
// connection has ended.
func (s *socket) next(limit int) (form wire.Form, request *wire.SignalRequest, err error) {
	kind, r, err := s.ws.Reader(context.Background())
	if err != nil {
		return 0, nil, err
	}
	b, err := s.readAll(r, limit)
	if err != nil {
		return 0, nil, err
	}
	if kind == websocket.MessageText {
		form = wire.Text
	}
	request = &wire.SignalRequest{}
	return form, request, wire.Unmarshal(form, b, request)
}

// readAll returns what r has to its end, at most limit bytes. They hold until the next call.
func (s *socket) readAll(r io.Reader, limit int) ([]byte, error) {
	b := s.short[:0]
	for {
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case len(b) > limit:
			return nil, errOversized
		case errors.Is(err, io.EOF):
			return b, nil
		case err != nil:
			return nil, err
		case len(b) == cap(b):
			b = slices.Grow(b, min(len(b), limit+1-len(b)))
		}
	}
}

// write sends whole frames. It waits for as long as the client takes none of them.
func (s *socket) write(b []byte) error {
	_, err := s.raw.Write(b)
	return err
}

// hurry gives the connection a last moment: reads and writes beyond it fail.
func (s *socket) hurry() {
	_ = s.raw.SetDeadline(time.Now().Add(lastWords)) // a closed one needs no deadline
}

// close ends the WebSocket politely, as far as the deadline goes.
func (s *socket) close(code websocket.StatusCode, why string) {
	_ = s.ws.Close(code, why) // the peer may be gone: then there is nobody to be polite to
}

// cut ends it at once.
func (s *socket) cut() {
	_ = s.raw.Close()
	_ = s.ws.CloseNow()
}

// ended is true of the errors of a connection that is no more.
func ended(err error) bool {
	return err != nil && !errors.Is(err, wire.ErrMalformed) && !errors.Is(err, errOversized)
}
