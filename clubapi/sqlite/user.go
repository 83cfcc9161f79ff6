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
		key := clubapi.NicknameKey(u.Nickname)
		switch _, err := q.UserByKey(ctx, key); {
		case err == nil:
			return clubapi.ErrNicknameTaken
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		id, err := q.InsertUser(ctx, db.InsertUserParams{
			Nickname: u.Nickname, NicknameKey: key, PasswordHash: u.PasswordHash, UserImg: u.UserImg, CreatedAt: millis(u.CreatedAt),
		})
		u.ID, u.CreatedAt = id, moment(millis(u.CreatedAt))
		return err
	})
	return u, err
}

// User returns the user of that id, or clubapi.ErrNotFound.
func (s *Store) User(ctx context.Context, id int64) (clubapi.User, error) {
	var row db.User
	err := s.read(ctx, "read user", func(q *db.Queries) (err error) {
		row, err = q.UserByID(ctx, id)
		return err
	})
	return user(row), err
}

// UserByNickname finds a user by any spelling with the same clubapi.NicknameKey, or
// returns clubapi.ErrNotFound.
func (s *Store) UserByNickname(ctx context.Context, nickname string) (clubapi.User, error) {
	var row db.User
	err := s.read(ctx, "find user", func(q *db.Queries) (err error) {
		row, err = q.UserByKey(ctx, clubapi.NicknameKey(nickname))
		return err
	})
	return user(row), err
}

func user(r db.User) clubapi.User {
	return clubapi.User{
		ID: r.ID, Nickname: r.Nickname, UserImg: r.UserImg, PasswordHash: r.PasswordHash, CreatedAt: moment(r.CreatedAt),
	}
}
