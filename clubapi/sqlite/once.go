package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// take uses the key of a request up that must take effect once, unless an earlier write of the
// same request did. A key that is used up already ends the transaction with
// clubapi.ErrRepeated. Each key that comes in sends a few out that have run out, so that none
// stay for ever.
func take(ctx context.Context, q *db.Queries) error {
	o := clubapi.OnceOf(ctx)
	if o == nil || o.Taken {
		return nil
	}
	expired := millis(o.At.Add(-clubapi.KeepAnswers))
	if err := q.DeleteExpiredKeys(ctx, expired); err != nil {
		return fmt.Errorf("sweep keys: %w", err)
	}
	if err := q.DeleteExpiredKey(ctx, db.DeleteExpiredKeyParams{UserID: o.User, Key: o.Key, Expired: expired}); err != nil {
		return fmt.Errorf("sweep key: %w", err)
	}
	n, err := q.TakeKey(ctx, db.TakeKeyParams{UserID: o.User, Key: o.Key, Request: o.Request[:], At: millis(o.At)})
	if err != nil {
		return fmt.Errorf("take key: %w", err)
	}
	if n == 0 {
		return clubapi.ErrRepeated
	}
	return nil
}

// taken notes that the transaction of take has been committed.
func taken(ctx context.Context) {
	if o := clubapi.OnceOf(ctx); o != nil {
		o.Taken = true
	}
}

// KeepAnswer stores the answer to a request whose effect is there.
func (s *Store) KeepAnswer(ctx context.Context, o *clubapi.Once, a clubapi.Answer) error {
	headers, err := json.Marshal(a.Header)
	if err != nil {
		return fmt.Errorf("write headers: %w", err)
	}
	if a.Body == nil {
		a.Body = []byte{}
	}
	return s.write(ctx, "keep answer", func(q *db.Queries) error {
		return q.KeepAnswer(ctx, db.KeepAnswerParams{
			Status: int64(a.Status), Headers: string(headers), Body: a.Body, UserID: o.User, Key: o.Key,
		})
	})
}

// Answer returns what is known of a key of user at now, or clubapi.ErrNotFound.
func (s *Store) Answer(ctx context.Context, user int64, key string, now time.Time) (a clubapi.Answer, err error) {
	err = s.read(ctx, "find answer", func(q *db.Queries) error {
		r, err := q.AnswerByKey(ctx, db.AnswerByKeyParams{
			UserID: user, Key: key, Expired: millis(now.Add(-clubapi.KeepAnswers)),
		})
		if err != nil {
			return err
		}
		copy(a.Request[:], r.Request)
		a.Status, a.Body = int(r.Status), r.Body
		if err := json.Unmarshal([]byte(r.Headers), &a.Header); err != nil {
			return fmt.Errorf("read headers: %w", err)
		}
		return nil
	})
	return a, err
}
