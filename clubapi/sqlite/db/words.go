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

// Indexes are all of them.
func Indexes() []Index { return []Index{ClubWords, BookWords, PostWords, NoteWords} }

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

// MergeWords puts parts of the index together, writing at most so many pages and a few, and
// tells whether any could be put together. Each change of an index begins as a part of its
// own, and SQLite leaves up to fifteen of a size, all of which a search looks into; this
// leaves one of a size, sizes being some powers of two.
func (q *Queries) MergeWords(ctx context.Context, i Index, pages int) (merged bool, err error) {
	var pairs bool
	err = q.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+string(i)+"_config WHERE k = 'usermerge')").Scan(&pairs)
	if err == nil && !pairs { // else it takes four of a size to be put together
		_, err = q.db.ExecContext(ctx, "INSERT INTO "+string(i)+" ("+string(i)+", rank) VALUES ('usermerge', 2)")
	}
	if err != nil {
		return false, err
	}
	var before, after int64
	err = q.db.QueryRowContext(ctx, "SELECT total_changes()").Scan(&before)
	if err != nil {
		return false, err
	}
	if _, err = q.db.ExecContext(ctx, "INSERT INTO "+string(i)+" ("+string(i)+", rank) VALUES ('merge', ?)", pages); err != nil {
		return false, err
	}
	err = q.db.QueryRowContext(ctx, "SELECT total_changes()").Scan(&after)
	return after-before > 1, err // the command itself counts as one
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
