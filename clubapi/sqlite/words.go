package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strconv"

	"salon/clubapi"
	"salon/clubapi/search"
	"salon/clubapi/sqlite/db"
)

// What something is found by is written in the transaction that writes the thing.

func indexClub(ctx context.Context, q *db.Queries, c clubapi.Club) error {
	if !c.ClosedAt.IsZero() {
		return q.DropWords(ctx, db.ClubWords, c.ID)
	}
	body := c.Summary + "\n" + c.Detail
	if c.Book != nil {
		body += "\n" + c.Book.Title + "\n" + c.Book.Author
	}
	return q.PutWords(ctx, db.ClubWords, c.ID, search.Title(c.Title), search.Words(body))
}

// indexBook indexes the book and, when it is not new, the clubs that read it.
func indexBook(ctx context.Context, q *db.Queries, b clubapi.Book) error {
	err := q.PutWords(ctx, db.BookWords, b.ID, search.Title(b.Title)+search.Words(b.Author), "")
	if err != nil || b.Version == 1 {
		return err
	}
	return indexClubs(ctx, q, b.ID)
}

func indexPost(ctx context.Context, q *db.Queries, p clubapi.Post) error {
	return q.PutWords(ctx, db.PostWords, p.ID, search.Title(p.Title), search.Words(p.Content))
}

func indexNote(ctx context.Context, q *db.Queries, n clubapi.Note) error {
	scope := ofConference(n.ConferenceID) + " " + ofSpeaker(n.Speaker.ID)
	if n.ClubID != 0 {
		scope += " " + ofClub(n.ClubID)
	}
	return q.PutWords(ctx, db.NoteWords, n.ID, scope, search.Words(n.Text))
}

// Words of the scope of a note.
func ofClub(id int64) string       { return "c" + strconv.FormatInt(id, 10) }
func ofConference(id int64) string { return "f" + strconv.FormatInt(id, 10) }
func ofSpeaker(id int64) string    { return "s" + strconv.FormatInt(id, 10) }

// indexAll makes the indexes anew when they were made by another version of search, or
// not at all.
func (s *Store) indexAll(ctx context.Context, log *slog.Logger) error {
	return s.write(ctx, "index words", func(q *db.Queries) error {
		version, err := q.WordsVersion(ctx)
		if err != nil || version == search.Version {
			return err
		}
		for _, i := range db.Indexes() {
			if err := q.ClearWords(ctx, i); err != nil {
				return fmt.Errorf("clear %s: %w", i, err)
			}
		}
		for _, index := range []func() error{
			func() error { return indexClubs(ctx, q, 0) },
			func() error { return indexBooks(ctx, q) },
			func() error { return indexPosts(ctx, q) },
			func() error { return indexNotes(ctx, q) },
		} {
			if err := index(); err != nil {
				return err
			}
		}
		log.Info("words indexed", "version", search.Version)
		return q.SetWordsVersion(ctx, search.Version)
	})
}

// mergeAtOnce is how many pages of an index one transaction writes while its parts are put
// together; whoever else writes waits for some ten milliseconds.
const mergeAtOnce = 64

// MergeWords puts the parts together that writing leaves of the indexes, so that a search has
// few to look into. It returns in how many steps; nearly nothing happens when there is
// nothing to do. Call it every minute.
func (s *Store) MergeWords(ctx context.Context) (steps int, err error) {
	for _, i := range db.Indexes() {
		for merged := true; merged; {
			err := s.write(ctx, "merge words", func(q *db.Queries) (err error) {
				merged, err = q.MergeWords(ctx, i, mergeAtOnce)
				return err
			})
			if err != nil {
				return steps, err
			}
			if merged {
				steps++
			}
		}
	}
	return steps, nil
}

// portion is how many rows are read at once while indexing.
const portion = 1000

// inPortions reads portions that begin after an id until one is not full, and indexes
// their rows.
func inPortions[R any](read func(after int64) ([]R, error), index func(R) (id int64, err error)) error {
	for after := int64(0); ; {
		rows, err := read(after)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if after, err = index(r); err != nil {
				return err
			}
		}
		if len(rows) < portion {
			return nil
		}
	}
}

// indexClubs indexes the clubs that read a book; 0 for all.
func indexClubs(ctx context.Context, q *db.Queries, book int64) error {
	return inPortions(func(after int64) ([]db.ClubsToIndexRow, error) {
		return q.ClubsToIndex(ctx, db.ClubsToIndexParams{After: after, BookID: book, Most: portion})
	}, func(r db.ClubsToIndexRow) (int64, error) {
		c := clubapi.Club{ID: r.ID, Title: r.Title, Summary: r.Summary, Detail: r.Detail}
		c.Book = bookName(sql.NullInt64{Valid: r.BookTitle.Valid}, r.BookTitle, r.BookAuthor, sql.NullString{})
		return r.ID, indexClub(ctx, q, c)
	})
}

func indexBooks(ctx context.Context, q *db.Queries) error {
	return inPortions(func(after int64) ([]db.BooksToIndexRow, error) {
		return q.BooksToIndex(ctx, db.BooksToIndexParams{After: after, Most: portion})
	}, func(r db.BooksToIndexRow) (int64, error) {
		return r.ID, indexBook(ctx, q, clubapi.Book{ID: r.ID, Title: r.Title, Author: r.Author, Version: 1})
	})
}

func indexPosts(ctx context.Context, q *db.Queries) error {
	return inPortions(func(after int64) ([]db.PostsToIndexRow, error) {
		return q.PostsToIndex(ctx, db.PostsToIndexParams{After: after, Most: portion})
	}, func(r db.PostsToIndexRow) (int64, error) {
		return r.ID, indexPost(ctx, q, clubapi.Post{ID: r.ID, Title: r.Title, Content: r.Content})
	})
}

func indexNotes(ctx context.Context, q *db.Queries) error {
	return inPortions(func(after int64) ([]db.NotesToIndexRow, error) {
		return q.NotesToIndex(ctx, db.NotesToIndexParams{After: after, Most: portion})
	}, func(r db.NotesToIndexRow) (int64, error) {
		return r.ID, indexNote(ctx, q, clubapi.Note{
			ID: r.ID, ConferenceID: r.ConferenceID, ClubID: r.ClubID.Int64, Speaker: clubapi.Person{ID: r.SpeakerID}, Text: r.Text,
		})
	})
}
