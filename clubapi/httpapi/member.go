package httpapi

import (
	"context"
	"time"

	"salon/clubapi"
)

// MemberStore keeps who is in a club, and who waits to be.
type MemberStore interface {
	JoinClub(ctx context.Context, id, user int64, now time.Time) (clubapi.Membership, error)
	Membership(ctx context.Context, id, user int64) (clubapi.Membership, error)
	LeaveClub(ctx context.Context, id, user int64, now time.Time) error
	RemoveMember(ctx context.Context, id, viewer, user int64, now time.Time) error
	Members(ctx context.Context, id int64, at clubapi.Span) (clubapi.Page[clubapi.Member], error)
	Waiting(ctx context.Context, id, viewer int64, at clubapi.Span) (clubapi.Page[clubapi.Waiting], error)
	AcceptWaiting(ctx context.Context, id, viewer, user int64, now time.Time) (clubapi.Membership, error)
	DeclineWaiting(ctx context.Context, id, viewer, user int64, now time.Time) error
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
	if m.Waiting != nil {
		return JoinClub202JSONResponse(waitingBody(*m.Waiting)), nil
	}
	return JoinClub201JSONResponse(memberBody(clubapi.Member{User: m.User, Role: m.Role, JoinedAt: m.JoinedAt})), nil
}

// GetMembership implements StrictServerInterface.
func (s *server) GetMembership(ctx context.Context, req GetMembershipRequestObject) (GetMembershipResponseObject, error) {
	m, err := s.Store.Membership(ctx, req.ClubID, callerOf(ctx).user.ID)
	if err != nil {
		return nil, err
	}
	return GetMembership200JSONResponse(membershipBody(m)), nil
}

// LeaveClub implements StrictServerInterface.
func (s *server) LeaveClub(ctx context.Context, req LeaveClubRequestObject) (LeaveClubResponseObject, error) {
	if err := s.Store.LeaveClub(ctx, req.ClubID, callerOf(ctx).user.ID, s.Now()); err != nil {
		return nil, err
	}
	return LeaveClub204Response{}, nil
}

// RemoveMember implements StrictServerInterface.
func (s *server) RemoveMember(ctx context.Context, req RemoveMemberRequestObject) (RemoveMemberResponseObject, error) {
	if err := s.Store.RemoveMember(ctx, req.ClubID, callerOf(ctx).user.ID, req.UserID, s.Now()); err != nil {
		return nil, err
	}
	return RemoveMember204Response{}, nil
}

// ListWaiting implements StrictServerInterface.
func (s *server) ListWaiting(ctx context.Context, req ListWaitingRequestObject) (ListWaitingResponseObject, error) {
	p := listed(within("waiting", req.ClubID), under("clubs", req.ClubID, "waiting"))
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Waiting(ctx, req.ClubID, callerOf(ctx).user.ID, at)
	if err != nil {
		return nil, err
	}
	next, link := p.next("cursor", page.Next)
	return ListWaiting200JSONResponse{
		Body:    WaitingPage{Items: bodies(page.Items, waitingBody), NextCursor: next},
		Headers: ListWaiting200ResponseHeaders{Link: link},
	}, nil
}

// AcceptWaiting implements StrictServerInterface.
func (s *server) AcceptWaiting(ctx context.Context, req AcceptWaitingRequestObject) (AcceptWaitingResponseObject, error) {
	m, err := s.Store.AcceptWaiting(ctx, req.ClubID, callerOf(ctx).user.ID, req.UserID, s.Now())
	if err != nil {
		return nil, err
	}
	return AcceptWaiting200JSONResponse(membershipBody(m)), nil
}

// DeclineWaiting implements StrictServerInterface.
func (s *server) DeclineWaiting(ctx context.Context, req DeclineWaitingRequestObject) (DeclineWaitingResponseObject, error) {
	if err := s.Store.DeclineWaiting(ctx, req.ClubID, callerOf(ctx).user.ID, req.UserID, s.Now()); err != nil {
		return nil, err
	}
	return DeclineWaiting204Response{}, nil
}

func memberBody(m clubapi.Member) Member {
	return Member{User: personBody(m.User), Role: Role(m.Role), JoinedAt: m.JoinedAt}
}

func membershipBody(m clubapi.Membership) Membership {
	body := Membership{Role: Role(m.Role)}
	if m.Role.Member() {
		body.JoinedAt = &m.JoinedAt
	}
	if m.Waiting != nil {
		w := waitingBody(*m.Waiting)
		body.Waiting = &w
	}
	return body
}

func waitingBody(w clubapi.Waiting) Waiting {
	return Waiting{User: personBody(w.User), State: WaitingState(w.State), Position: w.Position, Since: w.Since}
}
