package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// JoinClub takes a seat for user, or puts them at the end of the waiting list: for the
// owner's word where the club asks, for a seat where none is free. Of many people after
// the last seat exactly one gets it. Refusals: clubapi.ErrNotFound, ErrAlreadyMember,
// ErrAlreadyWaiting.
func (s *Store) JoinClub(ctx context.Context, id, user int64, now time.Time) (m clubapi.Membership, err error) {
	err = s.write(ctx, "join club", func(q *db.Queries) error {
		c, err := clubByID(ctx, q, id, user)
		if err != nil {
			return err
		}
		if m, err = membership(ctx, q, c, user); err != nil {
			return err
		}
		switch {
		case m.Role.Member():
			return clubapi.ErrAlreadyMember
		case m.Waiting != nil:
			return clubapi.ErrAlreadyWaiting
		case c.JoinRule == clubapi.JoinAsk:
			err = wait(ctx, q, id, user, clubapi.WaitingAsked, now)
		case c.MemberCount >= c.MaxUser:
			err = wait(ctx, q, id, user, clubapi.WaitingSeat, now)
		default:
			err = q.InsertMember(ctx, db.InsertMemberParams{ClubID: id, UserID: user, JoinedAt: millis(now)})
		}
		if err != nil {
			return err
		}
		m, err = membership(ctx, q, c, user)
		return err
	})
	return m, err
}

func wait(ctx context.Context, q *db.Queries, club, user int64, state clubapi.WaitingState, now time.Time) error {
	return q.InsertWaiting(ctx, db.InsertWaitingParams{ClubID: club, UserID: user, State: string(state), Since: millis(now)})
}

// Membership returns what user is in a club, or clubapi.ErrNotFound.
func (s *Store) Membership(ctx context.Context, id, user int64) (m clubapi.Membership, err error) {
	err = s.read(ctx, "read membership", func(q *db.Queries) error {
		c, err := clubByID(ctx, q, id, user)
		if err != nil {
			return err
		}
		m, err = membership(ctx, q, c, user)
		return err
	})
	return m, err
}

// membership reads what user, who need not be there, is in the club.
func membership(ctx context.Context, q *db.Queries, c clubapi.Club, user int64) (clubapi.Membership, error) {
	m, err := q.MemberByID(ctx, db.MemberByIDParams{ClubID: c.ID, UserID: user})
	if err == nil {
		return clubapi.Membership{User: person(m.ID, m.Nickname, m.UserImg), Role: role(user, c.OwnerID, true), JoinedAt: moment(m.JoinedAt)}, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return clubapi.Membership{}, err
	}
	none := clubapi.Membership{User: clubapi.Person{ID: user}, Role: clubapi.RoleNone}
	w, err := q.WaitingByID(ctx, db.WaitingByIDParams{ClubID: c.ID, UserID: user})
	if errors.Is(err, sql.ErrNoRows) {
		return none, nil
	}
	seen := waiting(db.WaitingAfterRow(w))
	none.User, none.Waiting = seen.User, &seen
	return none, err
}

// LeaveClub gives the seat of user back, which goes to whoever waits first, and ends their
// calendar of the club, or takes them off the waiting list. Refusals: clubapi.ErrNotFound, ErrNotMember, ErrOwnerCannotLeave.
func (s *Store) LeaveClub(ctx context.Context, id, user int64, now time.Time) error {
	return s.write(ctx, "leave club", func(q *db.Queries) error {
		c, err := clubByID(ctx, q, id, user)
		if err != nil {
			return err
		}
		return leave(ctx, q, c, user, now)
	})
}

func leave(ctx context.Context, q *db.Queries, c clubapi.Club, user int64, now time.Time) error {
	if user == c.OwnerID {
		return clubapi.ErrOwnerCannotLeave
	}
	n, err := q.DeleteWaiting(ctx, db.DeleteWaitingParams{ClubID: c.ID, UserID: user})
	if err != nil || n > 0 {
		return err
	}
	member, err := q.IsMember(ctx, db.IsMemberParams{ClubID: c.ID, UserID: user})
	if err != nil {
		return err
	}
	if !member {
		return clubapi.ErrNotMember
	}
	if err := q.DeleteMember(ctx, db.DeleteMemberParams{ClubID: c.ID, UserID: user}); err != nil {
		return err
	}
	if err := q.DeleteFeed(ctx, db.DeleteFeedParams{UserID: user, ClubID: c.ID}); err != nil {
		return err
	}
	c.MemberCount--
	return promote(ctx, q, c, now)
}

// promote gives the free seats of the club (MemberCount of MaxUser are taken) to those
// who wait for a seat, in order.
func promote(ctx context.Context, q *db.Queries, c clubapi.Club, now time.Time) error {
	free := c.MaxUser - c.MemberCount
	if free <= 0 {
		return nil
	}
	first, err := q.FirstForASeat(ctx, db.FirstForASeatParams{ClubID: c.ID, Most: int64(free)})
	if err != nil {
		return err
	}
	for _, user := range first {
		if err := seat(ctx, q, c.ID, user, now); err != nil {
			return err
		}
	}
	return nil
}

