package chaos

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"salon/loadtest/client"
	"salon/loadtest/measure"
	"salon/loadtest/media"
)

// What a client may meet because of a fault; our choices, by what the stock clients and the promises make of each.
const (
	// back is what a room may take to be there again: the promise for a node that dies.
	back = 10 * time.Second
	// backUsually is what it may take for 95 of 100 rooms.
	backUsually = 5 * time.Second
	// unnoticed is how long media may be silent without a cause: this machine may be busy.
	unnoticed = time.Second
	// promptly is how long somebody waits at most to be let into a room that is there, whatever becomes of Redis; and how long after
	// it is gone the nodes may go on giving rooms.
	promptly = 5 * time.Second
	closing  = time.Second
	// deaf is how long a client waits until it takes a silent server for lost, and then some tries.
	deaf = 30 * time.Second
)

// allowed is how long somebody whom a fault meets may be without media, or without a session.
func (f Fault) allowed(took time.Duration) time.Duration {
	switch f.Kind {
	case Kill, CutRedis:
		return max(took, back)
	case Drain:
		return back
	case Stop, Unplug:
		return took + deaf
	case CutNodes, Isolate:
		if f.Held {
			return took + deaf
		}
		return took + back
	default: // Redis's own
		return 0
	}
}

// meets tells whether a fault explains what happens to a life: by the node at whose door the client came in, and the one
// that carries its room.
func (f Fault) meets(door, owner int) bool {
	switch f.Kind {
	case Kill, Stop, Drain, Isolate, Unplug:
		return slices.Contains(f.Nodes, door) || slices.Contains(f.Nodes, owner)
	case CutRedis:
		return slices.Contains(f.Nodes, owner)
	case CutNodes:
		return door != owner && slices.Contains(f.Nodes, door) && slices.Contains(f.Nodes, owner)
	default:
		return false
	}
}

// A Breach is a promise that was broken.
type Breach struct {
	AtS    float64 `json:"at_s"`
	Fault  string  `json:"fault,omitempty"`
	What   string  `json:"what"`
	Detail string  `json:"detail"`
}

// What is broken, as a Breach calls it.
const (
	brokenEpoch   = "two nodes under one epoch"
	brokenSplit   = "split room"
	brokenGhost   = "ghost"
	brokenUnseen  = "not seen by all"
	brokenAbsent  = "not back"
	brokenSilent  = "silent"
	brokenGap     = "gap unexplained"
	brokenLoss    = "packets lost"
	brokenSession = "session lost without a cause"
	brokenGone    = "gave up"
	brokenBack    = "rooms back too late"
	brokenExit    = "exit code"
	brokenLeak    = "leak"
	brokenSpread  = "uneven"
	brokenRefused = "let in wrongly or late"
)

// A lease is what a client can see of one.
type lease struct {
	room  string
	epoch uint64
}

// A judge knows the nodes by what clients call them, and remembers who served what.
type judge struct {
	doors  map[string]int           // by host:port
	named  func(string) (int, bool) // finds a node by the name it gives itself, also in a life that is over
	served map[lease]string
}

func newJudge(named func(string) (int, bool)) *judge {
	return &judge{doors: map[string]int{}, named: named, served: map[lease]string{}}
}

// A complaint is one thing that is wrong in a look.
type complaint struct{ what, detail string }

// joined is when a person first was in.
func (p person) joined() time.Time {
	if len(p.lives) == 0 {
		return time.Time{}
	}
	return p.lives[0].Joined
}

