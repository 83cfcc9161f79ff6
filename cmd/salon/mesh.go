package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"salon/configs"
	"salon/signaling/cluster"
	"salon/signaling/nodes"
)

// apiPatience is how long another node may think about a request to the API: more than its own bound.
const apiPatience = 15 * time.Second

// A mesh is what ties a node to the others. That of a node that is alone has a registry of its own and no listener.
type mesh struct {
	self   cluster.Node
	timed  *timedRegistry
	close  func() error // of the registry
	member *cluster.Member
	// peers carries what rooms need, api what may take longer.
	peers, api *nodes.Peers
	inside     net.Listener // nil when alone
	door       *nodes.Door
	server     *http.Server // of inside
}

// openMesh takes a place among the nodes of the configuration: it listens, and says nothing yet.
func (n *node) openMesh(ctx context.Context) error {
	c := n.cfg.Cluster
	n.mesh.self = cluster.Node{ID: n.id, Address: c.Address, Region: c.Region, Roles: c.Roles}
	if c.Many() {
		if err := n.mesh.listen(ctx, c); err != nil {
			return err
		}
	}
	if err := n.mesh.openRegistry(c, n.now); err != nil {
		return err
	}
	key, err := nodes.NewKey(n.pair.Secret)
	if err != nil {
		return fmt.Errorf("key of nodes: %w", err)
	}
	if n.mesh.peers, err = nodes.NewPeers(nodes.Config{}, n.id, key, n.now); err != nil {
		return fmt.Errorf("other nodes: %w", err)
	}
	if n.mesh.api, err = nodes.NewPeers(nodes.Config{AnswerTimeout: apiPatience}, n.id, key, n.now); err != nil {
		return fmt.Errorf("other nodes: %w", err)
	}
	interval := min(time.Second, c.Lease/4)
	n.mesh.member, err = cluster.NewMember(
		cluster.MemberConfig{Lease: c.Lease, Interval: interval, Patience: interval * 7 / 10, Alone: !c.Many()},
		n.mesh.self, n.mesh.timed, n.mesh.peers, carried{n.media}, n.load(), n.log, n.now,
	)
	if err != nil {
		return fmt.Errorf("member: %w", err)
	}
	n.mesh.door = nodes.NewDoor(n.id, key, nodes.Behind{
		Answer: n.mesh.member.Answer, Inside: n.inside(), Passed: n.passed(),
	}, n.log, n.now)
	n.mesh.server = n.newServer(n.mesh.door)
	n.mesh.server.MaxHeaderBytes = nodes.MaxHeader
	return nil
}

// load says how busy this node is, for others.
func (n *node) load() func() cluster.Load {
	if !n.cfg.Cluster.Many() {
		return func() cluster.Load { return cluster.Load{} } // nobody asks
	}
	return newScale(n.media, n.now).read
}

// listen opens the listener for other nodes, whose address they are told unless there is another one.
func (m *mesh) listen(ctx context.Context, c configs.Cluster) (err error) {
	var lc net.ListenConfig
	if m.inside, err = lc.Listen(ctx, "tcp", c.Listen); err != nil {
		return fmt.Errorf("listen for nodes: %w", err)
	}
	if m.self.Address != "" {
		return nil
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("cluster.listen: %w", err)
	}
	_, port, err := net.SplitHostPort(m.inside.Addr().String())
	if err != nil {
		return fmt.Errorf("cluster.listen: %w", err)
	}
	m.self.Address = net.JoinHostPort(host, port)
	return nil
}

func (m *mesh) openRegistry(c configs.Cluster, now func() time.Time) error {
	if !c.Many() {
		m.timed, m.close = newTimedRegistry(cluster.NewMemory(), now), func() error { return nil }
		return nil
	}
	cfg := cluster.RedisConfig{
		Addresses: c.Redis.Addresses, Cluster: c.Redis.Cluster, MasterName: c.Redis.MasterName,
		Username: c.Redis.Username, Password: c.Redis.Password,
		SentinelUsername: c.Redis.SentinelUsername, SentinelPassword: c.Redis.SentinelPassword,
		Prefix: c.Redis.Prefix, Lease: c.Lease,
	}
	if c.Redis.TLS {
		cfg.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	r, err := cluster.NewRedis(cfg)
	if err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	m.timed, m.close = newTimedRegistry(r, now), r.Close
	return nil
}

// inside answers what nodes say on their own behalf: statements for the guestbook.
func (n *node) inside() http.Handler {
	if n.club == nil {
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle(visitsPath, n.club.book)
	return mux
}

// passed answers what clients have asked of other nodes. It has no headers of its own: those are the other node's.
func (n *node) passed() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.passing.ServeHTTP(w, r)
	})
}

// shut closes what open has opened, but for the inside server, which was shut down before if it ran.
func (m *mesh) shut() error {
	var errs []error
	for _, p := range []*nodes.Peers{m.peers, m.api} {
		if p != nil {
			p.Close()
		}
	}
	if m.close != nil {
		errs = append(errs, m.close())
	}
	return errors.Join(errs...)
}
