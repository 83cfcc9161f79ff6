package sqlite

import (
	"context"
	"errors"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// WriteNote stores the note and returns it with its id. Refusals: clubapi.ErrNotFound for
// the conference, ErrNotMember for the author, an InvalidError for the speaker.
func (s *Store) WriteNote(ctx context.Context, n clubapi.Note) (clubapi.Note, error) {
	err := s.write(ctx, "write note", func(q *db.Queries) error {
		of, err := notesFor(ctx, q, n.ConferenceID, n.Author.ID)
		if err != nil {
			return err
		}
		n.ClubID, n.Role = of.club, of.role
		if n.Speaker, err = speaker(ctx, q, n); err != nil {
			return err
		}
		n.ID, err = q.InsertNote(ctx, db.InsertNoteParams{
			ConferenceID: n.ConferenceID, SpeakerID: n.Speaker.ID, AuthorID: n.Author.ID, SpokenAt: millis(n.SpokenAt),
			Text: n.Text, Source: string(n.Source), CreatedAt: millis(n.CreatedAt), UpdatedAt: millis(n.UpdatedAt),
		})
		if err != nil {
			return err
		}
		if err := indexNote(ctx, q, n); err != nil {
			return err
		}
		return q.TouchNotes(ctx, n.ConferenceID)
	})
	return n, err
}

// Notes lists the notes of a conference in the order they were written, with a version
// that changes whenever one of them is written, changed or deleted. Refusals:
// clubapi.ErrNotFound for the conference, ErrNotMember for the viewer.
func (s *Store) Notes(ctx context.Context, conference, viewer int64, at clubapi.Span) (page clubapi.Page[clubapi.Note], version int64, err error) {
	err = s.read(ctx, "list notes", func(q *db.Queries) error {
		of, err := notesFor(ctx, q, conference, viewer)
		if err != nil {
			return err
		}
		version = of.version
		rows, err := q.NotesAfter(ctx, db.NotesAfterParams{ConferenceID: conference, After: after(at).ID, Most: oneMore(at)})
		notes := make([]clubapi.Note, len(rows))
		for i, r := range rows {
			notes[i] = of.note(db.NoteByIDRow(r))
		}
		page = clubapi.PageOf(notes, at.Limit, func(n clubapi.Note) clubapi.Cursor { return clubapi.Cursor{ID: n.ID} })
		return err
	})
	return page, version, err
}

// Note returns one note as viewer sees it. Refusals: clubapi.ErrNotFound, ErrNotMember.
func (s *Store) Note(ctx context.Context, id, viewer int64) (n clubapi.Note, err error) {
	err = s.read(ctx, "read note", func(q *db.Queries) (err error) {
		n, err = noteByID(ctx, q, id, viewer)
		return err
	})
	return n, err
}

// UpdateNote reads the note as viewer sees it, lets edit decide and stores what it
// returns, all in one transaction. A speaker other than before must be a member, else
// an InvalidError.
func (s *Store) UpdateNote(ctx context.Context, id, viewer int64, edit func(clubapi.Note) (clubapi.Note, error)) (n clubapi.Note, err error) {
	err = s.write(ctx, "update note", func(q *db.Queries) error {
		old, err := noteByID(ctx, q, id, viewer)
		if err != nil {
			return err
		}
		if n, err = edit(old); err != nil {
			return err
		}
		if n.Speaker.ID != old.Speaker.ID {
			if n.Speaker, err = speaker(ctx, q, n); err != nil {
				return err
			}
		}
		n.Version = old.Version + 1
		err = q.UpdateNote(ctx, db.UpdateNoteParams{
			SpeakerID: n.Speaker.ID, SpokenAt: millis(n.SpokenAt), Text: n.Text, UpdatedAt: millis(n.UpdatedAt), ID: id,
		})
		if err != nil {
			return err
		}
		if err := indexNote(ctx, q, n); err != nil {
			return err
		}
		return q.TouchNotes(ctx, n.ConferenceID)
	})
	return n, err
}

// DeleteNote deletes the note if allow, seeing it as viewer does, has no objection.
func (s *Store) DeleteNote(ctx context.Context, id, viewer int64, allow func(clubapi.Note) error) error {
	return s.write(ctx, "delete note", func(q *db.Queries) error {
		n, err := noteByID(ctx, q, id, viewer)
		if err != nil {
			return err
		}
		if err := allow(n); err != nil {
			return err
		}
		if err := q.DeleteNote(ctx, id); err != nil {
			return err
		}
		if err := q.DropWords(ctx, db.NoteWords, id); err != nil {
			return err
		}
		return q.TouchNotes(ctx, n.ConferenceID)
	})
}

// notebook is the notes of one conference as a viewer sees them.
type notebook struct {
	club    int64 // 0: of a lightning meeting
	role    clubapi.Role
	version int64
}

// notesFor returns the notebook of a conference that viewer may read. Refusals:
// clubapi.ErrNotFound, ErrNotMember.
func notesFor(ctx context.Context, q *db.Queries, conference, viewer int64) (notebook, error) {
	r, err := q.NotesOwner(ctx, db.NotesOwnerParams{ID: conference, Viewer: viewer})
	if err != nil {
		return notebook{}, err
	}
	of := notebook{club: r.ClubID.Int64, version: r.NotesVersion, role: role(viewer, r.ClubOwnerID.Int64, r.IsMember)}
	if !r.ClubID.Valid {
		of.role = role(viewer, r.OwnerID, r.IsMember || viewer == r.OwnerID)
	}
	if !of.role.Member() {
		return notebook{}, clubapi.ErrNotMember
	}
	return of, nil
}

func (b notebook) note(r db.NoteByIDRow) clubapi.Note {
	n := note(r.Note)
	n.Speaker = person(r.Note.SpeakerID, r.SpeakerNickname, r.SpeakerImg)
	n.Author = person(r.Note.AuthorID, r.AuthorNickname, r.AuthorImg)
	n.ClubID, n.Role = b.club, b.role
	return n
}

// speaker returns who spoke the note, who must be a member of its club or have a seat.
func speaker(ctx context.Context, q *db.Queries, n clubapi.Note) (clubapi.Person, error) {
	_, err := notesFor(ctx, q, n.ConferenceID, n.Speaker.ID)
	if errors.Is(err, clubapi.ErrNotMember) {
		return clubapi.Person{}, clubapi.Invalid("speaker_id", clubapi.CodeNotAMember)
	}
	if err != nil {
		return clubapi.Person{}, err
	}
	u, err := q.UserByID(ctx, n.Speaker.ID)
	return person(u.ID, u.Nickname, u.UserImg), err
}

func noteByID(ctx context.Context, q *db.Queries, id, viewer int64) (clubapi.Note, error) {
	r, err := q.NoteByID(ctx, id)
	if err != nil {
		return clubapi.Note{}, err
	}
	of, err := notesFor(ctx, q, r.Note.ConferenceID, viewer)
	return of.note(r), err
}

func note(r db.Note) clubapi.Note {
	return clubapi.Note{
		ID: r.ID, ConferenceID: r.ConferenceID, Text: r.Text, Source: clubapi.NoteSource(r.Source), Version: r.Version,
		SpokenAt: moment(r.SpokenAt), CreatedAt: moment(r.CreatedAt), UpdatedAt: moment(r.UpdatedAt), Role: clubapi.RoleNone,
	}
}
