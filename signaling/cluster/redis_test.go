package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"salon/sfu/id"
	"salon/signaling/cluster/redistest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// startRedis starts a server that ends with the test.
func startRedis(t *testing.T) *redistest.Server {
	t.Helper()
	s, err := redistest.Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Kill(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// connect returns a registry that closes with the test.
func connect(t *testing.T, cfg RedisConfig) *Redis {
	t.Helper()
	r, err := NewRedis(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// eventually polls until f returns nil.
func eventually(t *testing.T, within time.Duration, f func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(within); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
		if err = f(); err == nil {
			return
		}
	}
	t.Fatalf("not within %v: %v", within, err)
}

// steady announces nodes until the registry isn't quiet.
func steady(t *testing.T, r Registry, nodes ...id.Node) {
	t.Helper()
	eventually(t, 15*time.Second, func() error {
		var errs []error
		for _, n := range nodes {
			errs = append(errs, r.Announce(context.Background(), Node{ID: n, Roles: []Role{Media}}, time.Now()))
		}
		return errors.Join(errs...)
	})
}

// mainPath takes a room through its life.
func mainPath(t *testing.T, r Registry, room id.Room) {
	t.Helper()
	ctx := context.Background()
	steady(t, r, "ND_a", "ND_b")
	l, err := r.Acquire(ctx, room, "ND_a", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if held, err := r.Acquire(ctx, room, "ND_b", time.Now()); !errors.Is(err, ErrHeld) || held.Node != "ND_a" {
		t.Errorf("acquire what another holds: %+v %v", held, err)
	}
	l.Metadata = "chapter one"
	if ls, err := r.Renew(ctx, []Lease{l}, time.Now()); err != nil || len(ls) != 1 {
		t.Errorf("renew: %+v %v", ls, err)
	}
	next, err := r.Handover(ctx, l, "ND_b", time.Now())
	if err != nil || next.Node != "ND_b" || next.Epoch <= l.Epoch {
		t.Fatalf("handover: %+v %v", next, err)
	}
	if ls, err := r.Renew(ctx, []Lease{l}, time.Now()); err != nil || len(ls) != 0 {
		t.Errorf("renew what was handed over: %+v %v", ls, err)
	}
	if o, err := r.Owner(ctx, room, time.Now()); err != nil || o.Epoch != next.Epoch || o.Metadata != "chapter one" {
		t.Errorf("owner: %+v %v", o, err)
	}
	if err := r.Release(ctx, next, time.Now()); err != nil {
		t.Errorf("release: %v", err)
	}
	if o, err := r.Owner(ctx, room, time.Now()); !errors.Is(err, ErrUnowned) || o.Node != "ND_b" {
		t.Errorf("owner of what was released: %+v %v", o, err)
	}
	if nodes, err := r.Nodes(ctx, time.Now()); err != nil || len(nodes) != 2 {
		t.Errorf("nodes: %+v %v", nodes, err)
	}
}

func TestMemoryServesTheMainPath(t *testing.T) { mainPath(t, NewMemory(), "r") }

func TestRedisClusterServesTheMainPath(t *testing.T) {
	t.Parallel()
	c, err := redistest.StartCluster(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Kill(); err != nil {
			t.Error(err)
		}
	})
	ctx := context.Background()
	r := connect(t, RedisConfig{Addresses: c.Addresses()})
	for _, room := range []id.Room{"r", "s", "t", "{x}y"} { // whatever node their names alone would go to
		mainPath(t, r, room)
	}
	l, err := r.Acquire(ctx, "u", "ND_a", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	// The master of our keys comes back with nothing in it.
	for _, s := range c.Servers {
		if size, err := s.Do("DBSIZE"); err != nil || size == "0" {
			continue
		}
		if err := s.Kill(); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Owner(ctx, "u", time.Now()); !errors.Is(err, ErrAway) {
			t.Errorf("owner without a master: %v", err)
		}
		if err := s.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, 15*time.Second, func() error {
		if ls, err := r.Renew(ctx, []Lease{l}, time.Now()); err != nil || len(ls) != 1 {
			return fmt.Errorf("%d renewed: %w", len(ls), err)
		}
		return nil
	})
	if held, err := r.Acquire(ctx, "u", "ND_b", time.Now()); !errors.Is(err, ErrHeld) || held.Epoch != l.Epoch {
		t.Errorf("the room afterwards: %+v %v", held, err)
	}
}

func TestSentinelFailoverLosesNoRoom(t *testing.T) {
	t.Parallel()
	s, err := redistest.StartSentinels(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Kill(); err != nil {
			t.Error(err)
		}
	})
	ctx := context.Background()
	r := connect(t, RedisConfig{Addresses: s.Addresses(), MasterName: redistest.MasterName})
	mainPath(t, r, "r")
	l, err := r.Acquire(ctx, "s", "ND_a", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Master.Kill(); err != nil {
		t.Fatal(err)
	}
	if ls, err := r.Renew(ctx, []Lease{l}, time.Now()); !errors.Is(err, ErrAway) {
		t.Errorf("renew without a master: %+v %v", ls, err)
	}
	killed := time.Now()
	eventually(t, 15*time.Second, func() error {
		_, err := r.Renew(ctx, []Lease{l}, time.Now())
		return err
	})
	t.Logf("back after %v", time.Since(killed))
	if held, err := r.Acquire(ctx, "s", "ND_b", time.Now()); !errors.Is(err, ErrHeld) || held.Epoch != l.Epoch {
		t.Errorf("the room after the failover: %+v %v", held, err)
	}
	if got, err := r.Acquire(ctx, "t", "ND_b", time.Now()); !errors.Is(err, ErrQuiet) {
		t.Errorf("a new room after the failover: %+v %v", got, err)
	}
}

// brisk is a registry with short leases.
func brisk(address string) RedisConfig {
	return RedisConfig{Addresses: []string{address}, Lease: time.Second, Timeout: 500 * time.Millisecond}
}

func TestRoomOfASilentNodeIsTakenOver(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	r := connect(t, brisk(startRedis(t).Address))
	steady(t, r, "ND_a", "ND_b")
	asked := time.Now()
	l, err := r.Acquire(ctx, "r", "ND_a", asked)
	if err != nil || l.Expires.Sub(asked) != time.Second {
		t.Fatalf("%+v %v", l, err)
	}
	l.Metadata = "chapter one"
	if _, err := r.Renew(ctx, []Lease{l}, time.Now()); err != nil {
		t.Fatal(err)
	}
	var next Lease
	eventually(t, 5*time.Second, func() error {
		steady(t, r, "ND_b")
		next, err = r.Acquire(ctx, "r", "ND_b", time.Now())
		return err
	})
	if took := time.Since(asked); took < time.Second {
		t.Errorf("taken over after %v", took)
	}
	if next.Epoch <= l.Epoch || next.Metadata != l.Metadata {
		t.Errorf("taken over as %+v after %+v", next, l)
	}
	if ls, err := r.Renew(ctx, []Lease{l}, time.Now()); err != nil || len(ls) != 0 {
		t.Errorf("the old holder renews: %+v %v", ls, err)
	}
}

func TestWhatHasEndedLeavesNoKey(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), startRedis(t)
	cfg := brisk(s.Address)
	cfg.Memory = time.Second
	r := connect(t, cfg)
	mainPath(t, r, "r")
	if _, err := r.Acquire(ctx, "s", "ND_a", time.Now()); err != nil {
		t.Fatal(err)
	}
	eventually(t, 10*time.Second, func() error {
		if size, err := s.Do("DBSIZE"); err != nil || size != "0" {
			keys, _ := s.Do("KEYS", "*")
			return fmt.Errorf("%s keys: %s: %w", size, keys, err)
		}
		return nil
	})
}

func TestPausedRedisIsAwayAndThenQuiet(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), startRedis(t)
	r := connect(t, RedisConfig{Addresses: []string{s.Address}, Timeout: 300 * time.Millisecond})
	steady(t, r, "ND_a", "ND_b")
	l, err := r.Acquire(ctx, "r", "ND_a", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Pause(); err != nil {
		t.Fatal(err)
	}
	for paused := time.Now(); time.Since(paused) < 5*time.Second; {
		asked := time.Now()
		if ls, err := r.Renew(ctx, []Lease{l}, asked); !errors.Is(err, ErrAway) {
			t.Fatalf("renew while paused: %+v %v", ls, err)
		}
		if took := time.Since(asked); took > time.Second {
			t.Errorf("failed after %v", took)
		}
	}
	if err := s.Resume(); err != nil {
		t.Fatal(err)
	}
	// Its lease has ended meanwhile, and still nobody else gets the room.
	if got, err := r.Acquire(ctx, "r", "ND_b", time.Now()); !errors.Is(err, ErrQuiet) {
		t.Errorf("acquired from a holder that couldn't renew: %+v %v", got, err)
	}
	if err := r.Announce(ctx, Node{ID: "ND_b", Roles: []Role{Media}}, time.Now()); !errors.Is(err, ErrQuiet) {
		t.Errorf("announced: %v", err)
	}
	if got, err := r.Acquire(ctx, "new", "ND_b", time.Now()); !errors.Is(err, ErrQuiet) {
		t.Errorf("a new room: %+v %v", got, err)
	}
	ls, err := r.Renew(ctx, []Lease{l}, time.Now())
	if err != nil || len(ls) != 1 || ls[0].Epoch != l.Epoch {
		t.Errorf("not taken up again: %+v %v", ls, err)
	}
}

// What waits in the buffers of a paused Redis is carried out when it goes on: long after its caller was told that nobody
// knows.
func TestCallThatWasGivenUpDoesNothingLater(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), startRedis(t)
	var r [3]*Redis // three, so that each has a connection: a paused server welcomes nobody
	for i := range r {
		r[i] = connect(t, RedisConfig{Addresses: []string{s.Address}, Timeout: 300 * time.Millisecond})
		steady(t, r[i], "ND_a", "ND_b")
	}
	mainPath(t, r[0], "first") // the server knows all scripts afterwards
	held, err := r[0].Acquire(ctx, "held", "ND_a", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	before := scriptsRun(t, s)
	if err := s.Pause(); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i, call := range []func() error{
		func() error { _, err := r[0].Acquire(ctx, "new", "ND_a", time.Now()); return err },
		func() error { return r[1].Release(ctx, held, time.Now()) },
		func() error { _, err := r[2].Handover(ctx, held, "ND_b", time.Now()); return err },
	} {
		wg.Go(func() {
			if err := call(); !errors.Is(err, ErrAway) {
				t.Errorf("call %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if err := s.Resume(); err != nil {
		t.Fatal(err)
	}
	eventually(t, 5*time.Second, func() error { // until it has worked off what waited
		if n := scriptsRun(t, s); n < before+3 {
			return fmt.Errorf("%d scripts after %d", n, before)
		}
		return nil
	})
	if l, err := r[0].Owner(ctx, "new", time.Now()); !errors.Is(err, ErrUnowned) || l.Node != "" {
		t.Errorf("a room that nobody was told of: %+v %v", l, err)
	}
	if l, err := r[0].Owner(ctx, "held", time.Now()); err != nil || l.Epoch != held.Epoch {
		t.Errorf("a room that was held: %+v %v", l, err)
	}
}

func TestEmptyRedisLearnsWhatIsHeld(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), startRedis(t)
	r := connect(t, brisk(s.Address))
	steady(t, r, "ND_a", "ND_b")
	l, err := r.Acquire(ctx, "r", "ND_a", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	l.Metadata = "chapter one"
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Owner(ctx, "r", time.Now()); !errors.Is(err, ErrAway) {
		t.Errorf("owner without a server: %v", err)
	}
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	eventually(t, 5*time.Second, func() error {
		_, err := r.Owner(ctx, "r", time.Now())
		if errors.Is(err, ErrAway) {
			return err
		}
		return nil
	})
	if got, err := r.Acquire(ctx, "r", "ND_b", time.Now()); !errors.Is(err, ErrQuiet) {
		t.Errorf("acquired before the holder could tell: %+v %v", got, err)
	}
	if ls, err := r.Renew(ctx, []Lease{l}, time.Now()); err != nil || len(ls) != 1 {
		t.Fatalf("not taken up again: %+v %v", ls, err)
	}
	if o, err := r.Owner(ctx, "r", time.Now()); err != nil || o.Epoch != l.Epoch || o.Metadata != "chapter one" {
		t.Errorf("owner: %+v %v", o, err)
	}
	eventually(t, 5*time.Second, func() error {
		steady(t, r, "ND_b")
		next, err := r.Acquire(ctx, "s", "ND_b", time.Now())
		if err == nil && next.Epoch <= l.Epoch {
			t.Errorf("epoch %d after %d was lost", next.Epoch, l.Epoch)
		}
		return err
	})
}

func TestManyRoomsAreRenewedInParts(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), startRedis(t)
	r := connect(t, RedisConfig{Addresses: []string{s.Address}})
	var leases []Lease
	for i := range 2*renewedAtOnce + 1 { // a fresh registry believes who says what it holds
		leases = append(leases, Lease{Room: id.Room(fmt.Sprintf("r%d", i)), Node: "ND_a", Epoch: uint64(i + 1), Metadata: strings.Repeat("m", 3000)})
	}
	for range 2 {
		if ls, err := r.Renew(ctx, leases, time.Now()); err != nil || len(ls) != len(leases) {
			t.Fatalf("%d renewed, %v", len(ls), err)
		}
	}
	for _, i := range []int{0, renewedAtOnce, 2 * renewedAtOnce} {
		if o, err := r.Owner(ctx, leases[i].Room, time.Now()); err != nil || o.Epoch != leases[i].Epoch || len(o.Metadata) != 3000 {
			t.Errorf("room %d: epoch %d, %d bytes, %v", i, o.Epoch, len(o.Metadata), err)
		}
	}
	text, err := s.Do("INFO", "stats")
	var bytes int
	if i := strings.Index(text, "total_net_input_bytes:"); err != nil || i < 0 {
		t.Fatal(text, err)
	} else if _, err := fmt.Sscanf(text[i:], "total_net_input_bytes:%d", &bytes); err != nil || bytes > 4_500_000 {
		t.Errorf("%d bytes were sent, %v: more than all metadata once, and all names twice", bytes, err)
	}
}

func TestRoomThatAllWantIsOneNodes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	address := startRedis(t).Address
	nodes := []id.Node{"ND_a", "ND_b", "ND_c"}
	var leases [3]Lease
	var wg sync.WaitGroup
	steady(t, connect(t, RedisConfig{Addresses: []string{address}}), nodes...)
	for i, n := range nodes {
		r := connect(t, RedisConfig{Addresses: []string{address}})
		wg.Go(func() {
			l, err := r.Acquire(ctx, "r", n, time.Now())
			if err != nil && !errors.Is(err, ErrHeld) {
				t.Error(err)
			}
			leases[i] = l
		})
	}
	wg.Wait()
	for _, l := range leases {
		if l.Node == "" || l.Node != leases[0].Node || l.Epoch != leases[0].Epoch {
			t.Errorf("%+v beside %+v", l, leases[0])
		}
	}
}

func TestRedisWantsAPassword(t *testing.T) {
	t.Parallel()
	s, err := redistest.Start(t.TempDir(), "--requirepass", "admin", "--user", "rooms", "on", ">secret", "~*", "+@all")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Kill() })
	for _, c := range []struct {
		username, password string
		welcome            bool
	}{{"", "admin", true}, {"rooms", "secret", true}, {"rooms", "admin", false}, {"", "", false}} {
		r := connect(t, RedisConfig{Addresses: []string{s.Address}, Username: c.username, Password: c.password})
		_, err := r.Owner(context.Background(), "r", time.Now())
		if c.welcome && !errors.Is(err, ErrUnowned) || !c.welcome && !errors.Is(err, ErrAway) {
			t.Errorf("%q with %q: %v", c.username, c.password, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the password stands in %v", err)
		}
	}
}

func BenchmarkRenew(b *testing.B) {
	for _, rooms := range []int{1, 100, renewedAtOnce, 10 * renewedAtOnce} {
		b.Run(fmt.Sprintf("rooms=%d", rooms), func(b *testing.B) {
			s, err := redistest.Start(b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = s.Kill() }()
			r, err := NewRedis(RedisConfig{Addresses: []string{s.Address}})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = r.Close() }()
			var leases []Lease
			for i := range rooms {
				leases = append(leases, Lease{Room: id.Room(fmt.Sprintf("room-%d", i)), Node: "ND_abcdefghijkl", Epoch: uint64(i + 1), Metadata: "{}"})
			}
			for b.Loop() {
				if ls, err := r.Renew(context.Background(), leases, time.Now()); err != nil || len(ls) != rooms {
					b.Fatalf("%d renewed, %v", len(ls), err)
				}
			}
			if text, err := s.Do("INFO", "cpu"); err == nil {
				var user, system float64
				i, j := strings.Index(text, "used_cpu_user:"), strings.Index(text, "used_cpu_sys:")
				_, _ = fmt.Sscanf(text[i:], "used_cpu_user:%f", &user)
				_, _ = fmt.Sscanf(text[j:], "used_cpu_sys:%f", &system)
				b.ReportMetric((user+system)*1e6/float64(b.N)/float64(rooms), "redis-cpu-µs/room")
			}
		})
	}
}

func TestRedisConfigThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	for _, cfg := range []RedisConfig{
		{},
		{Addresses: []string{"a:1"}, Prefix: "{a}"},
		{Addresses: []string{"a:1"}, Lease: time.Millisecond},
		{Addresses: []string{"a:1"}, Memory: time.Second},
		{Addresses: []string{"a:1"}, Timeout: time.Minute},
	} {
		if _, err := NewRedis(cfg); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

// scriptsRun counts the scripts that a server ran.
func scriptsRun(t *testing.T, s *redistest.Server) (count int) {
	t.Helper()
	text, err := s.Do("INFO", "commandstats")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(text, "\n") {
		for _, name := range []string{"cmdstat_evalsha:", "cmdstat_eval:"} {
			var calls, failed int
			if strings.HasPrefix(line, name) {
				_, _ = fmt.Sscanf(line[len(name):], "calls=%d,", &calls)
				if i := strings.Index(line, "failed_calls="); i >= 0 {
					_, _ = fmt.Sscanf(line[i:], "failed_calls=%d", &failed)
				}
				count += calls - failed
			}
		}
	}
	return count
}
