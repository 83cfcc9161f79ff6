package sqlite

import (
	"context"
	"database/sql"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// record writes one line of a club's audit log, within the transaction of what it tells.
func record(ctx context.Context, q *db.Queries, d clubapi.Deed) error {
	var user sql.NullInt64
	if d.User != nil {
		user = optional(d.User.ID)
	}
	return q.InsertDeed(ctx, db.InsertDeedParams{
		ClubID: d.ClubID, ActorID: d.Actor.ID, Action: string(d.Action), UserID: user, Subject: clubapi.Excerpt(d.Subject), At: millis(d.At),
	})
}

// Deeds lists what was done to a club, the latest first, for its owner. Refusals:
// clubapi.ErrNotFound, ErrForbidden.
func (s *Store) Deeds(ctx context.Context, club, viewer int64, at clubapi.Span) (page clubapi.Page[clubapi.Deed], err error) {
	err = s.read(ctx, "list audit log", func(q *db.Queries) error {
		if _, err := ownClub(ctx, q, club, viewer); err != nil {
			return err
		}
		rows, err := q.DeedsBefore(ctx, db.DeedsBeforeParams{ClubID: club, Before: before(at).ID, Most: oneMore(at)})
		deeds := make([]clubapi.Deed, len(rows))
		for i, r := range rows {
			deeds[i] = deed(r)
		}
		page = clubapi.PageOf(deeds, at.Limit, func(d clubapi.Deed) clubapi.Cursor { return clubapi.Cursor{ID: d.ID} })
		return err
	})
	return page, err
}

func deed(r db.DeedsBeforeRow) clubapi.Deed {
	d := clubapi.Deed{
		ID: r.Audit.ID, ClubID: r.Audit.ClubID, Actor: person(r.Audit.ActorID, r.ActorNickname, r.ActorImg),
		Action: clubapi.Action(r.Audit.Action), Subject: r.Audit.Subject, At: moment(r.Audit.At),
	}
	if r.Audit.UserID.Valid {
		p := person(r.Audit.UserID.Int64, r.UserNickname.String, r.UserImg.String)
		d.User = &p
	}
	return d
}
