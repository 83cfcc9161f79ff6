package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"salon/clubapi"
)

// What this package itself refuses.
var (
	errUnauthenticated  = errors.New("nobody is signed in")
	errWrongCredentials = errors.New("wrong nickname or password")
	errMalformed        = errors.New("malformed request")
	errMediaType        = errors.New("body is not application/json")
	errCrossOrigin      = errors.New("request from another origin")
	errAdmit            = errors.New("no place in the room")
	errPanic            = errors.New("panic")
	errConfig           = errors.New("http api configuration")
	errWrongPassword    = errors.New("wrong present password")
	errPictureType      = errors.New("body is not image/*")
	errStale            = errors.New("edited by somebody else meanwhile")
	errKeyReused        = errors.New("idempotency key of another request")
	errKeyInProgress    = errors.New("the same request is being served")
	errAnswerLost       = errors.New("took effect, but its answer is lost")
)

// tooManyError refuses for a while.
type tooManyError struct{ retryAfter time.Duration }

// Error implements error.
func (e *tooManyError) Error() string { return "too many attempts" }

// seconds rounds up: whoever comes back then is let in.
func (e *tooManyError) seconds() int {
	return int((e.retryAfter + time.Second - 1) / time.Second)
}

// answer is how one kind of error is told to strangers.
type answer struct {
	err    error
	status int
	code   string
	title  string
}

// answers is searched in order; what is not in it is internal.
func answers() []answer {
	return []answer{
		{errUnauthenticated, http.StatusUnauthorized, "unauthenticated", "Sign in first."},
		{errWrongCredentials, http.StatusUnauthorized, "wrong_credentials", "The nickname or the password is wrong."},
		{errWrongPassword, http.StatusForbidden, "wrong_password", "The present password is wrong."},
		{errCrossOrigin, http.StatusForbidden, "cross_origin", "This request came from another site."},
		{clubapi.ErrForbidden, http.StatusForbidden, "forbidden", "You may not do this."},
		{clubapi.ErrNotMember, http.StatusForbidden, "not_a_member", "Only members of the club may do this."},
		{clubapi.ErrNotFound, http.StatusNotFound, "not_found", "There is no such thing."},
		{echo.ErrNotFound, http.StatusNotFound, "not_found", "There is no such thing."},
		{echo.ErrMethodNotAllowed, http.StatusMethodNotAllowed, "method_not_allowed", "This cannot be done here."},
		{clubapi.ErrNicknameTaken, http.StatusConflict, "nickname_taken", "This nickname is taken."},
		{clubapi.ErrAlreadyMember, http.StatusConflict, "already_member", "You are a member of this club already."},
		{clubapi.ErrAlreadyWaiting, http.StatusConflict, "already_waiting", "You wait for a seat already."},
		{clubapi.ErrTooManyRules, http.StatusConflict, "too_many_rules", "The club has as many rules as it may have."},
		{clubapi.ErrConferenceFull, http.StatusConflict, "conference_full", "The meeting has no free seat."},
		{clubapi.ErrOwnerCannotLeave, http.StatusConflict, "owner_cannot_leave", "The owner cannot leave the club."},
		{clubapi.ErrReportedAlready, http.StatusConflict, "reported_already", "You have reported this already."},
		{clubapi.ErrReportSettled, http.StatusConflict, "report_settled", "The report is settled already."},
		{clubapi.ErrPicturesFull, http.StatusConflict, "pictures_full", "You keep too many pictures."},
		{clubapi.ErrPicture, http.StatusUnprocessableEntity, "bad_picture", "This is not a picture that can be kept: JPEG, PNG, GIF or WebP, at most 6000 pixels on a side and 25 million in all."},
		{errPictureType, http.StatusUnsupportedMediaType, "unsupported_media_type", "The body must be a picture."},
		{clubapi.ErrReadAlready, http.StatusConflict, "read_already", "This book was read on that day already."},
		{clubapi.ErrConferenceEnded, http.StatusConflict, "conference_ended", "The conference is over."},
		{clubapi.ErrConferenceCancelled, http.StatusConflict, "conference_cancelled", "The conference is cancelled."},
		{errMalformed, http.StatusBadRequest, "malformed", "The request cannot be read."},
		{errMediaType, http.StatusUnsupportedMediaType, "unsupported_media_type", "The body must be application/json."},
		{errKeyReused, http.StatusUnprocessableEntity, "idempotency_key_reused", "This Idempotency-Key belongs to another request."},
		{errKeyInProgress, http.StatusConflict, "idempotency_in_progress", "The same request is being served at this moment."},
		{clubapi.ErrRepeated, http.StatusConflict, "idempotency_in_progress", "The same request is being served at this moment."},
		{errAnswerLost, http.StatusConflict, "idempotency_answer_lost", "This took effect before, but its answer is lost."},
		{errStale, http.StatusPreconditionFailed, "stale", "Somebody else has changed this meanwhile."},
		{errAdmit, http.StatusServiceUnavailable, "unavailable", "The meeting cannot be joined at the moment."},
		{context.DeadlineExceeded, http.StatusServiceUnavailable, "timeout", "This took too long."},
		{context.Canceled, http.StatusServiceUnavailable, "timeout", "This took too long."},
	}
}

