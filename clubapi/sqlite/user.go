package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// CreateUser stores a user and returns it with its id, or clubapi.ErrNicknameTaken.
func (s *Store) CreateUser(ctx context.Context, u clubapi.User) (clubapi.User, error) {
	err := s.write(ctx, "create user", func(q *db.Queries) error {
		key, err := freeNickname(ctx, q, u)
		if err != nil {
			return err
		}
		u.ID, err = q.InsertUser(ctx, db.InsertUserParams{
			Nickname: u.Nickname, NicknameKey: key, PasswordHash: u.PasswordHash, UserImg: u.UserImg,
			Admin: flag(u.Admin), CreatedAt: millis(u.CreatedAt),
		})
		u.CreatedAt, u.Version = moment(millis(u.CreatedAt)), 1
		return err
	})
	return u, err
}

// User returns the user of that id, or clubapi.ErrNotFound.
func (s *Store) User(ctx context.Context, id int64) (u clubapi.User, err error) {
	err = s.read(ctx, "read user", func(q *db.Queries) (err error) {
		u, err = userByID(ctx, q, id)
		return err
	})
	return u, err
}

// UserByNickname finds a user by any spelling with the same clubapi.NicknameKey, or
// returns clubapi.ErrNotFound.
func (s *Store) UserByNickname(ctx context.Context, nickname string) (u clubapi.User, err error) {
	err = s.read(ctx, "find user", func(q *db.Queries) error {
		row, err := q.UserByKey(ctx, clubapi.NicknameKey(nickname))
		if err != nil {
			return err
		}
		u = user(row)
		u.Report, err = q.IsReported(ctx, u.ID)
		return err
	})
	return u, err
}

// Users lists all users by id.
func (s *Store) Users(ctx context.Context, at clubapi.Span) (page clubapi.Page[clubapi.User], err error) {
	err = s.read(ctx, "list users", func(q *db.Queries) error {
		rows, err := q.UsersAfter(ctx, db.UsersAfterParams{After: after(at).ID, Most: oneMore(at)})
		users := make([]clubapi.User, len(rows))
		for i, r := range rows {
			users[i] = user(r.User)
			users[i].Report = r.Reported
		}
		page = clubapi.PageOf(users, at.Limit, func(u clubapi.User) clubapi.Cursor { return clubapi.Cursor{ID: u.ID} })
		return err
	})
	return page, err
}

// UpdateUser reads the user, lets edit decide and stores nickname, picture and whether
// they are an administrator, all in one transaction. Refusals: clubapi.ErrNotFound,
// ErrNicknameTaken, those of edit.
func (s *Store) UpdateUser(ctx context.Context, id int64, edit func(clubapi.User) (clubapi.User, error)) (u clubapi.User, err error) {
	err = s.write(ctx, "update user", func(q *db.Queries) error {
		old, err := userByID(ctx, q, id)
		if err != nil {
			return err
		}
		if u, err = edit(old); err != nil {
			return err
		}
		key, err := freeNickname(ctx, q, u)
		if err != nil {
			return err
		}
		u.Version++
		return q.UpdateUser(ctx, db.UpdateUserParams{
			Nickname: u.Nickname, NicknameKey: key, UserImg: u.UserImg, Admin: flag(u.Admin), ID: id,
		})
	})
	return u, err
}

// ReplacePassword stores the hash of another password and ends every session of the
// user, unless the present hash is no longer old: then clubapi.ErrForbidden.
func (s *Store) ReplacePassword(ctx context.Context, id int64, old, hash string) (u clubapi.User, err error) {
	err = s.write(ctx, "replace password", func(q *db.Queries) error {
		n, err := q.ReplacePassword(ctx, db.ReplacePasswordParams{New: hash, ID: id, Old: old})
		if err != nil {
			return err
		}
		if n == 0 {
			return clubapi.ErrForbidden
		}
		u, err = userByID(ctx, q, id)
		return err
	})
	return u, err
}

// SetPassword stores the hash of another password, whatever it was, and ends every
// session of the user, or returns clubapi.ErrNotFound.
func (s *Store) SetPassword(ctx context.Context, id int64, hash string) error {
	return s.write(ctx, "set password", func(q *db.Queries) error {
		if _, err := q.UserByID(ctx, id); err != nil {
			return err
		}
		return q.SetPassword(ctx, db.SetPasswordParams{PasswordHash: hash, ID: id})
	})
}

// Profile returns a user as viewer sees them, or clubapi.ErrNotFound.
func (s *Store) Profile(ctx context.Context, id int64, viewer clubapi.User) (p clubapi.Profile, err error) {
	err = s.read(ctx, "read profile", func(q *db.Queries) error {
		if p.User, err = userByID(ctx, q, id); err != nil {
			return err
		}
		p.User.PasswordHash = ""
		owns, err := q.OwnsClubOf(ctx, db.OwnsClubOfParams{UserID: id, OwnerID: viewer.ID})
		if err != nil {
			return err
		}
		p.MayJudge = owns || viewer.Admin || viewer.ID == id
		books, err := q.BooksRead(ctx, id)
		if err != nil {
			return err
		}
		p.BooksRead = int(books)
		clubs, err := q.ClubNamesOf(ctx, id)
		for _, c := range clubs {
			p.Clubs = append(p.Clubs, clubapi.ClubName{ID: c.ID, Title: c.Title})
		}
		return err
	})
	return p, err
}

// freeNickname returns the key of the user's nickname, or clubapi.ErrNicknameTaken when
// it is somebody else's.
func freeNickname(ctx context.Context, q *db.Queries, u clubapi.User) (string, error) {
	key := clubapi.NicknameKey(u.Nickname)
	switch other, err := q.UserByKey(ctx, key); {
	case errors.Is(err, sql.ErrNoRows):
		return key, nil
	case err != nil:
		return "", err
	case other.ID != u.ID:
		return "", clubapi.ErrNicknameTaken
	}
	return key, nil
}

func userByID(ctx context.Context, q *db.Queries, id int64) (clubapi.User, error) {
	row, err := q.UserByID(ctx, id)
	if err != nil {
		return clubapi.User{}, err
	}
	u := user(row)
	u.Report, err = q.IsReported(ctx, id)
	return u, err
}

func user(r db.User) clubapi.User {
	return clubapi.User{
		ID: r.ID, Nickname: r.Nickname, UserImg: r.UserImg, PasswordHash: r.PasswordHash, Admin: r.Admin != 0,
		CreatedAt: moment(r.CreatedAt), Version: r.Version, Epoch: r.Epoch,
	}
}
