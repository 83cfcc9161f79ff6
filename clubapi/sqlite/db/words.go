package db

import (
	"context"
	"fmt"
)

// Index is a full-text index: a table of FTS5, whose language sqlc does not read. The
// queries here are written by hand.
type Index string

// Indexes of what has a title, and that of the notes.
const (
	ClubWords Index = "club_words"
	BookWords Index = "book_words"
	PostWords Index = "post_words"
	NoteWords Index = "note_words"
)

// columns are the two columns of the index.
func (i Index) columns() string {
	if i == NoteWords {
		return "scope, words"
	}
	return "head, body"
}

// PutWords sets the words that id is found by.
func (q *Queries) PutWords(ctx context.Context, i Index, id int64, first, second string) error {
	_, err := q.db.ExecContext(ctx, "INSERT OR REPLACE INTO "+string(i)+" (rowid, "+i.columns()+") VALUES (?, ?, ?)", id, first, second)
	return err
}

// DropWords lets id not be found any more.
func (q *Queries) DropWords(ctx context.Context, i Index, id int64) error {
	_, err := q.db.ExecContext(ctx, "DELETE FROM "+string(i)+" WHERE rowid = ?", id)
	return err
}

// ClearWords empties the index.
func (q *Queries) ClearWords(ctx context.Context, i Index) error {
	_, err := q.db.ExecContext(ctx, "INSERT INTO "+string(i)+" ("+string(i)+") VALUES ('delete-all')")
	return err
}

// FindWords returns at most so many ids below before that match, the greatest first.
func (q *Queries) FindWords(ctx context.Context, i Index, match string, before, most int64) ([]int64, error) {
	return q.ids(ctx, "SELECT rowid FROM "+string(i)+" WHERE "+string(i)+" MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?", match, before, most)
}

const findClubs = `SELECT club_words.rowid FROM club_words JOIN clubs c ON c.id = club_words.rowid
WHERE club_words MATCH ?1 AND club_words.rowid < ?2 AND c.closed_at IS NULL
  AND (?3 = '' OR c.category = ?3)
  AND (?4 = 0 OR c.book_id = ?4)
  AND (?5 = 0 OR EXISTS (SELECT 1 FROM schedules s WHERE s.club_id = c.id AND s.weekdays & ?5 <> 0))
  AND (?6 = 0 OR c.max_user > (SELECT count(*) FROM members n WHERE n.club_id = c.id))
ORDER BY club_words.rowid DESC LIMIT ?7`

// FindClubs is FindWords for clubs that the other parameters let through as well.
func (q *Queries) FindClubs(ctx context.Context, match string, arg ClubsBeforeParams) ([]int64, error) {
	return q.ids(ctx, findClubs, match, arg.Before, arg.Category, arg.BookID, arg.Weekdays, arg.FreeSeats, arg.Most)
}

const findBooks = `SELECT book_words.rowid FROM book_words JOIN books b ON b.id = book_words.rowid
WHERE book_words MATCH ?1 AND book_words.rowid < ?2 AND (?3 = '' OR b.category = ?3)
ORDER BY book_words.rowid DESC LIMIT ?4`

// FindBooks is FindWords for books of a category; empty for all.
func (q *Queries) FindBooks(ctx context.Context, match string, arg BooksBeforeParams) ([]int64, error) {
	return q.ids(ctx, findBooks, match, arg.Before, arg.Category, arg.Most)
}

// WordsVersion is the version of what cut the words of the indexes, 0 for none.
func (q *Queries) WordsVersion(ctx context.Context) (version int, err error) {
	err = q.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}

// SetWordsVersion sets it.
func (q *Queries) SetWordsVersion(ctx context.Context, version int) error {
	_, err := q.db.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version))
	return err
}

func (q *Queries) ids(ctx context.Context, query string, args ...any) (ids []int64, err error) {
	rows, err := q.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // read to its end, or given up
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
