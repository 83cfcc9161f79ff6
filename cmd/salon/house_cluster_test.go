package main

// Rooms of the cluster that are there for tests and for what tries one.
func init() {
	rooms["signaling/cluster/redistest"] = []string{}
}
