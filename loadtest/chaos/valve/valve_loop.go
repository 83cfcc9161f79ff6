package valve

import (
	"bytes"
	"errors"
	"io"
	"net"
	"time"
)

const (
	dialWithin = 5 * time.Second
	chunk      = 32 << 10
)

// serve takes connections until the listener closes.
func (v *Valve) serve() {
	v.work.Go(func() {
		for {
			c, err := v.listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				time.Sleep(10 * time.Millisecond) // too many open files, for a moment
				continue
			}
			v.work.Go(func() { v.pass(c) })
		}
	})
}

// pass is the life of one connection.
func (v *Valve) pass(c net.Conn) {
	p := &pipe{ends: [2]net.Conn{c}}
	defer v.forget(p)
	var head []byte
	if v.origin != nil {
		if !v.join(p, 0, c) { // so that Close ends it
			return
		}
		var err error
		if head, err = readHead(c); err != nil {
			return
		}
		v.name(p, v.origin(head))
	}
	if !v.join(p, 0, c) || !v.wait(p.origin) {
		return
	}
	behind, err := net.DialTimeout("tcp", v.target, dialWithin)
	if err != nil {
		return
	}
	if !v.join(p, 1, behind) {
		_ = behind.Close() // nothing was said
		return
	}
	v.work.Go(func() {
		if _, err := behind.Write(head); err != nil {
			return // the other direction ends, too
		}
		v.copy(p.origin, behind, c)
		halt(behind)
	})
	v.copy(p.origin, c, behind)
	halt(c)
}

// readHead reads the head of an HTTP request, and perhaps more.
func readHead(c net.Conn) ([]byte, error) {
	head := make([]byte, 0, chunk)
	for !bytes.Contains(head, []byte("\r\n\r\n")) && len(head) < cap(head) {
		n, err := c.Read(head[len(head):cap(head)])
		if err != nil {
			return nil, err
		}
		head = head[:len(head)+n]
	}
	return head, nil
}

// halt lets the other direction end by itself: what was said so far still arrives.
func halt(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.CloseWrite() // it may have ended
	}
}

// copy passes on what comes until either end closes.
func (v *Valve) copy(origin string, to io.Writer, from io.Reader) {
	buf := make([]byte, chunk)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if !v.wait(origin) {
				return
			}
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// wait takes the time that something of this origin needs to pass; false: it never will.
func (v *Valve) wait(origin string) bool {
	for {
		f, changed, closed := v.now(origin)
		switch {
		case closed || f.Cut:
			return false
		case f.Held:
			<-changed
		case f.Delay > 0:
			t := time.NewTimer(f.Delay)
			select {
			case <-t.C:
				return true
			case <-changed: // measured anew, at worst twice
				t.Stop()
			}
		default:
			return true
		}
	}
}
