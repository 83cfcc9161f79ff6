package clubapi

import (
	"time"
	"unicode/utf8"
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

// Club is a book club as one viewer sees it: Role is the viewer's.
type Club struct {
	ID      int64
	OwnerID int64

	Title    string
	Summary  string
	Detail   string
	MaxUser  int
	TimeZone string
	TimeFreq string // as people write it: "1달에 2번, 월 수"
	Time     string // "17:50", or empty

	MemberCount int
	Role        Role
	CreatedAt   time.Time
}

// ClubChange says which fields of a club to set; nil leaves a field as it is.
type ClubChange struct {
	Title    *string
	Summary  *string
	Detail   *string
	MaxUser  *int
	TimeZone *string
	TimeFreq *string
	Time     *string
}

// Member is one seat of a club that is taken.
type Member struct {
	User     Person
	Role     Role
	JoinedAt time.Time
}

// NewClub fills in the defaults of a club without id, normalises it and says what is
// wrong with it in an InvalidError. Only the fields that ClubChange names are looked at.
func (r Rules) NewClub(change ClubChange, owner int64, now time.Time) (Club, error) {
	blank := Club{
		OwnerID: owner, MaxUser: r.cfg.MaxUser, TimeZone: r.cfg.TimeZone,
		MemberCount: 1, Role: RoleOwner, CreatedAt: moment(now),
	}
	if change.Title == nil {
		return blank, Invalid("title", CodeRequired)
	}
	return r.ChangeClub(blank, change)
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
	set(&club.TimeFreq, change.TimeFreq)
	set(&club.Time, change.Time)

	var c check
	club.Title = c.line("title", club.Title, maxTitle, false)
	club.Summary = c.line("summary", club.Summary, maxSummary, true)
	club.Detail = c.prose("detail", club.Detail, maxDetail, true)
	club.TimeFreq = c.line("time_freq", club.TimeFreq, maxTimeFreq, true)
	r.seats(&c, club, change.MaxUser != nil)
	if utf8.RuneCountInString(club.TimeZone) > maxTimeZone {
		c.add("time_zone", CodeTooLong, maxTimeZone)
	} else if !knownTimeZone(club.TimeZone) {
		c.add("time_zone", CodeUnknownTimeZone, 0)
	}
	if club.Time != "" {
		if _, err := time.Parse("15:04", club.Time); err != nil || len(club.Time) != len("15:04") {
			c.add("time", CodeFormat, 0)
		}
	}
	return club, c.err()
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
