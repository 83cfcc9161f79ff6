package httpapi

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"salon/clubapi"
)

// ListNotes implements StrictServerInterface.
func (s *server) ListNotes(ctx context.Context, req ListNotesRequestObject) (ListNotesResponseObject, error) {
	p := listed(within("notes", req.ConferenceID), under("conferences", req.ConferenceID, "notes"))
	p.size = notesSize
	at, err := p.span(req.Params.Limit, "after", req.Params.After)
	if err != nil {
		return nil, err
	}
	page, version, err := s.Store.Notes(ctx, req.ConferenceID, callerOf(ctx).user.ID, at)
	if err != nil {
		return nil, err
	}
	etag := fmt.Sprintf(`"notes-%d-%d"`, req.ConferenceID, version)
	if match := req.Params.IfNoneMatch; match != nil && sameTag(*match, etag) {
		return ListNotes304Response{Headers: ListNotes304ResponseHeaders{ETag: &etag}}, nil
	}
	_, link := p.next("after", page.Next)
	return ListNotes200JSONResponse{
		Body: NotePage{
			Items: bodies(page.Items, s.noteBody(ctx)), HasMore: page.Next != nil, Cursor: lastNote(at, page).Encode(p.list),
		},
		Headers: ListNotes200ResponseHeaders{ETag: &etag, Link: link},
	}, nil
}

// lastNote is where the next answer begins: after the last note of this one, or where
// this one began when there was none.
func lastNote(at clubapi.Span, page clubapi.Page[clubapi.Note]) clubapi.Cursor {
	switch n := len(page.Items); {
	case n > 0:
		return clubapi.Cursor{ID: page.Items[n-1].ID}
	case at.After != nil:
		return *at.After
	default:
		return clubapi.Cursor{}
	}
}

// sameTag compares as RFC 9110 section 13.1.2 says: weakly, against a list or "*".
func sameTag(header, etag string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		if tag == etag || tag == "*" {
			return true
		}
	}
	return false
}

// WriteNote implements StrictServerInterface.
func (s *server) WriteNote(ctx context.Context, req WriteNoteRequestObject) (WriteNoteResponseObject, error) {
	change := clubapi.NoteChange{
		Text: &req.Body.Text, SpokenAt: req.Body.SpokenAt, SpeakerID: req.Body.SpeakerID,
		Source: (*clubapi.NoteSource)(req.Body.Source),
	}
	note, err := s.Rules.NewNote(change, req.ConferenceID, callerOf(ctx).person(), s.Now())
	if err != nil {
		return nil, err
	}
	if note, err = s.Store.WriteNote(ctx, note); err != nil {
		return nil, err
	}
	location := "/api/v1/notes/" + strconv.FormatInt(note.ID, 10)
	return WriteNote201JSONResponse{NoteCreatedJSONResponse{
		Body: s.noteBody(ctx)(note), Headers: NoteCreatedResponseHeaders{ETag: tagOf(note.Version), Location: &location},
	}}, nil
}

// GetNote implements StrictServerInterface.
func (s *server) GetNote(ctx context.Context, req GetNoteRequestObject) (GetNoteResponseObject, error) {
	note, err := s.Store.Note(ctx, req.NoteID, callerOf(ctx).user.ID)
	if err != nil {
		return nil, err
	}
	return GetNote200JSONResponse{s.noteOne(ctx, note)}, nil
}

// UpdateNote implements StrictServerInterface.
func (s *server) UpdateNote(ctx context.Context, req UpdateNoteRequestObject) (UpdateNoteResponseObject, error) {
	change := clubapi.NoteChange{Text: req.Body.Text, SpokenAt: req.Body.SpokenAt, SpeakerID: req.Body.SpeakerID}
	me := callerOf(ctx).user.ID
	note, err := s.Store.UpdateNote(ctx, req.NoteID, me, func(n clubapi.Note) (clubapi.Note, error) {
		if err := unchanged(req.Params.IfMatch, n.Version); err != nil {
			return n, err
		}
		return s.Rules.ChangeNote(n, change, me, s.Now())
	})
	if err != nil {
		return nil, err
	}
	return UpdateNote200JSONResponse{s.noteOne(ctx, note)}, nil
}

// DeleteNote implements StrictServerInterface.
func (s *server) DeleteNote(ctx context.Context, req DeleteNoteRequestObject) (DeleteNoteResponseObject, error) {
	me := callerOf(ctx).user.ID
	err := s.Store.DeleteNote(ctx, req.NoteID, me, func(n clubapi.Note) error { return s.Rules.OwnNote(n, me) })
	if err != nil {
		return nil, err
	}
	return DeleteNote204Response{}, nil
}

func (s *server) noteOne(ctx context.Context, n clubapi.Note) NoteOneJSONResponse {
	return NoteOneJSONResponse{Body: s.noteBody(ctx)(n), Headers: NoteOneResponseHeaders{ETag: tagOf(n.Version)}}
}

// noteBody is how the caller sees notes, which must have been read for them.
func (s *server) noteBody(ctx context.Context) func(clubapi.Note) Note {
	me := callerOf(ctx).user.ID
	return func(n clubapi.Note) Note {
		return Note{
			ID: n.ID, ConferenceID: n.ConferenceID, SpokenAt: n.SpokenAt, Speaker: personBody(n.Speaker), Text: n.Text,
			Source: NoteSource(n.Source), Editable: s.Rules.OwnNote(n, me) == nil,
			Author: personBody(n.Author), CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt,
		}
	}
}
