package httpapi

import (
	"context"
	"strconv"

	"salon/clubapi"
)

// ListClubs implements StrictServerInterface.
func (s *server) ListClubs(ctx context.Context, req ListClubsRequestObject) (ListClubsResponseObject, error) {
	p := listed("clubs", "/api/v1/clubs")
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Clubs(ctx, callerOf(ctx).user.ID, at)
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
		TimeZone: b.TimeZone,
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
	club, err := s.Store.UpdateClub(ctx, req.ClubID, callerOf(ctx).user.ID, func(c clubapi.Club) (clubapi.Club, error) {
		return s.Rules.ChangeClub(c, change)
	})
	if err != nil {
		return nil, err
	}
	return UpdateClub200JSONResponse{clubOne(club)}, nil
}

// ListMembers implements StrictServerInterface.
func (s *server) ListMembers(ctx context.Context, req ListMembersRequestObject) (ListMembersResponseObject, error) {
	p := listed(within("members", req.ClubID), under("clubs", req.ClubID, "members"))
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Members(ctx, req.ClubID, at)
	if err != nil {
		return nil, err
	}
	next, link := p.next("cursor", page.Next)
	return ListMembers200JSONResponse{
		Body:    MemberPage{Items: bodies(page.Items, memberBody), NextCursor: next},
		Headers: ListMembers200ResponseHeaders{Link: link},
	}, nil
}

// JoinClub implements StrictServerInterface.
func (s *server) JoinClub(ctx context.Context, req JoinClubRequestObject) (JoinClubResponseObject, error) {
	m, err := s.Store.JoinClub(ctx, req.ClubID, callerOf(ctx).user.ID, s.Now())
	if err != nil {
		return nil, err
	}
	return JoinClub201JSONResponse(memberBody(m)), nil
}

// LeaveClub implements StrictServerInterface.
func (s *server) LeaveClub(ctx context.Context, req LeaveClubRequestObject) (LeaveClubResponseObject, error) {
	if err := s.Store.LeaveClub(ctx, req.ClubID, callerOf(ctx).user.ID); err != nil {
		return nil, err
	}
	return LeaveClub204Response{}, nil
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
	return Club{
		ID: c.ID, Owner: personBody(c.Owner), Title: c.Title, Summary: c.Summary, Detail: c.Detail,
		Category: Category(c.Category), Thumbnail: c.Thumbnail, MaxUser: c.MaxUser, JoinRule: JoinRule(c.JoinRule),
		MemberCount: c.MemberCount, WaitingCount: c.WaitingCount, Role: Role(c.Role), TimeZone: c.TimeZone,
		Book: bookName(c.Book), CreatedAt: c.CreatedAt,
	}
}

func bookName(b *clubapi.BookName) *BookName {
	if b == nil {
		return nil
	}
	return &BookName{ID: b.ID, Title: b.Title, Author: b.Author, BookImg: b.BookImg}
}

func memberBody(m clubapi.Member) Member {
	return Member{User: personBody(m.User), Role: Role(m.Role), JoinedAt: m.JoinedAt}
}
