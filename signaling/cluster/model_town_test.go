package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"salon/sfu/id"
)

// A fault is something bad that happens to the model for some time.
type fault struct {
	Kind    faultKind
	A, B    int           // slots of nodes, where it is about nodes
	At, For time.Duration // from the beginning
}

type faultKind int

const (
	pausedNode  faultKind = iota // A stands still, and doesn't know
	killedNode                   // A dies; another node comes to its place afterwards
	drainedNode                  // A is drained; another node comes to its place afterwards
	redisDown                    // nothing reaches Redis
	redisLost                    // and it forgets everything
	redisPaused                  // Redis stands still; what reaches it waits
	cutRedis                     // nothing of A reaches Redis
	deafRedis                    // A's questions reach Redis, the answers don't come
	slowRedis                    // between A and Redis everything takes up to two seconds
	cutNodes                     // A and B don't reach each other
	faultKinds
)

var faultNames = [...]string{
	"paused", "killed", "drained", "redis down", "redis lost", "redis paused", "cut redis", "deaf redis", "slow redis", "cut nodes",
}

func (f fault) String() string {
	return fmt.Sprintf("%s %d %d at %v for %v", faultNames[f.Kind], f.A, f.B, f.At, f.For)
}

// A scenario is one history of the model.
type scenario struct {
	Nodes, Rooms int
	Faults       []fault
	Length       time.Duration
	// Seed of delays, and of who comes when.
	Seed uint64
	// Rates of the nodes' clocks, in thousandths off; that of Redis is the last one.
	Rates []int
}

// graceful is for how long after a pause or a cut its consequences are seen: a question to the registry, one to the nodes, and
// what somebody needs to notice and go.
const graceful = 3 * time.Second

// A town is nodes with real Members, and a Redis that is a book. Its lock is held by whoever touches anything in it.
type town struct {
	scenario
	begun   time.Time
	redis   *book
	slots   []*modelNode
	owners  map[id.Room]map[uint64]id.Node
	highest map[id.Room]*letIn
	bad     []string
	trace   []string
	last    string
	lost    time.Time // when Redis forgot everything
	left    int       // rooms left for another reason than that they moved
	nodes   int       // that ever were

	mu     sync.Mutex
	random *rand.Rand
}

// A letIn is the first time that somebody was let in to a room by its greatest Epoch.
type letIn struct {
	epoch uint64
	node  *modelNode
	at    time.Time
}

// A modelNode is one process.
type modelNode struct {
	*Member
	town *town
	name id.Node
	slot int
	rate int
	skew time.Duration

	begun time.Time
	// Under the town's lock.
	dead  bool
	rooms map[id.Room]uint64
	moves map[id.Room]bool // handovers that were asked for
	stop  context.CancelFunc
	ended chan struct{}
}

func newTown(s scenario) *town {
	w := &town{
		scenario: s, begun: time.Now(), redis: newModelRedis(), owners: map[id.Room]map[uint64]id.Node{},
		highest: map[id.Room]*letIn{}, random: rand.New(rand.NewPCG(s.Seed, 1)),
	}
	w.redis.seen = w.hour() // it has been there for long
	w.slots = make([]*modelNode, s.Nodes)
	return w
}

// run plays the scenario and returns what went wrong.
func (s scenario) run(ctx context.Context) *town {
	w := newTown(s)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	for i := range s.Nodes {
		w.start(ctx, &wg, i)
	}
	for _, f := range s.Faults {
		wg.Go(func() { w.strike(ctx, &wg, f) })
	}
	joins := time.NewTicker(150 * time.Millisecond)
	defer joins.Stop()
	for time.Since(w.begun) < s.Length {
		<-joins.C
		room, slot, ends := w.roll(s.Rooms), w.roll(s.Nodes), w.roll(100) == 0
		wg.Go(func() { _ = w.join(ctx, slot, roomName(room)) })
		if ends {
			w.end(roomName(room))
		}
		w.look()
	}
	w.settle(ctx)
	cancel()
	wg.Wait()
	return w
}

func roomName(i int) id.Room { return id.Room(fmt.Sprintf("room%d", i)) }

func (w *town) roll(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.random.IntN(n)
}

// settle is after the last fault: within a lease, a quiet time and some rounds every room has one owner that lets everybody in.
func (w *town) settle(ctx context.Context) {
	time.Sleep(2*defaultLease + 4*time.Second)
	for i := range w.Rooms {
		var first uint64
		for slot := range w.Nodes {
			epoch := w.join(ctx, slot, roomName(i))
			if epoch == 0 {
				w.fail("room %d isn't let in by node %d after all faults", i, slot)
			}
			if first == 0 {
				first = epoch
			}
			if epoch != first {
				w.fail("room %d has epochs %d and %d after all faults", i, first, epoch)
			}
		}
		w.look()
	}
}

