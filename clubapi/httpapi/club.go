package httpapi

import (
	"context"
	"strconv"
	"time"

	"salon/clubapi"
)

// ClubStore keeps clubs.
type ClubStore interface {
	CreateClub(ctx context.Context, c clubapi.Club) (clubapi.Club, error)
	Club(ctx context.Context, id, viewer int64) (clubapi.Club, error)
	Clubs(ctx context.Context, viewer int64, f clubapi.ClubFilter, at clubapi.Span) (clubapi.Page[clubapi.Club], error)
	ClubsOf(ctx context.Context, user int64, at clubapi.Span) (clubapi.Page[clubapi.Club], error)
	UpdateClub(ctx context.Context, id, viewer int64, now time.Time, edit func(clubapi.Club) (clubapi.Club, error)) (clubapi.Club, error)
	CloseClub(ctx context.Context, id, viewer int64, now time.Time, allow func(clubapi.Club) error) error
	HandOverClub(ctx context.Context, id, viewer, heir int64, now time.Time) (clubapi.Club, error)
}

// ListClubs implements StrictServerInterface.
func (s *server) ListClubs(ctx context.Context, req ListClubsRequestObject) (ListClubsResponseObject, error) {
	p := listed("clubs", "/api/v1/clubs")
	filter := p.clubFilter(req.Params)
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Clubs(ctx, callerOf(ctx).user.ID, filter, at)
	if err != nil {
		return nil, err
	}
	return ListClubs200JSONResponse{clubPage(p, page)}, nil
}

// ListMyClubs implements StrictServerInterface.
func (s *server) ListMyClubs(ctx context.Context, req ListMyClubsRequestObject) (ListMyClubsResponseObject, error) {
	p := listed("my-clubs", "/api/v1/me/clubs")
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.ClubsOf(ctx, callerOf(ctx).user.ID, at)
	if err != nil {
		return nil, err
	}
	return ListMyClubs200JSONResponse{clubPage(p, page)}, nil
}

// CreateClub implements StrictServerInterface.
func (s *server) CreateClub(ctx context.Context, req CreateClubRequestObject) (CreateClubResponseObject, error) {
	b := req.Body
	club, err := s.Rules.NewClub(clubapi.ClubChange{
		Title: &b.Title, Summary: b.Summary, Detail: b.Detail, Category: (*clubapi.Category)(b.Category),
		Thumbnail: b.Thumbnail, MaxUser: b.MaxUser, JoinRule: (*clubapi.JoinRule)(b.JoinRule), BookID: b.BookID,
		TimeZone: b.TimeZone, Schedule: scheduleChange(b.Schedule),
	}, callerOf(ctx).user.ID, s.Now())
	if err != nil {
		return nil, err
	}
	if club, err = s.Store.CreateClub(ctx, club); err != nil {
		return nil, err
	}
	location := "/api/v1/clubs/" + strconv.FormatInt(club.ID, 10)
	return CreateClub201JSONResponse{ClubCreatedJSONResponse{
		Body: clubBody(club), Headers: ClubCreatedResponseHeaders{ETag: tagOf(club.Version), Location: &location},
	}}, nil
}

// GetClub implements StrictServerInterface.
func (s *server) GetClub(ctx context.Context, req GetClubRequestObject) (GetClubResponseObject, error) {
	club, err := s.Store.Club(ctx, req.ClubID, callerOf(ctx).user.ID)
	if err != nil {
		return nil, err
	}
	return GetClub200JSONResponse{clubOne(club)}, nil
}

