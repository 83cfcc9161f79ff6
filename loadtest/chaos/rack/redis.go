package rack

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// errReply tells that Redis said something else than was expected.
var errReply = errors.New("unexpected reply of redis")

// Redis is the process that the nodes share. It keeps nothing on disk: each of its lives begins empty.
type Redis struct {
	Address string
	process
}

func newRedis(cfg Config) (*Redis, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("read address: %w", err)
	}
	return &Redis{Address: addr, process: process{
		name: "redis", dir: cfg.Dir,
		args: []string{cfg.Server, "--bind", host, "--port", port, "--save", "", "--appendonly", "no", "--dir", cfg.Dir},
	}}, nil
}

// Ready waits until Redis answers.
func (r *Redis) Ready(ctx context.Context) error {
	return r.until(ctx, func(ctx context.Context) error {
		_, err := r.ask(ctx, "PING")
		return err
	})
}

// A Key is one that is in Redis.
type Key struct {
	Name string
	Left time.Duration // until it expires; negative: it never will
}

// Keys are all that there are.
func (r *Redis) Keys(ctx context.Context) ([]Key, error) {
	names, err := r.ask(ctx, "KEYS", "*")
	if err != nil {
		return nil, err
	}
	var keys []Key
	for _, name := range names {
		left, err := r.ask(ctx, "PTTL", name)
		if err != nil {
			return nil, err
		}
		ms, err := strconv.ParseInt(left[0], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read expiry: %w", err)
		}
		if ms == -2 {
			continue // has gone meanwhile
		}
		keys = append(keys, Key{Name: name, Left: time.Duration(ms) * time.Millisecond})
	}
	return keys, nil
}

// ask sends one command and reads its reply: a string, a number, or an array of strings.
func (r *Redis) ask(ctx context.Context, words ...string) ([]string, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", r.Address)
	if err != nil {
		return nil, fmt.Errorf("ask redis: %w", err)
	}
	defer func() { _ = c.Close() }() // everything was read
	if deadline, ok := ctx.Deadline(); ok {
		if err := c.SetDeadline(deadline); err != nil {
			return nil, fmt.Errorf("ask redis: %w", err)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	if _, err := io.WriteString(c, b.String()); err != nil {
		return nil, fmt.Errorf("ask redis: %w", err)
	}
	return readReply(bufio.NewReader(c))
}

// readReply reads a reply of RESP 2.
func readReply(in *bufio.Reader) ([]string, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("read reply: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return nil, errReply
	}
	switch rest := line[1:]; line[0] {
	case '+', ':':
		return []string{rest}, nil
	case '$':
		n, err := strconv.Atoi(rest)
		if err != nil || n < 0 || n > 1<<20 {
			return nil, fmt.Errorf("%w: %q", errReply, line)
		}
		text := make([]byte, n+2)
		if _, err := io.ReadFull(in, text); err != nil {
			return nil, fmt.Errorf("read reply: %w", err)
		}
		return []string{string(text[:n])}, nil
	case '*':
		n, err := strconv.Atoi(rest)
		if err != nil || n > 1<<20 {
			return nil, fmt.Errorf("%w: %q", errReply, line)
		}
		var list []string
		for range n {
			one, err := readReply(in)
			if err != nil {
				return nil, err
			}
			list = append(list, one...)
		}
		return list, nil
	default:
		return nil, fmt.Errorf("%w: %q", errReply, line)
	}
}
