package udp

import (
	"context"
	"errors"
	"net"
	"time"
)

// maxReadErrors in a row end a reader: the socket is beyond hope, and a loop that
// cannot wait would eat a core.
const maxReadErrors = 100

// Run reads all sockets until ctx ends or Close is called, one goroutine each, and
// returns when all of them have ended. It closes the Endpoint. The error tells why
// a reader could not go on, nil if it was asked to end. Run once.
func (e *Endpoint) Run(ctx context.Context) error {
	if e.running.Swap(true) {
		return ErrRunning
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		_ = e.Close()
	})
	for _, l := range e.later {
		l.start()
	}
	ended := make(chan error, len(e.shards))
	for _, sh := range e.shards {
		go func() { ended <- sh.run() }()
	}
	var all error
	for range e.shards {
		err := <-ended
		_ = e.Close() // One reader alone would serve some peers and not others.
		all = errors.Join(all, err)
	}
	if !stop() {
		<-stopped
	}
	return all
}

// run reads until the socket is closed.
func (sh *shard) run() error {
	for failed := 0; failed < maxReadErrors; {
		n, err := sh.rx.read()
		switch {
		case err == nil:
			failed = 0
			now, before := time.Now(), sh.count.n[datagramsOut].Load()
			sh.in.deliver(now, sh.rx, n)
			sh.late.observe(time.Since(now), sh.count.n[datagramsOut].Load()-before)
			for _, l := range sh.end.later {
				l.pass(now)
			}
		case errors.Is(err, net.ErrClosed):
			return nil
		default:
			if failed++; failed == maxReadErrors {
				return err
			}
		}
	}
	return nil
}
