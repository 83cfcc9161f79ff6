package sqlite

import (
	"context"
	"math"
	"slices"
	"strings"

	"salon/clubapi"
	"salon/clubapi/search"
	"salon/clubapi/sqlite/db"
)

// What looking for notes may cost somebody who has a seat in many places.
const (
	readable = 100 // clubs, and lightning meetings, whose notes are searched, the newest ones
	few      = 20  // of both that are searched at once without a second thought
	window   = 500 // notes looked at first, the latest that hold the words, by whomever
	glance   = 100 // of them that are asked about at once
)

// find looks for a page of ids tier by tier, within a tier the newest first. look finds
// at most so many ids below before.
func find(words string, at clubapi.Span, look func(match string, before, most int64) ([]int64, error)) (clubapi.Page[clubapi.Cursor], error) {
	tiers := search.Parse(words).Tiers()
	from := clubapi.Cursor{ID: math.MaxInt64}
	if at.After != nil {
		from = *at.After
	}
	var found []clubapi.Cursor
	for tier := max(0, from.Key); tier < int64(len(tiers)) && len(found) <= at.Limit; tier++ {
		ids, err := look(tiers[tier], from.ID, oneMore(at)-int64(len(found)))
		if err != nil {
			return clubapi.Page[clubapi.Cursor]{}, err
		}
		for _, id := range ids {
			found = append(found, clubapi.Cursor{Key: tier, ID: id})
		}
		from.ID = math.MaxInt64
	}
	return clubapi.PageOf(found, at.Limit, func(c clubapi.Cursor) clubapi.Cursor { return c }), nil
}

// load turns a page of ids into one of what they name, which all reads in any order.
func load[R, T any](found clubapi.Page[clubapi.Cursor], all func(ids []int64) ([]R, error), read func(R) (id int64, it T)) (clubapi.Page[T], error) {
	page := clubapi.Page[T]{Next: found.Next}
	if len(found.Items) == 0 {
		return page, nil
	}
	ids := make([]int64, len(found.Items))
	for i, c := range found.Items {
		ids[i] = c.ID
	}
	rows, err := all(ids)
	if err != nil {
		return page, err
	}
	byID := make(map[int64]T, len(rows))
	for _, r := range rows {
		id, it := read(r)
		byID[id] = it
	}
	for _, id := range ids {
		if it, ok := byID[id]; ok {
			page.Items = append(page.Items, it)
		}
	}
	return page, nil
}

func findClubs(ctx context.Context, q *db.Queries, viewer int64, f clubapi.ClubFilter, at clubapi.Span) (clubapi.Page[clubapi.Club], error) {
	found, err := find(f.Words, at, func(match string, before, most int64) ([]int64, error) {
		return q.FindClubs(ctx, match, db.ClubsBeforeParams{
			Before: before, Most: most, Category: string(f.Category), BookID: f.BookID, Weekdays: int64(f.Weekdays), FreeSeats: flag(f.FreeSeats),
		})
	})
	if err != nil {
		return clubapi.Page[clubapi.Club]{}, err
	}
	page, err := load(found, func(ids []int64) ([]db.ClubsByIDsRow, error) {
		return q.ClubsByIDs(ctx, db.ClubsByIDsParams{Viewer: viewer, Ids: ids})
	}, func(r db.ClubsByIDsRow) (int64, clubapi.Club) { return r.Club.ID, club(db.ClubByIDRow(r), viewer) })
	if err != nil {
		return page, err
	}
	return page, withSchedules(ctx, q, page.Items)
}

func findBooks(ctx context.Context, q *db.Queries, words string, category clubapi.Category, at clubapi.Span) (clubapi.Page[clubapi.Book], error) {
	found, err := find(words, at, func(match string, before, most int64) ([]int64, error) {
		return q.FindBooks(ctx, match, db.BooksBeforeParams{Before: before, Most: most, Category: string(category)})
	})
	if err != nil {
		return clubapi.Page[clubapi.Book]{}, err
	}
	return load(found, func(ids []int64) ([]db.Book, error) { return q.BooksByIDs(ctx, ids) },
		func(r db.Book) (int64, clubapi.Book) { return r.ID, book(r) })
}

func findPosts(ctx context.Context, q *db.Queries, words string, at clubapi.Span) (clubapi.Page[clubapi.Post], error) {
	found, err := find(words, at, func(match string, before, most int64) ([]int64, error) {
		return q.FindWords(ctx, db.PostWords, match, before, most)
	})
	if err != nil {
		return clubapi.Page[clubapi.Post]{}, err
	}
	return load(found, func(ids []int64) ([]db.PostsByIDsRow, error) { return q.PostsByIDs(ctx, ids) },
		func(r db.PostsByIDsRow) (int64, clubapi.Post) { return r.Post.ID, post(db.PostByIDRow(r)) })
}

// findNotes finds notes of a scope that hold the words, the latest first.
func findNotes(ctx context.Context, q *db.Queries, viewer int64, scope, words string, at clubapi.Span) (clubapi.Page[clubapi.FoundNote], error) {
	query := search.Parse(words)
	if query.Empty() {
		return clubapi.Page[clubapi.FoundNote]{}, nil
	}
	ids, err := q.FindWords(ctx, db.NoteWords, "scope : ("+scope+") AND words : ("+query.Loose()+")", before(at).ID, oneMore(at))
	if err != nil {
		return clubapi.Page[clubapi.FoundNote]{}, err
	}
	return foundNotes(ctx, q, clubapi.PageOf(cursorsOf(ids), at.Limit, func(c clubapi.Cursor) clubapi.Cursor { return c }), viewer)
}

