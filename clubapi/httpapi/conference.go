package httpapi

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"salon/clubapi"
)

// ListConferences implements StrictServerInterface.
func (s *server) ListConferences(ctx context.Context, req ListConferencesRequestObject) (ListConferencesResponseObject, error) {
	when, list := Upcoming, s.Store.UpcomingOfClub
	if req.Params.When != nil && *req.Params.When == Past {
		when, list = Past, s.Store.PastOfClub
	}
	p := listed(within(string(when), req.ClubID), under("clubs", req.ClubID, "conferences"))
	p.query.Set("when", string(when))
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := list(ctx, req.ClubID, callerOf(ctx).user.ID, s.Now(), at)
	if err != nil {
		return nil, err
	}
	return ListConferences200JSONResponse{s.conferencePage(p, page)}, nil
}

// ListMyConferences implements StrictServerInterface.
func (s *server) ListMyConferences(ctx context.Context, req ListMyConferencesRequestObject) (ListMyConferencesResponseObject, error) {
	p := listed("my-conferences", "/api/v1/me/conferences")
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.UpcomingOf(ctx, callerOf(ctx).user.ID, s.Now(), at)
	if err != nil {
		return nil, err
	}
	return ListMyConferences200JSONResponse{s.conferencePage(p, page)}, nil
}

// ScheduleConference implements StrictServerInterface.
func (s *server) ScheduleConference(ctx context.Context, req ScheduleConferenceRequestObject) (ScheduleConferenceResponseObject, error) {
	b := req.Body
	conf, err := s.Rules.NewConference(clubapi.ConferenceChange{
		Title: &b.Title, Description: b.Description, Thumbnail: b.Thumbnail, Start: &b.CallStartTime, End: &b.CallEndTime,
		BookID: b.BookID,
	}, req.ClubID, callerOf(ctx).user.ID, s.Now())
	if err != nil {
		return nil, err
	}
	if conf, err = s.Store.ScheduleConference(ctx, conf); err != nil {
		return nil, err
	}
	location := "/api/v1/conferences/" + strconv.FormatInt(conf.ID, 10)
	return ScheduleConference201JSONResponse{ConferenceCreatedJSONResponse{
		Body: s.conferenceBody(conf), Headers: ConferenceCreatedResponseHeaders{ETag: tagOf(conf.Version), Location: &location},
	}}, nil
}

// GetConference implements StrictServerInterface.
func (s *server) GetConference(ctx context.Context, req GetConferenceRequestObject) (GetConferenceResponseObject, error) {
	conf, err := s.Store.Conference(ctx, req.ConferenceID, callerOf(ctx).user.ID)
	if err != nil {
		return nil, err
	}
	return GetConference200JSONResponse{s.conferenceOne(conf)}, nil
}

// UpdateConference implements StrictServerInterface.
func (s *server) UpdateConference(ctx context.Context, req UpdateConferenceRequestObject) (UpdateConferenceResponseObject, error) {
	b := req.Body
	change := clubapi.ConferenceChange{
		Title: b.Title, Description: b.Description, Thumbnail: b.Thumbnail, Start: b.CallStartTime, End: b.CallEndTime,
		BookID: b.BookID,
	}
	me := callerOf(ctx).user.ID
	conf, err := s.Store.UpdateConference(ctx, req.ConferenceID, me, func(old clubapi.Conference) (clubapi.Conference, error) {
		changed, err := s.Rules.ChangeConference(old, change, me, s.Now())
		if err != nil {
			return old, err
		}
		return changed, unchanged(req.Params.IfMatch, old.Version)
	})
	if err != nil {
		return nil, err
	}
	return UpdateConference200JSONResponse{s.conferenceOne(conf)}, nil
}

// CancelConference implements StrictServerInterface.
func (s *server) CancelConference(ctx context.Context, req CancelConferenceRequestObject) (CancelConferenceResponseObject, error) {
	me := callerOf(ctx).user.ID
	conf, err := s.Store.UpdateConference(ctx, req.ConferenceID, me, func(c clubapi.Conference) (clubapi.Conference, error) {
		return s.Rules.CancelConference(c, me, s.Now())
	})
	if err != nil {
		return nil, err
	}
	return CancelConference200JSONResponse{s.conferenceOne(conf)}, nil
}

// JoinConference implements StrictServerInterface.
func (s *server) JoinConference(ctx context.Context, req JoinConferenceRequestObject) (JoinConferenceResponseObject, error) {
	me := callerOf(ctx)
	conf, err := s.Store.Conference(ctx, req.ConferenceID, me.user.ID)
	if err != nil {
		return nil, err
	}
	if conf.ClubID == 0 && !conf.Role.Member() {
		conf, err = s.Store.TakeSeat(ctx, conf.ID, me.user.ID, s.Now(), func(c clubapi.Conference) error { return s.Rules.TakeSeat(c, s.Now()) })
		if err != nil {
			return nil, err
		}
	}
	ask, err := s.Rules.Admission(conf, me.person(), s.Now())
	if err != nil {
		return nil, err
	}
	ask.BaseURL = me.baseURL
	got, err := s.Admitter.Admit(ctx, ask)
	if err != nil {
		return nil, errors.Join(errAdmit, fmt.Errorf("admit to %s: %w", ask.Room, err))
	}
	return JoinConference200JSONResponse{
		URL: got.URL, Token: got.Token, Room: ask.Room, Identity: ask.Identity, ExpiresAt: got.ExpiresAt,
	}, nil
}

func (s *server) conferencePage(p listing, page clubapi.Page[clubapi.Conference]) ConferencePageJSONResponse {
	next, link := p.next("cursor", page.Next)
	return ConferencePageJSONResponse{
		Body:    ConferencePage{Items: bodies(page.Items, s.conferenceBody), NextCursor: next},
		Headers: ConferencePageResponseHeaders{Link: link},
	}
}

func (s *server) conferenceOne(c clubapi.Conference) ConferenceOneJSONResponse {
	return ConferenceOneJSONResponse{Body: s.conferenceBody(c), Headers: ConferenceOneResponseHeaders{ETag: tagOf(c.Version)}}
}

func (s *server) conferenceBody(c clubapi.Conference) Conference {
	opens, closes := s.Rules.JoinWindow(c)
	kind := ConferenceKindClub
	if c.ClubID == 0 {
		kind = ConferenceKindLightning
	}
	return Conference{
		ID: c.ID, Kind: kind, ClubID: present(c.ClubID), ClubTitle: present(c.ClubTitle), OwnerID: c.OwnerID,
		Role: Role(c.Role), Book: bookName(c.Book), MaxUser: present(c.MaxUser), Taken: present(c.Taken),
		Present: c.Present, Recurring: !c.Occurrence.IsZero(),
		Title: c.Title, Description: c.Description, Thumbnail: c.Thumbnail,
		CallStartTime: c.Start, CallEndTime: c.End, JoinOpensAt: opens, JoinClosesAt: closes,
		Status: Status(c.Status(s.Now())), CreatedAt: c.CreatedAt,
	}
}
