package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// ScheduleConference stores the conference and returns it with its id. Refusals:
// clubapi.ErrNotFound for the club, ErrNotMember for its owner, an OverlapError, an
// InvalidError for an unknown book.
func (s *Store) ScheduleConference(ctx context.Context, f clubapi.Conference) (clubapi.Conference, error) {
	err := s.write(ctx, "schedule conference", func(q *db.Queries) error {
		c, err := clubByID(ctx, q, f.ClubID, f.OwnerID)
		if err != nil {
			return err
		}
		if !c.Role.Member() {
			return clubapi.ErrNotMember
		}
		if err := fits(ctx, q, f); err != nil {
			return err
		}
		id, err := insertConference(ctx, q, f)
		if err != nil {
			return err
		}
		f, err = conferenceByID(ctx, q, id, f.OwnerID)
		return err
	})
	return f, err
}

// Conference returns one conference as viewer sees it, or clubapi.ErrNotFound.
func (s *Store) Conference(ctx context.Context, id, viewer int64) (f clubapi.Conference, err error) {
	err = s.read(ctx, "read conference", func(q *db.Queries) error {
		f, err = conferenceByID(ctx, q, id, viewer)
		return err
	})
	return f, err
}

// UpcomingOfClub lists what is neither over at now nor cancelled, as viewer sees it, the
// next one first, or returns clubapi.ErrNotFound.
func (s *Store) UpcomingOfClub(ctx context.Context, club, viewer int64, now time.Time, at clubapi.Span) (page clubapi.Page[clubapi.Conference], err error) {
	err = s.read(ctx, "list upcoming conferences", func(q *db.Queries) error {
		if _, err := clubByID(ctx, q, club, 0); err != nil {
			return err
		}
		from := after(at)
		rows, err := q.UpcomingOfClub(ctx, db.UpcomingOfClubParams{
			Viewer: viewer, ClubID: optional(club), Now: millis(now), AfterStart: from.Key, AfterID: from.ID, Most: oneMore(at),
		})
		fs := make([]clubapi.Conference, len(rows))
		for i, r := range rows {
			fs[i] = seenConference(db.ConferenceByIDRow(r), viewer)
		}
		page = clubapi.PageOf(fs, at.Limit, conferenceCursor)
		return err
	})
	return page, err
}

// PastOfClub lists what is over at now or cancelled, as viewer sees it, the latest first,
// or returns clubapi.ErrNotFound.
func (s *Store) PastOfClub(ctx context.Context, club, viewer int64, now time.Time, at clubapi.Span) (page clubapi.Page[clubapi.Conference], err error) {
	err = s.read(ctx, "list past conferences", func(q *db.Queries) error {
		if _, err := clubByID(ctx, q, club, 0); err != nil {
			return err
		}
		from := before(at)
		rows, err := q.PastOfClub(ctx, db.PastOfClubParams{
			Viewer: viewer, ClubID: optional(club), Now: millis(now), BeforeStart: from.Key, BeforeID: from.ID, Most: oneMore(at),
		})
		fs := make([]clubapi.Conference, len(rows))
		for i, r := range rows {
			fs[i] = seenConference(db.ConferenceByIDRow(r), viewer)
		}
		page = clubapi.PageOf(fs, at.Limit, conferenceCursor)
		return err
	})
	return page, err
}

// UpcomingOf lists what is neither over at now nor cancelled in the clubs of user and
// among the lightning meetings they have a seat in, the next one first.
func (s *Store) UpcomingOf(ctx context.Context, user int64, now time.Time, at clubapi.Span) (page clubapi.Page[clubapi.Conference], err error) {
	err = s.read(ctx, "list conferences of user", func(q *db.Queries) error {
		from := after(at)
		rows, err := q.UpcomingOfUser(ctx, db.UpcomingOfUserParams{
			UserID: user, Now: millis(now), AfterStart: from.Key, AfterID: from.ID, Most: oneMore(at),
		})
		fs := make([]clubapi.Conference, len(rows))
		for i, r := range rows {
			fs[i] = seenConference(db.ConferenceByIDRow(r), user)
		}
		page = clubapi.PageOf(fs, at.Limit, conferenceCursor)
		return err
	})
	return page, err
}

// UpdateConference reads the conference as viewer sees it, lets edit decide and stores
// what it returns, all in one transaction. Refusals beside those of edit: an OverlapError,
// an InvalidError for an unknown book.
func (s *Store) UpdateConference(ctx context.Context, id, viewer int64, edit func(clubapi.Conference) (clubapi.Conference, error)) (f clubapi.Conference, err error) {
	err = s.write(ctx, "update conference", func(q *db.Queries) error {
		old, err := conferenceByID(ctx, q, id, viewer)
		if err != nil {
			return err
		}
		if f, err = edit(old); err != nil {
			return err
		}
		if f == old {
			return nil
		}
		if !f.Cancelled {
			if err := fits(ctx, q, f); err != nil {
				return err
			}
		}
		if err := updateConference(ctx, q, f); err != nil {
			return err
		}
		if err := conferenceDeed(ctx, q, old, f, viewer); err != nil {
			return err
		}
		f, err = conferenceByID(ctx, q, id, viewer)
		return err
	})
	return f, err
}