// seat takes somebody from the waiting list into the club.
func seat(ctx context.Context, q *db.Queries, club, user int64, now time.Time) error {
	if _, err := q.DeleteWaiting(ctx, db.DeleteWaitingParams{ClubID: club, UserID: user}); err != nil {
		return err
	}
	return q.InsertMember(ctx, db.InsertMemberParams{ClubID: club, UserID: user, JoinedAt: millis(now)})
}

// RemoveMember takes a seat away, for the club's owner. Refusals: clubapi.ErrNotFound (also
// for whoever is not a member), ErrForbidden, ErrOwnerCannotLeave.
func (s *Store) RemoveMember(ctx context.Context, id, viewer, user int64, now time.Time) error {
	return s.write(ctx, "remove member", func(q *db.Queries) error {
		c, err := ownClub(ctx, q, id, viewer)
		if err != nil {
			return err
		}
		m, err := membership(ctx, q, c, user)
		if err != nil {
			return err
		}
		if !m.Role.Member() {
			return clubapi.ErrNotFound
		}
		if err := leave(ctx, q, c, user, now); err != nil {
			return err
		}
		return record(ctx, q, clubapi.Deed{
			ClubID: id, Actor: clubapi.Person{ID: viewer}, Action: clubapi.ActionMemberRemoved, User: &clubapi.Person{ID: user}, At: now,
		})
	})
}

// AcceptWaiting lets somebody in who has asked, for the club's owner: at once where a seat
// is free, else they keep their place in the line for one. Whoever is in already stays.
// Refusals: clubapi.ErrNotFound (also for whoever has not asked), ErrForbidden.
func (s *Store) AcceptWaiting(ctx context.Context, id, viewer, user int64, now time.Time) (m clubapi.Membership, err error) {
	err = s.write(ctx, "accept member", func(q *db.Queries) error {
		c, err := ownClub(ctx, q, id, viewer)
		if err != nil {
			return err
		}
		if m, err = membership(ctx, q, c, user); err != nil {
			return err
		}
		switch {
		case m.Role.Member():
			return nil
		case m.Waiting == nil:
			return clubapi.ErrNotFound
		case m.Waiting.State == clubapi.WaitingSeat:
			return nil
		}
		err = q.SetWaitingState(ctx, db.SetWaitingStateParams{State: string(clubapi.WaitingSeat), ClubID: id, UserID: user})
		if err != nil {
			return err
		}
		if err := promote(ctx, q, c, now); err != nil {
			return err
		}
		err = record(ctx, q, clubapi.Deed{
			ClubID: id, Actor: clubapi.Person{ID: viewer}, Action: clubapi.ActionMemberAccepted, User: &clubapi.Person{ID: user}, At: now,
		})
		if err != nil {
			return err
		}
		m, err = membership(ctx, q, c, user)
		return err
	})
	return m, err
}

// DeclineWaiting strikes somebody off the waiting list, for the club's owner. Refusals:
// clubapi.ErrNotFound (also for whoever does not wait), ErrForbidden.
func (s *Store) DeclineWaiting(ctx context.Context, id, viewer, user int64, now time.Time) error {
	return s.write(ctx, "decline member", func(q *db.Queries) error {
		if _, err := ownClub(ctx, q, id, viewer); err != nil {
			return err
		}
		n, err := q.DeleteWaiting(ctx, db.DeleteWaitingParams{ClubID: id, UserID: user})
		if err != nil {
			return err
		}
		if n == 0 {
			return clubapi.ErrNotFound
		}
		return record(ctx, q, clubapi.Deed{
			ClubID: id, Actor: clubapi.Person{ID: viewer}, Action: clubapi.ActionMemberDeclined, User: &clubapi.Person{ID: user}, At: now,
		})
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

// Waiting lists who waits, in order, for the club's owner. Refusals: clubapi.ErrNotFound,
// ErrForbidden.
func (s *Store) Waiting(ctx context.Context, id, viewer int64, at clubapi.Span) (page clubapi.Page[clubapi.Waiting], err error) {
	err = s.read(ctx, "list waiting", func(q *db.Queries) error {
		if _, err := ownClub(ctx, q, id, viewer); err != nil {
			return err
		}
		rows, err := q.WaitingAfter(ctx, db.WaitingAfterParams{ClubID: id, After: after(at).ID, Most: oneMore(at)})
		people := make([]clubapi.Waiting, len(rows))
		for i, r := range rows {
			people[i] = waiting(r)
		}
		page = clubapi.PageOf(people, at.Limit, func(w clubapi.Waiting) clubapi.Cursor { return clubapi.Cursor{ID: w.ID} })
		return err
	})
	return page, err
}

func waiting(r db.WaitingAfterRow) clubapi.Waiting {
	return clubapi.Waiting{
		ID: r.Waiting.ID, User: person(r.Waiting.UserID, r.Nickname, r.UserImg), State: clubapi.WaitingState(r.Waiting.State),
		Position: int(r.Place), Since: moment(r.Waiting.Since),
	}
}
