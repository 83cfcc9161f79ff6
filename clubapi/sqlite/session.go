package sqlite

import (
	"context"
	"errors"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// Sessions keeps browser sessions; it is a store for scs.SessionManager, which hands it
// hashed tokens. Every write also removes a few sessions that have run out, so that none
// stay for ever.
type Sessions struct {
	store *Store
	now   func() time.Time
}

// Sessions returns the session store, reading the hour from now.
func (s *Store) Sessions(now func() time.Time) *Sessions {
	return &Sessions{store: s, now: now}
}

// FindCtx returns the session of that token; found is false when there is none or it ran out.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.store.read(ctx, "find session", func(q *db.Queries) (err error) {
		data, err = q.SessionByToken(ctx, db.SessionByTokenParams{Token: token, Now: millis(s.now())})
		return err
	})
	if errors.Is(err, clubapi.ErrNotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx stores the session until expiry.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.store.write(ctx, "keep session", func(q *db.Queries) error {
		if err := q.DeleteExpiredSessions(ctx, millis(s.now())); err != nil {
			return err
		}
		return q.PutSession(ctx, db.PutSessionParams{Token: token, Data: data, ExpiresAt: millis(expiry)})
	})
}

// DeleteCtx removes the session; it is no error when there is none.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.store.write(ctx, "end session", func(q *db.Queries) error {
		return q.DeleteSession(ctx, token)
	})
}

// Find is FindCtx without a deadline.
func (s *Sessions) Find(token string) (data []byte, found bool, err error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a deadline.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a deadline.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
