package chaos

import (
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"salon/loadtest/client"
	"salon/loadtest/measure"
	"salon/loadtest/media"
	"salon/loadtest/scenario"
)

// A member is one client of the crowd.
type member struct {
	*client.Participant
	number   int
	resident bool         // stays to the end; others visit
	founds   bool         // the room: nobody is in it
	talks    bool         // publishes, and receives all who do
	left     atomic.Int64 // when, Unix ns; 0: it is there
}

// A crowd is all clients of a run: residents, who sit in the rooms all the time, and visitors, who come and go while
// something breaks.
type crowd struct {
	cfg  Config
	env  *client.Environment
	work *sync.WaitGroup
	rng  *rand.Rand // of the visitors' goroutine

	members []*member // guarded by mu, as all below
	fresh   int       // rooms that nobody was in before a visitor
	stalls  []stall
	mu      sync.Mutex
}

// A stall is when this machine did not let us run though there was something to do.
type stall struct {
	at     time.Time // its end
	length time.Duration
}

// shape is media that costs little: what counts is when it comes.
func shape() media.Shape {
	return media.Shape{FPS: 10, FramePackets: 2, PacketBytes: 300}.WithDefaults()
}

// silence of a track that is noted as a gap.
const silence = 300 * time.Millisecond

func newCrowd(cfg Config, urls []string, key, secret string, log *slog.Logger) (*crowd, error) {
	env, err := client.NewEnvironment(client.Config{
		URLs: urls, Key: key, Secret: secret, Run: "chaos", Media: shape(), Seed: cfg.Seed, NoData: true, Returns: true, Balanced: true, Silence: silence,
	}, log)
	if err != nil {
		return nil, err
	}
	return &crowd{cfg: cfg, env: env, work: &sync.WaitGroup{}, rng: rand.New(rand.NewPCG(cfg.Seed, 0x715))}, nil //nolint:gosec // to be repeated
}

// seats are those of the residents: the first of each room with media talk.
func (c *crowd) seats() []scenario.Seat {
	var list []scenario.Seat
	for room := range c.cfg.Rooms {
		for seat := range c.cfg.Seats {
			s := scenario.Seat{Room: room, Bare: true}
			if room < c.cfg.Media && seat < speakers {
				s = scenario.Seat{Room: room, Audio: true, Video: true, Subscribe: true}
			}
			list = append(list, s)
		}
	}
	return list
}

// hire makes the client of a seat.
func (c *crowd) hire(s scenario.Seat, resident bool) *member {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.members)
	m := &member{
		Participant: client.NewParticipant(c.env, s, n, false), number: n, resident: resident, talks: !s.Bare, founds: s.Room >= c.cfg.Rooms,
	}
	c.members = append(c.members, m)
	return m
}

func (c *crowd) all() []*member {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.members[:len(c.members):len(c.members)]
}

// visitor draws where the next visitor goes: mostly to a room that is there, sometimes to one that is not.
func (c *crowd) visitor() scenario.Seat {
	s := scenario.Seat{Room: c.rng.IntN(c.cfg.Rooms), Bare: true, Stay: 2*time.Second + time.Duration(c.rng.IntN(6000))*time.Millisecond}
	if c.rng.IntN(5) == 0 {
		s.Room = c.newRoom()
	}
	return s
}

// newRoom is the number of a room that nobody was in before.
func (c *crowd) newRoom() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fresh++
	return c.cfg.Rooms + c.fresh - 1
}

// stalled notes one that has just ended.
func (c *crowd) stalled(s stall) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stalls = append(c.stalls, s)
}

// hesitated adds up the stalls since a moment. What they do to media is no fault of the cluster.
func (c *crowd) hesitated(since time.Time) (sum time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.stalls {
		if s.at.After(since) {
			sum += s.length
		}
	}
	return sum
}

// lost adds up the packets that should have come so far and did not.
func (c *crowd) lost() (n uint64) {
	none := func(uint32) (uint32, uint32) { return 0, 0 }
	for _, m := range c.all() {
		if !m.talks {
			continue
		}
		if t := m.Intake.Settle(none, false); t.Expected > t.Packets {
			n += t.Expected - t.Packets
		}
	}
	return n
}

// A look is what the whole crowd sees at a moment.
type look struct {
	at     time.Time
	people []person
}

// A person is one client in a look.
type person struct {
	client.Sight
	number          int
	resident, talks bool
	founds          bool // a room that was not there
	began           time.Time
	lives           []client.Life
	err             error // why it is no longer there, and not on purpose
	gaps            []measure.Gap
	flows           []measure.Gap
}

// look asks everybody but those who left before since.
func (c *crowd) look(since, at time.Time) look {
	l := look{at: at}
	for _, m := range c.all() {
		if m.left.Load() != 0 && m.left.Load() < since.UnixNano() {
			continue
		}
		o := m.Result()
		p := person{Sight: m.Sight(), number: m.number, resident: m.resident, talks: m.talks, founds: m.founds, began: o.Began, lives: o.Lives, err: o.Err}
		if m.talks {
			p.gaps, p.flows = m.Intake.Gaps(), m.Intake.Flows()
		}
		l.people = append(l.people, p)
	}
	return l
}
