package redistest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// patience is how long a server may take to start, to end, or to agree with others.
const patience = 20 * time.Second

// A process runs until ended is closed.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

func begin(binary string, args []string) (*process, error) {
	p := &process{cmd: exec.Command(binary, args...), ended: make(chan struct{})}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", binary, err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended says nothing: it was killed or told to
		close(p.ended)
	}()
	return p, nil
}

func (p *process) signal(s syscall.Signal) error {
	if err := p.cmd.Process.Signal(s); err != nil {
		return fmt.Errorf("signal %v to redis: %w", s, err)
	}
	return nil
}

// end sends a signal and waits for the end.
func (p *process) end(s syscall.Signal) error {
	_ = p.cmd.Process.Signal(s) // it may have ended before
	select {
	case <-p.ended:
		return nil
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.ended
		return fmt.Errorf("end redis: %w", ErrSilent)
	}
}

// until asks again and again whether it is ok, as long as nothing ends.
func until(ok func() bool, ended <-chan struct{}) error {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if ok() {
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("%w: it ended", ErrSilent)
		case <-time.After(20 * time.Millisecond):
		}
	}
	return ErrSilent
}

// do sends a command by a connection of its own, which takes a second at most.
func do(address string, words ...string) (string, error) {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return "", fmt.Errorf("ask redis: %w", err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	if _, err := conn.Write([]byte(b.String())); err != nil {
		return "", fmt.Errorf("ask redis: %w", err)
	}
	return reply(bufio.NewReader(conn))
}

// reply reads one answer of Redis (RESP 2).
func reply(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil || len(line) < 3 {
		return "", fmt.Errorf("answer of redis %q: %w", line, err)
	}
	rest := strings.TrimSpace(line[1:])
	n, _ := strconv.Atoi(rest)
	switch line[0] {
	case '-':
		return "", fmt.Errorf("%w: %s", ErrReply, rest)
	case '$':
		if n < 0 {
			return "", nil
		}
		text := make([]byte, n+2)
		if _, err := io.ReadFull(r, text); err != nil {
			return "", fmt.Errorf("answer of redis: %w", err)
		}
		return string(text[:n]), nil
	case '*':
		var list []string
		for range n {
			s, err := reply(r)
			if err != nil {
				return "", err
			}
			list = append(list, s)
		}
		return strings.Join(list, "\n"), nil
	default:
		return rest, nil
	}
}
