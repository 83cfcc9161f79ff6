package main

import (
	"net/http"

	"salon/signaling/cluster"
)

// A readiness says whether a load balancer should send clients here.
type readiness string

const (
	isReady    readiness = "ready"
	isDegraded readiness = "degraded" // the registry is away: rooms that are held go on
	isNotReady readiness = "not ready"
)

func (r readiness) status() int {
	if r == isNotReady {
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// readiness is that of this node: it serves, and is a member of its cluster that does not leave.
func (n *node) readiness() readiness {
	if !n.ready.Load() {
		return isNotReady
	}
	switch n.mesh.member.Standing() {
	case cluster.Steady:
		return isReady
	case cluster.Degraded:
		return isDegraded
	case cluster.Joining, cluster.Draining:
	}
	return isNotReady
}
