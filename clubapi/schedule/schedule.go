// Package schedule decides when something that recurs takes place, by a small part of
// RFC 5545 recurrence: weeks or months, counted on the calendar of one time zone, and
// each meeting at the same hour of the clock on the wall. It reads no clock and keeps
// nothing; its values belong to whoever made them and never change.
//
// An hour that the clock skips counts from before the gap (02:30 becomes 03:30), an hour
// that comes twice is meant the first time: RFC 5545, section 3.3.5.
package schedule

import (
	"fmt"
	"time"

	"github.com/teambition/rrule-go"
)

// Recurrence is a Rule that has begun: from the day StartsOn (its hour is ignored) on, at
// Hour and Minute in Zone.
type Recurrence struct {
	Rule     Rule
	StartsOn time.Time
	Hour     int
	Minute   int
	Zone     *time.Location
}

// slack is more than any zone is away from UTC, so that bounds on the floating calendar
// never cut off what the bounds in real time let through.
const slack = 48 * time.Hour

// Starts lists when meetings begin, from included to before, the earliest first, at most
// most of them.
func (r Recurrence) Starts(from, before time.Time, most int) []time.Time {
	y, m, d := r.StartsOn.Date()
	options := r.Rule.options
	options.Dtstart = time.Date(y, m, d, r.Hour, r.Minute, 0, 0, time.UTC)
	options.Until = before.UTC().Add(slack)
	if end := r.Rule.until; !end.IsZero() && end.Add(slack).Before(options.Until) {
		options.Until = end.Add(slack)
	}
	rule, err := rrule.NewRRule(options)
	if err != nil {
		panic("a parsed rule is within the bounds of the library: " + err.Error())
	}
	var starts []time.Time
	next := rule.Iterator()
	for len(starts) < most {
		floating, ok := next()
		if !ok {
			break
		}
		start := onWall(floating, r.Zone)
		if !start.Before(before) || r.Rule.over(floating, start) {
			break
		}
		if !start.Before(from) {
			starts = append(starts, start)
		}
	}
	return starts
}

// onWall is the moment when the clocks of zone show what floating shows in UTC.
func onWall(floating time.Time, zone *time.Location) time.Time {
	const day = 24 * time.Hour
	_, before := floating.Add(-day).In(zone).Zone()
	_, after := floating.Add(day).In(zone).Zone()
	early := floating.Add(-time.Duration(before) * time.Second)
	if shows(early, floating, zone) {
		return early
	}
	if late := floating.Add(-time.Duration(after) * time.Second); shows(late, floating, zone) {
		return late
	}
	return early
}

func shows(t, floating time.Time, zone *time.Location) bool {
	_, offset := t.In(zone).Zone()
	return t.Add(time.Duration(offset) * time.Second).Equal(floating)
}

// Clock reads "17:50".
func Clock(text string) (hour, minute int, err error) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, 0, fmt.Errorf("%w: time %q", ErrRule, text)
	}
	return t.Hour(), t.Minute(), nil
}
