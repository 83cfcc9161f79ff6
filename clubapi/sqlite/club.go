package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// CreateClub stores the club, seats its owner, makes the conferences of its schedule and
// returns it with its id. An unknown book is an InvalidError.
func (s *Store) CreateClub(ctx context.Context, c clubapi.Club) (clubapi.Club, error) {
	err := s.write(ctx, "create club", func(q *db.Queries) error {
		if err := knownBook(ctx, q, c.BookID); err != nil {
			return err
		}
		id, err := q.InsertClub(ctx, db.InsertClubParams{
			OwnerID: c.OwnerID, Title: c.Title, Summary: c.Summary, Detail: c.Detail, Category: string(c.Category),
			Thumbnail: c.Thumbnail, MaxUser: int64(c.MaxUser), JoinRule: string(c.JoinRule), BookID: optional(c.BookID),
			TimeZone: c.TimeZone, CreatedAt: millis(c.CreatedAt),
		})
		if err != nil {
			return err
		}
		err = q.InsertMember(ctx, db.InsertMemberParams{ClubID: id, UserID: c.OwnerID, JoinedAt: millis(c.CreatedAt)})
		if err != nil {
			return err
		}
		plan, now := c.Schedule, c.CreatedAt
		if c, err = clubByID(ctx, q, id, c.OwnerID); err != nil {
			return err
		}
		if err := indexClub(ctx, q, c); err != nil || plan == nil {
			return err
		}
		c.Schedule, err = putSchedule(ctx, q, c, *plan, now)
		return err
	})
	return c, err
}

// Club returns one club as viewer (0 for nobody) sees it, or clubapi.ErrNotFound.
func (s *Store) Club(ctx context.Context, id, viewer int64) (c clubapi.Club, err error) {
	err = s.read(ctx, "read club", func(q *db.Queries) (err error) {
		c, err = clubByID(ctx, q, id, viewer)
		return err
	})
	return c, err
}

// Clubs lists the clubs that the filter lets through as viewer (0 for nobody) sees them,
// the newest first; with words, the best match first.
func (s *Store) Clubs(ctx context.Context, viewer int64, f clubapi.ClubFilter, at clubapi.Span) (page clubapi.Page[clubapi.Club], err error) {
	err = s.read(ctx, "list clubs", func(q *db.Queries) error {
		if f.Words != "" {
			page, err = findClubs(ctx, q, viewer, f, at)
			return err
		}
		rows, err := q.ClubsBefore(ctx, db.ClubsBeforeParams{
			Viewer: viewer, Before: before(at).ID, Most: oneMore(at),
			Category: string(f.Category), BookID: f.BookID, Weekdays: int64(f.Weekdays), FreeSeats: flag(f.FreeSeats),
		})
		if err != nil {
			return err
		}
		clubs := make([]clubapi.Club, len(rows))
		for i, r := range rows {
			clubs[i] = club(db.ClubByIDRow(r), viewer)
		}
		page = clubapi.PageOf(clubs, at.Limit, clubCursor)
		return withSchedules(ctx, q, page.Items)
	})
	return page, err
}

// ClubsOf lists the clubs user is a member of, the newest club first.
func (s *Store) ClubsOf(ctx context.Context, user int64, at clubapi.Span) (page clubapi.Page[clubapi.Club], err error) {
	err = s.read(ctx, "list clubs of user", func(q *db.Queries) error {
		rows, err := q.ClubsOfUserBefore(ctx, db.ClubsOfUserBeforeParams{Viewer: user, Before: before(at).ID, Most: oneMore(at)})
		if err != nil {
			return err
		}
		clubs := make([]clubapi.Club, len(rows))
		for i, r := range rows {
			clubs[i] = club(db.ClubByIDRow(r), user)
		}
		page = clubapi.PageOf(clubs, at.Limit, clubCursor)
		return withSchedules(ctx, q, page.Items)
	})
	return page, err
}

// UpdateClub reads the club as viewer sees it, lets edit decide and stores what it
// returns, all in one transaction. An error of edit leaves the club as it was. Seats that
// come free are given to whoever waits, and untouched conferences of the schedule take
// over title and book.
func (s *Store) UpdateClub(ctx context.Context, id, viewer int64, now time.Time, edit func(clubapi.Club) (clubapi.Club, error)) (c clubapi.Club, err error) {
	err = s.write(ctx, "update club", func(q *db.Queries) error {
		old, err := clubByID(ctx, q, id, viewer)
		if err != nil {
			return err
		}
		if c, err = edit(old); err != nil {
			return err
		}
		if c.BookID != old.BookID {
			if err := knownBook(ctx, q, c.BookID); err != nil {
				return err
			}
		}
		if err := updateClub(ctx, q, c); err != nil {
			return err
		}
		if old.JoinRule == clubapi.JoinAsk && c.JoinRule == clubapi.JoinFree {
			if err := q.AcceptAllAsked(ctx, id); err != nil {
				return err
			}
		}
		if err := promote(ctx, q, c, now); err != nil {
			return err
		}
		if err := record(ctx, q, clubapi.Deed{ClubID: id, Actor: clubapi.Person{ID: viewer}, Action: clubapi.ActionClubChanged, Subject: c.Title, At: now}); err != nil {
			return err
		}
		if c, err = clubByID(ctx, q, id, viewer); err != nil {
			return err
		}
		if err := indexClub(ctx, q, c); err != nil || c.Schedule == nil {
			return err
		}
		return refill(ctx, q, c, *c.Schedule, now)
	})
	return c, err
}

