package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// StartLightning stores the lightning meeting, gives its starter a seat and returns it
// with its id. Refusals: a LightningError while another of the same person is on, an
// InvalidError for an unknown book.
func (s *Store) StartLightning(ctx context.Context, f clubapi.Conference) (clubapi.Conference, error) {
	err := s.write(ctx, "start lightning meeting", func(q *db.Queries) error {
		other, err := q.LightningOf(ctx, db.LightningOfParams{OwnerID: f.OwnerID, Now: millis(f.Start)})
		if err == nil {
			return &clubapi.LightningError{ConferenceID: other}
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := fits(ctx, q, f); err != nil {
			return err
		}
		id, err := insertConference(ctx, q, f)
		if err != nil {
			return err
		}
		if err := q.TakeSeat(ctx, db.TakeSeatParams{ConferenceID: id, UserID: f.OwnerID, TakenAt: millis(f.Start)}); err != nil {
			return err
		}
		f, err = conferenceByID(ctx, q, id, f.OwnerID)
		return err
	})
	return f, err
}

// Lightning lists the lightning meetings that are on at now and have a free seat, as
// viewer (0 for nobody) sees them, the latest first.
func (s *Store) Lightning(ctx context.Context, viewer int64, now time.Time, at clubapi.Span) (page clubapi.Page[clubapi.Conference], err error) {
	err = s.read(ctx, "list lightning meetings", func(q *db.Queries) error {
		rows, err := q.OpenLightning(ctx, db.OpenLightningParams{Viewer: viewer, Now: millis(now), Before: before(at).ID, Most: oneMore(at)})
		fs := make([]clubapi.Conference, len(rows))
		for i, r := range rows {
			fs[i] = seenConference(db.ConferenceByIDRow(r), viewer)
		}
		page = clubapi.PageOf(fs, at.Limit, func(f clubapi.Conference) clubapi.Cursor { return clubapi.Cursor{ID: f.ID} })
		return err
	})
	return page, err
}

// TakeSeat gives user a seat of the conference if allow has no objection, and returns the
// conference as they see it; whoever is a member of it already is not asked about. Of
// many people after the last seat exactly one gets it.
func (s *Store) TakeSeat(ctx context.Context, id, user int64, now time.Time, allow func(clubapi.Conference) error) (f clubapi.Conference, err error) {
	err = s.write(ctx, "take seat", func(q *db.Queries) error {
		if f, err = conferenceByID(ctx, q, id, user); err != nil || f.Role.Member() {
			return err
		}
		if err := allow(f); err != nil {
			return err
		}
		if err := q.TakeSeat(ctx, db.TakeSeatParams{ConferenceID: id, UserID: user, TakenAt: millis(now)}); err != nil {
			return err
		}
		f, err = conferenceByID(ctx, q, id, user)
		return err
	})
	return f, err
}
