package cluster

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"salon/sfu/id"
)

// scriptFiles are the scripts, each of which is one step for everybody else. lua/rules.lua stands before each.
//
//go:embed lua/*.lua
var scriptFiles embed.FS

// renewedAtOnce is how many leases one script renews: about 5 ms, during which Redis answers nobody else.
const renewedAtOnce = 500

// describedAtOnce is how much metadata, in bytes, goes into one script.
const describedAtOnce = 1 << 20

// Redis is the registry of many nodes. Every call is one script (Renew: one for some hundred rooms), which takes the
// hour from Redis, so that clocks of nodes don't matter. A call that waits for longer than RedisConfig.Timeout, or than its
// ctx allows, returns ErrAway and takes no effect afterwards: it carries the hour, as Redis would tell it, after which it is
// too late. That holds as long as nobody puts Redis's clock back.
//
// Redis may be lost with all that is in it. See claimed in lua/rules.lua for who gets what afterwards.
type Redis struct {
	cfg     RedisConfig
	client  redis.UniversalClient
	scripts map[string]*redis.Script
	skew    skew
}

var _ Registry = (*Redis)(nil)

// NewRedis returns a registry that connects with the first call. Close it.
func NewRedis(cfg RedisConfig) (*Redis, error) {
	cfg, err := cfg.validate()
	if err != nil {
		return nil, fmt.Errorf("redis registry: %w", err)
	}
	clock, err := scriptFiles.ReadFile("lua/clock.lua")
	if err != nil {
		return nil, fmt.Errorf("redis registry: %w", err)
	}
	return newRedis(cfg, string(clock))
}

// newRedis takes the script of a clock.
func newRedis(cfg RedisConfig, clock string) (*Redis, error) {
	logging.Disable() // what fails is in the errors of calls; go-redis would print it beside, once for each connection
	r := &Redis{cfg: cfg, client: redis.NewUniversalClient(cfg.options()), scripts: map[string]*redis.Script{}}
	rules, err := scriptFiles.ReadFile("lua/rules.lua")
	if err != nil {
		return nil, fmt.Errorf("redis registry: %w", err)
	}
	for _, name := range []string{"announce", "withdraw", "nodes", "acquire", "owner", "renew", "describe", "release", "handover"} {
		script, err := scriptFiles.ReadFile("lua/" + name + ".lua")
		if err != nil {
			return nil, fmt.Errorf("redis registry: %w", err)
		}
		r.scripts[name] = redis.NewScript(clock + string(rules) + string(script))
	}
	return r, nil
}

// Close ends the connections.
func (r *Redis) Close() error {
	if err := r.client.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
		return fmt.Errorf("close redis registry: %w", err)
	}
	return nil
}

// record is a Node as it stands in Redis. lua/rules.lua reads draining.
type record struct {
	Address  string  `json:"address"`
	Region   string  `json:"region,omitempty"`
	Roles    []Role  `json:"roles"`
	Draining bool    `json:"draining"`
	Load     Load    `json:"load"`
	ID       id.Node `json:"id"`
}

// Announce satisfies Registry.
func (r *Redis) Announce(ctx context.Context, n Node, now time.Time) error {
	text, err := json.Marshal(record{n.Address, n.Region, n.Roles, n.Draining, n.Load, n.ID})
	if err != nil {
		return fmt.Errorf("announce node %s: %w", n.ID, err)
	}
	_, err = r.run(ctx, "announce", now, n.ID, text)
	return err
}

// Withdraw satisfies Registry.
func (r *Redis) Withdraw(ctx context.Context, node id.Node) error {
	_, err := r.run(ctx, "withdraw", time.Time{}, node)
	return err
}

// Nodes satisfies Registry.
func (r *Redis) Nodes(ctx context.Context, now time.Time) ([]Node, error) {
	a, err := r.run(ctx, "nodes", now)
	if err != nil {
		return nil, err
	}
	var nodes []Node
	for len(a.rest) >= 2 {
		var rec record
		if err := json.Unmarshal([]byte(a.text()), &rec); err != nil {
			return nil, fmt.Errorf("nodes: %w: %w", ErrAway, err)
		}
		leases := int(a.number())
		nodes = append(nodes, Node{rec.ID, rec.Address, rec.Region, rec.Roles, rec.Draining, rec.Load, leases})
	}
	sortNodes(nodes)
	return nodes, nil
}

// Acquire satisfies Registry.
func (r *Redis) Acquire(ctx context.Context, room id.Room, node id.Node, now time.Time) (Lease, error) {
	a, err := r.run(ctx, "acquire", now, room, node)
	return a.lease(room, now), err
}

// Owner satisfies Registry.
func (r *Redis) Owner(ctx context.Context, room id.Room, now time.Time) (Lease, error) {
	a, err := r.run(ctx, "owner", now, room)
	return a.lease(room, now), err
}

