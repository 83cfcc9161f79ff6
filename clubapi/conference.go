package clubapi

import (
	"strconv"
	"time"
)

// Status of a conference at a moment.
type Status string

// Statuses. Live and ended follow the clock.
const (
	StatusScheduled Status = "scheduled"
	StatusLive      Status = "live"
	StatusEnded     Status = "ended"
	StatusCancelled Status = "cancelled"
)

// Conference is a scheduled meeting of a club, or a lightning meeting: then ClubID is 0. Role is the viewer's in the
// club; whoever has a seat of a lightning meeting is a member of it.
type Conference struct {
	ID      int64
	ClubID  int64
	OwnerID int64

	Title       string
	Description string
	Thumbnail   string
	Start       time.Time
	End         time.Time
	Cancelled   bool
	BookID      int64     // 0 for none
	MaxUser     int       // seats of a lightning meeting, else 0
	Occurrence  time.Time // the start that the club's schedule gave it, or zero
	Touched     bool      // changed by hand since the schedule made it
	CreatedAt   time.Time
	UpdatedAt   time.Time

	// What the store adds when the conference is read.
	ClubTitle string
	Book      *BookName
	Role      Role
	Taken     int // seats of a lightning meeting
	Present   int // people in the room
	Version   int64
}

// ConferenceChange says which fields of a conference to set; nil leaves a field as it is.
type ConferenceChange struct {
	Title       *string
	Description *string
	Thumbnail   *string
	Start       *time.Time
	End         *time.Time
	BookID      *int64
}

// Status at the moment now: start <= live < end.
func (c Conference) Status(now time.Time) Status {
	switch {
	case c.Cancelled:
		return StatusCancelled
	case now.Before(c.Start):
		return StatusScheduled
	case now.Before(c.End):
		return StatusLive
	default:
		return StatusEnded
	}
}

// NewConference returns a conference without id, or an InvalidError. Any member of the
// club may schedule; the store checks that when it writes.
func (r Rules) NewConference(change ConferenceChange, club, owner int64, now time.Time) (Conference, error) {
	var c check
	if change.Title == nil {
		c.add("title", CodeRequired, 0)
	}
	if change.Start == nil {
		c.add("call_start_time", CodeRequired, 0)
	}
	if change.End == nil {
		c.add("call_end_time", CodeRequired, 0)
	}
	if err := c.err(); err != nil {
		return Conference{}, err
	}
	conf := Conference{ClubID: club, OwnerID: owner, CreatedAt: moment(now), Role: RoleMember, Version: 1}
	return r.edit(conf, change, now)
}

// ChangeConference returns the conference with the change applied by viewer. Refusals:
// ErrForbidden, ErrConferenceEnded, ErrConferenceCancelled, an InvalidError.
func (r Rules) ChangeConference(conf Conference, change ConferenceChange, viewer int64, now time.Time) (Conference, error) {
	if !conf.editable(viewer) {
		return conf, ErrForbidden
	}
	if err := over(conf.Status(now)); err != nil {
		return conf, err
	}
	return r.edit(conf, change, now)
}

// CancelConference returns the conference cancelled; cancelling twice is no error.
func (r Rules) CancelConference(conf Conference, viewer int64, now time.Time) (Conference, error) {
	if !conf.editable(viewer) {
		return conf, ErrForbidden
	}
	if conf.Status(now) == StatusEnded {
		return conf, ErrConferenceEnded
	}
	if !conf.Cancelled {
		conf.Cancelled, conf.Touched, conf.UpdatedAt = true, true, moment(now)
	}
	return conf, nil
}

func (c Conference) editable(viewer int64) bool {
	return c.Role == RoleOwner || c.Role == RoleMember && c.OwnerID == viewer
}

func over(s Status) error {
	switch s {
	case StatusCancelled:
		return ErrConferenceCancelled
	case StatusEnded:
		return ErrConferenceEnded
	case StatusScheduled, StatusLive:
	}
	return nil
}

