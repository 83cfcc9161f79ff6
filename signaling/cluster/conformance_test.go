package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"salon/sfu/id"
	"salon/sfu/sfutest"
)

// A world is a registry whose hour the test sets, and the clock of those who ask it, which only goes forward.
type world struct {
	Registry
	now    time.Time
	adrift time.Duration // what the registry's hour is ahead
	set    func(hour time.Time)
	lose   func()
}

func noon() time.Time { return time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC) }

func (w *world) wait(d time.Duration) {
	w.now = w.now.Add(d)
	w.set(w.now.Add(w.adrift))
}

// aside is a book behind a clock of its own.
type aside struct {
	*book
	hour time.Time
}

func (a *aside) lease(l Lease, now time.Time) Lease {
	if !l.Expires.IsZero() {
		l.Expires = now.Add(l.Expires.Sub(a.hour))
	}
	return l
}

func (a *aside) Announce(_ context.Context, n Node, _ time.Time) error { return a.announce(a.hour, n) }

func (a *aside) Withdraw(_ context.Context, node id.Node) error {
	a.withdraw(a.hour, node)
	return nil
}

func (a *aside) Nodes(context.Context, time.Time) ([]Node, error) { return a.list(a.hour), nil }

func (a *aside) Acquire(_ context.Context, room id.Room, node id.Node, now time.Time) (Lease, error) {
	l, err := a.acquire(a.hour, room, node)
	return a.lease(l, now), err
}

func (a *aside) Owner(_ context.Context, room id.Room, now time.Time) (Lease, error) {
	l, err := a.owner(a.hour, room)
	return a.lease(l, now), err
}

func (a *aside) Renew(_ context.Context, leases []Lease, now time.Time) ([]Lease, error) {
	list := a.renew(a.hour, leases)
	for i := range list {
		list[i] = a.lease(list[i], now)
	}
	return list, nil
}

func (a *aside) Release(_ context.Context, l Lease, _ time.Time) error { return a.release(a.hour, l) }

func (a *aside) Handover(_ context.Context, l Lease, to id.Node, now time.Time) (Lease, error) {
	l, err := a.handover(a.hour, l, to)
	return a.lease(l, now), err
}

// bookWorld has the rules in Go, redisWorld those in Redis, with memories that are longer than the test.
func bookWorld() *world {
	a := &aside{book: newBook(defaultLease, 100*time.Hour), hour: noon()}
	return &world{
		Registry: a, now: noon(),
		set:  func(hour time.Time) { a.hour = hour },
		lose: func() { a.book = newBook(defaultLease, 100*time.Hour) },
	}
}