// Release satisfies Registry.
func (r *Redis) Release(ctx context.Context, l Lease, now time.Time) error {
	_, err := r.run(ctx, "release", now, l.Room, l.Node, l.Epoch, digest(l.Metadata), l.Metadata)
	return err
}

// Handover satisfies Registry.
func (r *Redis) Handover(ctx context.Context, l Lease, to id.Node, now time.Time) (Lease, error) {
	a, err := r.run(ctx, "handover", now, l.Room, l.Node, l.Epoch, digest(l.Metadata), l.Metadata, to)
	return a.lease(l.Room, now), err
}

// Renew satisfies Registry. Metadata crosses the network only where Redis has another.
func (r *Redis) Renew(ctx context.Context, leases []Lease, now time.Time) ([]Lease, error) {
	var renewed, changed []Lease
	for chunk := range slices.Chunk(leases, renewedAtOnce) {
		args := make([]any, 0, 4*len(chunk))
		for _, l := range chunk {
			args = append(args, l.Room, l.Node, l.Epoch, digest(l.Metadata))
		}
		a, err := r.run(ctx, "renew", now, args...)
		if err != nil {
			return renewed, err
		}
		for _, l := range chunk {
			state := a.number()
			if state == 0 {
				continue
			}
			l.Expires = now.Add(r.cfg.Lease)
			renewed = append(renewed, l)
			if state == 2 {
				changed = append(changed, l)
			}
		}
	}
	return renewed, r.describe(ctx, changed, now)
}

// describe stores metadata of leases that are held.
func (r *Redis) describe(ctx context.Context, leases []Lease, now time.Time) error {
	for len(leases) > 0 {
		var args []any
		for size := 0; len(leases) > 0 && size < describedAtOnce; leases = leases[1:] {
			l := leases[0]
			args = append(args, l.Room, l.Node, l.Epoch, digest(l.Metadata), l.Metadata)
			size += len(l.Metadata) + len(l.Room)
		}
		if _, err := r.run(ctx, "describe", now, args...); err != nil {
			return err
		}
	}
	return nil
}

// digest is by what two texts are told apart; that of none is empty.
func digest(text string) string {
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return base64.RawStdEncoding.EncodeToString(sum[:12])
}

// refusals are the words of scripts that are errors.
var refusals = map[string]error{
	"held": ErrHeld, "stale": ErrStale, "unowned": ErrUnowned, "unknown": ErrUnknownNode, "draining": ErrDraining, "quiet": ErrQuiet,
}

// run runs a script. When that was late by Redis's clock, which may have been set, it tries again by the new one.
func (r *Redis) run(ctx context.Context, name string, now time.Time, args ...any) (answer, error) {
	limit := r.cfg.Timeout
	if end, ok := ctx.Deadline(); ok {
		limit = min(limit, end.Sub(now))
	}
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	all := append([]any{0, r.cfg.Lease.Milliseconds(), r.cfg.Memory.Milliseconds()}, texts(args)...)
	for range 2 {
		// The last quarter is for what the skew is wrong by: its quickest answer.
		all[0] = r.skew.latest(now, limit*3/4)
		list, err := r.scripts[name].Run(ctx, r.client, []string{r.cfg.tag()}, all...).Slice()
		if err != nil {
			return answer{}, fmt.Errorf("%s: %w: %w", name, ErrAway, err)
		}
		a := answer{rest: list}
		word, hour := a.text(), a.number()
		if word == "late" {
			r.skew.reset()
		}
		r.skew.note(now, hour)
		switch refusal := refusals[word]; {
		case refusal != nil:
			return a, fmt.Errorf("%s: %w", name, refusal)
		case word == "ok":
			return a, nil
		}
	}
	return answer{}, fmt.Errorf("%s: %w: too late", name, ErrAway)
}

// texts makes strings of our types, which go-redis doesn't know.
func texts(args []any) []any {
	list := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case id.Room:
			list[i] = string(a)
		case id.Node:
			list[i] = string(a)
		case uint64:
			list[i] = strconv.FormatUint(a, 10)
		default:
			list[i] = a
		}
	}
	return list
}

// An answer is what a script said, of which rest is to be read yet.
type answer struct {
	rest []any
}

func (a *answer) text() string {
	if len(a.rest) == 0 {
		return ""
	}
	s, _ := a.rest[0].(string)
	a.rest = a.rest[1:]
	return s
}

func (a *answer) number() int64 {
	if len(a.rest) == 0 {
		return 0
	}
	n, _ := a.rest[0].(int64)
	a.rest = a.rest[1:]
	return n
}

// lease reads the lease that an answer tells of; zero when it tells of none.
func (a *answer) lease(room id.Room, now time.Time) Lease {
	if len(a.rest) == 0 {
		return Lease{}
	}
	l := Lease{Room: room, Node: id.Node(a.text())}
	l.Epoch, _ = strconv.ParseUint(a.text(), 10, 64)
	if left := a.number(); left > 0 {
		l.Expires = now.Add(time.Duration(left) * time.Millisecond)
	}
	l.Metadata = a.text()
	return l
}
