package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"salon/clubapi"
	"salon/sfu/id"
)

// stayStore is where stays are kept.
type stayStore interface {
	RecordStays(ctx context.Context, node string, stays []clubapi.Stay, seen time.Time) error
	EndStaysBut(ctx context.Context, node string, present []string) (int, error)
	NodesOfOpenStays(ctx context.Context) ([]string, error)
}

// A guestbook writes down what the nodes say of their visits, and ends the stays at nodes that say nothing any more. The
// loop in guestbook_loop.go owns it; Record and Run are for all.
type guestbook struct {
	store stayStore
	// patience is how long a node may be silent before its stays have ended, when it last spoke; 0: for ever.
	patience time.Duration
	log      *slog.Logger

	asked chan question
	ended chan struct{} // closed when Run has returned

	// owned by the loop
	heard map[id.Node]hearing
	began time.Time // nobody can have spoken before
	awake time.Time // when the loop last looked
}

// A hearing is what a guestbook remembers of a node.
type hearing struct {
	at     time.Time // it last spoke, by our clock
	number uint64    // of its last statement
	whole  bool      // it has said who is there
}

func newGuestbook(store stayStore, patience time.Duration, log *slog.Logger) *guestbook {
	return &guestbook{
		store: store, patience: patience, log: log, heard: map[id.Node]hearing{},
		asked: make(chan question), ended: make(chan struct{}),
	}
}

// hear writes a statement down; again: it is not known who else is there.
func (g *guestbook) hear(ctx context.Context, s statement, now time.Time) (again bool, err error) {
	h := g.heard[s.Node]
	if s.Number <= h.number {
		return false, nil // it was overtaken
	}
	var stays []clubapi.Stay
	for _, v := range s.Visits {
		if stay, ok := stayOf(v); ok {
			stays = append(stays, stay)
		}
	}
	if err := g.store.RecordStays(ctx, string(s.Node), stays, s.Seen); err != nil {
		return false, fmt.Errorf("record statement: %w", err)
	}
	if s.Present != nil {
		present := make([]string, len(s.Present))
		for i, p := range s.Present {
			present[i] = string(p)
		}
		if _, err := g.store.EndStaysBut(ctx, string(s.Node), present); err != nil {
			return false, fmt.Errorf("record statement: %w", err)
		}
	}
	h = hearing{at: now, number: s.Number, whole: h.whole || s.Present != nil}
	g.heard[s.Node] = h
	return !h.whole, nil
}

// forget ends the stays at nodes that have been silent for too long.
func (g *guestbook) forget(ctx context.Context, now time.Time) error {
	if g.patience == 0 {
		return nil
	}
	if g.began.IsZero() || now.Sub(g.awake) > g.patience/2 {
		g.began = now // while we did not listen, nobody was heard
	}
	g.awake = now
	for node, h := range g.heard {
		if now.Sub(later(h.at, g.began)) > g.patience {
			delete(g.heard, node)
		}
	}
	if now.Sub(g.began) <= g.patience {
		return nil
	}
	nodes, err := g.store.NodesOfOpenStays(ctx)
	if err != nil {
		return fmt.Errorf("forget nodes: %w", err)
	}
	for _, node := range nodes {
		if _, heard := g.heard[id.Node(node)]; heard {
			continue
		}
		count, err := g.store.EndStaysBut(ctx, node, nil)
		if err != nil {
			return fmt.Errorf("forget node: %w", err)
		}
		g.log.Info("stays of a silent node ended", "node", node, "count", count)
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