// discord lists what is wrong when everybody should be in, see all others of the room and hear those who talk.
func (j *judge) discord(l look) []complaint {
	var list []complaint
	rooms := map[string][]person{}
	for _, p := range l.people {
		if p.In {
			rooms[p.Room] = append(rooms[p.Room], p)
		} else if p.resident {
			list = append(list, complaint{brokenAbsent, fmt.Sprintf("%s of %s is not in", p.Identity, p.Room)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rooms)) {
		list = append(list, discordIn(name, rooms[name])...)
		for _, p := range rooms[name] {
			list = append(list, silentTo(p, rooms[name], l.at)...)
		}
	}
	return list
}

// discordIn lists what is wrong in one room.
func discordIn(name string, people []person) []complaint {
	var list []complaint
	places := map[string]bool{}
	there := map[string]bool{}
	for _, p := range people {
		places[fmt.Sprintf("%s, epoch %d", p.Life.Node, p.Life.Epoch)] = true
		there[p.Identity] = true
	}
	if len(places) > 1 {
		list = append(list, complaint{brokenSplit, fmt.Sprintf("%s is on %v", name, slices.Sorted(maps.Keys(places)))})
	}
	for _, p := range people {
		seen := map[string]bool{}
		for _, o := range p.Others {
			if seen[o] || !there[o] || o == p.Identity {
				list = append(list, complaint{brokenGhost, fmt.Sprintf("%s of %s sees %s, who is not there or there once more", p.Identity, name, o)})
			}
			seen[o] = true
		}
		for o := range there {
			if o != p.Identity && !seen[o] {
				list = append(list, complaint{brokenUnseen, fmt.Sprintf("%s of %s does not see %s", p.Identity, name, o)})
			}
		}
	}
	return list
}

// silentTo lists the tracks that p should hear and does not.
func silentTo(p person, people []person, at time.Time) []complaint {
	if !p.talks {
		return nil
	}
	last := map[uint32]time.Time{}
	for _, f := range p.flows {
		last[f.Track] = f.From
	}
	var list []complaint
	for _, o := range people {
		if !o.talks || o.number == p.number {
			continue
		}
		for _, k := range []media.Kind{media.Microphone, media.Camera} {
			if came := last[media.TrackID(o.number, k, 0)]; at.Sub(came) > unnoticed {
				list = append(list, complaint{brokenSilent, fmt.Sprintf("%s of %s hears no %s of %s", p.Identity, p.Room, k, o.Identity)})
			}
		}
	}
	return list
}

// An aftermath is what a fault did to the crowd.
type aftermath struct {
	breaches    []complaint
	disconnects int             // sessions that were lost
	unexplained int             // of them
	gaps        []time.Duration // of those whom the fault met
	hiccups     []time.Duration // gaps of others
	strange     int             // gaps longer than they may be
	returns     []time.Duration // from losing a session to the next
	back        []time.Duration // of rooms on the fault's nodes, from its beginning until everybody was in again
	last        string          // who came back last
}

// A spell is a fault that is over.
type spell struct {
	Fault
	begin    time.Time
	took     time.Duration // until it was mended
	hesitant time.Duration // for so long altogether this machine let nobody run
}

// reckon tells what a fault did, by a look when all was over.
func (j *judge) reckon(f spell, l look) aftermath {
	var a aftermath
	begin := f.begin
	byNumber := map[int]person{}
	for _, p := range l.people {
		byNumber[p.number] = p
		a.breaches = append(a.breaches, j.epochs(p)...)
		j.losses(&a, f, p)
		if p.err != nil && !(p.founds && f.Kind.ofRedis()) { // there are no new rooms meanwhile, however long somebody tries
			a.breaches = append(a.breaches, complaint{brokenGone, fmt.Sprintf("%s of %s: %v", p.Identity, p.Room, p.err)})
		}
	}
	for _, p := range l.people {
		for _, g := range p.gaps {
			if g.To.After(begin) && g.From.Before(l.at) {
				j.gap(&a, f, p, byNumber[media.SeatOf(g.Track)], g)
			}
		}
	}
	j.returns(&a, f, l)
	if f.Kind == RedisKill || f.Kind == RedisPause {
		a.breaches = append(a.breaches, newcomers(f, l)...)
	}
	return a
}

// newcomers lists who came while Redis was away and was not treated as they should be: let in at once where the room is, kept out
// where it isn't.
func newcomers(f spell, l look) []complaint {
	var list []complaint
	mended := f.begin.Add(f.took)
	for _, p := range l.people {
		if p.resident || p.began.Before(f.begin) || p.began.After(mended) {
			continue
		}
		in := p.joined()
		switch {
		case p.founds && in.After(f.begin.Add(closing)) && in.Before(mended.Add(-closing)):
			list = append(list, complaint{brokenRefused, fmt.Sprintf("%s into %s, which was new, while redis was away", p.Identity, p.Room)})
		case !p.founds && in.IsZero() && l.at.Sub(p.began) > promptly+f.hesitant, in.Sub(p.began) > promptly+f.hesitant && !p.founds:
			list = append(list, complaint{brokenRefused, fmt.Sprintf("%s into %s, which was there, after %v", p.Identity, p.Room, in.Sub(p.began))})
		}
	}
	return list
}

// epochs lists leases by which more than one node served, as far as p saw.
func (j *judge) epochs(p person) []complaint {
	var list []complaint
	for _, l := range p.lives {
		if l.Epoch == 0 {
			continue
		}
		k := lease{p.Room, l.Epoch}
		if node, known := j.served[k]; known && node != l.Node {
			list = append(list, complaint{brokenEpoch, fmt.Sprintf("%s, epoch %d: %s and %s", p.Room, l.Epoch, node, l.Node)})
		}
		j.served[k] = l.Node
	}
	return list
}

// places are the door and the owner of a life; -1: a node that is not known.
func (j *judge) places(l client.Life) (door, owner int) {
	door, owner = -1, -1
	if n, ok := j.doors[l.Door]; ok {
		door = n
	}
	if n, ok := j.named(l.Node); ok {
		owner = n
	}
	return door, owner
}

// losses counts the sessions that p lost since the fault began, and judges them.
func (j *judge) losses(a *aftermath, f spell, p person) {
	for _, l := range p.lives {
		if l.Lost.After(f.begin) {
			a.returns = append(a.returns, l.Joined.Sub(l.Lost))
		}
		if l.Cause == nil || l.Ended.Before(f.begin) {
			continue
		}
		a.disconnects++
		if door, owner := j.places(l); !f.meets(door, owner) {
			a.unexplained++
			a.breaches = append(a.breaches, complaint{brokenSession, fmt.Sprintf("%s of %s, in by node %d, on node %d (%s): %v after %v",
				p.Identity, p.Room, door, owner, l.Node, l.Cause, l.Ended.Sub(f.begin).Round(time.Millisecond))})
		}
	}
}

// gap judges one gap of what p hears of o.
func (j *judge) gap(a *aftermath, f spell, p, o person, g measure.Gap) {
	most := unnoticed
	if j.met(f.Fault, p, g) || j.met(f.Fault, o, g) {
		a.gaps = append(a.gaps, g.Length())
		most = max(most, f.allowed(f.took))
	} else {
		a.hiccups = append(a.hiccups, g.Length())
	}
	most += f.hesitant
	if g.Length() > most {
		a.strange++
		a.breaches = append(a.breaches, complaint{brokenGap, fmt.Sprintf("%s of %s heard nothing of %s for %v, allowed %v",
			p.Identity, p.Room, o.Identity, g.Length().Round(time.Millisecond), most)})
	}
}

// met tells whether the fault met a life of p's that a gap touches.
func (j *judge) met(f Fault, p person, g measure.Gap) bool {
	for _, l := range p.lives {
		if l.Joined.After(g.To) || !l.Ended.IsZero() && l.Ended.Before(g.From.Add(-unnoticed)) {
			continue
		}
		if door, owner := j.places(l); f.meets(door, owner) {
			return true
		}
	}
	return false
}

// returns measures how long the rooms of the fault's nodes took until all their residents were in again.
func (j *judge) returns(a *aftermath, f spell, l look) {
	rooms, last := map[string]time.Time{}, map[string]string{}
	for _, p := range l.people {
		if !p.resident {
			continue
		}
		struck := false
		for _, life := range p.lives {
			switch _, owner := j.places(life); {
			case life.Cause != nil && !life.Ended.Before(f.begin) && slices.Contains(f.Nodes, owner):
				struck = true
			case struck && life.Joined.After(rooms[p.Room]):
				rooms[p.Room] = life.Joined
				last[p.Room] = fmt.Sprintf("%s of %s by node %d at try %d", p.Identity, p.Room, j.doors[life.Door], life.Tries)
			}
		}
	}
	worst, who := time.Duration(0), ""
	for name, at := range rooms {
		took := at.Sub(f.begin)
		a.back = append(a.back, took)
		if took > worst {
			worst, who = took, last[name]
		}
	}
	if f.Kind != Kill || len(a.back) == 0 {
		return
	}
	if worst > back+f.hesitant {
		a.breaches = append(a.breaches, complaint{brokenBack, fmt.Sprintf("the last after %v, %s", worst.Round(time.Millisecond), who)})
	}
	a.last = who
}

func histogram(list []time.Duration) *measure.Histogram {
	var h measure.Histogram
	for _, d := range list {
		h.Add(d)
	}
	return &h
}
