package httpapi

import (
	"context"
	"strconv"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"salon/clubapi"
)

// ListBooks implements StrictServerInterface.
func (s *server) ListBooks(ctx context.Context, req ListBooksRequestObject) (ListBooksResponseObject, error) {
	var category clubapi.Category
	p := listed("books", "/api/v1/books")
	if req.Params.Category != nil {
		category = clubapi.Category(*req.Params.Category)
		p.list += "-" + string(category)
		p.query.Set("category", string(category))
	}
	words := p.words(req.Params.Q)
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Books(ctx, words, category, at)
	if err != nil {
		return nil, err
	}
	next, link := p.next("cursor", page.Next)
	return ListBooks200JSONResponse{BookPageJSONResponse{
		Body:    BookPage{Items: bodies(page.Items, bookBody(callerOf(ctx).user)), NextCursor: next},
		Headers: BookPageResponseHeaders{Link: link},
	}}, nil
}

// CreateBook implements StrictServerInterface.
func (s *server) CreateBook(ctx context.Context, req CreateBookRequestObject) (CreateBookResponseObject, error) {
	b, me := req.Body, callerOf(ctx).user
	book, err := s.Rules.NewBook(clubapi.BookChange{
		Title: &b.Title, Author: b.Author, BookImg: b.BookImg, PubDate: dayOf(b.PubDate), Category: (*clubapi.Category)(b.Category),
		Pages: b.Pages,
	}, me, s.Now())
	if err != nil {
		return nil, err
	}
	if book, err = s.Store.CreateBook(ctx, book); err != nil {
		return nil, err
	}
	location := "/api/v1/books/" + strconv.FormatInt(book.ID, 10)
	return CreateBook201JSONResponse{BookCreatedJSONResponse{
		Body: bookBody(me)(book), Headers: BookCreatedResponseHeaders{ETag: tagOf(book.Version), Location: &location},
	}}, nil
}

// GetBook implements StrictServerInterface.
func (s *server) GetBook(ctx context.Context, req GetBookRequestObject) (GetBookResponseObject, error) {
	book, err := s.Store.Book(ctx, req.BookID)
	if err != nil {
		return nil, err
	}
	return GetBook200JSONResponse{bookOne(callerOf(ctx).user, book)}, nil
}

// UpdateBook implements StrictServerInterface.
func (s *server) UpdateBook(ctx context.Context, req UpdateBookRequestObject) (UpdateBookResponseObject, error) {
	b, me := req.Body, callerOf(ctx).user
	change := clubapi.BookChange{
		Title: b.Title, Author: b.Author, BookImg: b.BookImg, PubDate: dayOf(b.PubDate), Category: (*clubapi.Category)(b.Category),
		Pages: b.Pages,
	}
	book, err := s.Store.UpdateBook(ctx, req.BookID, func(old clubapi.Book) (clubapi.Book, error) {
		changed, err := s.Rules.ChangeBook(old, change, me)
		if err != nil {
			return old, err
		}
		return changed, unchanged(req.Params.IfMatch, old.Version)
	})
	if err != nil {
		return nil, err
	}
	return UpdateBook200JSONResponse{bookOne(me, book)}, nil
}

// ListReviews implements StrictServerInterface.
func (s *server) ListReviews(ctx context.Context, req ListReviewsRequestObject) (ListReviewsResponseObject, error) {
	p := listed(within("reviews", req.BookID), under("books", req.BookID, "reviews"))
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Reviews(ctx, req.BookID, at)
	if err != nil {
		return nil, err
	}
	return ListReviews200JSONResponse{readingPage(p, page)}, nil
}

func bookOne(viewer clubapi.User, b clubapi.Book) BookOneJSONResponse {
	return BookOneJSONResponse{Body: bookBody(viewer)(b), Headers: BookOneResponseHeaders{ETag: tagOf(b.Version)}}
}

func bookBody(viewer clubapi.User) func(clubapi.Book) Book {
	return func(b clubapi.Book) Book {
		return Book{
			ID: b.ID, Title: b.Title, Author: b.Author, BookImg: b.BookImg, PubDate: dateOf(b.PubDate), Category: Category(b.Category),
			Pages: present(b.Pages), Rating: present(float32(b.Rating())), RatingCount: b.RatingCount, ReviewCount: b.ReviewCount,
			Editable: b.Editable(viewer), CreatedAt: b.CreatedAt,
		}
	}
}

// dayOf is the day of a field, nil when it was left out; dateOf the other way.
func dayOf(d *openapi_types.Date) *clubapi.Day {
	if d == nil {
		return nil
	}
	day := clubapi.DayOf(d.Time)
	return &day
}

func dateOf(d clubapi.Day) *openapi_types.Date {
	t := d.Time()
	if t.Equal(time.Time{}) {
		return nil
	}
	return &openapi_types.Date{Time: t}
}
