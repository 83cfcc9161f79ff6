package sqlite

import (
	"context"
	"database/sql"
	"math"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// CreateClub stores the club, seats its owner and returns it with its id.
func (s *Store) CreateClub(ctx context.Context, c clubapi.Club) (clubapi.Club, error) {
	err := s.write(ctx, "create club", func(q *db.Queries) (err error) {
		c.ID, err = q.InsertClub(ctx, db.InsertClubParams{
			OwnerID: c.OwnerID, Title: c.Title, Summary: c.Summary, Detail: c.Detail, Category: string(c.Category),
			Thumbnail: c.Thumbnail, MaxUser: int64(c.MaxUser), JoinRule: string(c.JoinRule), BookID: optional(c.BookID),
			TimeZone: c.TimeZone, CreatedAt: millis(c.CreatedAt),
		})
		if err != nil {
			return err
		}
		err = q.InsertMember(ctx, db.InsertMemberParams{ClubID: c.ID, UserID: c.OwnerID, JoinedAt: millis(c.CreatedAt)})
		if err != nil {
			return err
		}
		c, err = clubByID(ctx, q, c.ID, c.OwnerID)
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

// Clubs lists all clubs as viewer (0 for nobody) sees them, the newest first.
func (s *Store) Clubs(ctx context.Context, viewer int64, at clubapi.Span) (page clubapi.Page[clubapi.Club], err error) {
	err = s.read(ctx, "list clubs", func(q *db.Queries) error {
		rows, err := q.ClubsBefore(ctx, db.ClubsBeforeParams{Viewer: viewer, Before: before(at).ID, Most: oneMore(at)})
		clubs := make([]clubapi.Club, len(rows))
		for i, r := range rows {
			clubs[i] = club(db.ClubByIDRow(r), viewer)
		}
		page = clubapi.PageOf(clubs, at.Limit, clubCursor)
		return err
	})
	return page, err
}

// ClubsOf lists the clubs user is a member of, the newest club first.
func (s *Store) ClubsOf(ctx context.Context, user int64, at clubapi.Span) (page clubapi.Page[clubapi.Club], err error) {
	err = s.read(ctx, "list clubs of user", func(q *db.Queries) error {
		rows, err := q.ClubsOfUserBefore(ctx, db.ClubsOfUserBeforeParams{Viewer: user, Before: before(at).ID, Most: oneMore(at)})
		clubs := make([]clubapi.Club, len(rows))
		for i, r := range rows {
			clubs[i] = club(db.ClubByIDRow(r), user)
		}
		page = clubapi.PageOf(clubs, at.Limit, clubCursor)
		return err
	})
	return page, err
}

// UpdateClub reads the club as viewer sees it, lets edit decide and stores what it
// returns, all in one transaction. An error of edit leaves the club as it was.
func (s *Store) UpdateClub(ctx context.Context, id, viewer int64, edit func(clubapi.Club) (clubapi.Club, error)) (c clubapi.Club, err error) {
	err = s.write(ctx, "update club", func(q *db.Queries) error {
		if c, err = clubByID(ctx, q, id, viewer); err != nil {
			return err
		}
		if c, err = edit(c); err != nil {
			return err
		}
		return q.UpdateClub(ctx, db.UpdateClubParams{
			Title: c.Title, Summary: c.Summary, Detail: c.Detail, Category: string(c.Category), Thumbnail: c.Thumbnail,
			MaxUser: int64(c.MaxUser), JoinRule: string(c.JoinRule), BookID: optional(c.BookID), TimeZone: c.TimeZone,
			OwnerID: c.OwnerID, ClosedAt: optionalMillis(c.ClosedAt), ID: id,
		})
	})
	return c, err
}

// JoinClub takes a seat for user. Refusals: clubapi.ErrNotFound, ErrAlreadyMember,
// ErrClubFull. Of two people after the last seat exactly one gets it.
func (s *Store) JoinClub(ctx context.Context, id, user int64, now time.Time) (m clubapi.Member, err error) {
	err = s.write(ctx, "join club", func(q *db.Queries) error {
		c, err := clubByID(ctx, q, id, user)
		if err != nil {
			return err
		}
		if c.Role.Member() {
			return clubapi.ErrAlreadyMember
		}
		if c.MemberCount >= c.MaxUser {
			return clubapi.ErrClubFull
		}
		u, err := q.UserByID(ctx, user)
		if err != nil {
			return err
		}
		m = clubapi.Member{User: person(u.ID, u.Nickname, u.UserImg), Role: clubapi.RoleMember, JoinedAt: moment(millis(now))}
		return q.InsertMember(ctx, db.InsertMemberParams{ClubID: id, UserID: user, JoinedAt: millis(now)})
	})
	return m, err
}

// LeaveClub gives the seat of user back. Refusals: clubapi.ErrNotFound, ErrNotMember,
// ErrOwnerCannotLeave.
func (s *Store) LeaveClub(ctx context.Context, id, user int64) error {
	return s.write(ctx, "leave club", func(q *db.Queries) error {
		c, err := clubByID(ctx, q, id, user)
		if err != nil {
			return err
		}
		switch c.Role {
		case clubapi.RoleOwner:
			return clubapi.ErrOwnerCannotLeave
		case clubapi.RoleNone:
			return clubapi.ErrNotMember
		case clubapi.RoleMember:
		}
		return q.DeleteMember(ctx, db.DeleteMemberParams{ClubID: id, UserID: user})
	})
}

// Members lists the members of a club, the earliest first, or returns clubapi.ErrNotFound.
func (s *Store) Members(ctx context.Context, id int64, at clubapi.Span) (page clubapi.Page[clubapi.Member], err error) {
	err = s.read(ctx, "list members", func(q *db.Queries) error {
		if _, err := clubByID(ctx, q, id, 0); err != nil {
			return err
		}
		rows, err := q.MembersAfter(ctx, db.MembersAfterParams{ClubID: id, After: after(at).ID, Most: oneMore(at)})
		cut := clubapi.PageOf(rows, at.Limit, func(r db.MembersAfterRow) clubapi.Cursor { return clubapi.Cursor{ID: r.ID} })
		page.Next = cut.Next
		for _, r := range cut.Items {
			page.Items = append(page.Items, clubapi.Member{
				User: person(r.UserID, r.Nickname, r.UserImg), Role: role(r.UserID, r.OwnerID, true), JoinedAt: moment(r.JoinedAt),
			})
		}
		return err
	})
	return page, err
}

func clubByID(ctx context.Context, q *db.Queries, id, viewer int64) (clubapi.Club, error) {
	r, err := q.ClubByID(ctx, db.ClubByIDParams{ID: id, Viewer: viewer})
	return club(r, viewer), err
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

func clubCursor(c clubapi.Club) clubapi.Cursor { return clubapi.Cursor{ID: c.ID} }

func person(id int64, nickname, img string) clubapi.Person {
	return clubapi.Person{ID: id, Nickname: nickname, UserImg: img}
}

// after is where an ascending list begins, before where a descending one does.
func after(at clubapi.Span) clubapi.Cursor {
	if at.After == nil {
		return clubapi.Cursor{Key: math.MinInt64}
	}
	return *at.After
}

func before(at clubapi.Span) clubapi.Cursor {
	if at.After == nil {
		return clubapi.Cursor{Key: math.MaxInt64, ID: math.MaxInt64}
	}
	return *at.After
}

// oneMore asks for one item beyond the page, to know whether there is another page.
func oneMore(at clubapi.Span) int64 { return int64(at.Limit) + 1 }
