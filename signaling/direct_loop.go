package signaling

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"salon/sfu/id"
	"salon/signaling/cluster"
	"salon/signaling/nodes"
)

// searchInterval is how long a client waits between two looks for its room. Between the first two it doesn't.
const searchInterval = 300 * time.Millisecond

// direct has serve do what a request is about where its room is here, or the room's node answer it: then here is false,
// and so is an error all that is left to say. A room that isn't where it was looked for is looked for again: once more, and
// then for as long as patience lasts. What another node passed on is here or nowhere.
func (s *Server) direct(
	w http.ResponseWriter, r *http.Request, name id.Room, patience time.Duration, serve func(epoch uint64) error,
) (here bool, err error) {
	if hop, passed := nodes.HopOf(r.Context()); passed {
		if hop.Room != name {
			return true, errAstray
		}
		if err = serve(hop.Epoch); astray(err) || passing(err) {
			err = fmt.Errorf("%w: %w", errAstray, err) // the other node finds it, or waits
		}
		return true, err
	}
	if err := s.led.enter(s.cfg.MaxSessions); err != nil {
		return false, err
	}
	defer s.led.leave()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.life, cancel)()
	r = r.WithContext(ctx)
	end := time.Now().Add(patience)
	for tries := 1; ; tries++ {
		here, err = s.try(w, r, name, serve)
		again := astray(err) || patience > 0 && errors.Is(err, cluster.ErrQuiet)
		if !again || tries > 1 && !time.Now().Before(end) {
			return here, err
		}
		s.counters.astray.Add(1)
		level := slog.LevelDebug
		if errors.Is(err, nodes.ErrForbidden) {
			level = slog.LevelWarn // somebody has to look at secrets or clocks
		}
		s.log.Log(ctx, level, "room not found where it should be", "room", string(name), "err", err)
		if tries > 1 || !astray(err) {
			if err := s.pause(ctx, searchInterval); err != nil {
				return false, err
			}
		}
	}
}

// pause waits, unless the server is shutting down.
func (s *Server) pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-s.closing:
		return errShuttingDown
	case <-ctx.Done():
		return ctx.Err()
	}
}
