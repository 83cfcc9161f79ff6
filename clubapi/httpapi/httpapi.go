// Package httpapi serves the club over HTTP as clubapi/openapi.yaml says: server types
// and routes are generated from it, requests are validated against it, and every refusal
// is an RFC 9457 problem document made in one place, errors.go. It decides who is asking
// (a server-side session behind a cookie) and how often they may ask; what they may do is
// decided by clubapi and its store.
//
// The way of a request, outermost first: recover from panics, security headers,
// cross-origin protection, size and time bounds, how long it took, session; then Echo's routing, who is
// asking, validation, repetition, the handler.
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
	UpdateUser(ctx context.Context, id int64, edit func(clubapi.User) (clubapi.User, error)) (clubapi.User, error)
	ReplacePassword(ctx context.Context, id int64, old, hash string) (clubapi.User, error)
	Profile(ctx context.Context, id int64, viewer clubapi.User) (clubapi.Profile, error)
}

// ReportStore keeps reports.
type ReportStore interface {
	CreateReport(ctx context.Context, r clubapi.Report) (clubapi.Report, error)
	Reports(ctx context.Context, viewer clubapi.User, state clubapi.ReportState, at clubapi.Span) (clubapi.Page[clubapi.Report], error)
	SettleReport(ctx context.Context, id int64, viewer clubapi.User, state clubapi.ReportState, now time.Time) (clubapi.Report, error)
}

// ConferenceStore keeps conferences.
type ConferenceStore interface {
	ScheduleConference(ctx context.Context, c clubapi.Conference) (clubapi.Conference, error)
	Conference(ctx context.Context, id, viewer int64) (clubapi.Conference, error)
	UpcomingOfClub(ctx context.Context, club, viewer int64, now time.Time, at clubapi.Span) (clubapi.Page[clubapi.Conference], error)
	PastOfClub(ctx context.Context, club, viewer int64, now time.Time, at clubapi.Span) (clubapi.Page[clubapi.Conference], error)
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

// HistoryStore tells what took place.
type HistoryStore interface {
	Attendance(ctx context.Context, conference, viewer int64, now time.Time) ([]clubapi.Attendance, error)
	History(ctx context.Context, club, viewer int64, now time.Time, at clubapi.Span) (clubapi.Page[clubapi.HistoryEntry], error)
	Minutes(ctx context.Context, conference, viewer int64, now time.Time) (clubapi.Minutes, error)
}

// AnswerStore keeps what was answered to requests that must take effect once.
type AnswerStore interface {
	Answer(ctx context.Context, user int64, key string, now time.Time) (clubapi.Answer, error)
	KeepAnswer(ctx context.Context, o *clubapi.Once, a clubapi.Answer) error
}

// BookStore keeps books.
type BookStore interface {
	CreateBook(ctx context.Context, b clubapi.Book) (clubapi.Book, error)
	Book(ctx context.Context, id int64) (clubapi.Book, error)
	Books(ctx context.Context, words string, category clubapi.Category, at clubapi.Span) (clubapi.Page[clubapi.Book], error)
	UpdateBook(ctx context.Context, id int64, edit func(clubapi.Book) (clubapi.Book, error)) (clubapi.Book, error)
	Reviews(ctx context.Context, book int64, at clubapi.Span) (clubapi.Page[clubapi.Reading], error)
}

// ReadingStore keeps what people have read.
type ReadingStore interface {
	LogReading(ctx context.Context, r clubapi.Reading) (clubapi.Reading, error)
	Reading(ctx context.Context, id, reader int64) (clubapi.Reading, error)
	ReadingsOf(ctx context.Context, user int64, first, last clubapi.Day, at clubapi.Span) (clubapi.Page[clubapi.Reading], error)
	UpdateReading(ctx context.Context, id, reader int64, edit func(clubapi.Reading) (clubapi.Reading, error)) (clubapi.Reading, error)
	DeleteReading(ctx context.Context, id, reader int64) error
	Piles(ctx context.Context, user int64, year int) ([]clubapi.Pile, error)
}

// PostStore keeps the board.
type PostStore interface {
	CreatePost(ctx context.Context, p clubapi.Post) (clubapi.Post, error)
	Post(ctx context.Context, id int64) (clubapi.Post, error)
	Posts(ctx context.Context, words string, at clubapi.Span) (clubapi.Page[clubapi.Post], error)
	UpdatePost(ctx context.Context, id int64, edit func(clubapi.Post) (clubapi.Post, error)) (clubapi.Post, error)
	DeletePost(ctx context.Context, id int64, allow func(clubapi.Post) error) error
}

// SearchStore finds things.
type SearchStore interface {
	Search(ctx context.Context, viewer int64, words string, most int) (clubapi.Found, error)
	SearchNotes(ctx context.Context, club, viewer int64, words string, speaker int64, at clubapi.Span) (clubapi.Page[clubapi.FoundNote], error)
	RelatedNotes(ctx context.Context, conference, viewer int64, text string, most int) ([]clubapi.FoundNote, error)
}

// Store keeps everything.
type Store interface {
	SearchStore
	BookStore
	ReadingStore
	PostStore
	UserStore
	ReportStore
	ClubStore
	MemberStore
	NoticeStore
	HouseRuleStore
	ScheduleStore
	AuditStore
	ConferenceStore
	LightningStore
	CalendarStore
	NoteStore
	HistoryStore
	AnswerStore
}

// Parts is what the API is put together from; every field must be there.
type Parts struct {
	Rules    clubapi.Rules
	Store    Store
	Sessions scs.CtxStore // gets hashed tokens
	Pictures Pictures
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
	e.Use(s.identify(contract), contract.validate, s.once(contract, &underWay{requests: map[underWayKey][32]byte{}}))
	RegisterHandlers(e, NewStrictHandler(s, nil))

	h, err := s.crossOrigin(s.bound(unlessShown(s.timed(s.sessions.LoadAndSave(e)), e)))
	if err != nil {
		return nil, err
	}
	return s.guard(h), nil
}

func serveContract(c echo.Context) error {
	return c.Blob(http.StatusOK, "application/yaml", clubapi.Contract())
}
