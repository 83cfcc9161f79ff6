package httpapi

import (
	"context"

	"salon/clubapi"
)

// CreateReport implements StrictServerInterface.
func (s *server) CreateReport(ctx context.Context, req CreateReportRequestObject) (CreateReportResponseObject, error) {
	r, err := s.Rules.NewReport(given(req.Body.UserID), given(req.Body.PostID), req.Body.Reason, callerOf(ctx).user.ID, s.Now())
	if err != nil {
		return nil, err
	}
	if err := s.gate.admitReport(r.Reporter); err != nil {
		return nil, err
	}
	if r, err = s.Store.CreateReport(ctx, r); err != nil {
		return nil, err
	}
	return CreateReport201JSONResponse{ReportCreatedJSONResponse(reportBody(r))}, nil
}

// ListReports implements StrictServerInterface.
func (s *server) ListReports(ctx context.Context, req ListReportsRequestObject) (ListReportsResponseObject, error) {
	p := listed("reports", "/api/v1/reports")
	var state clubapi.ReportState
	if req.Params.State != nil {
		state = clubapi.ReportState(*req.Params.State)
		p.list += "-" + string(state)
		p.query.Set("state", string(state))
	}
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Reports(ctx, callerOf(ctx).user, state, at)
	if err != nil {
		return nil, err
	}
	cursor, link := p.next("cursor", page.Next)
	return ListReports200JSONResponse{ReportPageJSONResponse{
		Body:    ReportPage{Items: bodies(page.Items, reportBody), NextCursor: cursor},
		Headers: ReportPageResponseHeaders{Link: link},
	}}, nil
}

// SettleReport implements StrictServerInterface.
func (s *server) SettleReport(ctx context.Context, req SettleReportRequestObject) (SettleReportResponseObject, error) {
	r, err := s.Store.SettleReport(ctx, req.ReportID, callerOf(ctx).user, clubapi.ReportState(req.Body.State), s.Now())
	if err != nil {
		return nil, err
	}
	return SettleReport200JSONResponse(reportBody(r)), nil
}

func reportBody(r clubapi.Report) Report {
	out := Report{
		ID: r.ID, User: personBody(r.User), PostID: present(r.PostID), Reason: r.Reason, State: ReportState(r.State), CreatedAt: r.CreatedAt,
	}
	if !r.SettledAt.IsZero() {
		out.SettledAt = &r.SettledAt
	}
	return out
}

// given is the zero value for what is absent.
func given[T any](v *T) T {
	if v == nil {
		var zero T
		return zero
	}
	return *v
}
