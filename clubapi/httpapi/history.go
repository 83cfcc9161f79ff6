package httpapi

import (
	"context"
	"strings"
	"time"

	"salon/clubapi"
	"salon/clubapi/minutes"
)

// GetAttendance implements StrictServerInterface.
func (s *server) GetAttendance(ctx context.Context, req GetAttendanceRequestObject) (GetAttendanceResponseObject, error) {
	all, err := s.Store.Attendance(ctx, req.ConferenceID, callerOf(ctx).user.ID, s.Now())
	if err != nil {
		return nil, err
	}
	return GetAttendance200JSONResponse{Items: bodies(all, attendanceBody)}, nil
}

// ListHistory implements StrictServerInterface.
func (s *server) ListHistory(ctx context.Context, req ListHistoryRequestObject) (ListHistoryResponseObject, error) {
	p := listed(within("history", req.ClubID), under("clubs", req.ClubID, "history"))
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.History(ctx, req.ClubID, callerOf(ctx).user.ID, s.Now(), at)
	if err != nil {
		return nil, err
	}
	next, link := p.next("cursor", page.Next)
	return ListHistory200JSONResponse{
		Body:    HistoryPage{Items: bodies(page.Items, s.historyBody), NextCursor: next},
		Headers: ListHistory200ResponseHeaders{Link: link},
	}, nil
}

// ExportMinutes implements StrictServerInterface.
func (s *server) ExportMinutes(ctx context.Context, req ExportMinutesRequestObject) (ExportMinutesResponseObject, error) {
	m, err := s.Store.Minutes(ctx, req.ConferenceID, callerOf(ctx).user.ID, s.Now())
	if err != nil {
		return nil, err
	}
	if m.TimeZone == "" {
		m.TimeZone = s.Rules.TimeZone()
	}
	switch req.Params.Format {
	case Vtt:
		text, name := minutes.VTT(m), minutes.Disposition(m, "vtt")
		return ExportMinutes200TextVttResponse{
			Body: strings.NewReader(text), ContentLength: int64(len(text)),
			Headers: ExportMinutes200ResponseHeaders{ContentDisposition: &name},
		}, nil
	case Markdown:
		lang := minutes.Korean
		if req.Params.Lang != nil {
			lang = minutes.Lang(*req.Params.Lang)
		}
		text, name := minutes.Markdown(m, lang), minutes.Disposition(m, "md")
		return ExportMinutes200TextMarkdownResponse{
			Body: strings.NewReader(text), ContentLength: int64(len(text)),
			Headers: ExportMinutes200ResponseHeaders{ContentDisposition: &name},
		}, nil
	case JSON:
	}
	name := minutes.Disposition(m, "json")
	return ExportMinutes200JSONResponse{
		Body: Minutes{
			Conference: s.conferenceBody(m.Conference), Attendance: bodies(m.Attendance, attendanceBody),
			Notes: bodies(m.Notes, s.noteBody(ctx)),
		},
		Headers: ExportMinutes200ResponseHeaders{ContentDisposition: &name},
	}, nil
}

func (s *server) historyBody(e clubapi.HistoryEntry) HistoryEntry {
	return HistoryEntry{
		Conference: s.conferenceBody(e.Conference), Attendance: bodies(e.Attendance, attendanceBody), NoteCount: e.Notes,
	}
}

func attendanceBody(a clubapi.Attendance) Attendance {
	return Attendance{
		User: personBody(a.User), Minutes: minutes.Minutes(a.Stayed), Seconds: int(a.Stayed / time.Second),
		JoinedAt: a.JoinedAt, LeftAt: present(a.LeftAt), Present: a.Present(),
	}
}
