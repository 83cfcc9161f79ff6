package cluster

import (
	"slices"

	"salon/sfu/id"
)

const (
	// roomIsWorth is how many participants a room counts for, whoever is in it yet. It is more than come to most rooms, so
	// that those are spread by their number, which is known at once, and not by people, who are counted each second.
	roomIsWorth = 10
	// hot is the share of its CPU above which a node gets a room only when there is no cooler one. Below, CPU says nothing:
	// it is measured each second and would send whole bursts to whoever had a quiet one.
	hot = 0.75
)

// choose places a room: on the node that had it last, when that takes rooms; otherwise among nodes of region that are
// not hot, of any region that are not hot, of region, of any, whichever are the first that there are. Of two nodes drawn
// from them it takes the less busy one: as good as the least busy of all when many choose by the same figures, without
// all of them choosing the same. draw returns a random number from 0 to n-1. False: no node takes rooms.
func choose(nodes []Node, last id.Node, region string, draw func(n int) int) (Node, bool) {
	var best []Node
	for _, n := range nodes {
		if n.Draining || !slices.Contains(n.Roles, Media) {
			continue
		}
		if n.ID == last {
			return n, true
		}
		if len(best) > 0 {
			switch rank, other := rankOf(n, region), rankOf(best[0], region); {
			case rank > other:
				continue
			case rank < other:
				best = nil
			}
		}
		best = append(best, n)
	}
	if len(best) == 0 {
		return Node{}, false
	}
	// The second draw is among the others, so that two nodes are compared whenever there are two.
	i := draw(len(best))
	if len(best) == 1 {
		return best[i], true
	}
	j := (i + 1 + draw(len(best)-1)) % len(best)
	if seats(best[j]) < seats(best[i]) {
		i = j
	}
	return best[i], true
}

// rankOf orders nodes by what is looked at before their load; less is better.
func rankOf(n Node, region string) int {
	rank := 0
	if n.Load.CPU >= hot {
		rank += 2
	}
	if region != "" && n.Region != region {
		rank++
	}
	return rank
}

// seats is how busy a node is: what its rooms are worth, and the people it had in them beyond that when it announced
// itself.
func seats(n Node) int {
	return roomIsWorth*n.Leases + max(0, n.Load.Participants-roomIsWorth*n.Load.Rooms)
}
