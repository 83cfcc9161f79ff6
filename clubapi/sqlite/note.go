package sqlite

import (
	"context"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// WriteNote stores the note and returns it with its id. Refusals: clubapi.ErrNotFound for
// the conference, ErrNotMember for the author, an InvalidError for the speaker.
func (s *Store) WriteNote(ctx context.Context, n clubapi.Note) (clubapi.Note, error) {
	err := s.write(ctx, "write note", func(q *db.Queries) error {
		f, err := q.ConferenceByID(ctx, db.ConferenceByIDParams{ID: n.ConferenceID, Viewer: n.Author.ID})
		if err != nil {
			return err
		}
		if !f.IsMember {
			return clubapi.ErrNotMember
		}
		n.ClubID, n.Role = f.Conference.ClubID.Int64, role(n.Author.ID, f.ClubOwnerID, true)
		if n.Speaker, err = speaker(ctx, q, n); err != nil {
			return err
		}
		n.ID, err = q.InsertNote(ctx, db.InsertNoteParams{
			ConferenceID: n.ConferenceID, SpeakerID: n.Speaker.ID, AuthorID: n.Author.ID,
			SpokenAt: millis(n.SpokenAt), Text: n.Text, CreatedAt: millis(n.CreatedAt), UpdatedAt: millis(n.UpdatedAt),
		})
		if err != nil {
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
		f, err := q.ConferenceByID(ctx, db.ConferenceByIDParams{ID: conference, Viewer: viewer})
		if err != nil {
			return err
		}
		if !f.IsMember {
			return clubapi.ErrNotMember
		}
		version = f.Conference.NotesVersion
		rows, err := q.NotesAfter(ctx, db.NotesAfterParams{ConferenceID: conference, After: after(at).ID, Most: oneMore(at)})
		notes := make([]clubapi.Note, len(rows))
		for i, r := range rows {
			notes[i] = note(r.Note)
			notes[i].Speaker = person(r.Note.SpeakerID, r.SpeakerNickname, r.SpeakerImg)
			notes[i].Author = person(r.Note.AuthorID, r.AuthorNickname, r.AuthorImg)
		}
		page = clubapi.PageOf(notes, at.Limit, func(n clubapi.Note) clubapi.Cursor { return clubapi.Cursor{ID: n.ID} })
		return err
	})
	return page, version, err
}

// Note returns one note as viewer sees it, or clubapi.ErrNotFound.
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
		err = q.UpdateNote(ctx, db.UpdateNoteParams{
			SpeakerID: n.Speaker.ID, SpokenAt: millis(n.SpokenAt), Text: n.Text, UpdatedAt: millis(n.UpdatedAt), ID: id,
		})
		if err != nil {
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
		return q.TouchNotes(ctx, n.ConferenceID)
	})
}

// speaker returns who spoke the note, who must be a member of its club.
func speaker(ctx context.Context, q *db.Queries, n clubapi.Note) (clubapi.Person, error) {
	member, err := q.IsMember(ctx, db.IsMemberParams{ClubID: n.ClubID, UserID: n.Speaker.ID})
	if err != nil {
		return clubapi.Person{}, err
	}
	if !member {
		return clubapi.Person{}, clubapi.Invalid("speaker_id", clubapi.CodeNotAMember)
	}
	u, err := q.UserByID(ctx, n.Speaker.ID)
	return person(u.ID, u.Nickname, u.UserImg), err
}

func noteByID(ctx context.Context, q *db.Queries, id, viewer int64) (clubapi.Note, error) {
	r, err := q.NoteByID(ctx, db.NoteByIDParams{ID: id, Viewer: viewer})
	n := note(r.Note)
	n.Speaker = person(r.Note.SpeakerID, r.SpeakerNickname, r.SpeakerImg)
	n.Author = person(r.Note.AuthorID, r.AuthorNickname, r.AuthorImg)
	n.ClubID, n.Role = r.ClubID.Int64, role(viewer, r.ClubOwnerID, r.IsMember)
	return n, err
}

func note(r db.Note) clubapi.Note {
	return clubapi.Note{
		ID: r.ID, ConferenceID: r.ConferenceID, Text: r.Text, Source: clubapi.NoteSource(r.Source), Version: r.Version,
		SpokenAt: moment(r.SpokenAt), CreatedAt: moment(r.CreatedAt), UpdatedAt: moment(r.UpdatedAt), Role: clubapi.RoleNone,
	}
}
