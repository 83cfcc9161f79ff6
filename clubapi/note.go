package clubapi

import "time"

// NoteSource says how a note came to be.
type NoteSource string

// Sources of notes: typed by hand, or heard by a browser's speech recognition.
const (
	SourceTyped   NoteSource = "typed"
	SourceCaption NoteSource = "caption"
)

// Note is one utterance in the notes of a conference. ClubID (0 in a lightning meeting) and
// Role (the viewer's) come with it when it is read and are ignored when it is written.
type Note struct {
	ID           int64
	ConferenceID int64
	SpokenAt     time.Time
	Speaker      Person
	Author       Person
	Text         string
	Source       NoteSource
	CreatedAt    time.Time
	UpdatedAt    time.Time

	ClubID  int64
	Role    Role
	Version int64
}

// NoteChange says which fields of a note to set; nil leaves a field as it is.
type NoteChange struct {
	Text      *string
	SpokenAt  *time.Time
	SpeakerID *int64
	Source    *NoteSource // of a new note only
}

// NewNote returns a note without id, typed and spoken by its author at now unless the change
// says otherwise. The store checks that author and speaker are members when it writes.
func (r Rules) NewNote(change NoteChange, conference int64, author Person, now time.Time) (Note, error) {
	note := Note{
		ConferenceID: conference, SpokenAt: moment(now), Speaker: author, Author: author,
		Source: SourceTyped, CreatedAt: moment(now), Role: RoleMember, Version: 1,
	}
	if change.Text == nil {
		return note, Invalid("text", CodeRequired)
	}
	set(&note.Source, change.Source)
	return r.ChangeNote(note, change, author.ID, now)
}

// ChangeNote returns the note with the change applied by viewer. Refusals: ErrNotMember,
// ErrForbidden, an InvalidError.
func (r Rules) ChangeNote(note Note, change NoteChange, viewer int64, now time.Time) (Note, error) {
	if err := r.OwnNote(note, viewer); err != nil {
		return note, err
	}
	set(&note.Text, change.Text)
	set(&note.SpokenAt, change.SpokenAt)
	if change.SpeakerID != nil && *change.SpeakerID != note.Speaker.ID {
		note.Speaker = Person{ID: *change.SpeakerID}
	}
	note.SpokenAt, note.UpdatedAt = moment(note.SpokenAt), moment(now)

	var c check
	note.Text = c.prose("text", note.Text, maxNote, false)
	c.moment("spoken_at", note.SpokenAt)
	return note, c.err()
}

// OwnNote says whether viewer may change or delete the note: its author and its speaker may
// while members, the owner of the club or of the lightning meeting always. Refusals:
// ErrNotMember, ErrForbidden.
func (Rules) OwnNote(note Note, viewer int64) error {
	switch {
	case !note.Role.Member():
		return ErrNotMember
	case note.Role == RoleOwner, note.Author.ID == viewer, note.Speaker.ID == viewer:
		return nil
	default:
		return ErrForbidden
	}
}
