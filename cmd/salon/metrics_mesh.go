package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"salon/signaling/cluster"
)

// standings are how a node may stand to its cluster, as series are called.
func standings() map[cluster.Standing]string {
	return map[cluster.Standing]string{
		cluster.Joining: "joining", cluster.Steady: "steady", cluster.Degraded: "degraded", cluster.Draining: "draining",
	}
}

// measured are the series of this node as one of many. One that is alone shows little.
func (n *node) measured() []prometheus.Collector {
	lost := counterOf("visits_lost", "Visits that are missing in the attendance, because its node was away for too long.", nil,
		func() float64 { return float64(n.roll.Lost()) })
	if !n.cfg.Cluster.Many() {
		return []prometheus.Collector{lost}
	}
	m := n.mesh.member
	list := []prometheus.Collector{
		lost,
		n.mesh.timed.seconds, n.mesh.timed.failed,
		gaugeOf("cluster_nodes", "Nodes that are known, this one among them.", nil, func() float64 { return float64(len(m.Nodes())) }),
		gaugeOf("cluster_leases", "Leases of rooms that this node holds.", nil, func() float64 { return float64(m.Stats().Leases) }),
		counterOf("cluster_refused_hops", "Requests to the inside address that came from no node.", nil,
			func() float64 { return float64(n.mesh.door.Refused()) }),
	}
	for standing, name := range standings() {
		list = append(list, gaugeOf("cluster_standing", "How this node stands to its cluster: 1 for what is so.",
			prometheus.Labels{"standing": name}, func() float64 {
				if m.Standing() == standing {
					return 1
				}
				return 0
			}))
	}
	for cause, count := range map[string]func(cluster.Stats) uint64{
		"handed_over": func(s cluster.Stats) uint64 { return s.HandedOver },
		"given_up":    func(s cluster.Stats) uint64 { return s.GivenUp },
		"stale":       func(s cluster.Stats) uint64 { return s.Stale },
		"unowned":     func(s cluster.Stats) uint64 { return s.Unowned },
	} {
		list = append(list, counterOf("cluster_left_rooms", "Rooms whose participants were sent to another node, by cause.",
			prometheus.Labels{"cause": cause}, func() float64 { return float64(count(m.Stats())) }))
	}
	return list
}

func gaugeOf(name, help string, labels prometheus.Labels, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "salon_" + name, Help: help, ConstLabels: labels}, value)
}

func counterOf(name, help string, labels prometheus.Labels, value func() float64) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "salon_" + name + "_total", Help: help, ConstLabels: labels}, value)
}
