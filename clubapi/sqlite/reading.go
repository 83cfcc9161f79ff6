package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// LogReading stores the reading and returns it with its id. Refusals: an InvalidError for
// the book, clubapi.ErrReadAlready.
func (s *Store) LogReading(ctx context.Context, r clubapi.Reading) (clubapi.Reading, error) {
	err := s.write(ctx, "log reading", func(q *db.Queries) error {
		b, err := q.BookByID(ctx, r.Book.ID)
		if errors.Is(err, sql.ErrNoRows) {
			return clubapi.Invalid("book_id", clubapi.CodeUnknown)
		}
		if err != nil {
			return err
		}
		if err := onlyReading(ctx, q, r); err != nil {
			return err
		}
		r.Book = clubapi.BookName{ID: b.ID, Title: b.Title, Author: b.Author, BookImg: b.BookImg}
		r.Pages = int(b.Pages)
		r.ID, err = q.InsertReading(ctx, db.InsertReadingParams{
			UserID: r.Reader.ID, BookID: r.Book.ID, ReadOn: string(r.ReadOn), Rating: int64(r.Rating), Review: r.Review,
			CreatedAt: millis(r.CreatedAt),
		})
		if err != nil {
			return err
		}
		return q.RateBook(ctx, r.Book.ID)
	})
	return r, err
}

// Reading returns one entry of the log of reader, or clubapi.ErrNotFound.
func (s *Store) Reading(ctx context.Context, id, reader int64) (r clubapi.Reading, err error) {
	err = s.read(ctx, "read reading", func(q *db.Queries) error {
		row, err := q.ReadingByID(ctx, db.ReadingByIDParams{ID: id, UserID: reader})
		r = reading(row)
		return err
	})
	return r, err
}

// ReadingsOf lists what user has read on the days from first to last, the latest day
// first. Refused with clubapi.ErrNotFound when there is no such user.
func (s *Store) ReadingsOf(ctx context.Context, user int64, first, last clubapi.Day, at clubapi.Span) (page clubapi.Page[clubapi.Reading], err error) {
	err = s.read(ctx, "list readings", func(q *db.Queries) error {
		if _, err := q.UserByID(ctx, user); err != nil {
			return err
		}
		args := db.ReadingsBeforeParams{UserID: user, First: string(first), Last: string(last), Most: oneMore(at)}
		if from := at.After; from != nil {
			day := clubapi.DayOf(time.UnixMilli(from.Key).UTC())
			args.BeforeDay, args.BeforeID, args.Last = string(day), from.ID, string(min(last, day))
		} else {
			args.BeforeID = before(at).ID
		}
		rows, err := q.ReadingsBefore(ctx, args)
		readings := make([]clubapi.Reading, len(rows))
		for i, r := range rows {
			readings[i] = reading(db.ReadingByIDRow(r))
		}
		page = clubapi.PageOf(readings, at.Limit, func(r clubapi.Reading) clubapi.Cursor {
			return clubapi.Cursor{Key: r.ReadOn.Time().UnixMilli(), ID: r.ID}
		})
		return err
	})
	return page, err
}

// Reviews lists what readers wrote about a book, the latest first, or returns
// clubapi.ErrNotFound.
func (s *Store) Reviews(ctx context.Context, book int64, at clubapi.Span) (page clubapi.Page[clubapi.Reading], err error) {
	err = s.read(ctx, "list reviews", func(q *db.Queries) error {
		if _, err := q.BookByID(ctx, book); err != nil {
			return err
		}
		rows, err := q.ReviewsBefore(ctx, db.ReviewsBeforeParams{BookID: book, Before: before(at).ID, Most: oneMore(at)})
		readings := make([]clubapi.Reading, len(rows))
		for i, r := range rows {
			readings[i] = reading(db.ReadingByIDRow(r))
		}
		page = clubapi.PageOf(readings, at.Limit, func(r clubapi.Reading) clubapi.Cursor { return clubapi.Cursor{ID: r.ID} })
		return err
	})
	return page, err
}

// UpdateReading reads an entry of the log of reader, lets edit decide and stores what it
// returns, all in one transaction. Refusals: clubapi.ErrNotFound, ErrReadAlready.
func (s *Store) UpdateReading(ctx context.Context, id, reader int64, edit func(clubapi.Reading) (clubapi.Reading, error)) (r clubapi.Reading, err error) {
	err = s.write(ctx, "update reading", func(q *db.Queries) error {
		row, err := q.ReadingByID(ctx, db.ReadingByIDParams{ID: id, UserID: reader})
		if err != nil {
			return err
		}
		if r, err = edit(reading(row)); err != nil {
			return err
		}
		if err := onlyReading(ctx, q, r); err != nil {
			return err
		}
		r.Version++
		err = q.UpdateReading(ctx, db.UpdateReadingParams{ReadOn: string(r.ReadOn), Rating: int64(r.Rating), Review: r.Review, ID: id})
		if err != nil {
			return err
		}
		return q.RateBook(ctx, r.Book.ID)
	})
	return r, err
}

// DeleteReading deletes an entry of the log of reader, or returns clubapi.ErrNotFound.
func (s *Store) DeleteReading(ctx context.Context, id, reader int64) error {
	return s.write(ctx, "delete reading", func(q *db.Queries) error {
		r, err := q.ReadingByID(ctx, db.ReadingByIDParams{ID: id, UserID: reader})
		if err != nil {
			return err
		}
		if err := q.DeleteReading(ctx, id); err != nil {
			return err
		}
		return q.RateBook(ctx, r.UserBook.BookID)
	})
}

// Piles returns what user has read, by month of the year and all other years together.
func (s *Store) Piles(ctx context.Context, user int64, year int) (piles []clubapi.Pile, err error) {
	err = s.read(ctx, "pile up books", func(q *db.Queries) error {
		rows, err := q.PilesOf(ctx, db.PilesOfParams{Year: fmt.Sprintf("%04d", year), UserID: user})
		for _, r := range rows {
			piles = append(piles, clubapi.Pile{Month: int(r.Month), Books: int(r.Books), Pages: int(r.Pages), Unknown: int(r.Unknown)})
		}
		return err
	})
	return piles, err
}

// onlyReading refuses r when its reader has read the book on that day by another entry.
func onlyReading(ctx context.Context, q *db.Queries, r clubapi.Reading) error {
	id, err := q.ReadOn(ctx, db.ReadOnParams{UserID: r.Reader.ID, BookID: r.Book.ID, ReadOn: string(r.ReadOn)})
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && id == r.ID:
		return nil
	case err != nil:
		return err
	}
	return clubapi.ErrReadAlready
}

func reading(r db.ReadingByIDRow) clubapi.Reading {
	b := r.UserBook
	return clubapi.Reading{
		ID: b.ID, Reader: person(b.UserID, r.Nickname, r.UserImg),
		Book: clubapi.BookName{ID: b.BookID, Title: r.Title, Author: r.Author, BookImg: r.BookImg}, Pages: int(r.Pages),
		ReadOn: clubapi.Day(b.ReadOn), Rating: int(b.Rating), Review: b.Review, CreatedAt: moment(b.CreatedAt), Version: b.Version,
	}
}