// problemOf is the one place where an error becomes a code.
func problemOf(err error) Problem {
	var (
		invalid   *clubapi.InvalidError
		notOpen   *clubapi.NotOpenError
		overlap   *clubapi.OverlapError
		lightning *clubapi.LightningError
		twin      *clubapi.BookExistsError
		tooMany   *tooManyError
		tooBig    *http.MaxBytesError
	)
	switch {
	case errors.As(err, &invalid):
		p := problem(http.StatusUnprocessableEntity, "validation", "Some fields are wrong.")
		p.Errors = fieldErrors(invalid.Faults)
		return p
	case errors.As(err, &notOpen):
		p := problem(http.StatusConflict, "conference_not_open", "The conference cannot be joined yet.")
		p.OpensAt = &notOpen.OpensAt
		return p
	case errors.As(err, &twin):
		p := problem(http.StatusConflict, "book_exists", "There is a book of this title, author and date already.")
		p.BookID = &twin.ID
		return p
	case errors.As(err, &overlap):
		p := problem(http.StatusConflict, "conference_overlaps", "The club meets at that time already.")
		p.ConferenceID = &overlap.ConferenceID
		return p
	case errors.As(err, &lightning):
		p := problem(http.StatusConflict, "lightning_already", "Another lightning meeting of yours is on.")
		p.ConferenceID = &lightning.ConferenceID
		return p
	case errors.As(err, &tooMany):
		p := problem(http.StatusTooManyRequests, "too_many_requests", "Too many attempts; try again later.")
		after := tooMany.seconds()
		p.RetryAfter = &after
		return p
	case errors.As(err, &tooBig):
		return problem(http.StatusRequestEntityTooLarge, "too_large", "The body is too large.")
	}
	return known(err)
}

func known(err error) Problem {
	for _, a := range answers() {
		if !errors.Is(err, a.err) {
			continue
		}
		p := problem(a.status, a.code, a.title)
		if errors.Is(err, clubapi.ErrNicknameTaken) {
			p.Errors = fieldErrors([]clubapi.Fault{{Field: "nickname", Code: clubapi.CodeTaken}})
		}
		if errors.Is(err, errWrongPassword) {
			p.Errors = fieldErrors([]clubapi.Fault{{Field: "current", Code: clubapi.CodeWrong}})
		}
		return p
	}
	var routed *echo.HTTPError
	if errors.As(err, &routed) && routed.Code < http.StatusInternalServerError {
		return problem(http.StatusBadRequest, "malformed", "The request cannot be read.")
	}
	return problem(http.StatusInternalServerError, "internal", "Something went wrong on our side.")
}

func problem(status int, code, title string) Problem {
	return Problem{Type: "/problems/" + strings.ReplaceAll(code, "_", "-"), Title: title, Status: status, Code: code}
}