func (r Rules) edit(conf Conference, change ConferenceChange, now time.Time) (Conference, error) {
	set(&conf.Title, change.Title)
	set(&conf.Description, change.Description)
	set(&conf.Thumbnail, change.Thumbnail)
	set(&conf.Start, change.Start)
	set(&conf.End, change.End)
	set(&conf.BookID, change.BookID)
	conf.Start, conf.End = moment(conf.Start), moment(conf.End)
	conf.Touched, conf.UpdatedAt = true, moment(now)

	var c check
	conf.Title = c.line("title", conf.Title, maxTitle, false)
	conf.Description = c.prose("description", conf.Description, maxDetail, true)
	conf.Thumbnail = c.link("thumbnail", conf.Thumbnail)
	c.moment("call_start_time", conf.Start)
	c.moment("call_end_time", conf.End)
	if change.Start != nil && conf.Start.Before(now.Add(-r.cfg.StartGrace)) {
		c.add("call_start_time", CodePast, 0)
	}
	switch {
	case !conf.End.After(conf.Start):
		c.add("call_end_time", CodeEndBeforeStart, 0)
	case conf.End.Sub(conf.Start) > r.cfg.LongestCall:
		c.add("call_end_time", CodeTooFarApart, int(r.cfg.LongestCall/time.Second))
	case change.End != nil && !conf.End.After(now):
		c.add("call_end_time", CodePast, 0)
	}
	return conf, c.err()
}

// LightningChange is a lightning meeting as somebody asks for it; nil means the default.
type LightningChange struct {
	Title           string
	Description     *string
	BookID          *int64
	MaxUser         *int
	DurationMinutes *int
}

const (
	minLightning     = 2  // seats
	defaultLightning = 60 // minutes
)

// NewLightning returns a lightning meeting without id that is on from now, or an
// InvalidError.
func (r Rules) NewLightning(change LightningChange, owner int64, now time.Time) (Conference, error) {
	seats, minutes := max(r.cfg.MaxUser, minLightning), defaultLightning
	set(&seats, change.MaxUser)
	set(&minutes, change.DurationMinutes)
	conf := Conference{
		OwnerID: owner, Title: change.Title, MaxUser: seats, Start: moment(now),
		End: moment(now.Add(time.Duration(minutes) * time.Minute)), CreatedAt: moment(now), UpdatedAt: moment(now),
		Role: RoleOwner, Taken: 1, Version: 1,
	}
	set(&conf.Description, change.Description)
	set(&conf.BookID, change.BookID)

	var c check
	conf.Title = c.line("title", conf.Title, maxTitle, false)
	conf.Description = c.prose("description", conf.Description, maxDetail, true)
	c.between("max_user", seats, minLightning, max(r.cfg.MaxUser, minLightning))
	c.between("duration_minutes", minutes, minDuration, maxDuration)
	return conf, c.err()
}

// TakeSeat decides whether somebody without a seat may take one in a lightning meeting
// while it is on. Refusals: ErrNotMember for a club's conference, ErrConferenceCancelled,
// ErrConferenceEnded, ErrConferenceFull.
func (Rules) TakeSeat(conf Conference, now time.Time) error {
	if conf.ClubID != 0 {
		return ErrNotMember
	}
	if err := over(conf.Status(now)); err != nil {
		return err
	}
	if conf.Taken >= conf.MaxUser {
		return ErrConferenceFull
	}
	return nil
}

// JoinWindow returns from when and until when members may join.
func (r Rules) JoinWindow(conf Conference) (opens, closes time.Time) {
	return conf.Start.Add(-r.cfg.JoinEarly), conf.End.Add(r.cfg.JoinLate)
}

// Admission decides whether user, seeing conf with their role, may join the meeting now,
// and what to ask of the Admitter. Refusals: ErrNotMember, ErrConferenceCancelled,
// ErrConferenceEnded, a NotOpenError.
func (r Rules) Admission(conf Conference, user Person, now time.Time) (Admission, error) {
	opens, closes := r.JoinWindow(conf)
	switch {
	case !conf.Role.Member():
		return Admission{}, ErrNotMember
	case conf.Cancelled:
		return Admission{}, ErrConferenceCancelled
	case !now.Before(closes):
		return Admission{}, ErrConferenceEnded
	case now.Before(opens):
		return Admission{}, &NotOpenError{OpensAt: opens}
	}
	return Admission{
		Room:     "conference-" + strconv.FormatInt(conf.ID, 10),
		Identity: "user-" + strconv.FormatInt(user.ID, 10),
		Name:     user.Nickname,
		UserImg:  user.UserImg,
		Until:    closes,
	}, nil
}
