package chaos

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"salon/loadtest/client"
	"salon/loadtest/measure"
	"salon/loadtest/media"
)

var (
	zero     = time.Unix(1000, 0)
	errWhile = errors.New("lost")
)

func at(s float64) time.Time { return zero.Add(time.Duration(s * float64(time.Second))) }

func court() *judge {
	names := map[string]int{"ND_a": 0, "ND_b": 1, "ND_c": 2}
	j := newJudge(func(name string) (int, bool) {
		n, known := names[name]
		return n, known
	})
	j.doors = map[string]int{"h:0": 0, "h:1": 1, "h:2": 2}
	return j
}

// life is one that came in by a node and whose room is on another.
func life(door, node string, epoch uint64, joined, ended float64) client.Life {
	l := client.Life{Door: door, Node: node, Epoch: epoch, Joined: at(joined)}
	if ended > 0 {
		l.Ended, l.Cause = at(ended), errWhile
	}
	return l
}

func somebody(number int, lives ...client.Life) person {
	p := person{number: number, resident: true, lives: lives}
	p.Identity, p.Room = "p"+string(rune('0'+number)), "r"
	p.Life = lives[len(lives)-1]
	p.In = p.Life.Ended.IsZero()
	return p
}

// whats are what complaints say is wrong.
func whats(list []complaint) string {
	var all []string
	for _, c := range list {
		if !slices.Contains(all, c.what) {
			all = append(all, c.what)
		}
	}
	return strings.Join(all, ", ")
}