func (w *town) fail(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed(format, args...)
}

// failed is fail for whoever holds the lock.
func (w *town) failed(format string, args ...any) {
	w.bad = append(w.bad, fmt.Sprintf("%v: ", time.Since(w.begun))+fmt.Sprintf(format, args...))
	w.note("BAD "+format, args...)
}

// note is for whoever reads why; under the lock.
func (w *town) note(format string, args ...any) {
	w.trace = append(w.trace, fmt.Sprintf("%8v ", time.Since(w.begun).Truncate(time.Millisecond))+fmt.Sprintf(format, args...))
}

// start begins a node in a slot.
func (w *town) start(ctx context.Context, wg *sync.WaitGroup, slot int) {
	w.begin(ctx, wg, w.build(slot))
}

func (w *town) build(slot int) *modelNode {
	w.mu.Lock()
	w.nodes++
	n := &modelNode{
		town: w, slot: slot, name: id.Node(fmt.Sprintf("ND_%d%c", slot, 'a'+rune(w.nodes))), rate: w.Rates[slot],
		skew: time.Duration(w.random.IntN(7200)-3600) * time.Second, rooms: map[id.Room]uint64{}, moves: map[id.Room]bool{},
		ended: make(chan struct{}), begun: time.Now(),
	}
	w.mu.Unlock()
	m, err := NewMember(MemberConfig{}, Node{ID: n.name, Address: string(n.name), Roles: []Role{Media}}, modelClient{n}, n, modelRooms{n},
		func() Load { return Load{} }, slog.New(slog.NewTextHandler(modelLog{n}, nil)), n.clock)
	if err != nil {
		panic(err)
	}
	n.Member = m
	return n
}

func (w *town) begin(ctx context.Context, wg *sync.WaitGroup, n *modelNode) {
	ctx, n.stop = context.WithCancel(ctx)
	w.mu.Lock()
	w.slots[n.slot] = n
	w.mu.Unlock()
	wg.Go(func() {
		defer close(n.ended)
		_ = n.Run(ctx) // what can't be withdrawn in the end ends by itself
	})
}

// modelLog puts what nodes log into the trace.
type modelLog struct{ n *modelNode }

func (l modelLog) Write(b []byte) (int, error) {
	l.n.town.mu.Lock()
	defer l.n.town.mu.Unlock()
	_, text, _ := strings.Cut(string(b), "level=")
	l.n.town.note("%s %s", l.n.name, strings.TrimSpace(text))
	return len(b), nil
}

// strike has a fault happen. Those that last are looked up in the scenario; here is what happens at their beginning and end.
func (w *town) strike(ctx context.Context, wg *sync.WaitGroup, f fault) {
	time.Sleep(f.At)
	w.mu.Lock()
	n := w.slots[f.A%w.Nodes]
	if n == nil {
		w.mu.Unlock()
		return // between two nodes
	}
	w.note("%v (%s)", f, n.name)
	if f.Kind == redisLost {
		w.redis, w.lost = newModelRedis(), time.Now()
	}
	if f.Kind == killedNode && !n.dead {
		n.dead = true
		n.stop()
	}
	w.mu.Unlock()
	switch f.Kind {
	case killedNode:
		time.Sleep(f.For)
	case drainedNode:
		ctx, cancel := context.WithTimeout(ctx, 6*time.Second)
		defer cancel()
		_ = n.Drain(ctx, 5*time.Second)
		n.stop()
		<-n.ended
	default:
		return
	}
	w.mu.Lock()
	again := w.slots[n.slot] == n
	n.dead = true
	if again {
		w.slots[n.slot] = nil
	}
	w.mu.Unlock()
	if again {
		w.start(ctx, wg, n.slot)
	}
}

// active tells whether such a fault is under way, or was within the grace.
func (w *town) active(kind faultKind, a, b int, grace time.Duration) bool {
	_, active := w.until(kind, a, b, grace)
	return active
}

func (w *town) until(kind faultKind, a, b int, grace time.Duration) (rest time.Duration, active bool) {
	now := time.Since(w.begun)
	for _, f := range w.Faults {
		fa, fb := f.A%w.Nodes, f.B%w.Nodes
		about := true
		switch kind {
		case redisDown, redisLost, redisPaused:
		case cutNodes:
			about = fa == a && fb == b || fa == b && fb == a
		default:
			about = fa == a
		}
		if f.Kind == kind && about && now >= f.At && now < f.At+f.For+grace {
			active, rest = true, max(rest, f.At+f.For+grace-now)
		}
	}
	return rest, active
}