// UpdateClub implements StrictServerInterface.
func (s *server) UpdateClub(ctx context.Context, req UpdateClubRequestObject) (UpdateClubResponseObject, error) {
	b := req.Body
	change := clubapi.ClubChange{
		Title: b.Title, Summary: b.Summary, Detail: b.Detail, Category: (*clubapi.Category)(b.Category),
		Thumbnail: b.Thumbnail, MaxUser: b.MaxUser, JoinRule: (*clubapi.JoinRule)(b.JoinRule), BookID: b.BookID,
		TimeZone: b.TimeZone,
	}
	club, err := s.Store.UpdateClub(ctx, req.ClubID, callerOf(ctx).user.ID, s.Now(), func(old clubapi.Club) (clubapi.Club, error) {
		changed, err := s.Rules.ChangeClub(old, change)
		if err != nil {
			return old, err
		}
		return changed, unchanged(req.Params.IfMatch, old.Version)
	})
	if err != nil {
		return nil, err
	}
	return UpdateClub200JSONResponse{clubOne(club)}, nil
}

// CloseClub implements StrictServerInterface.
func (s *server) CloseClub(ctx context.Context, req CloseClubRequestObject) (CloseClubResponseObject, error) {
	if err := s.Store.CloseClub(ctx, req.ClubID, callerOf(ctx).user.ID, s.Now(), s.Rules.CloseClub); err != nil {
		return nil, err
	}
	return CloseClub204Response{}, nil
}

// HandOverClub implements StrictServerInterface.
func (s *server) HandOverClub(ctx context.Context, req HandOverClubRequestObject) (HandOverClubResponseObject, error) {
	club, err := s.Store.HandOverClub(ctx, req.ClubID, callerOf(ctx).user.ID, req.Body.UserID, s.Now())
	if err != nil {
		return nil, err
	}
	return HandOverClub200JSONResponse{clubOne(club)}, nil
}

// clubFilter reads which clubs to list, and keeps it in the addresses of the next pages.
func (p *listing) clubFilter(q ListClubsParams) (f clubapi.ClubFilter) {
	f.Words = p.words(q.Q)
	if q.Category != nil {
		f.Category = clubapi.Category(*q.Category)
		p.query.Set("category", string(*q.Category))
	}
	if q.BookID != nil {
		f.BookID = *q.BookID
		p.query.Set("book_id", strconv.FormatInt(f.BookID, 10))
	}
	if q.Weekday != nil {
		f.Weekdays = onWeekday(q.Weekday)
		p.query.Set("weekday", string(*q.Weekday))
	}
	if q.FreeSeats != nil {
		f.FreeSeats = *q.FreeSeats
		p.query.Set("free_seats", strconv.FormatBool(f.FreeSeats))
	}
	return f
}

func clubPage(p listing, page clubapi.Page[clubapi.Club]) ClubPageJSONResponse {
	next, link := p.next("cursor", page.Next)
	return ClubPageJSONResponse{
		Body:    ClubPage{Items: bodies(page.Items, clubBody), NextCursor: next},
		Headers: ClubPageResponseHeaders{Link: link},
	}
}

func clubOne(c clubapi.Club) ClubOneJSONResponse {
	return ClubOneJSONResponse{Body: clubBody(c), Headers: ClubOneResponseHeaders{ETag: tagOf(c.Version)}}
}

func clubBody(c clubapi.Club) Club {
	body := Club{
		ID: c.ID, Owner: personBody(c.Owner), Title: c.Title, Summary: c.Summary, Detail: c.Detail,
		Category: Category(c.Category), Thumbnail: c.Thumbnail, MaxUser: c.MaxUser, JoinRule: JoinRule(c.JoinRule),
		MemberCount: c.MemberCount, WaitingCount: c.WaitingCount, Role: Role(c.Role), TimeZone: c.TimeZone,
		Book: bookName(c.Book), CreatedAt: c.CreatedAt,
	}
	if c.Schedule != nil {
		plan := scheduleBody(*c.Schedule)
		body.Schedule = &plan
	}
	return body
}

func bookName(b *clubapi.BookName) *BookName {
	if b == nil {
		return nil
	}
	return &BookName{ID: b.ID, Title: b.Title, Author: b.Author, BookImg: b.BookImg}
}
