// Package httpapi serves the club over HTTP as clubapi/openapi.yaml says: server types
// and routes are generated from it, requests are validated against it, and every refusal
// is an RFC 9457 problem document made in one place, errors.go. It decides who is asking
// (a server-side session behind a cookie) and how often they may ask; what they may do is
// decided by clubapi and its store.
//
// The way of a request, outermost first: recover from panics, security headers,
// cross-origin protection, size and time bounds, session; then Echo's routing, who is
// asking, validation, the handler.
package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"salon/clubapi"
)

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config oapi-codegen.yaml ../openapi.yaml

// UserStore keeps users.
type UserStore interface {
	CreateUser(ctx context.Context, u clubapi.User) (clubapi.User, error)
	User(ctx context.Context, id int64) (clubapi.User, error)
	UserByNickname(ctx context.Context, nickname string) (clubapi.User, error)
}

// ClubStore keeps clubs and their members.
type ClubStore interface {
	CreateClub(ctx context.Context, c clubapi.Club) (clubapi.Club, error)
	Club(ctx context.Context, id, viewer int64) (clubapi.Club, error)
	Clubs(ctx context.Context, viewer int64, at clubapi.Span) (clubapi.Page[clubapi.Club], error)
	ClubsOf(ctx context.Context, user int64, at clubapi.Span) (clubapi.Page[clubapi.Club], error)
	UpdateClub(ctx context.Context, id, viewer int64, edit func(clubapi.Club) (clubapi.Club, error)) (clubapi.Club, error)
	JoinClub(ctx context.Context, id, user int64, now time.Time) (clubapi.Member, error)
	LeaveClub(ctx context.Context, id, user int64) error
	Members(ctx context.Context, id int64, at clubapi.Span) (clubapi.Page[clubapi.Member], error)
}

// ConferenceStore keeps conferences.
type ConferenceStore interface {
	ScheduleConference(ctx context.Context, c clubapi.Conference) (clubapi.Conference, error)
	Conference(ctx context.Context, id, viewer int64) (clubapi.Conference, error)
	UpcomingOfClub(ctx context.Context, club int64, now time.Time, at clubapi.Span) (clubapi.Page[clubapi.Conference], error)
	PastOfClub(ctx context.Context, club int64, now time.Time, at clubapi.Span) (clubapi.Page[clubapi.Conference], error)
	UpcomingOf(ctx context.Context, user int64, now time.Time, at clubapi.Span) (clubapi.Page[clubapi.Conference], error)
	UpdateConference(ctx context.Context, id, viewer int64, edit func(clubapi.Conference) (clubapi.Conference, error)) (clubapi.Conference, error)
}

// NoteStore keeps notes.
type NoteStore interface {
	WriteNote(ctx context.Context, n clubapi.Note) (clubapi.Note, error)
	Notes(ctx context.Context, conference, viewer int64, at clubapi.Span) (clubapi.Page[clubapi.Note], int64, error)
	Note(ctx context.Context, id, viewer int64) (clubapi.Note, error)
	UpdateNote(ctx context.Context, id, viewer int64, edit func(clubapi.Note) (clubapi.Note, error)) (clubapi.Note, error)
	DeleteNote(ctx context.Context, id, viewer int64, allow func(clubapi.Note) error) error
}

// Store keeps everything.
type Store interface {
	UserStore
	ClubStore
	ConferenceStore
	NoteStore
}

// Parts is what the API is put together from; every field must be there.
type Parts struct {
	Rules    clubapi.Rules
	Store    Store
	Sessions scs.CtxStore // gets hashed tokens
	Admitter clubapi.Admitter
	Now      func() time.Time
	Log      *slog.Logger
}

// server answers the operations of the contract.
type server struct {
	Parts
	cfg      Config
	sessions *scs.SessionManager
	gate     *gate
}

// New returns a handler for every path under /api/, /api/openapi.yaml among them. It
// starts nothing and holds nothing that must be closed.
func New(cfg Config, parts Parts) (http.Handler, error) {
	cfg = cfg.withDefaults()
	contract, err := readContract(clubapi.Contract())
	if err != nil {
		return nil, err
	}
	gate, err := newGate(cfg, parts.Now)
	if err != nil {
		return nil, err
	}
	s := &server{Parts: parts, cfg: cfg, sessions: newSessions(cfg, parts.Sessions), gate: gate}
	s.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		s.refuse(w, r, fmt.Errorf("session: %w", err))
	}

	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		if !c.Response().Committed {
			s.refuse(c.Response(), c.Request(), err)
		}
	}
	e.GET("/api/openapi.yaml", serveContract)
	e.Use(s.identify(contract), contract.validate)
	RegisterHandlers(e, NewStrictHandler(s, nil))

	h, err := s.crossOrigin(s.bound(s.sessions.LoadAndSave(e)))
	if err != nil {
		return nil, err
	}
	return s.guard(h), nil
}

func serveContract(c echo.Context) error {
	return c.Blob(http.StatusOK, "application/yaml", clubapi.Contract())
}