// CloseClub closes the club if allow, seeing it as viewer does, has no objection: it is
// gone for everybody, its schedule and waiting list are no more.
func (s *Store) CloseClub(ctx context.Context, id, viewer int64, now time.Time, allow func(clubapi.Club) error) error {
	return s.write(ctx, "close club", func(q *db.Queries) error {
		c, err := clubByID(ctx, q, id, viewer)
		if err != nil {
			return err
		}
		if err := allow(c); err != nil {
			return err
		}
		c.ClosedAt = now
		if err := updateClub(ctx, q, c); err != nil {
			return err
		}
		if err := indexClub(ctx, q, c); err != nil {
			return err
		}
		if err := q.DeleteAllWaiting(ctx, id); err != nil {
			return err
		}
		if err := q.DeleteSchedule(ctx, id); err != nil {
			return err
		}
		return record(ctx, q, clubapi.Deed{ClubID: id, Actor: clubapi.Person{ID: viewer}, Action: clubapi.ActionClubClosed, Subject: c.Title, At: now})
	})
}

// HandOverClub makes the member heir the owner of the club in viewer's place, and of the
// conferences that its schedule has made and that have not begun. Refusals:
// clubapi.ErrNotFound, ErrForbidden, an InvalidError for an heir who is no member.
func (s *Store) HandOverClub(ctx context.Context, id, viewer, heir int64, now time.Time) (c clubapi.Club, err error) {
	err = s.write(ctx, "hand over club", func(q *db.Queries) error {
		if c, err = ownClub(ctx, q, id, viewer); err != nil {
			return err
		}
		member, err := q.IsMember(ctx, db.IsMemberParams{ClubID: id, UserID: heir})
		if err != nil {
			return err
		}
		if !member {
			return clubapi.Invalid("user_id", clubapi.CodeNotAMember)
		}
		if heir == viewer {
			return nil
		}
		c.OwnerID = heir
		if err := updateClub(ctx, q, c); err != nil {
			return err
		}
		err = record(ctx, q, clubapi.Deed{
			ClubID: id, Actor: clubapi.Person{ID: viewer}, Action: clubapi.ActionClubHandedOver, User: &clubapi.Person{ID: heir},
			Subject: c.Title, At: now,
		})
		if err != nil {
			return err
		}
		if c, err = clubByID(ctx, q, id, viewer); err != nil || c.Schedule == nil {
			return err
		}
		return refill(ctx, q, c, *c.Schedule, now)
	})
	return c, err
}

func updateClub(ctx context.Context, q *db.Queries, c clubapi.Club) error {
	return q.UpdateClub(ctx, db.UpdateClubParams{
		Title: c.Title, Summary: c.Summary, Detail: c.Detail, Category: string(c.Category), Thumbnail: c.Thumbnail,
		MaxUser: int64(c.MaxUser), JoinRule: string(c.JoinRule), BookID: optional(c.BookID), TimeZone: c.TimeZone,
		OwnerID: c.OwnerID, ClosedAt: optionalMillis(c.ClosedAt), ID: c.ID,
	})
}

// ownClub is clubByID for its owner alone: anybody else gets clubapi.ErrForbidden.
func ownClub(ctx context.Context, q *db.Queries, id, viewer int64) (clubapi.Club, error) {
	c, err := clubByID(ctx, q, id, viewer)
	if err == nil && c.Role != clubapi.RoleOwner {
		err = clubapi.ErrForbidden
	}
	return c, err
}

func clubByID(ctx context.Context, q *db.Queries, id, viewer int64) (clubapi.Club, error) {
	r, err := q.ClubByID(ctx, db.ClubByIDParams{ID: id, Viewer: viewer})
	if err != nil {
		return clubapi.Club{}, err
	}
	clubs := []clubapi.Club{club(r, viewer)}
	err = withSchedules(ctx, q, clubs)
	return clubs[0], err
}

func club(r db.ClubByIDRow, viewer int64) clubapi.Club {
	c := r.Club
	return clubapi.Club{
		ID: c.ID, OwnerID: c.OwnerID, Title: c.Title, Summary: c.Summary, Detail: c.Detail,
		Category: clubapi.Category(c.Category), Thumbnail: c.Thumbnail, MaxUser: int(c.MaxUser),
		JoinRule: clubapi.JoinRule(c.JoinRule), BookID: c.BookID.Int64, TimeZone: c.TimeZone, CreatedAt: moment(c.CreatedAt),
		Owner: person(c.OwnerID, r.OwnerNickname, r.OwnerImg), Book: bookName(c.BookID, r.BookTitle, r.BookAuthor, r.BookImg),
		MemberCount: int(r.MemberCount), WaitingCount: int(r.WaitingCount), Role: role(viewer, c.OwnerID, r.IsMember),
		Version: c.Version,
	}
}

func bookName(id sql.NullInt64, title, author, img sql.NullString) *clubapi.BookName {
	if !id.Valid {
		return nil
	}
	return &clubapi.BookName{ID: id.Int64, Title: title.String, Author: author.String, BookImg: img.String}
}

// knownBook refuses a book that is not there in an InvalidError; 0 is none.
func knownBook(ctx context.Context, q *db.Queries, id int64) error {
	if id == 0 {
		return nil
	}
	_, err := q.BookNameByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return clubapi.Invalid("book_id", clubapi.CodeUnknown)
	}
	return err
}

func clubCursor(c clubapi.Club) clubapi.Cursor { return clubapi.Cursor{ID: c.ID} }

func person(id int64, nickname, img string) clubapi.Person {
	return clubapi.Person{ID: id, Nickname: nickname, UserImg: img}
}
