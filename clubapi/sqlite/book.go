package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// CreateBook stores the book and returns it with its id, or a clubapi.BookExistsError.
func (s *Store) CreateBook(ctx context.Context, b clubapi.Book) (clubapi.Book, error) {
	err := s.write(ctx, "create book", func(q *db.Queries) error {
		if err := onlyBook(ctx, q, b); err != nil {
			return err
		}
		id, err := q.InsertBook(ctx, db.InsertBookParams{
			AddedBy: b.AddedBy, Title: b.Title, Author: b.Author, BookImg: b.BookImg, PubDate: string(b.PubDate),
			Category: string(b.Category), Pages: int64(b.Pages), CreatedAt: millis(b.CreatedAt),
		})
		if err != nil {
			return err
		}
		b.ID = id
		return indexBook(ctx, q, b)
	})
	return b, err
}

// Book returns one book, or clubapi.ErrNotFound.
func (s *Store) Book(ctx context.Context, id int64) (b clubapi.Book, err error) {
	err = s.read(ctx, "read book", func(q *db.Queries) error {
		r, err := q.BookByID(ctx, id)
		b = book(r)
		return err
	})
	return b, err
}

// Books lists the books of a category (all of them when it is empty), the newest first, or
// those that hold the words, when there are any, the best match first.
func (s *Store) Books(ctx context.Context, words string, category clubapi.Category, at clubapi.Span) (page clubapi.Page[clubapi.Book], err error) {
	err = s.read(ctx, "list books", func(q *db.Queries) error {
		if words != "" {
			page, err = findBooks(ctx, q, words, category, at)
			return err
		}
		rows, err := q.BooksBefore(ctx, db.BooksBeforeParams{Before: before(at).ID, Category: string(category), Most: oneMore(at)})
		books := make([]clubapi.Book, len(rows))
		for i, r := range rows {
			books[i] = book(r)
		}
		page = clubapi.PageOf(books, at.Limit, func(b clubapi.Book) clubapi.Cursor { return clubapi.Cursor{ID: b.ID} })
		return err
	})
	return page, err
}

// UpdateBook reads the book, lets edit decide and stores what it returns, all in one
// transaction; refused with a clubapi.BookExistsError when it became the same as another.
func (s *Store) UpdateBook(ctx context.Context, id int64, edit func(clubapi.Book) (clubapi.Book, error)) (b clubapi.Book, err error) {
	err = s.write(ctx, "update book", func(q *db.Queries) error {
		r, err := q.BookByID(ctx, id)
		if err != nil {
			return err
		}
		if b, err = edit(book(r)); err != nil {
			return err
		}
		if err := onlyBook(ctx, q, b); err != nil {
			return err
		}
		b.Version++
		err = q.UpdateBook(ctx, db.UpdateBookParams{
			Title: b.Title, Author: b.Author, BookImg: b.BookImg, PubDate: string(b.PubDate), Category: string(b.Category),
			Pages: int64(b.Pages), ID: id,
		})
		if err != nil || b.Title == r.Title && b.Author == r.Author {
			return err
		}
		return indexBook(ctx, q, b)
	})
	return b, err
}

// onlyBook refuses b when another book has its title, author and date.
func onlyBook(ctx context.Context, q *db.Queries, b clubapi.Book) error {
	id, err := q.BookNamed(ctx, db.BookNamedParams{Title: b.Title, Author: b.Author, PubDate: string(b.PubDate)})
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && id == b.ID:
		return nil
	case err != nil:
		return err
	}
	return &clubapi.BookExistsError{ID: id}
}

func book(r db.Book) clubapi.Book {
	return clubapi.Book{
		ID: r.ID, AddedBy: r.AddedBy, Title: r.Title, Author: r.Author, BookImg: r.BookImg, PubDate: clubapi.Day(r.PubDate),
		Category: clubapi.Category(r.Category), Pages: int(r.Pages), CreatedAt: moment(r.CreatedAt),
		RatingSum: int(r.RatingSum), RatingCount: int(r.RatingCount), ReviewCount: int(r.ReviewCount), Version: r.Version,
	}
}