// hour is Redis's.
func (w *town) hour() time.Time {
	d := time.Since(w.begun)
	return w.begun.Add(d + d*time.Duration(w.Rates[w.Nodes])/1000)
}

// later does f under the lock.
func (w *town) later(d time.Duration, f func()) {
	time.AfterFunc(d, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		f()
	})
}

// way is how long a question of n takes to Redis, and the answer back.
func (w *town) way(n *modelNode) (there, back time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.active(slowRedis, n.slot, 0, 0) {
		return time.Duration(w.random.Int64N(int64(time.Second))), time.Duration(w.random.Int64N(int64(time.Second)))
	}
	return w.short(), w.short()
}

func (w *town) short() time.Duration {
	return time.Duration(w.random.Int64N(int64(5 * time.Millisecond)))
}

// reach does f at Redis, if a question of n gets there.
func (w *town) reach(n *modelNode, f func()) {
	if n.dead || w.active(redisDown, 0, 0, 0) || w.active(redisLost, 0, 0, 0) || w.active(cutRedis, n.slot, 0, 0) {
		return
	}
	if rest, paused := w.until(redisPaused, 0, 0, 0); paused {
		w.later(rest+w.short(), func() { w.reach(n, f) })
		return
	}
	f()
}

func (w *town) deaf(n *modelNode) bool { return w.active(deafRedis, n.slot, 0, 0) }

// gate holds whoever runs on a node that is paused.
func (n *modelNode) gate() {
	for {
		n.town.mu.Lock()
		rest, paused := n.town.until(pausedNode, n.slot, 0, 0)
		paused = paused && !n.dead
		n.town.mu.Unlock()
		if !paused {
			return
		}
		time.Sleep(rest)
	}
}

// clock is the node's: set wrongly, and going wrongly.
func (n *modelNode) clock() time.Time {
	n.gate()
	d := time.Since(n.town.begun)
	return n.town.begun.Add(n.skew + d + d*time.Duration(n.rate)/1000)
}

var errCut = errors.New("not reached")

// Ask satisfies Peers.
func (n *modelNode) Ask(ctx context.Context, to Node, room id.Room) (Answer, error) {
	n.gate()
	w := n.town
	w.mu.Lock()
	there, back := w.short(), w.short()
	var other *modelNode
	for _, o := range w.slots {
		if o != nil && o.name == to.ID {
			other = o
		}
	}
	w.mu.Unlock()
	if other == nil {
		return Answer{}, errCut
	}
	time.Sleep(there)
	if w.cut(n, other) {
		<-ctx.Done()
		return Answer{}, errCut
	}
	type outcome struct {
		Answer
		err error
	}
	answers := make(chan outcome, 1)
	go func() { // ends with the other node, at the latest
		a, err := other.Answer(ctx, room)
		time.Sleep(back)
		if w.cut(n, other) {
			return
		}
		answers <- outcome{a, err}
	}()
	select {
	case <-ctx.Done():
		n.gate()
		return Answer{}, errCut
	case o := <-answers:
		n.gate()
		return o.Answer, o.err
	}
}

func (w *town) cut(a, b *modelNode) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return a.dead || b.dead || w.active(cutNodes, a.slot, b.slot, 0)
}

// modelRooms are the rooms of a node of the model.
type modelRooms struct{ n *modelNode }

func (r modelRooms) List(context.Context) []Held {
	r.n.gate()
	r.n.town.mu.Lock()
	defer r.n.town.mu.Unlock()
	var rooms []Held
	for room := range r.n.rooms {
		rooms = append(rooms, Held{Room: room, Participants: 1})
	}
	slices.SortFunc(rooms, func(a, b Held) int { return strings.Compare(string(a.Room), string(b.Room)) })
	return rooms
}

func (r modelRooms) Close(_ context.Context, room id.Room) error {
	r.n.gate()
	w := r.n.town
	w.mu.Lock()
	defer w.mu.Unlock()
	if !r.n.moves[room] && !r.n.draining.Load() {
		w.left++
	}
	w.note("%s closes %s", r.n.name, room)
	delete(r.n.rooms, room)
	delete(r.n.moves, room)
	return nil
}

// hands notes that a room is about to be another's by the will of n.
func (n *modelNode) hands(room id.Room) {
	n.town.mu.Lock()
	defer n.town.mu.Unlock()
	n.moves[room] = true
}