func TestDiscord(t *testing.T) {
	a, b := life("h:0", "ND_a", 7, 0, 0), life("h:1", "ND_a", 7, 0, 0)
	for name, c := range map[string]struct {
		people []person
		want   string
		change func(p []person)
	}{
		"all is well": {[]person{somebody(0, a), somebody(1, b)}, "", func([]person) {}},
		"absent":      {[]person{somebody(0, a), somebody(1, life("h:0", "ND_a", 7, 0, 3))}, brokenAbsent, func(p []person) { p[0].Others = nil }},
		"split":       {[]person{somebody(0, a), somebody(1, life("h:1", "ND_b", 8, 0, 0))}, brokenSplit, func([]person) {}},
		"a ghost":     {[]person{somebody(0, a), somebody(1, b)}, brokenGhost, func(p []person) { p[0].Others = []string{"p1", "p9"} }},
		"twice":       {[]person{somebody(0, a), somebody(1, b)}, brokenGhost, func(p []person) { p[0].Others = []string{"p1", "p1"} }},
		"unseen":      {[]person{somebody(0, a), somebody(1, b)}, brokenUnseen, func(p []person) { p[0].Others = nil }},
		"silent": {[]person{somebody(0, a), somebody(1, b)}, brokenSilent, func(p []person) {
			p[0].talks, p[1].talks = true, true
			for _, k := range []media.Kind{media.Microphone, media.Camera} {
				p[0].flows = append(p[0].flows, measure.Gap{Track: media.TrackID(1, k, 0), From: at(9.9)})
				p[1].flows = append(p[1].flows, measure.Gap{Track: media.TrackID(0, k, 0), From: at(8)})
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if len(c.people) == 2 {
				c.people[0].Others, c.people[1].Others = []string{"p1"}, []string{"p0"}
			}
			c.change(c.people)
			if found := court().discord(look{at: at(10), people: c.people}); whats(found) != c.want {
				t.Errorf("found %v, want %q", found, c.want)
			}
		})
	}
}

func TestWhoseFaultIsALostSession(t *testing.T) {
	lost := life("h:1", "ND_a", 7, 0, 12)
	back := life("h:2", "ND_b", 8, 14, 0)
	for name, c := range map[string]struct {
		f    Fault
		want string
	}{
		"the owner died":     {Fault{Kind: Kill, Nodes: []int{0}}, ""},
		"the door died":      {Fault{Kind: Kill, Nodes: []int{1}}, ""},
		"another died":       {Fault{Kind: Kill, Nodes: []int{2}}, brokenSession},
		"redis died":         {Fault{Kind: RedisKill}, brokenSession},
		"the owner was cut":  {Fault{Kind: CutRedis, Nodes: []int{0}}, ""},
		"the door was cut":   {Fault{Kind: CutRedis, Nodes: []int{1}}, brokenSession},
		"the way was cut":    {Fault{Kind: CutNodes, Nodes: []int{0, 1}}, ""},
		"another way was":    {Fault{Kind: CutNodes, Nodes: []int{0, 2}}, brokenSession},
		"the owner was away": {Fault{Kind: Isolate, Nodes: []int{0}}, ""},
	} {
		a := court().reckon(spell{Fault: c.f, begin: at(11), took: 3 * time.Second}, look{at: at(20), people: []person{somebody(0, lost, back)}})
		if a.disconnects != 1 || whats(a.breaches) != c.want || a.unexplained != len(a.breaches) {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if a := court().reckon(spell{Fault: Fault{Kind: RedisKill}, begin: at(13)}, look{at: at(20), people: []person{somebody(0, lost, back)}}); a.disconnects != 0 {
		t.Errorf("what was before: %+v", a)
	}
}

func TestTwoNodesNeverServeUnderOneEpoch(t *testing.T) {
	j := court()
	if a := j.reckon(spell{Fault: Fault{Kind: RedisKill}, begin: at(0)}, look{people: []person{somebody(0, life("h:0", "ND_a", 7, 0, 0))}}); len(a.breaches) != 0 {
		t.Fatalf("%+v", a)
	}
	a := j.reckon(spell{Fault: Fault{Kind: RedisKill}, begin: at(5)}, look{people: []person{somebody(1, life("h:0", "ND_b", 7, 6, 0))}})
	if whats(a.breaches) != brokenEpoch {
		t.Errorf("%+v", a)
	}
}

func TestGapsAreMeasuredByTheirFault(t *testing.T) {
	gap := func(seconds float64) []measure.Gap {
		return []measure.Gap{{Track: media.TrackID(1, media.Camera, 0), From: at(11), To: at(11 + seconds)}}
	}
	for name, c := range map[string]struct {
		f       Fault
		seconds float64
		want    int
	}{
		"short, without a cause":        {Fault{Kind: RedisPause}, 0.8, 0},
		"long, without a cause":         {Fault{Kind: RedisPause}, 1.2, 1},
		"the speaker's node died":       {Fault{Kind: Kill, Nodes: []int{1}}, 9, 0},
		"the listener's node died":      {Fault{Kind: Kill, Nodes: []int{0}}, 9, 0},
		"too long for a node that died": {Fault{Kind: Kill, Nodes: []int{1}}, 10.5, 1},
	} {
		hears, talks := somebody(0, life("h:0", "ND_c", 7, 0, 0)), somebody(1, life("h:1", "ND_c", 7, 0, 0))
		hears.gaps = gap(c.seconds)
		a := court().reckon(spell{Fault: c.f, begin: at(10.5), took: 2 * time.Second}, look{at: at(30), people: []person{hears, talks}})
		if a.strange != c.want || len(a.gaps)+len(a.hiccups) != 1 || (len(a.hiccups) == 1) != c.f.Kind.ofRedis() {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestRoomsAreBackWhenAllAreIn(t *testing.T) {
	f := spell{Fault: Fault{Kind: Kill, Nodes: []int{0}}, begin: at(10), took: 2 * time.Second}
	stays := somebody(0, life("h:0", "ND_a", 7, 0, 10.1), life("h:1", "ND_b", 8, 13, 0))
	late := somebody(1, life("h:1", "ND_a", 7, 0, 10.1), life("h:1", "ND_b", 8, 14, 0))
	a := court().reckon(f, look{at: at(30), people: []person{stays, late}})
	if len(a.back) != 1 || a.back[0] != 4*time.Second || len(a.breaches) != 0 {
		t.Errorf("%+v", a)
	}
	late.lives[1].Joined = at(21)
	a = court().reckon(f, look{at: at(30), people: []person{stays, late}})
	if len(a.breaches) != 1 || !strings.Contains(a.last, "p1 of r") || whats(a.breaches) != brokenBack {
		t.Errorf("%+v", a)
	}
}

func TestNewcomersWhileRedisIsAway(t *testing.T) {
	for name, c := range map[string]struct {
		founds        bool
		began, joined float64
		want          string
	}{
		"into a room that is there":        {false, 12, 12.2, ""},
		"late into one that is there":      {false, 12, 17.5, brokenRefused},
		"into a new one, when it began":    {true, 10.1, 10.6, ""},
		"into a new one, meanwhile":        {true, 12, 15, brokenRefused},
		"into a new one, when it was over": {true, 12, 25, ""},
		"long before":                      {false, 2, 9, ""},
	} {
		p := somebody(5, life("h:0", "ND_a", 7, c.joined, 0))
		p.resident, p.founds, p.began = false, c.founds, at(c.began)
		f := spell{Fault: Fault{Kind: RedisPause}, begin: at(10), took: 10 * time.Second}
		if a := court().reckon(f, look{at: at(30), people: []person{p}}); whats(a.breaches) != c.want {
			t.Errorf("%s: %+v", name, a.breaches)
		}
	}
}
