package clubapi

import (
	"errors"
	"time"

	"salon/clubapi/schedule"
)

// Role is what somebody is in a club.
type Role string

// Roles. RoleNone is everybody else, signed in or not.
const (
	RoleOwner  Role = "owner"
	RoleMember Role = "member"
	RoleNone   Role = "none"
)

// Member reports whether the role sits in the club; its owner does.
func (r Role) Member() bool { return r == RoleOwner || r == RoleMember }

// JoinRule says how somebody gets a seat of a club.
type JoinRule string

// Rules of joining: whoever comes gets a seat, or the owner decides.
const (
	JoinFree JoinRule = "free"
	JoinAsk  JoinRule = "ask"
)

// Club is a book club as one viewer sees it: Role is the viewer's.
type Club struct {
	ID      int64
	OwnerID int64

	Title     string
	Summary   string
	Detail    string
	Category  Category
	Thumbnail string
	MaxUser   int
	JoinRule  JoinRule
	BookID    int64 // what it reads at present, or 0
	TimeZone  string
	ClosedAt  time.Time // zero while it is open
	CreatedAt time.Time

	// What the store adds when the club is read.
	Owner        Person
	Book         *BookName
	MemberCount  int
	WaitingCount int
	Role         Role
	Schedule     *Schedule
	Version      int64
}

// ClubChange says which fields of a club to set; nil leaves a field as it is.
type ClubChange struct {
	Title     *string
	Summary   *string
	Detail    *string
	Category  *Category
	Thumbnail *string
	MaxUser   *int
	JoinRule  *JoinRule
	BookID    *int64
	TimeZone  *string
	Schedule  *ScheduleChange // of a new club only
}

// ClubFilter says which clubs to list; zero fields let all through.
type ClubFilter struct {
	Words     string
	Category  Category
	BookID    int64
	Weekdays  schedule.Weekdays // it meets on one of them
	FreeSeats bool
}

// NewClub fills in the defaults of a club without id, normalises it and says what is
// wrong with it in an InvalidError. Only the fields that ClubChange names are looked at.
func (r Rules) NewClub(change ClubChange, owner int64, now time.Time) (Club, error) {
	blank := Club{
		OwnerID: owner, MaxUser: r.cfg.MaxUser, TimeZone: r.cfg.TimeZone,
		Category: CategoryOther, JoinRule: JoinFree,
		MemberCount: 1, Role: RoleOwner, CreatedAt: moment(now), Version: 1,
	}
	if change.Title == nil {
		return blank, Invalid("title", CodeRequired)
	}
	club, err := r.ChangeClub(blank, change)
	if change.Schedule == nil {
		return club, err
	}
	var c check
	if invalid := (*InvalidError)(nil); errors.As(err, &invalid) {
		c.faults = invalid.Faults
	} else if err != nil {
		return club, err
	}
	s := c.schedule("schedule/", *change.Schedule, club.TimeZone, now)
	club.Schedule = &s
	return club, c.err()
}

// ChangeClub returns the club with the change applied. Refusals: ErrForbidden unless
// the viewer owns it; an InvalidError naming every wrong field.
func (r Rules) ChangeClub(club Club, change ClubChange) (Club, error) {
	if club.Role != RoleOwner {
		return club, ErrForbidden
	}
	set(&club.Title, change.Title)
	set(&club.Summary, change.Summary)
	set(&club.Detail, change.Detail)
	set(&club.MaxUser, change.MaxUser)
	set(&club.TimeZone, change.TimeZone)
	set(&club.Category, change.Category)
	set(&club.Thumbnail, change.Thumbnail)
	set(&club.JoinRule, change.JoinRule)
	set(&club.BookID, change.BookID)

	var c check
	club.Title = c.line("title", club.Title, maxTitle, false)
	club.Summary = c.line("summary", club.Summary, maxSummary, true)
	club.Detail = c.prose("detail", club.Detail, maxDetail, true)
	club.Thumbnail = c.link("thumbnail", club.Thumbnail)
	r.seats(&c, club, change.MaxUser != nil)
	c.timeZone("time_zone", club.TimeZone)
	return club, c.err()
}

// CloseClub says whether the viewer may close the club: its owner only, else ErrForbidden.
func (Rules) CloseClub(club Club) error {
	if club.Role != RoleOwner {
		return ErrForbidden
	}
	return nil
}

// seats is asked only when they change: a club keeps the seats it has when the
// operator lowers the bound.
func (r Rules) seats(c *check, club Club, changed bool) {
	switch {
	case !changed:
	case club.MaxUser < 1:
		c.add("max_user", CodeTooSmall, 1)
	case club.MaxUser > r.cfg.MaxUser:
		c.add("max_user", CodeTooLarge, r.cfg.MaxUser)
	case club.MaxUser < club.MemberCount:
		c.add("max_user", CodeBelowMemberCount, club.MemberCount)
	}
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}
