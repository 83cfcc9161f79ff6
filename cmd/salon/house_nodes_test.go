package main

// The row of signaling/nodes, until it stands with the others.
var _ = func() bool {
	rooms["signaling/nodes"] = []string{"signaling/cluster", "sfu/id"}
	return true
}()
