package clubapi

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What the rules and the store refuse. Each is answered with its own code by httpapi.
var (
	ErrConfig              = errors.New("club configuration")
	ErrNotFound            = errors.New("not found")
	ErrForbidden           = errors.New("not allowed to this user")
	ErrNotMember           = errors.New("not a member of the club")
	ErrNicknameTaken       = errors.New("nickname is taken")
	ErrAlreadyMember       = errors.New("already a member of the club")
	ErrAlreadyWaiting      = errors.New("waiting for a seat already")
	ErrTooManyRules        = errors.New("the club has as many rules as it may have")
	ErrConferenceFull      = errors.New("lightning meeting has no free seat")
	ErrOwnerCannotLeave    = errors.New("the owner cannot leave the club")
	ErrConferenceEnded     = errors.New("conference has ended")
	ErrConferenceCancelled = errors.New("conference is cancelled")
	ErrReadAlready         = errors.New("read on that day already")
	ErrReportedAlready     = errors.New("reported already")
	ErrReportSettled       = errors.New("report is settled")
	ErrPicture             = errors.New("not a picture that can be kept")
	ErrPicturesFull        = errors.New("too many pictures of one user")
	ErrCursor              = errors.New("cursor is not one of this list")
)

func configError(what string) error { return fmt.Errorf("%w: %s", ErrConfig, what) }

// NotOpenError refuses to join a conference before OpensAt.
type NotOpenError struct{ OpensAt time.Time }

// Error implements error.
func (e *NotOpenError) Error() string {
	return "conference opens at " + e.OpensAt.Format(time.RFC3339)
}

// OverlapError refuses a conference at a time when its club meets already, in ConferenceID.
type OverlapError struct{ ConferenceID int64 }

// Error implements error.
func (e *OverlapError) Error() string {
	return fmt.Sprintf("the club meets at that time already, in conference %d", e.ConferenceID)
}

// LightningError refuses a second lightning meeting of one person while ConferenceID is on.
type LightningError struct{ ConferenceID int64 }

// Error implements error.
func (e *LightningError) Error() string {
	return fmt.Sprintf("lightning meeting %d of the same person is on", e.ConferenceID)
}

// Code names what is wrong with a field; clients translate it.
type Code string

// Codes of faults. A fault with a bound carries it in Limit.
const (
	CodeRequired         Code = "required"
	CodeType             Code = "type"
	CodeTooShort         Code = "too_short"
	CodeTooLong          Code = "too_long"
	CodeTooSmall         Code = "too_small"
	CodeTooLarge         Code = "too_large"
	CodeFormat           Code = "format"
	CodeEnum             Code = "enum"
	CodeUnknownField     Code = "unknown_field"
	CodeBlank            Code = "blank"
	CodeControlCharacter Code = "control_character"
	CodePast             Code = "past"
	CodeFuture           Code = "future"
	CodeEndBeforeStart   Code = "end_before_start"
	CodeTooFarApart      Code = "too_far_apart"
	CodeUnknownTimeZone  Code = "unknown_time_zone"
	CodeNotAURL          Code = "not_a_url"
	CodeBelowMemberCount Code = "below_member_count"
	CodeNotAMember       Code = "not_a_member"
	CodePasswordLetter   Code = "password_letter"
	CodePasswordSpecial  Code = "password_special"
	CodeTaken            Code = "taken"
	CodeCursor           Code = "cursor"
	CodeUnknown          Code = "unknown"   // names something that is not there
	CodeOneself          Code = "oneself"   // cannot be done to oneself
	CodeExclusive        Code = "exclusive" // cannot be given together with another
	CodeWrong            Code = "wrong"     // not the value that is stored
)

// Fault is one wrong field: its JSON name, what is wrong, and the bound that was
// crossed where there is one (else 0).
type Fault struct {
	Field string
	Code  Code
	Limit int64
}

// InvalidError lists every fault of one request; never empty.
type InvalidError struct{ Faults []Fault }

// Error implements error.
func (e *InvalidError) Error() string {
	var b strings.Builder
	b.WriteString("invalid")
	for _, f := range e.Faults {
		fmt.Fprintf(&b, " %s=%s", f.Field, f.Code)
	}
	return b.String()
}

// Invalid returns an InvalidError with one fault.
func Invalid(field string, code Code) error {
	return &InvalidError{Faults: []Fault{{Field: field, Code: code}}}
}