// stillRedis is a registry in Redis whose hour is what the test sets.
func stillRedis(t *testing.T) *Redis {
	t.Helper()
	cfg, err := RedisConfig{Addresses: []string{startRedis(t).Address}, Memory: 100 * time.Hour}.validate()
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRedis(cfg, "local function hour() return tonumber(redis.call('GET', KEYS[1] .. ':hour')) end\n")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func redisWorld(tb interface{ Fatal(...any) }, r *Redis) *world {
	w := &world{Registry: r, now: noon()}
	w.set = func(hour time.Time) {
		if err := r.client.Set(context.Background(), r.cfg.tag()+":hour", hour.UnixMilli(), 0).Err(); err != nil {
			tb.Fatal(err)
		}
	}
	w.lose = func() {
		if err := r.client.FlushAll(context.Background()).Err(); err != nil {
			tb.Fatal(err)
		}
		w.wait(0)
	}
	r.skew.reset()
	w.lose()
	return w
}

// A talk plays a conversation with a registry. Epochs are called e1, e2 ... in the order of their first appearance.
type talk struct {
	*world
	epochs []uint64
}

func (t *talk) epoch(e uint64) string {
	if !slices.Contains(t.epochs, e) {
		t.epochs = append(t.epochs, e)
	}
	return fmt.Sprintf("e%d", slices.Index(t.epochs, e)+1)
}

// lease reads "room node e1 [metadata]".
func (t *talk) lease(words []string, metadata string) Lease {
	l := Lease{Room: id.Room(words[0]), Node: id.Node(words[1]), Metadata: metadata}
	if n := number(strings.TrimPrefix(words[2], "e")); n > 0 && n <= len(t.epochs) {
		l.Epoch = t.epochs[n-1]
	}
	return l
}

func (t *talk) describe(l Lease, err error) string {
	var words []string
	if l.Node != "" {
		words = append(words, string(l.Node), t.epoch(l.Epoch))
	}
	if !l.Expires.IsZero() {
		words = append(words, fmt.Sprintf("for %v", l.Expires.Sub(t.now)))
	}
	if l.Metadata != "" {
		words = append(words, fmt.Sprintf("%q", l.Metadata))
	}
	if err != nil {
		words = append(words, "error: "+refusal(err))
	}
	return strings.Join(words, " ")
}

// refusal is the sentinel that an error is.
func refusal(err error) string {
	for _, sentinel := range []error{ErrHeld, ErrStale, ErrUnowned, ErrUnknownNode, ErrDraining, ErrQuiet, ErrAway} {
		if errors.Is(err, sentinel) {
			return sentinel.Error()
		}
	}
	return fmt.Sprint(err)
}

func (t *talk) run(c sfutest.Command) string {
	ctx, metadata := context.Background(), c.Value("metadata", "")
	node := func(i int) id.Node { return id.Node(c.Args[i]) }
	switch c.Name {
	case "announce":
		n := nodeOf(c)
		return t.describe(Lease{}, t.Announce(ctx, n, t.now))
	case "withdraw":
		return t.describe(Lease{}, t.Withdraw(ctx, node(0)))
	case "nodes":
		var b strings.Builder
		nodes, err := t.Nodes(ctx, t.now)
		for _, n := range nodes {
			fmt.Fprintf(&b, "%s holds %d, draining %v\n", n.ID, n.Leases, n.Draining)
		}
		return b.String() + t.describe(Lease{}, err)
	case "acquire":
		return t.describe(t.Acquire(ctx, id.Room(c.Args[0]), node(1), t.now))
	case "owner":
		return t.describe(t.Owner(ctx, id.Room(c.Args[0]), t.now))
	case "renew":
		var b strings.Builder
		var leases []Lease
		for three := range slices.Chunk(c.Args, 3) {
			leases = append(leases, t.lease(three, metadata))
		}
		renewed, err := t.Renew(ctx, leases, t.now)
		for _, l := range renewed {
			fmt.Fprintf(&b, "%s: %s\n", l.Room, t.describe(l, nil))
		}
		return b.String() + t.describe(Lease{}, err)
	case "release":
		return t.describe(Lease{}, t.Release(ctx, t.lease(c.Args, metadata), t.now))
	case "handover":
		return t.describe(t.Handover(ctx, t.lease(c.Args, metadata), node(3), t.now))
	case "wait":
		d, _ := time.ParseDuration(c.Args[0])
		t.wait(d)
		return ""
	case "adrift": // the registry's clock is set
		t.adrift, _ = time.ParseDuration(c.Args[0])
		t.wait(0)
		return ""
	case "lose": // the registry comes back with nothing in it
		t.lose()
		return ""
	}
	return "what is " + c.Name + "?"
}

// Conversations with a registry, the same with the rules in Go and with those in Redis. After each command stands what it
// answered: the holder, its Epoch, for how long, the metadata.
//
//	announce NAME [draining], withdraw NAME, nodes
//	acquire ROOM NODE, owner ROOM
//	renew ROOM NODE EPOCH... [metadata=M]
//	release ROOM NODE EPOCH [metadata=M]
//	handover ROOM NODE EPOCH NODE [metadata=M]
//	wait D, adrift D, lose, begin
func TestLeaseConversations(t *testing.T) {
	r := stillRedis(t)
	for name, fresh := range map[string]func() *world{
		"book":  bookWorld,
		"redis": func() *world { return redisWorld(t, r) },
	} {
		t.Run(name, func(t *testing.T) {
			k := &talk{world: fresh()}
			sfutest.Golden(t, "testdata/lease*.txt", func(c sfutest.Command) string {
				if c.Name == "begin" {
					k = &talk{world: fresh()}
					return ""
				}
				return k.run(c)
			})
		})
	}
}

// Whatever is asked in whatever order, both answer the same.
func TestRulesInGoAndInRedisAreTheSame(t *testing.T) {
	t.Parallel()
	r := stillRedis(t)
	rapid.Check(t, func(rt *rapid.T) {
		a, b := &talk{world: bookWorld()}, &talk{world: redisWorld(rt, r)}
		room := rapid.SampledFrom([]string{"r", "s"})
		node := rapid.SampledFrom([]string{"a", "b", "c"})
		epoch := rapid.Custom(func(t *rapid.T) string { return fmt.Sprintf("e%d", rapid.IntRange(1, 6).Draw(t, "epoch")) })
		commands := map[string]func() []string{
			"announce": func() []string {
				if rapid.IntRange(0, 4).Draw(rt, "draining") == 0 {
					return []string{node.Draw(rt, "node"), "draining"}
				}
				return []string{node.Draw(rt, "node")}
			},
			"withdraw": func() []string { return []string{node.Draw(rt, "node")} },
			"nodes":    func() []string { return nil },
			"acquire":  func() []string { return []string{room.Draw(rt, "room"), node.Draw(rt, "node")} },
			"owner":    func() []string { return []string{room.Draw(rt, "room")} },
			"renew":    func() []string { return []string{room.Draw(rt, "room"), node.Draw(rt, "node"), epoch.Draw(rt, "of")} },
			"release":  func() []string { return []string{room.Draw(rt, "room"), node.Draw(rt, "node"), epoch.Draw(rt, "of")} },
			"handover": func() []string {
				return []string{room.Draw(rt, "room"), node.Draw(rt, "node"), epoch.Draw(rt, "of"), node.Draw(rt, "to")}
			},
			"wait": func() []string {
				return []string{rapid.SampledFrom([]string{"1ms", "900ms", "1s", "2s", "2001ms", "4s"}).Draw(rt, "for")}
			},
			"adrift": func() []string {
				return []string{rapid.SampledFrom([]string{"0s", "-1s", "1s", "-2s", "3s", "-1h", "10m"}).Draw(rt, "by")}
			},
			"lose": func() []string { return nil },
		}
		names := slices.Sorted(maps.Keys(commands))
		often := slices.Concat(names, []string{"announce", "acquire", "acquire", "renew", "renew", "wait", "wait", "nodes"})
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			c := sfutest.Command{Name: rapid.SampledFrom(often).Draw(rt, "command"), Values: map[string]string{}}
			if c.Name == "lose" && rapid.Bool().Draw(rt, "not lost") {
				continue
			}
			c.Args = commands[c.Name]()
			c.Values["metadata"] = rapid.SampledFrom([]string{"", "m", "n"}).Draw(rt, "metadata")
			if got, want := b.run(c), a.run(c); got != want {
				rt.Fatalf("%s %v: redis says\n%s\nthe book says\n%s", c.Name, c.Args, got, want)
			}
		}
	})
}
