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
	ErrClubFull            = errors.New("club has no free seat")
	ErrAlreadyMember       = errors.New("already a member of the club")
	ErrOwnerCannotLeave    = errors.New("the owner cannot leave the club")
	ErrConferenceEnded     = errors.New("conference has ended")
	ErrConferenceCancelled = errors.New("conference is cancelled")
	ErrCursor              = errors.New("cursor is not one of this list")
)

func configError(what string) error { return fmt.Errorf("%w: %s", ErrConfig, what) }

// NotOpenError refuses to join a conference before OpensAt.
type NotOpenError struct{ OpensAt time.Time }

// Error implements error.
func (e *NotOpenError) Error() string {
	return "conference opens at " + e.OpensAt.Format(time.RFC3339)
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