// join is a client that comes to a slot. It returns the epoch by which it got in, or 0.
func (w *town) join(ctx context.Context, slot int, room id.Room) uint64 {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	w.mu.Lock()
	n := w.slots[slot]
	w.mu.Unlock()
	if n == nil {
		return 0
	}
	for range 2 {
		place, err := n.Locate(ctx, room)
		if err != nil {
			w.mu.Lock()
			if text := fmt.Sprintf("%s doesn't find %s: %v", n.name, room, err); text != w.last {
				w.note("%s", text)
				w.last = text
			}
			w.mu.Unlock()
			return 0
		}
		at, epoch := n, uint64(0)
		if !place.Here {
			epoch = place.Lease.Epoch
			w.mu.Lock()
			i := slices.IndexFunc(w.slots, func(o *modelNode) bool { return o != nil && o.name == place.Node.ID })
			w.mu.Unlock()
			if i < 0 || w.cut(n, w.slots[i]) {
				return 0
			}
			at = w.slots[i]
		}
		adm, err := at.Enter(ctx, room, epoch)
		if err == nil {
			w.let(at, adm.Lease)
			adm.Done()
			return adm.Lease.Epoch
		}
		w.mu.Lock()
		if text := fmt.Sprintf("%s doesn't let %s in: %v", at.name, room, err); text != w.last {
			w.note("%s", text)
			w.last = text
		}
		w.mu.Unlock()
		if !errors.Is(err, ErrStale) && !errors.Is(err, ErrHeld) {
			return 0
		}
	}
	return 0
}

// end has everybody leave a room.
func (w *town) end(room id.Room) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.slots {
		if n != nil {
			delete(n.rooms, room)
		}
	}
}

// let notes that somebody was let in, and judges it.
func (w *town) let(n *modelNode, l Lease) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n.dead {
		return
	}
	if _, there := n.rooms[l.Room]; !there {
		w.note("%s begins %s by %d", n.name, l.Room, l.Epoch)
	}
	n.rooms[l.Room] = l.Epoch
	if w.owners[l.Room] == nil {
		w.owners[l.Room] = map[uint64]id.Node{}
	}
	if owner, known := w.owners[l.Room][l.Epoch]; known && owner != n.name {
		w.failed("%s and %s have %s by the same epoch %d", owner, n.name, l.Room, l.Epoch)
	}
	w.owners[l.Room][l.Epoch] = n.name
	switch high := w.highest[l.Room]; {
	case high == nil || l.Epoch > high.epoch:
		w.highest[l.Room] = &letIn{l.Epoch, n, time.Now()}
	case l.Epoch == high.epoch:
	case high.node.dead && w.lost.After(high.at): // nobody is left who could know
	case !w.apart(n, high.node):
		w.failed("%s lets in to %s by epoch %d after %s did by %d", n.name, l.Room, l.Epoch, high.node.name, high.epoch)
	}
	w.judge(l.Room)
}

// apart tells that a and b couldn't reach each other a moment ago, nor was there somebody who reached both of them and Redis all
// the time.
func (w *town) apart(a, b *modelNode) bool {
	const while = 2 * defaultLease
	if !w.active(cutNodes, a.slot, b.slot, graceful) {
		return false
	}
	for _, kind := range []faultKind{redisDown, redisLost, redisPaused} {
		if w.active(kind, 0, 0, while) {
			return true
		}
	}
	for _, c := range w.slots {
		if c == nil || c == a || c == b || time.Since(c.begun) < while {
			continue
		}
		witness := !w.active(cutNodes, c.slot, a.slot, while) && !w.active(cutNodes, c.slot, b.slot, while)
		for _, kind := range []faultKind{pausedNode, killedNode, drainedNode, cutRedis, deafRedis, slowRedis} {
			witness = witness && !w.active(kind, c.slot, 0, while)
		}
		if witness {
			return false
		}
	}
	return true
}

// look judges all rooms.
func (w *town) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.Rooms {
		w.judge(roomName(i))
	}
}

// judge looks for two nodes that serve a room, without a pause of one, a cut between them, or a handover to explain it.
func (w *town) judge(room id.Room) {
	var one *modelNode
	for _, n := range w.slots {
		if n == nil || n.dead || n.moves[room] {
			continue
		}
		if _, serves := n.rooms[room]; !serves || w.active(pausedNode, n.slot, 0, graceful) {
			continue
		}
		if one != nil && !w.apart(n, one) {
			w.failed("%s and %s serve %s", one.name, n.name, room)
			delete(n.rooms, room)
		}
		one = n
	}
}
