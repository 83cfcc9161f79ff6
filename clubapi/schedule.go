package clubapi

import (
	"fmt"
	"time"
	"unicode/utf8"

	"salon/clubapi/schedule"
)

// Bounds of schedules.
const (
	maxRRule        = 200
	minDuration     = 10  // minutes
	maxDuration     = 720 // minutes
	defaultDuration = 90  // minutes
	earliestDay     = Day("2000-01-01")
	latestDay       = Day("9000-01-01")

	// Horizon is how far ahead conferences are made from a schedule, and MaxAhead how
	// many of them at most.
	Horizon  = 8 * 7 * 24 * time.Hour
	MaxAhead = 20

	maxPreview   = 12 // meetings
	previewYears = 12 // between two meetings, at most: leap days are no days of a rule
)

// Schedule says when a club meets, again and again. Its conferences are made from it.
type Schedule struct {
	ClubID          int64
	RRule           string
	Time            string // "17:50", on the wall in TimeZone
	TimeZone        string
	StartsOn        Day
	DurationMinutes int
	Title           string // of its conferences; the club's when empty
	TimeFreq        string // in words, as in "1달에 2번, 월 수"
	Frequency       schedule.Frequency
	FilledUntil     time.Time // meetings before have their conference; the store's
	Version         int64
}

// ScheduleChange is a schedule as somebody asks for it; nil means the default.
type ScheduleChange struct {
	RRule           string
	Time            string
	TimeZone        *string
	StartsOn        *Day
	DurationMinutes *int
	Title           *string
}

// Schedule returns the schedule that change asks for in a club of that time zone, or an
// InvalidError. A schedule that never meets from now on is none.
func (r Rules) Schedule(change ScheduleChange, zone string, now time.Time) (Schedule, error) {
	var c check
	s := c.schedule("", change, zone, now)
	return s, c.err()
}

// schedule names its faults with prefix in front.
func (c *check) schedule(prefix string, change ScheduleChange, zone string, now time.Time) Schedule {
	s := Schedule{RRule: change.RRule, Time: change.Time, TimeZone: zone, DurationMinutes: defaultDuration, Version: 1}
	set(&s.TimeZone, change.TimeZone)
	set(&s.DurationMinutes, change.DurationMinutes)
	set(&s.Title, change.Title)

	before := len(c.faults)
	s.Title = c.line(prefix+"title", s.Title, maxTitle, true)
	c.between(prefix+"duration_minutes", s.DurationMinutes, minDuration, maxDuration)
	if _, _, err := schedule.Clock(s.Time); err != nil {
		c.add(prefix+"time", CodeFormat, 0)
	}
	switch n := utf8.RuneCountInString(s.RRule); {
	case n == 0:
		c.add(prefix+"rrule", CodeTooShort, 1)
	case n > maxRRule:
		c.add(prefix+"rrule", CodeTooLong, maxRRule)
	default:
		if _, err := schedule.Parse(s.RRule); err != nil {
			c.add(prefix+"rrule", CodeFormat, 0)
		}
	}
	c.timeZone(prefix+"time_zone", s.TimeZone)
	c.firstDay(prefix+"starts_on", &s, change.StartsOn, now)
	if len(c.faults) > before {
		return s
	}
	next, err := s.Preview(now)
	if err != nil || len(next) == 0 {
		c.add(prefix+"rrule", CodePast, 0)
		return s
	}
	s = s.Restored()
	s.TimeFreq = s.Frequency.Korean()
	return s
}

func (c *check) timeZone(field, name string) {
	if utf8.RuneCountInString(name) > maxTimeZone {
		c.add(field, CodeTooLong, maxTimeZone)
	} else if !knownTimeZone(name) {
		c.add(field, CodeUnknownTimeZone, 0)
	}
}

func (c *check) firstDay(field string, s *Schedule, day *Day, now time.Time) {
	if day == nil {
		if zone, err := time.LoadLocation(s.TimeZone); err == nil {
			s.StartsOn = DayOf(now.In(zone))
		}
		return
	}
	s.StartsOn = *day
	before := len(c.faults)
	c.day(field, s.StartsOn)
	switch {
	case len(c.faults) > before:
	case s.StartsOn < earliestDay:
		c.add(field, CodePast, 0)
	case s.StartsOn > latestDay:
		c.add(field, CodeFuture, 0)
	}
}

// recurrence reads back what Rules.Schedule has let through.
func (s Schedule) recurrence() (schedule.Recurrence, error) {
	rule, err := schedule.Parse(s.RRule)
	if err != nil {
		return schedule.Recurrence{}, fmt.Errorf("schedule of club %d: %w", s.ClubID, err)
	}
	hour, minute, err := schedule.Clock(s.Time)
	if err != nil {
		return schedule.Recurrence{}, fmt.Errorf("schedule of club %d: %w", s.ClubID, err)
	}
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return schedule.Recurrence{}, fmt.Errorf("schedule of club %d: %w", s.ClubID, err)
	}
	return schedule.Recurrence{Rule: rule, StartsOn: s.StartsOn.Time(), Hour: hour, Minute: minute, Zone: zone}, nil
}

// Plan lists the meetings that have a conference at now: those that begin after now and
// within Horizon, at most MaxAhead. Those before until are all.
func (s Schedule) Plan(now time.Time) (starts []time.Time, until time.Time, err error) {
	r, err := s.recurrence()
	if err != nil {
		return nil, now, err
	}
	until = now.Add(Horizon)
	starts = r.Starts(now.Add(time.Millisecond), until, MaxAhead)
	if len(starts) == MaxAhead {
		until = starts[MaxAhead-1].Add(time.Millisecond)
	}
	return starts, until, nil
}

// Preview lists the next meetings, at most 12.
func (s Schedule) Preview(now time.Time) ([]time.Time, error) {
	r, err := s.recurrence()
	if err != nil {
		return nil, err
	}
	from := now
	if first := s.StartsOn.Time(); first.After(from) {
		from = first.AddDate(0, 0, -1)
	}
	return r.Starts(from, from.AddDate(maxPreview*previewYears, 0, 0), maxPreview), nil
}

// Restored fills in what follows from the rule of a schedule that was kept; of one that
// cannot be read, nothing.
func (s Schedule) Restored() Schedule {
	if r, err := s.recurrence(); err == nil {
		s.Frequency = r.Frequency()
	}
	return s
}

// Conference is the conference of the meeting that begins at start.
func (s Schedule) Conference(club Club, start, now time.Time) Conference {
	title := s.Title
	if title == "" {
		title = club.Title
	}
	return Conference{
		ClubID: s.ClubID, OwnerID: club.OwnerID, Title: title, BookID: club.BookID, Start: moment(start),
		End: moment(start.Add(time.Duration(s.DurationMinutes) * time.Minute)), Occurrence: moment(start),
		CreatedAt: moment(now), UpdatedAt: moment(now), Version: 1,
	}
}
