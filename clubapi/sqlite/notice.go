package sqlite

import (
	"context"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// CreateNotice stores the notice for the club's owner and returns it with its id.
// Refusals: clubapi.ErrNotFound, ErrForbidden.
func (s *Store) CreateNotice(ctx context.Context, n clubapi.Notice, author int64) (clubapi.Notice, error) {
	err := s.write(ctx, "create notice", func(q *db.Queries) error {
		c, err := ownClub(ctx, q, n.ClubID, author)
		if err != nil {
			return err
		}
		n.Role = c.Role
		n.ID, err = q.InsertNotice(ctx, db.InsertNoticeParams{
			ClubID: n.ClubID, NoticeContent: n.Content, CreatedAt: millis(n.CreatedAt), UpdatedAt: millis(n.UpdatedAt),
		})
		if err != nil {
			return err
		}
		return noticeDeed(ctx, q, n, author, clubapi.ActionNoticeCreated, n.CreatedAt)
	})
	return n, err
}

// Notices lists the notices of a club, the newest first, for its members. Refusals:
// clubapi.ErrNotFound, ErrNotMember.
func (s *Store) Notices(ctx context.Context, club, viewer int64, at clubapi.Span) (page clubapi.Page[clubapi.Notice], err error) {
	err = s.read(ctx, "list notices", func(q *db.Queries) error {
		c, err := clubByID(ctx, q, club, viewer)
		if err != nil {
			return err
		}
		if !c.Role.Member() {
			return clubapi.ErrNotMember
		}
		rows, err := q.NoticesBefore(ctx, db.NoticesBeforeParams{ClubID: club, Before: before(at).ID, Most: oneMore(at)})
		notices := make([]clubapi.Notice, len(rows))
		for i, r := range rows {
			notices[i] = notice(r, c.Role)
		}
		page = clubapi.PageOf(notices, at.Limit, func(n clubapi.Notice) clubapi.Cursor { return clubapi.Cursor{ID: n.ID} })
		return err
	})
	return page, err
}

// Notice returns one notice for a member of its club. Refusals: clubapi.ErrNotFound,
// ErrNotMember.
func (s *Store) Notice(ctx context.Context, id, viewer int64) (n clubapi.Notice, err error) {
	err = s.read(ctx, "read notice", func(q *db.Queries) error {
		if n, err = noticeByID(ctx, q, id, viewer); err == nil && !n.Role.Member() {
			err = clubapi.ErrNotMember
		}
		return err
	})
	return n, err
}

// UpdateNotice reads the notice as viewer sees it, lets edit decide and stores what it
// returns, all in one transaction.
func (s *Store) UpdateNotice(ctx context.Context, id, viewer int64, edit func(clubapi.Notice) (clubapi.Notice, error)) (n clubapi.Notice, err error) {
	err = s.write(ctx, "update notice", func(q *db.Queries) error {
		if n, err = noticeByID(ctx, q, id, viewer); err != nil {
			return err
		}
		if n, err = edit(n); err != nil {
			return err
		}
		err = q.UpdateNotice(ctx, db.UpdateNoticeParams{NoticeContent: n.Content, UpdatedAt: millis(n.UpdatedAt), ID: id})
		if err != nil {
			return err
		}
		n.Version++
		return noticeDeed(ctx, q, n, viewer, clubapi.ActionNoticeChanged, n.UpdatedAt)
	})
	return n, err
}

// DeleteNotice takes the notice down, for the club's owner. Refusals: clubapi.ErrNotFound,
// ErrForbidden.
func (s *Store) DeleteNotice(ctx context.Context, id, viewer int64, now time.Time) error {
	return s.write(ctx, "delete notice", func(q *db.Queries) error {
		n, err := noticeByID(ctx, q, id, viewer)
		if err != nil {
			return err
		}
		if n.Role != clubapi.RoleOwner {
			return clubapi.ErrForbidden
		}
		if err := q.DeleteNotice(ctx, id); err != nil {
			return err
		}
		return noticeDeed(ctx, q, n, viewer, clubapi.ActionNoticeDeleted, now)
	})
}

func noticeDeed(ctx context.Context, q *db.Queries, n clubapi.Notice, actor int64, action clubapi.Action, at time.Time) error {
	return record(ctx, q, clubapi.Deed{ClubID: n.ClubID, Actor: clubapi.Person{ID: actor}, Action: action, Subject: n.Content, At: at})
}

func noticeByID(ctx context.Context, q *db.Queries, id, viewer int64) (clubapi.Notice, error) {
	r, err := q.NoticeByID(ctx, db.NoticeByIDParams{ID: id, Viewer: viewer})
	return notice(r.Notice, role(viewer, r.ClubOwnerID, r.IsMember)), err
}

func notice(r db.Notice, viewer clubapi.Role) clubapi.Notice {
	return clubapi.Notice{
		ID: r.ID, ClubID: r.ClubID, Content: r.NoticeContent, CreatedAt: moment(r.CreatedAt), UpdatedAt: moment(r.UpdatedAt),
		Role: viewer, Version: r.Version,
	}
}
