package httpapi

import (
	"context"
	"strconv"

	"salon/clubapi"
)

// How many items of a kind are found when the caller asks for no number, as in openapi.yaml.
const foundSize = 5

// Search implements StrictServerInterface.
func (s *server) Search(ctx context.Context, req SearchRequestObject) (SearchResponseObject, error) {
	me := callerOf(ctx).user
	found, err := s.Store.Search(ctx, me.ID, req.Params.Q, atMost(req.Params.Limit))
	if err != nil {
		return nil, err
	}
	return Search200JSONResponse{
		Clubs: bodies(found.Clubs, clubBody), Books: bodies(found.Books, bookBody(me)),
		Posts: bodies(found.Posts, postBody(me)), Notes: bodies(found.Notes, s.foundNoteBody(ctx)),
	}, nil
}

// SearchNotes implements StrictServerInterface.
func (s *server) SearchNotes(ctx context.Context, req SearchNotesRequestObject) (SearchNotesResponseObject, error) {
	me := callerOf(ctx).user
	p := listed(within("notes-of", req.ClubID), under("clubs", req.ClubID, "notes"))
	words := p.words(&req.Params.Q)
	var speaker int64
	if req.Params.SpeakerID != nil {
		speaker = *req.Params.SpeakerID
		p.query.Set("speaker_id", strconv.FormatInt(speaker, 10))
	}
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.SearchNotes(ctx, req.ClubID, me.ID, words, speaker, at)
	if err != nil {
		return nil, err
	}
	next, link := p.next("cursor", page.Next)
	return SearchNotes200JSONResponse{FoundNotePageJSONResponse{
		Body:    FoundNotePage{Items: bodies(page.Items, s.foundNoteBody(ctx)), NextCursor: next},
		Headers: FoundNotePageResponseHeaders{Link: link},
	}}, nil
}

// ListRelatedNotes implements StrictServerInterface.
func (s *server) ListRelatedNotes(ctx context.Context, req ListRelatedNotesRequestObject) (ListRelatedNotesResponseObject, error) {
	me := callerOf(ctx).user
	var text string
	if req.Params.Text != nil {
		text = *req.Params.Text
	}
	notes, err := s.Store.RelatedNotes(ctx, req.ConferenceID, me.ID, text, atMost(req.Params.Limit))
	if err != nil {
		return nil, err
	}
	return ListRelatedNotes200JSONResponse{Items: bodies(notes, s.foundNoteBody(ctx))}, nil
}

func (s *server) foundNoteBody(ctx context.Context) func(clubapi.FoundNote) FoundNote {
	note := s.noteBody(ctx)
	return func(n clubapi.FoundNote) FoundNote {
		return FoundNote{Note: note(n.Note), ConferenceTitle: n.ConferenceTitle, CallStartTime: n.Start}
	}
}

func atMost(limit *int) int {
	if limit == nil {
		return foundSize
	}
	return *limit
}
