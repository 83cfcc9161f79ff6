package httpapi

import (
	"context"

	"salon/clubapi"
)

// AuditStore tells what was done to a club.
type AuditStore interface {
	Deeds(ctx context.Context, club, viewer int64, at clubapi.Span) (clubapi.Page[clubapi.Deed], error)
}

// ListAudit implements StrictServerInterface.
func (s *server) ListAudit(ctx context.Context, req ListAuditRequestObject) (ListAuditResponseObject, error) {
	p := listed(within("audit", req.ClubID), under("clubs", req.ClubID, "audit"))
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Deeds(ctx, req.ClubID, callerOf(ctx).user.ID, at)
	if err != nil {
		return nil, err
	}
	next, link := p.next("cursor", page.Next)
	return ListAudit200JSONResponse{
		Body:    AuditPage{Items: bodies(page.Items, deedBody), NextCursor: next},
		Headers: ListAudit200ResponseHeaders{Link: link},
	}, nil
}

func deedBody(d clubapi.Deed) AuditEntry {
	body := AuditEntry{ID: d.ID, Actor: personBody(d.Actor), Action: string(d.Action), Subject: present(d.Subject), At: d.At}
	if d.User != nil {
		p := personBody(*d.User)
		body.User = &p
	}
	return body
}
