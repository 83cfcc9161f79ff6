package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"salon/clubapi/httpapi"
	"salon/configs"
	"salon/sfu/id"
	"salon/signaling"
	"salon/signaling/cluster"
)

// A node is one running salon: the parts of the house, wired.
type node struct {
	cfg  configs.Config
	id   id.Node // of this process
	pair keyPair
	log  *slog.Logger
	now  func() time.Time

	club  *club // nil without the role api
	media carrier
	mesh  mesh
	roll  *roll
	api   http.Handler // /api/
	doors *signaling.Server

	ready    atomic.Bool   // off before the first and after the last moment of service
	drain    chan struct{} // an operator asks for the end
	listener net.Listener
	server   *http.Server
	passing  http.Handler // answers what came to other nodes
	admin    net.Listener // nil unless configured
}

// newNode opens everything and serves nothing yet. On an error nothing stays open.
func newNode(ctx context.Context, cfg configs.Config, log *slog.Logger) (*node, error) {
	n := &node{cfg: cfg, id: id.NewNode(), log: log, now: time.Now, drain: make(chan struct{}, 1)}
	if err := n.open(ctx); err != nil {
		return nil, errors.Join(err, n.close())
	}
	return n, nil
}

func (n *node) open(ctx context.Context) error {
	if err := n.cfg.ValidateCluster(); err != nil {
		return err
	}
	if err := n.openKeys(); err != nil {
		return err
	}
	if n.cfg.Cluster.Has(cluster.API) {
		var err error
		if n.club, err = openClub(ctx, n.cfg, n.pair, n.log, n.now); err != nil {
			return err
		}
	}
	if err := n.openMedia(); err != nil {
		return err
	}
	if err := n.openMesh(ctx); err != nil {
		return err
	}
	n.openAPI()
	if err := n.openDoors(); err != nil {
		return err
	}
	return n.openHTTP(ctx)
}

// openKeys finds the pair that signs tokens. A node that keeps nothing has no data folder: its pair is configured.
func (n *node) openKeys() (err error) {
	if n.cfg.Cluster.Has(cluster.API) {
		if err := ensureDir(n.cfg.Data.Dir); err != nil {
			return err
		}
	}
	n.pair, err = ensurePair(n.cfg)
	return err
}

func (n *node) openDoors() (err error) {
	cfg := n.cfg.Signaling
	if n.cfg.Cluster.Many() {
		cfg.Node = cmp.Or(cfg.Node, string(n.id))
		cfg.Region = cmp.Or(cfg.Region, n.cfg.Cluster.Region)
	}
	n.doors, err = signaling.New(cfg, signaling.Parts{
		Rooms: n.media, Director: n.mesh.member, Passer: n.mesh.peers, Keys: n.pair.keys(), Log: n.log, Now: n.now,
	})
	if err != nil {
		return fmt.Errorf("signaling: %w", err)
	}
	return nil
}

// openAPI decides who answers /api/ and writes visits down: the club of this node, or another node's.
func (n *node) openAPI() {
	var to registrar
	if n.club != nil {
		n.api, to = n.club.api, n.club.book
	} else {
		far := &elsewhere{nodes: n.mesh.member.Nodes, peers: n.mesh.api, away: httpapi.Away()}
		n.api, to = far, far
	}
	n.roll = newRoll(n.id, n.media, to, n.log)
}

// close releases what open took, for the case that the node never ran.
func (n *node) close() error {
	var errs []error
	for _, l := range []net.Listener{n.listener, n.admin, n.mesh.inside} {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	if n.media != nil {
		ended, end := context.WithCancel(context.Background())
		end()
		errs = append(errs, n.media.Run(ended)) // closes its sockets and returns
	}
	errs = append(errs, n.mesh.shut())
	if n.club != nil {
		errs = append(errs, n.club.close())
	}
	return errors.Join(errs...)
}
