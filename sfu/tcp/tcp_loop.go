package tcp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"salon/sfu/udp"
)

const (
	// kernelQueue is how much the kernel may hold back for a connection, in bytes: what is there can no longer be
	// dropped, only come late.
	kernelQueue = 64 << 10
	// readBuffer holds several datagrams of any size.
	readBuffer = 4 * maxFrame
	// lookEvery is how often a connection that brings nothing is looked at.
	lookEvery = 5 * time.Second
	// restAfterError lets the system recover when it has no descriptors left.
	restAfterError = 50 * time.Millisecond
)

func (l *Listener) listen(host string) error {
	var lc net.ListenConfig
	one, err := lc.Listen(context.Background(), "tcp", net.JoinHostPort(host, strconv.Itoa(l.port)))
	if err != nil {
		return fmt.Errorf("listen on tcp port %d: %w", l.port, err)
	}
	if a, ok := one.Addr().(*net.TCPAddr); ok {
		l.port = a.Port
	}
	l.listeners = append(l.listeners, one)
	return nil
}

// Run takes connections until ctx ends or Close is called, and returns when all that it started has ended. It closes
// the Listener. Run once.
func (l *Listener) Run(ctx context.Context) error {
	var work sync.WaitGroup
	for _, one := range l.listeners {
		work.Go(func() { l.accept(one, &work) })
	}
	select {
	case <-ctx.Done():
	case <-l.done:
	}
	_ = l.Close() // never fails
	work.Wait()
	return nil
}

func (l *Listener) accept(from net.Listener, work *sync.WaitGroup) {
	rest := time.NewTimer(0)
	defer rest.Stop()
	for {
		nc, err := from.Accept()
		switch {
		case err == nil:
			l.serve(nc, work)
		case errors.Is(err, net.ErrClosed):
			return
		default:
			rest.Reset(restAfterError)
			select {
			case <-rest.C:
			case <-l.done:
				return
			}
		}
	}
}

func (l *Listener) serve(nc net.Conn, work *sync.WaitGroup) {
	c := &conn{Conn: nc, owner: l, out: newOutbox()}
	if !l.admit(c) {
		l.count.refused.Add(1)
		_ = nc.Close() // nothing was said
		return
	}
	l.count.accepted.Add(1)
	if t, ok := nc.(*net.TCPConn); ok {
		_ = t.SetWriteBuffer(kernelQueue) // what the system makes of it will do
	}
	work.Go(func() { c.write() })
	work.Go(func() {
		c.read(time.Now())
		c.close()
		l.forget(c)
	})
}

// A conn is one connection of a peer.
type conn struct {
	net.Conn
	owner *Listener
	out   *outbox
	once  sync.Once
}

// send queues one datagram; it may be called from any goroutine and does not wait.
func (c *conn) send(datagram []byte) bool {
	if !c.out.put(datagram, c.owner.cfg.MaxQueued) {
		c.owner.count.dropped.Add(1)
		return false
	}
	c.owner.count.out.Add(1)
	return true
}

func (c *conn) close() {
	c.once.Do(func() {
		c.out.close()
		_ = c.Conn.Close() // what was not sent is lost, as with UDP
	})
}

// write sends what is put into the outbox until that is closed. A peer that takes nothing for as long as it may be
// silent loses its connection.
func (c *conn) write() {
	var spare []byte
	for range c.out.ready {
		got, open := c.out.take(spare)
		if !open {
			return
		}
		_ = c.SetWriteDeadline(time.Now().Add(c.owner.cfg.SilentFor)) // fails on a closed one alone
		if _, err := c.Write(got); err != nil {
			c.close()
			return
		}
		spare = got
	}
}

// read hands on what the peer sends until it is time to end.
func (c *conn) read(born time.Time) {
	line := c.owner.endpoint.OpenLine(c.RemoteAddr(), c.send)
	defer line.Close()
	var list [][]byte
	buf, have, heard := make([]byte, readBuffer), 0, born
	rest := min(lookEvery, c.owner.cfg.SilentFor, c.owner.cfg.ProveWithin)
	for {
		_ = c.SetReadDeadline(time.Now().Add(rest)) // fails on a closed one alone
		n, err := c.Read(buf[have:])
		now := time.Now()
		if n > 0 {
			heard = now
			whole, rest, bad := split(buf[:have+n], list[:0])
			if len(whole) > 0 {
				c.owner.count.in.Add(uint64(len(whole)))
				line.Deliver(now, whole)
			}
			if bad != nil {
				c.owner.count.malformed.Add(1)
				return
			}
			have = copy(buf, rest)
			list = whole
		}
		if c.over(err, line, now.Sub(born), now.Sub(heard)) {
			return
		}
	}
}

// over tells whether a connection of that age, silent for so long, has to end, and counts why.
func (c *conn) over(err error, line *udp.Line, age, silence time.Duration) bool {
	n := &c.owner.count
	switch {
	case err != nil && !errors.Is(err, os.ErrDeadlineExceeded):
		n.broken.Add(1)
	case silence > c.owner.cfg.SilentFor:
		n.silent.Add(1)
	case age > c.owner.cfg.ProveWithin && !line.Proven():
		n.unproven.Add(1)
	default:
		return false
	}
	return true
}
