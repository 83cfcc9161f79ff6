package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// mostEvents bounds a calendar feed; of more, the latest are kept.
const mostEvents = 1000

// Feed returns the secret of user's calendar feed of a club (0: of everything), and keeps
// fresh as the secret where there is none. Refusals: clubapi.ErrNotFound for the club,
// ErrNotMember.
func (s *Store) Feed(ctx context.Context, user, club int64, fresh string) (secret string, err error) {
	err = s.write(ctx, "find calendar feed", func(q *db.Queries) error {
		if err := mayFollow(ctx, q, user, club); err != nil {
			return err
		}
		secret, err = q.FeedOf(ctx, db.FeedOfParams{UserID: user, ClubID: club})
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		secret = fresh
		return q.InsertFeed(ctx, db.InsertFeedParams{Secret: fresh, UserID: user, ClubID: club})
	})
	return secret, err
}

func mayFollow(ctx context.Context, q *db.Queries, user, club int64) error {
	if club == 0 {
		return nil
	}
	c, err := clubByID(ctx, q, club, user)
	if err == nil && !c.Role.Member() {
		err = clubapi.ErrNotMember
	}
	return err
}

// EndFeed ends the secret address of user's feed of a club (0: of everything), if there
// is one.
func (s *Store) EndFeed(ctx context.Context, user, club int64) error {
	return s.write(ctx, "end calendar feed", func(q *db.Queries) error {
		return q.DeleteFeed(ctx, db.DeleteFeedParams{UserID: user, ClubID: club})
	})
}

// FeedConferences lists what the feed of that secret shows: the conferences, cancelled
// ones included, that are not over at since, the earliest first, and the title of its
// club (empty: of all). clubapi.ErrNotFound for an unknown secret, and for that of a club
// whose member the holder is no more.
func (s *Store) FeedConferences(ctx context.Context, secret string, since time.Time) (title string, fs []clubapi.Conference, err error) {
	err = s.read(ctx, "read calendar feed", func(q *db.Queries) error {
		feed, err := q.FeedBySecret(ctx, secret)
		if err != nil {
			return err
		}
		if feed.ClubID != 0 {
			c, err := clubByID(ctx, q, feed.ClubID, feed.UserID)
			if err != nil {
				return err
			}
			if !c.Role.Member() {
				return clubapi.ErrNotFound
			}
			title = c.Title
		}
		rows, err := q.ConferencesOfFeed(ctx, db.ConferencesOfFeedParams{
			UserID: feed.UserID, ClubID: feed.ClubID, Since: millis(since), Most: mostEvents,
		})
		for i := len(rows) - 1; i >= 0; i-- {
			fs = append(fs, seenConference(db.ConferenceByIDRow(rows[i]), feed.UserID))
		}
		return err
	})
	return title, fs, err
}
