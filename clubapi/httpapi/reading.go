package httpapi

import (
	"context"
	"strconv"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"salon/clubapi"
)

// The days of a log that was not asked for a part of it.
const (
	firstDay clubapi.Day = "0001-01-01"
	lastDay  clubapi.Day = "9999-12-31"
)

// ListMyBooks implements StrictServerInterface.
func (s *server) ListMyBooks(ctx context.Context, req ListMyBooksRequestObject) (ListMyBooksResponseObject, error) {
	p := listed("my-books", "/api/v1/me/books")
	first, last := firstDay, lastDay
	if d := dayOf(req.Params.From); d != nil {
		first = *d
		p.query.Set("from", string(first))
	}
	if d := dayOf(req.Params.To); d != nil {
		last = *d
		p.query.Set("to", string(last))
	}
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.ReadingsOf(ctx, callerOf(ctx).user.ID, first, last, at)
	if err != nil {
		return nil, err
	}
	return ListMyBooks200JSONResponse{readingPage(p, page)}, nil
}

// ListBooksOfUser implements StrictServerInterface.
func (s *server) ListBooksOfUser(ctx context.Context, req ListBooksOfUserRequestObject) (ListBooksOfUserResponseObject, error) {
	p := listed(within("books-of", req.UserID), under("users", req.UserID, "books"))
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.ReadingsOf(ctx, req.UserID, firstDay, lastDay, at)
	if err != nil {
		return nil, err
	}
	return ListBooksOfUser200JSONResponse{readingPage(p, page)}, nil
}

// LogReading implements StrictServerInterface.
func (s *server) LogReading(ctx context.Context, req LogReadingRequestObject) (LogReadingResponseObject, error) {
	b := req.Body
	change := clubapi.ReadingChange{ReadOn: dayOf(&b.ReadOn), Rating: b.Rating, Review: b.Review}
	reading, err := s.Rules.NewReading(b.BookID, change, callerOf(ctx).person(), s.Now())
	if err != nil {
		return nil, err
	}
	if reading, err = s.Store.LogReading(ctx, reading); err != nil {
		return nil, err
	}
	location := "/api/v1/me/books/" + strconv.FormatInt(reading.ID, 10)
	return LogReading201JSONResponse{ReadingCreatedJSONResponse{
		Body: readingBody(reading), Headers: ReadingCreatedResponseHeaders{ETag: tagOf(reading.Version), Location: &location},
	}}, nil
}

// GetReading implements StrictServerInterface.
func (s *server) GetReading(ctx context.Context, req GetReadingRequestObject) (GetReadingResponseObject, error) {
	reading, err := s.Store.Reading(ctx, req.ReadingID, callerOf(ctx).user.ID)
	if err != nil {
		return nil, err
	}
	return GetReading200JSONResponse{readingOne(reading)}, nil
}

// UpdateReading implements StrictServerInterface.
func (s *server) UpdateReading(ctx context.Context, req UpdateReadingRequestObject) (UpdateReadingResponseObject, error) {
	b := req.Body
	change := clubapi.ReadingChange{ReadOn: dayOf(b.ReadOn), Rating: b.Rating, Review: b.Review}
	reading, err := s.Store.UpdateReading(ctx, req.ReadingID, callerOf(ctx).user.ID, func(old clubapi.Reading) (clubapi.Reading, error) {
		changed, err := s.Rules.ChangeReading(old, change, s.Now())
		if err != nil {
			return old, err
		}
		return changed, unchanged(req.Params.IfMatch, old.Version)
	})
	if err != nil {
		return nil, err
	}
	return UpdateReading200JSONResponse{readingOne(reading)}, nil
}

// DeleteReading implements StrictServerInterface.
func (s *server) DeleteReading(ctx context.Context, req DeleteReadingRequestObject) (DeleteReadingResponseObject, error) {
	if err := s.Store.DeleteReading(ctx, req.ReadingID, callerOf(ctx).user.ID); err != nil {
		return nil, err
	}
	return DeleteReading204Response{}, nil
}

// GetReadingStack implements StrictServerInterface.
func (s *server) GetReadingStack(ctx context.Context, req GetReadingStackRequestObject) (GetReadingStackResponseObject, error) {
	year := s.Now().UTC().Year()
	if req.Params.Year != nil {
		year = *req.Params.Year
	}
	piles, err := s.Store.Piles(ctx, callerOf(ctx).user.ID, year)
	if err != nil {
		return nil, err
	}
	all, months := clubapi.Stacks(piles)
	out := GetReadingStack200JSONResponse{Books: all.Books, HeightMm: all.Millimetres(), Months: []StackMonth{}}
	for i, m := range months {
		out.Months = append(out.Months, StackMonth{Month: i + 1, Books: m.Books, HeightMm: m.Millimetres()})
	}
	return out, nil
}

func readingPage(p listing, page clubapi.Page[clubapi.Reading]) ReadingPageJSONResponse {
	next, link := p.next("cursor", page.Next)
	return ReadingPageJSONResponse{
		Body:    ReadingPage{Items: bodies(page.Items, readingBody), NextCursor: next},
		Headers: ReadingPageResponseHeaders{Link: link},
	}
}

func readingOne(r clubapi.Reading) ReadingOneJSONResponse {
	return ReadingOneJSONResponse{Body: readingBody(r), Headers: ReadingOneResponseHeaders{ETag: tagOf(r.Version)}}
}

func readingBody(r clubapi.Reading) Reading {
	return Reading{
		ID: r.ID, Book: *bookName(&r.Book), Reader: personBody(r.Reader), ReadOn: openapi_types.Date{Time: r.ReadOn.Time()},
		HeightMm: r.Thickness().Millimetres(),
		Rating:   present(r.Rating), Review: r.Review, CreatedAt: r.CreatedAt,
	}
}