// conferenceDeed tells what a club's owner did to one of its conferences.
func conferenceDeed(ctx context.Context, q *db.Queries, old, f clubapi.Conference, viewer int64) error {
	d := clubapi.Deed{ClubID: f.ClubID, Actor: clubapi.Person{ID: viewer}, Subject: f.Title, At: f.UpdatedAt}
	switch {
	case f.ClubID == 0 || f.Role != clubapi.RoleOwner:
		return nil
	case f.Cancelled && !old.Cancelled:
		d.Action = clubapi.ActionConferenceCancelled
	case !f.Start.Equal(old.Start) || !f.End.Equal(old.End):
		d.Action = clubapi.ActionConferenceMoved
	default:
		return nil
	}
	return record(ctx, q, d)
}

// fits refuses a conference of an unknown book or at a time when its club meets already.
func fits(ctx context.Context, q *db.Queries, f clubapi.Conference) error {
	if err := knownBook(ctx, q, f.BookID); err != nil {
		return err
	}
	if f.ClubID == 0 {
		return nil
	}
	other, err := overlapping(ctx, q, f, f.ID)
	if err == nil && other != 0 {
		return &clubapi.OverlapError{ConferenceID: other}
	}
	return err
}

// overlapping returns the first conference of f's club, except excepted, that shares time
// with f, or 0.
func overlapping(ctx context.Context, q *db.Queries, f clubapi.Conference, except int64) (int64, error) {
	id, err := q.Overlapping(ctx, db.OverlappingParams{ClubID: optional(f.ClubID), Except: except, Before: millis(f.End), After: millis(f.Start)})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

func insertConference(ctx context.Context, q *db.Queries, f clubapi.Conference) (int64, error) {
	return q.InsertConference(ctx, db.InsertConferenceParams{
		ClubID: optional(f.ClubID), OwnerID: f.OwnerID, BookID: optional(f.BookID), Title: f.Title, Description: f.Description,
		Thumbnail: f.Thumbnail, CallStartTime: millis(f.Start), CallEndTime: millis(f.End), MaxUser: int64(f.MaxUser),
		Occurrence: optionalMillis(f.Occurrence), CreatedAt: millis(f.CreatedAt), UpdatedAt: millis(f.UpdatedAt),
	})
}

func updateConference(ctx context.Context, q *db.Queries, f clubapi.Conference) error {
	return q.UpdateConference(ctx, db.UpdateConferenceParams{
		OwnerID: f.OwnerID, BookID: optional(f.BookID), Title: f.Title, Description: f.Description, Thumbnail: f.Thumbnail,
		CallStartTime: millis(f.Start), CallEndTime: millis(f.End), Cancelled: flag(f.Cancelled), Touched: flag(f.Touched),
		UpdatedAt: millis(f.UpdatedAt), ID: f.ID,
	})
}

func conferenceByID(ctx context.Context, q *db.Queries, id, viewer int64) (clubapi.Conference, error) {
	r, err := q.ConferenceByID(ctx, db.ConferenceByIDParams{ID: id, Viewer: viewer})
	return seenConference(r, viewer), err
}

// seenConference is a row as viewer, of whom is_member tells, sees it.
func seenConference(r db.ConferenceByIDRow, viewer int64) clubapi.Conference {
	c := r.Conference
	f := clubapi.Conference{
		ID: c.ID, ClubID: c.ClubID.Int64, OwnerID: c.OwnerID, Title: c.Title, Description: c.Description, Thumbnail: c.Thumbnail,
		Start: moment(c.CallStartTime), End: moment(c.CallEndTime), Cancelled: c.Cancelled != 0, BookID: c.BookID.Int64,
		MaxUser: int(c.MaxUser), Touched: c.Touched != 0, CreatedAt: moment(c.CreatedAt), UpdatedAt: moment(c.UpdatedAt),
		ClubTitle: r.ClubTitle, Book: bookName(c.BookID, r.BookTitle, r.BookAuthor, r.BookImg),
		Role: role(viewer, r.ClubOwnerID, r.IsMember), Taken: int(r.Taken), Present: int(r.Present), Version: c.Version,
	}
	if c.Occurrence.Valid {
		f.Occurrence = moment(c.Occurrence.Int64)
	}
	return f
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
