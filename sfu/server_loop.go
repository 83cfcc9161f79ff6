package sfu

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"salon/sfu/id"
	"salon/sfu/room"
)

// Run serves until ctx ends. When it returns, all participants have heard why, all rooms have ended, and the
// sockets are closed.
func (s *Server) Run(ctx context.Context) error {
	rooms, endRooms := context.WithCancel(context.WithoutCancel(ctx))
	defer endRooms()
	media, endMedia := context.WithCancel(context.WithoutCancel(ctx))
	defer endMedia()

	s.mu.Lock()
	s.open, s.ctx = true, rooms
	s.mu.Unlock()

	var carriers sync.WaitGroup
	failed := make(chan error, 1)
	carriers.Go(func() { failed <- s.endpoint.Run(media) })
	carriers.Go(func() { _ = s.factory.Run(media) }) // ends with ctx alone
	if s.streams != nil {
		carriers.Go(func() { _ = s.streams.Run(media) }) // ends with ctx alone
	}
	for range s.cfg.Shards - 1 {
		out := s.endpoint.NewBatch()
		carriers.Go(func() { _ = s.crew.Work(media, out) }) // ends with ctx alone
	}
	for _, shard := range s.shards {
		out := s.endpoint.NewBatch()
		carriers.Go(func() { _ = shard.Run(media, out) }) // ends with ctx alone
	}

	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.mu.Lock()
	s.open = false
	s.mu.Unlock()
	endRooms()
	s.living.Wait()
	endMedia()
	closeErr := s.endpoint.Close()
	carriers.Wait()
	if err = errors.Join(err, closeErr); err != nil {
		return fmt.Errorf("media: %w", err)
	}
	return nil
}

// room returns the room called name, made and running when it wasn't there.
func (s *Server) room(name id.Room) (*room.Room, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.open {
		return nil, ErrShuttingDown
	}
	if r := s.rooms[name]; r != nil {
		select {
		case <-r.Done():
		default:
			return r, nil
		}
	}
	if s.cfg.MaxRooms > 0 && len(s.rooms) >= s.cfg.MaxRooms {
		return nil, ErrTooManyRooms
	}
	r := room.New(s.cfg.Room, name, time.Now(), s.factory, s.quietest(), s.visits, s.log)
	s.rooms[name] = r
	ctx := s.ctx
	s.living.Go(func() {
		r.Run(ctx)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.rooms[name] == r {
			delete(s.rooms, name)
		}
	})
	return r, nil
}
