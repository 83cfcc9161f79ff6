package httpapi

import (
	"context"
	"strconv"
	"time"

	"salon/clubapi"
)

// LightningStore keeps meetings on the spur of the moment.
type LightningStore interface {
	StartLightning(ctx context.Context, f clubapi.Conference) (clubapi.Conference, error)
	Lightning(ctx context.Context, viewer int64, now time.Time, at clubapi.Span) (clubapi.Page[clubapi.Conference], error)
	TakeSeat(ctx context.Context, id, user int64, now time.Time, allow func(clubapi.Conference) error) (clubapi.Conference, error)
}

// ListLightning implements StrictServerInterface.
func (s *server) ListLightning(ctx context.Context, req ListLightningRequestObject) (ListLightningResponseObject, error) {
	p := listed("lightning", "/api/v1/lightning")
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Lightning(ctx, callerOf(ctx).user.ID, s.Now(), at)
	if err != nil {
		return nil, err
	}
	return ListLightning200JSONResponse{s.conferencePage(p, page)}, nil
}

// StartLightning implements StrictServerInterface.
func (s *server) StartLightning(ctx context.Context, req StartLightningRequestObject) (StartLightningResponseObject, error) {
	b := req.Body
	conf, err := s.Rules.NewLightning(clubapi.LightningChange{
		Title: b.Title, Description: b.Description, BookID: b.BookID, MaxUser: b.MaxUser, DurationMinutes: b.DurationMinutes,
	}, callerOf(ctx).user.ID, s.Now())
	if err != nil {
		return nil, err
	}
	if conf, err = s.Store.StartLightning(ctx, conf); err != nil {
		return nil, err
	}
	location := "/api/v1/conferences/" + strconv.FormatInt(conf.ID, 10)
	return StartLightning201JSONResponse{ConferenceCreatedJSONResponse{
		Body: s.conferenceBody(conf), Headers: ConferenceCreatedResponseHeaders{ETag: tagOf(conf.Version), Location: &location},
	}}, nil
}
