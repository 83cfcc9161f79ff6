package sqlite

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"salon/clubapi"
	"salon/clubapi/search"
	"salon/clubapi/sqlite/db"
)

// What looking for related notes may cost.
const (
	topics  = 24  // words of the text that are looked for
	holders = 200 // notes that are looked at for each, the latest ones; who has more is common
	latest  = 10  // notes that say what a conference is about
)

// leastLikeness is what one word adds that 120 notes of the club hold: below it, notes
// have nothing in common but what everybody says.
const leastLikeness = 0.5

// RelatedNotes lists notes of the other conferences of the club that are about the same as
// the text, the most similar first; an empty text stands for the latest notes, the title
// and the book of this conference. A lightning meeting has none. Refusals:
// clubapi.ErrNotFound, ErrNotMember.
func (s *Store) RelatedNotes(ctx context.Context, conference, viewer int64, text string, most int) (notes []clubapi.FoundNote, err error) {
	err = s.read(ctx, "find related notes", func(q *db.Queries) error {
		of, err := notesFor(ctx, q, conference, viewer)
		if err != nil || of.club == 0 {
			return err
		}
		if text == "" {
			if text, err = aboutConference(ctx, q, conference, viewer); err != nil {
				return err
			}
		}
		ids, err := similar(ctx, q, "scope : "+ofClub(of.club)+" NOT scope : "+ofConference(conference), text)
		if err != nil {
			return err
		}
		page, err := foundNotes(ctx, q, clubapi.Page[clubapi.Cursor]{Items: cursorsOf(ids[:min(most, len(ids))])}, viewer)
		notes = page.Items
		return err
	})
	return notes, err
}

func aboutConference(ctx context.Context, q *db.Queries, id, viewer int64) (string, error) {
	f, err := conferenceByID(ctx, q, id, viewer)
	if err != nil {
		return "", err
	}
	texts, err := q.LatestTexts(ctx, db.LatestTextsParams{ConferenceID: id, Most: latest})
	texts = append([]string{f.Title}, texts...)
	if f.Book != nil {
		texts = append([]string{f.Book.Title, f.Book.Author}, texts...)
	}
	return strings.Join(texts, "\n"), err
}

// similar returns ids of notes of the scope that share words with the text. A word counts
// the more the fewer notes hold it.
func similar(ctx context.Context, q *db.Queries, scope, text string) ([]int64, error) {
	likeness := map[int64]float64{}
	for _, topic := range search.Topics(text, topics) {
		ids, err := q.FindWords(ctx, db.NoteWords, "("+scope+") AND words : ("+topic+")", math.MaxInt64, holders)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			likeness[id] += math.Log(float64(holders+1) / float64(len(ids)))
		}
	}
	ids := make([]int64, 0, len(likeness))
	for id, l := range likeness {
		if l >= leastLikeness {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int64) int {
		return cmp.Or(cmp.Compare(likeness[b], likeness[a]), cmp.Compare(b, a))
	})
	return ids, nil
}
