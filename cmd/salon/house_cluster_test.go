package main

// Rooms of the cluster, and what is there for tests and for what tries one.
func init() {
	rooms["signaling/nodes"] = []string{"signaling/cluster", "sfu/id"}
	rooms["signaling/cluster/redistest"] = []string{}
}
