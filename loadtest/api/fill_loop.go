package api

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"salon/loadtest/report"
)

// A club that the load works on, with a conference of it.
type club struct {
	id, conference int64
	owner          *person
}

// fill brings the place to its size and returns people and clubs. It is over when everything that it began is.
func (r *run) fill(ctx context.Context) error {
	if err := r.signIn(ctx); err != nil {
		return err
	}
	if err := r.remember(ctx); err != nil {
		return err
	}
	old := len(r.clubs)
	missing := max(r.cfg.Clubs-old, 0)
	if missing == 0 {
		r.show.Note(fmt.Sprintf("%d clubs are there already", old))
		return nil
	}
	notes := r.cfg.Notes * missing / r.cfg.Clubs
	r.show.Note(fmt.Sprintf("%d people, %d clubs there, %d clubs and %d notes to write", len(r.people), old, missing, notes))
	r.clubs = append(r.clubs, make([]club, missing)...)
	var done atomic.Int64
	ended := r.telling(ctx, &done, missing)
	group, filling := errgroup.WithContext(ctx)
	group.SetLimit(r.cfg.Workers)
	for i := range missing {
		// The share of this club: the first fiftieth of the clubs has half of the notes.
		share := shareOf(i, missing, notes)
		group.Go(func() error {
			c, err := r.found(filling, i, share)
			r.clubs[old+i] = c
			done.Add(1)
			return err
		})
	}
	err := group.Wait()
	ended()
	return err
}

// telling shows how the filling gets on, until the function that it returns is called.
func (r *run) telling(ctx context.Context, done *atomic.Int64, of int) (ended func()) {
	ctx, stop := context.WithCancel(ctx)
	var told sync.WaitGroup
	told.Go(func() {
		tick := time.NewTicker(sampleEvery)
		defer tick.Stop()
		for ctx.Err() == nil {
			select {
			case <-tick.C:
				r.show.Joining(int(done.Load()), of, report.Sample{})
			case <-ctx.Done():
			}
		}
	})
	return func() {
		stop()
		told.Wait()
	}
}

// shareOf is how many of the notes the i-th of so many clubs has: half of them are in the first fiftieth.
func shareOf(i, clubs, notes int) int {
	busy := max(clubs/50, 1)
	some, all := notes/2, busy
	if i >= busy {
		i, some, all = i-busy, notes-notes/2, clubs-busy
	} else if busy == clubs {
		some = notes
	}
	return some*(i+1)/all - some*i/all
}

// signIn signs everybody in who is there from an earlier run, and up who is not. Where the server asks for patience, it
// waits.
func (r *run) signIn(ctx context.Context) error {
	for i := range r.cfg.People {
		p, err := newPerson(r.base, fmt.Sprintf("load %d", i+1), r.wire)
		if err != nil {
			return err
		}
		who := map[string]any{"nickname": p.name, "password": password}
		a, err := r.patiently(ctx, p, "/api/v1/session", who)
		if err == nil && a.status == http.StatusUnauthorized {
			a, err = r.patiently(ctx, p, "/api/v1/users", who)
		}
		if err != nil {
			return err
		}
		var me struct{ ID int64 }
		if err := a.into(&me); err != nil {
			return fmt.Errorf("sign in as %s: %w", p.name, err)
		}
		p.id = me.ID
		r.people = append(r.people, p)
	}
	return nil
}

func (r *run) patiently(ctx context.Context, p *person, path string, body any) (answer, error) {
	for {
		a, err := p.call(ctx, http.MethodPost, path, body)
		if err != nil || a.status != http.StatusTooManyRequests {
			return a, err
		}
		select {
		case <-time.After(max(a.retryAfter, time.Second)):
		case <-ctx.Done():
			return a, ctx.Err()
		}
	}
}

// remember finds the clubs that an earlier run has left.
func (r *run) remember(ctx context.Context) error {
	for _, p := range r.people {
		for cursor := ""; len(r.clubs) < r.cfg.Clubs; {
			a, err := p.call(ctx, http.MethodGet, "/api/v1/me/clubs?limit=100&cursor="+cursor, nil)
			if err != nil {
				return err
			}
			var page struct {
				Items []struct {
					ID   int64
					Role string
				}
				NextCursor string `json:"next_cursor"`
			}
			if err := a.into(&page); err != nil {
				return err
			}
			for _, c := range page.Items {
				if c.Role == "owner" {
					r.clubs = append(r.clubs, club{id: c.ID, owner: p})
				}
			}
			if cursor = page.NextCursor; cursor == "" {
				break
			}
		}
	}
	return nil
}

// found founds the i-th club with a book, a post, a conference and so many notes.
func (r *run) found(ctx context.Context, i, notes int) (club, error) {
	words := newSpeech(rand.New(rand.NewPCG(r.cfg.Seed, uint64(i)))) //nolint:gosec // no secret
	owner := r.people[i%len(r.people)]
	c := club{owner: owner}
	book, err := owner.create(ctx, "/api/v1/books", map[string]any{
		"title": words.title() + " " + strconv.FormatInt(r.now().UnixNano(), 36) + "-" + strconv.Itoa(i), "author": words.word(), "category": "novel",
	})
	if err != nil {
		return c, err
	}
	if _, err := owner.create(ctx, "/api/v1/posts", map[string]any{"title": words.title(), "content": words.say(30)}); err != nil {
		return c, err
	}
	c.id, err = owner.create(ctx, "/api/v1/clubs", map[string]any{
		"title": words.title(), "summary": words.say(6), "detail": words.say(40), "category": "novel", "book_id": book,
	})
	if err != nil {
		return c, err
	}
	start := r.now().Add(time.Hour).UTC()
	c.conference, err = owner.create(ctx, fmt.Sprintf("/api/v1/clubs/%d/conferences", c.id), map[string]any{
		"title": words.title(), "call_start_time": start.Format(time.RFC3339), "call_end_time": start.Add(time.Hour).Format(time.RFC3339),
	})
	for n := 0; n < notes && err == nil; n++ {
		_, err = owner.create(ctx, fmt.Sprintf("/api/v1/conferences/%d/notes", c.conference), map[string]any{"text": words.say(10)})
	}
	return c, err
}
