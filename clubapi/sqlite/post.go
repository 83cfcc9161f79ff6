package sqlite

import (
	"context"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// CreatePost stores the post and returns it with its id.
func (s *Store) CreatePost(ctx context.Context, p clubapi.Post) (clubapi.Post, error) {
	err := s.write(ctx, "create post", func(q *db.Queries) error {
		id, err := q.InsertPost(ctx, db.InsertPostParams{
			AuthorID: p.Author.ID, Title: p.Title, Content: p.Content, CreatedAt: millis(p.CreatedAt), UpdatedAt: millis(p.UpdatedAt),
		})
		if err != nil {
			return err
		}
		p.ID = id
		return indexPost(ctx, q, p)
	})
	return p, err
}

// Post returns one post, or clubapi.ErrNotFound.
func (s *Store) Post(ctx context.Context, id int64) (p clubapi.Post, err error) {
	err = s.read(ctx, "read post", func(q *db.Queries) error {
		r, err := q.PostByID(ctx, id)
		p = post(r)
		return err
	})
	return p, err
}

// Posts lists the board, the newest first, or what holds the words, when there are any,
// the best match first.
func (s *Store) Posts(ctx context.Context, words string, at clubapi.Span) (page clubapi.Page[clubapi.Post], err error) {
	err = s.read(ctx, "list posts", func(q *db.Queries) error {
		if words != "" {
			page, err = findPosts(ctx, q, words, at)
			return err
		}
		rows, err := q.PostsBefore(ctx, db.PostsBeforeParams{Before: before(at).ID, Most: oneMore(at)})
		posts := make([]clubapi.Post, len(rows))
		for i, r := range rows {
			posts[i] = post(db.PostByIDRow(r))
		}
		page = clubapi.PageOf(posts, at.Limit, func(p clubapi.Post) clubapi.Cursor { return clubapi.Cursor{ID: p.ID} })
		return err
	})
	return page, err
}

// UpdatePost reads the post, lets edit decide and stores what it returns, all in one
// transaction.
func (s *Store) UpdatePost(ctx context.Context, id int64, edit func(clubapi.Post) (clubapi.Post, error)) (p clubapi.Post, err error) {
	err = s.write(ctx, "update post", func(q *db.Queries) error {
		r, err := q.PostByID(ctx, id)
		if err != nil {
			return err
		}
		if p, err = edit(post(r)); err != nil {
			return err
		}
		p.Version++
		err = q.UpdatePost(ctx, db.UpdatePostParams{Title: p.Title, Content: p.Content, UpdatedAt: millis(p.UpdatedAt), ID: id})
		if err != nil {
			return err
		}
		return indexPost(ctx, q, p)
	})
	return p, err
}

// DeletePost deletes the post if allow has no objection, or returns clubapi.ErrNotFound.
func (s *Store) DeletePost(ctx context.Context, id int64, allow func(clubapi.Post) error) error {
	return s.write(ctx, "delete post", func(q *db.Queries) error {
		r, err := q.PostByID(ctx, id)
		if err != nil {
			return err
		}
		if err := allow(post(r)); err != nil {
			return err
		}
		if err := q.DropWords(ctx, db.PostWords, id); err != nil {
			return err
		}
		return q.DeletePost(ctx, id)
	})
}

func post(r db.PostByIDRow) clubapi.Post {
	return clubapi.Post{
		ID: r.Post.ID, Author: person(r.Post.AuthorID, r.Nickname, r.UserImg), Title: r.Post.Title, Content: r.Post.Content,
		CreatedAt: moment(r.Post.CreatedAt), UpdatedAt: moment(r.Post.UpdatedAt), Version: r.Post.Version,
	}
}
