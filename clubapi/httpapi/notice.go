package httpapi

import (
	"context"
	"strconv"
	"time"

	"salon/clubapi"
)

// NoticeStore keeps the notices of clubs.
type NoticeStore interface {
	CreateNotice(ctx context.Context, n clubapi.Notice, author int64) (clubapi.Notice, error)
	Notices(ctx context.Context, club, viewer int64, at clubapi.Span) (clubapi.Page[clubapi.Notice], error)
	Notice(ctx context.Context, id, viewer int64) (clubapi.Notice, error)
	UpdateNotice(ctx context.Context, id, viewer int64, edit func(clubapi.Notice) (clubapi.Notice, error)) (clubapi.Notice, error)
	DeleteNotice(ctx context.Context, id, viewer int64, now time.Time) error
}

// ListNotices implements StrictServerInterface.
func (s *server) ListNotices(ctx context.Context, req ListNoticesRequestObject) (ListNoticesResponseObject, error) {
	p := listed(within("notices", req.ClubID), under("clubs", req.ClubID, "notices"))
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Notices(ctx, req.ClubID, callerOf(ctx).user.ID, at)
	if err != nil {
		return nil, err
	}
	next, link := p.next("cursor", page.Next)
	return ListNotices200JSONResponse{NoticePageJSONResponse{
		Body: NoticePage{Items: bodies(page.Items, noticeBody), NextCursor: next}, Headers: NoticePageResponseHeaders{Link: link},
	}}, nil
}

// CreateNotice implements StrictServerInterface.
func (s *server) CreateNotice(ctx context.Context, req CreateNoticeRequestObject) (CreateNoticeResponseObject, error) {
	n, err := s.Rules.NewNotice(req.Body.NoticeContent, req.ClubID, s.Now())
	if err != nil {
		return nil, err
	}
	if n, err = s.Store.CreateNotice(ctx, n, callerOf(ctx).user.ID); err != nil {
		return nil, err
	}
	location := "/api/v1/notices/" + strconv.FormatInt(n.ID, 10)
	return CreateNotice201JSONResponse{NoticeCreatedJSONResponse{
		Body: noticeBody(n), Headers: NoticeCreatedResponseHeaders{ETag: tagOf(n.Version), Location: &location},
	}}, nil
}

// GetNotice implements StrictServerInterface.
func (s *server) GetNotice(ctx context.Context, req GetNoticeRequestObject) (GetNoticeResponseObject, error) {
	n, err := s.Store.Notice(ctx, req.NoticeID, callerOf(ctx).user.ID)
	if err != nil {
		return nil, err
	}
	return GetNotice200JSONResponse{noticeOne(n)}, nil
}

// UpdateNotice implements StrictServerInterface.
func (s *server) UpdateNotice(ctx context.Context, req UpdateNoticeRequestObject) (UpdateNoticeResponseObject, error) {
	n, err := s.Store.UpdateNotice(ctx, req.NoticeID, callerOf(ctx).user.ID, func(old clubapi.Notice) (clubapi.Notice, error) {
		changed, err := s.Rules.ChangeNotice(old, req.Body.NoticeContent, s.Now())
		if err != nil {
			return old, err
		}
		return changed, unchanged(req.Params.IfMatch, old.Version)
	})
	if err != nil {
		return nil, err
	}
	return UpdateNotice200JSONResponse{noticeOne(n)}, nil
}

// DeleteNotice implements StrictServerInterface.
func (s *server) DeleteNotice(ctx context.Context, req DeleteNoticeRequestObject) (DeleteNoticeResponseObject, error) {
	if err := s.Store.DeleteNotice(ctx, req.NoticeID, callerOf(ctx).user.ID, s.Now()); err != nil {
		return nil, err
	}
	return DeleteNotice204Response{}, nil
}

func noticeOne(n clubapi.Notice) NoticeOneJSONResponse {
	return NoticeOneJSONResponse{Body: noticeBody(n), Headers: NoticeOneResponseHeaders{ETag: tagOf(n.Version)}}
}

func noticeBody(n clubapi.Notice) Notice {
	return Notice{ID: n.ID, ClubID: n.ClubID, NoticeContent: n.Content, CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt}
}
