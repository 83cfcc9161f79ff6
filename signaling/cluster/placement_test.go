package cluster

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"salon/sfu/id"
	"salon/sfu/sfutest"
)

// Conversations about where rooms are placed.
//
//	node NAME [region=R] [rooms=N] [people=N] [cpu=F] [draining] [api]   is there, or has changed; api: and not media
//	gone NAME
//	place [last=NAME] [region=R] [draws=N,N]                              draws: what chance says, 0 if nothing
//	burst N [region=R] [seed=N]                                           places so many rooms, which count at once
func TestPlacementConversations(t *testing.T) {
	nodes := map[id.Node]Node{}
	sfutest.Golden(t, "testdata/placement.txt", func(c sfutest.Command) string {
		list := slices.SortedFunc(maps.Values(nodes), func(a, b Node) int { return strings.Compare(string(a.ID), string(b.ID)) })
		switch c.Name {
		case "node":
			n := nodeOf(c)
			nodes[n.ID] = n
			return ""
		case "gone":
			delete(nodes, id.Node(c.Args[0]))
			return ""
		case "place":
			draws := strings.Split(c.Value("draws", "0,0"), ",")
			n, ok := choose(list, id.Node(c.Value("last", "")), c.Value("region", ""), func(n int) int {
				d := number(draws[0])
				draws = draws[1:]
				if d >= n {
					t.Errorf("%s:%d: drew %d of %d", c.File, c.Line, d, n)
				}
				return d
			})
			if !ok {
				return "nowhere"
			}
			return string(n.ID)
		case "burst":
			chance := rand.New(rand.NewPCG(uint64(number(c.Value("seed", "1"))), 0))
			for range number(c.Args[0]) {
				if n, ok := choose(list, "", c.Value("region", ""), chance.IntN); ok {
					list[slices.IndexFunc(list, func(o Node) bool { return o.ID == n.ID })].Leases++
				}
			}
			var b strings.Builder
			for _, n := range list {
				fmt.Fprintf(&b, "%s %d rooms\n", n.ID, n.Leases)
				nodes[n.ID] = n
			}
			return b.String()
		}
		t.Fatalf("%s:%d: what is %q?", c.File, c.Line, c.Name)
		return ""
	})
}

func nodeOf(c sfutest.Command) Node {
	n := Node{ID: id.Node(c.Args[0]), Region: c.Value("region", ""), Roles: []Role{Media}}
	n.Leases, n.Load.Participants = number(c.Value("rooms", "0")), number(c.Value("people", "0"))
	n.Load.Rooms = n.Leases
	n.Load.CPU, _ = strconv.ParseFloat(c.Value("cpu", "0"), 64)
	n.Draining = slices.Contains(c.Args, "draining")
	if slices.Contains(c.Args, "api") {
		n.Roles = []Role{API}
	}
	return n
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// Many choose by the same figures, and participants are known a second late.
func TestBurstSpreadsEvenly(t *testing.T) {
	for seed := range uint64(200) {
		chance := rand.New(rand.NewPCG(seed, seed))
		nodes := make([]Node, 3)
		var people [3]int
		for i := range nodes {
			nodes[i] = Node{ID: id.Node(strconv.Itoa(i)), Roles: []Role{Media}}
		}
		for placed := 0; placed < 300; {
			seen := slices.Clone(nodes)
			for range min(1+chance.IntN(16), 300-placed) {
				n, _ := choose(seen, "", "", chance.IntN)
				i := number(string(n.ID))
				nodes[i].Leases++
				people[i] += 6
				placed++
			}
			if i := chance.IntN(12); i < 3 { // it announces itself
				nodes[i].Load.Rooms, nodes[i].Load.Participants = nodes[i].Leases, people[i]
				nodes[i].Load.CPU = chance.Float64() * hot
			}
		}
		for _, n := range nodes {
			if n.Leases < 85 || n.Leases > 115 {
				t.Errorf("seed %d: a node has %d rooms of 300", seed, n.Leases)
			}
		}
	}
}
