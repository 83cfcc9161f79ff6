package sqlite

import (
	"context"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// ScheduleConference stores the conference and returns it with its id. Refusals:
// clubapi.ErrNotFound for the club, ErrNotMember for its owner.
func (s *Store) ScheduleConference(ctx context.Context, f clubapi.Conference) (clubapi.Conference, error) {
	err := s.write(ctx, "schedule conference", func(q *db.Queries) error {
		c, err := clubByID(ctx, q, f.ClubID, f.OwnerID)
		if err != nil {
			return err
		}
		if !c.Role.Member() {
			return clubapi.ErrNotMember
		}
		f.ClubTitle, f.Role = c.Title, c.Role
		f.ID, err = q.InsertConference(ctx, db.InsertConferenceParams{
			ClubID: optional(f.ClubID), OwnerID: f.OwnerID, Title: f.Title, Description: f.Description, Thumbnail: f.Thumbnail,
			CallStartTime: millis(f.Start), CallEndTime: millis(f.End), CreatedAt: millis(f.CreatedAt),
		})
		return err
	})
	return f, err
}

// Conference returns one conference as viewer sees it, or clubapi.ErrNotFound.
func (s *Store) Conference(ctx context.Context, id, viewer int64) (f clubapi.Conference, err error) {
	err = s.read(ctx, "read conference", func(q *db.Queries) error {
		r, err := q.ConferenceByID(ctx, db.ConferenceByIDParams{ID: id, Viewer: viewer})
		f = seenConference(r, viewer)
		return err
	})
	return f, err
}

// UpcomingOfClub lists what is neither over at now nor cancelled, the next one first, or
// returns clubapi.ErrNotFound.
func (s *Store) UpcomingOfClub(ctx context.Context, club int64, now time.Time, at clubapi.Span) (page clubapi.Page[clubapi.Conference], err error) {
	err = s.read(ctx, "list upcoming conferences", func(q *db.Queries) error {
		if _, err := clubByID(ctx, q, club, 0); err != nil {
			return err
		}
		from := after(at)
		rows, err := q.UpcomingOfClub(ctx, db.UpcomingOfClubParams{
			ClubID: optional(club), Now: millis(now), AfterStart: from.Key, AfterID: from.ID, Most: oneMore(at),
		})
		fs := make([]clubapi.Conference, len(rows))
		for i, r := range rows {
			fs[i] = conference(r.Conference, r.ClubTitle)
		}
		page = clubapi.PageOf(fs, at.Limit, conferenceCursor)
		return err
	})
	return page, err
}

// PastOfClub lists what is over at now or cancelled, the latest first, or returns
// clubapi.ErrNotFound.
func (s *Store) PastOfClub(ctx context.Context, club int64, now time.Time, at clubapi.Span) (page clubapi.Page[clubapi.Conference], err error) {
	err = s.read(ctx, "list past conferences", func(q *db.Queries) error {
		if _, err := clubByID(ctx, q, club, 0); err != nil {
			return err
		}
		from := before(at)
		rows, err := q.PastOfClub(ctx, db.PastOfClubParams{
			ClubID: optional(club), Now: millis(now), BeforeStart: from.Key, BeforeID: from.ID, Most: oneMore(at),
		})
		fs := make([]clubapi.Conference, len(rows))
		for i, r := range rows {
			fs[i] = conference(r.Conference, r.ClubTitle)
		}
		page = clubapi.PageOf(fs, at.Limit, conferenceCursor)
		return err
	})
	return page, err
}

// UpcomingOf lists what is neither over at now nor cancelled in the clubs of user, the
// next one first.
func (s *Store) UpcomingOf(ctx context.Context, user int64, now time.Time, at clubapi.Span) (page clubapi.Page[clubapi.Conference], err error) {
	err = s.read(ctx, "list conferences of user", func(q *db.Queries) error {
		from := after(at)
		rows, err := q.UpcomingOfUser(ctx, db.UpcomingOfUserParams{
			UserID: user, Now: millis(now), AfterStart: from.Key, AfterID: from.ID, Most: oneMore(at),
		})
		fs := make([]clubapi.Conference, len(rows))
		for i, r := range rows {
			fs[i] = conference(r.Conference, r.ClubTitle)
		}
		page = clubapi.PageOf(fs, at.Limit, conferenceCursor)
		return err
	})
	return page, err
}

// UpdateConference reads the conference as viewer sees it, lets edit decide and stores
// what it returns, all in one transaction.
func (s *Store) UpdateConference(ctx context.Context, id, viewer int64, edit func(clubapi.Conference) (clubapi.Conference, error)) (f clubapi.Conference, err error) {
	err = s.write(ctx, "update conference", func(q *db.Queries) error {
		r, err := q.ConferenceByID(ctx, db.ConferenceByIDParams{ID: id, Viewer: viewer})
		if err != nil {
			return err
		}
		if f, err = edit(seenConference(r, viewer)); err != nil {
			return err
		}
		return q.UpdateConference(ctx, db.UpdateConferenceParams{
			Title: f.Title, Description: f.Description, Thumbnail: f.Thumbnail,
			CallStartTime: millis(f.Start), CallEndTime: millis(f.End), Cancelled: flag(f.Cancelled), ID: id,
		})
	})
	return f, err
}

func seenConference(r db.ConferenceByIDRow, viewer int64) clubapi.Conference {
	f := conference(r.Conference, r.ClubTitle)
	f.Role = role(viewer, r.ClubOwnerID, r.IsMember)
	return f
}

func conference(r db.Conference, clubTitle string) clubapi.Conference {
	return clubapi.Conference{
		ID: r.ID, ClubID: r.ClubID.Int64, OwnerID: r.OwnerID, BookID: r.BookID.Int64, MaxUser: int(r.MaxUser), Version: r.Version,
		Title: r.Title, Description: r.Description, Thumbnail: r.Thumbnail,
		Start: moment(r.CallStartTime), End: moment(r.CallEndTime), Cancelled: r.Cancelled != 0,
		CreatedAt: moment(r.CreatedAt), ClubTitle: clubTitle, Role: clubapi.RoleNone,
	}
}

func conferenceCursor(f clubapi.Conference) clubapi.Cursor {
	return clubapi.Cursor{Key: millis(f.Start), ID: f.ID}
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