func fieldErrors(faults []clubapi.Fault) *[]FieldError {
	out := make([]FieldError, len(faults))
	for i, f := range faults {
		out[i] = FieldError{Pointer: "/" + f.Field, Code: string(f.Code), Message: sentence(f)}
		if f.Limit != 0 {
			out[i].Limit = &f.Limit
		}
	}
	return &out
}

// refuse answers with the problem of err and logs what operators must know.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	switch {
	case p.Status == http.StatusInternalServerError:
		s.Log.ErrorContext(r.Context(), "club request failed", "method", r.Method, "path", pathOf(r), "err", err)
	case p.Status > http.StatusInternalServerError && !errors.Is(err, context.Canceled):
		s.Log.WarnContext(r.Context(), "club request given up", "method", r.Method, "path", pathOf(r), "err", err)
	}
	body, merr := json.Marshal(p)
	if merr != nil {
		panic("a problem document is plain text and numbers: " + merr.Error())
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	if p.RetryAfter != nil {
		w.Header().Set("Retry-After", strconv.Itoa(*p.RetryAfter))
	}
	w.WriteHeader(p.Status)
	if _, werr := w.Write(body); werr != nil {
		s.Log.DebugContext(r.Context(), "club answer not delivered", "err", werr)
	}
}

// pathOf is the path of a request as logs may show it: without the secret of a calendar.
func pathOf(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, calendarPath) {
		return calendarPath + "…"
	}
	return r.URL.Path
}

// sentence is the English message of a fault; clients translate its code instead.
func sentence(f clubapi.Fault) string {
	switch f.Code {
	case clubapi.CodeRequired:
		return "This field is missing."
	case clubapi.CodeType:
		return "This has the wrong type."
	case clubapi.CodeTooShort:
		return fmt.Sprintf("This must have at least %d characters.", f.Limit)
	case clubapi.CodeTooLong:
		return fmt.Sprintf("This must have at most %d characters.", f.Limit)
	case clubapi.CodeTooSmall:
		return fmt.Sprintf("This must be at least %d.", f.Limit)
	case clubapi.CodeTooLarge:
		return fmt.Sprintf("This must be at most %d.", f.Limit)
	case clubapi.CodeFormat:
		return "This is not written as it should be."
	case clubapi.CodeEnum:
		return "This is not one of the allowed values."
	case clubapi.CodeUnknownField:
		return "There is no such field."
	case clubapi.CodeBlank:
		return "There is nothing to see here."
	case clubapi.CodeControlCharacter:
		return "This contains control characters."
	case clubapi.CodePast:
		return "This lies in the past."
	case clubapi.CodeFuture:
		return "This lies in the future."
	case clubapi.CodeEndBeforeStart:
		return "The end must come after the start."
	case clubapi.CodeTooFarApart:
		return fmt.Sprintf("Start and end must be at most %s apart.", time.Duration(f.Limit)*time.Second)
	case clubapi.CodeUnknownTimeZone:
		return "This is not an IANA time zone."
	case clubapi.CodeNotAURL:
		return "This is neither an http or https URL nor a path on this server."
	case clubapi.CodeBelowMemberCount:
		return fmt.Sprintf("The club has %d members already.", f.Limit)
	case clubapi.CodeNotAMember:
		return "This user is not a member of the club."
	case clubapi.CodePasswordLetter:
		return "The password needs an English letter."
	case clubapi.CodePasswordSpecial:
		return "The password needs a special character."
	case clubapi.CodeTaken:
		return "This is taken."
	case clubapi.CodeCursor:
		return "This is not a cursor of this list."
	case clubapi.CodeUnknown:
		return "There is no such thing."
	case clubapi.CodeOneself:
		return "This cannot be yourself."
	case clubapi.CodeExclusive:
		return "Only one of these fields may be given."
	case clubapi.CodeWrong:
		return "This is not right."
	}
	return "This is wrong."
}