func cursorsOf(ids []int64) []clubapi.Cursor {
	out := make([]clubapi.Cursor, len(ids))
	for i, id := range ids {
		out[i].ID = id
	}
	return out
}

// SearchNotes lists the notes of all conferences of a club that hold the words, the latest
// first; with a speaker, only what they said. Refusals: clubapi.ErrNotFound, ErrNotMember.
func (s *Store) SearchNotes(ctx context.Context, club, viewer int64, words string, speaker int64, at clubapi.Span) (page clubapi.Page[clubapi.FoundNote], err error) {
	err = s.read(ctx, "search notes", func(q *db.Queries) error {
		c, err := clubByID(ctx, q, club, viewer)
		if err != nil {
			return err
		}
		if !c.Role.Member() {
			return clubapi.ErrNotMember
		}
		scope := ofClub(club)
		if speaker != 0 {
			scope += " AND " + ofSpeaker(speaker)
		}
		page, err = findNotes(ctx, q, viewer, scope, words, at)
		return err
	})
	return page, err
}

// Search finds the best matches of each kind, at most so many; notes only where viewer (0
// for nobody) may read them.
func (s *Store) Search(ctx context.Context, viewer int64, words string, most int) (found clubapi.Found, err error) {
	at := clubapi.Span{Limit: most}
	err = s.read(ctx, "search", func(q *db.Queries) error {
		clubs, err := findClubs(ctx, q, viewer, clubapi.ClubFilter{Words: words}, at)
		if err != nil {
			return err
		}
		books, err := findBooks(ctx, q, words, "", at)
		if err != nil {
			return err
		}
		posts, err := findPosts(ctx, q, words, at)
		if err != nil {
			return err
		}
		found = clubapi.Found{Clubs: clubs.Items, Books: books.Items, Posts: posts.Items}
		notes, err := findReadable(ctx, q, viewer, words, at)
		found.Notes = notes.Items
		return err
	})
	return found, err
}

// findReadable finds notes that viewer may read, the latest first. It asks the index for
// the notes of all places of viewer at once; where these are many, it looks first whether
// the latest notes of all are enough, which they mostly are then.
func findReadable(ctx context.Context, q *db.Queries, viewer int64, words string, at clubapi.Span) (clubapi.Page[clubapi.FoundNote], error) {
	var none clubapi.Page[clubapi.FoundNote]
	query := search.Parse(words)
	if viewer == 0 || query.Empty() {
		return none, nil
	}
	places, err := placesOf(ctx, q, viewer, few+1)
	if err != nil || len(places) == 0 {
		return none, err
	}
	if len(places) > few {
		latest, err := q.FindWords(ctx, db.NoteWords, "words : ("+query.Loose()+")", math.MaxInt64, window)
		if err != nil || len(latest) == 0 {
			return none, err
		}
		ids, err := readableOf(ctx, q, viewer, latest, at.Limit)
		if err != nil {
			return none, err
		}
		if len(ids) == at.Limit || len(latest) < window {
			return foundNotes(ctx, q, clubapi.Page[clubapi.Cursor]{Items: cursorsOf(ids)}, viewer)
		}
		if places, err = placesOf(ctx, q, viewer, readable); err != nil {
			return none, err
		}
	}
	return findNotes(ctx, q, viewer, strings.Join(places, " OR "), words, at)
}

// readableOf are the first notes that viewer may read, at most so many.
func readableOf(ctx context.Context, q *db.Queries, viewer int64, notes []int64, most int) (ids []int64, err error) {
	for some := range slices.Chunk(notes, glance) {
		asked := make([]int64, glance) // always as many, so that it is one query: no note is 0
		copy(asked, some)
		more, err := q.ReadableNotes(ctx, db.ReadableNotesParams{Viewer: viewer, Ids: asked})
		if err != nil {
			return nil, err
		}
		if ids = append(ids, more...); len(ids) >= most {
			return ids[:most], nil
		}
	}
	return ids, nil
}

// placesOf are the scopes of the notes that viewer may read: at most so many clubs and
// lightning meetings.
func placesOf(ctx context.Context, q *db.Queries, viewer, most int64) ([]string, error) {
	clubs, err := q.ReadableClubs(ctx, db.ReadableClubsParams{UserID: viewer, Limit: most})
	if err != nil {
		return nil, err
	}
	meetings, err := q.ReadableLightning(ctx, db.ReadableLightningParams{UserID: viewer, Limit: most})
	if err != nil {
		return nil, err
	}
	var places []string
	for _, id := range clubs {
		places = append(places, ofClub(id))
	}
	for _, id := range meetings {
		places = append(places, ofConference(id))
	}
	return places, nil
}

// foundNotes reads notes that viewer may read.
func foundNotes(ctx context.Context, q *db.Queries, found clubapi.Page[clubapi.Cursor], viewer int64) (clubapi.Page[clubapi.FoundNote], error) {
	return load(found, func(ids []int64) ([]db.FoundNotesRow, error) { return q.FoundNotes(ctx, ids) },
		func(r db.FoundNotesRow) (int64, clubapi.FoundNote) {
			n := note(r.Note)
			n.Speaker = person(r.Note.SpeakerID, r.SpeakerNickname, r.SpeakerImg)
			n.Author = person(r.Note.AuthorID, r.AuthorNickname, r.AuthorImg)
			n.ClubID, n.Role = r.ClubID.Int64, role(viewer, r.ClubOwnerID, true)
			return n.ID, clubapi.FoundNote{Note: n, ConferenceTitle: r.Title, Start: moment(r.CallStartTime)}
		})
}
