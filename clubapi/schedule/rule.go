package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// ErrRule says that a text is no rule, or one that Parse does not take.
var ErrRule = errors.New("not a recurrence rule")

// Bounds of a rule.
const (
	maxInterval = 12
	maxCount    = 1000
	maxSetPos   = 31 // days of a month
	maxOrdinal  = 5  // Mondays of a month
)

// Rule is an RRULE by weeks or months that Parse has understood.
type Rule struct {
	options rrule.ROption
	days    []nth
	// until bounds the meetings, included: the moment itself when untilZoned, else what
	// the clock on the wall shows, written in UTC. Zero: no end.
	until      time.Time
	untilZoned bool
}

// nth is a weekday, 0 for Monday; with n, the nth of the month (from its end when
// negative).
type nth struct{ weekday, n int }

// Parse reads FREQ=WEEKLY or FREQ=MONTHLY with INTERVAL (1 to 12), BYDAY, BYMONTHDAY,
// BYSETPOS, COUNT or UNTIL, each at most once. BYDAY and BYMONTHDAY exclude each other,
// and so do COUNT and UNTIL. Ordinals ("1MO") and BYMONTHDAY go with months alone;
// BYSETPOS chooses among BYDAY without ordinals or BYMONTHDAY. The error wraps ErrRule.
func Parse(text string) (Rule, error) {
	r := Rule{options: rrule.ROption{Freq: rrule.SECONDLY, Interval: 1}}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		if seen[name] {
			return Rule{}, fmt.Errorf("%w: %s twice", ErrRule, name)
		}
		seen[name] = true
		if err := r.read(name, value); err != nil {
			return Rule{}, err
		}
	}
	return r, r.validate(seen)
}

func (r *Rule) read(name, value string) (err error) {
	o := &r.options
	switch name {
	case "FREQ":
		switch value {
		case "WEEKLY":
			o.Freq = rrule.WEEKLY
		case "MONTHLY":
			o.Freq = rrule.MONTHLY
		default:
			return fmt.Errorf("%w: FREQ=%s", ErrRule, value)
		}
	case "INTERVAL":
		o.Interval, err = number(value, 1, maxInterval)
	case "COUNT":
		o.Count, err = number(value, 1, maxCount)
	case "UNTIL":
		err = r.readUntil(value)
	case "BYDAY":
		err = r.readDays(value)
	case "BYMONTHDAY":
		o.Bymonthday, err = numbers(value, maxSetPos)
	case "BYSETPOS":
		o.Bysetpos, err = numbers(value, maxSetPos)
	default:
		return fmt.Errorf("%w: %s", ErrRule, name)
	}
	return err
}

func (r *Rule) validate(seen map[string]bool) error {
	months := r.options.Freq == rrule.MONTHLY
	ordinals := slices.ContainsFunc(r.days, func(d nth) bool { return d.n != 0 })
	switch {
	case !seen["FREQ"]:
		return fmt.Errorf("%w: no FREQ", ErrRule)
	case seen["COUNT"] && seen["UNTIL"]:
		return fmt.Errorf("%w: COUNT and UNTIL", ErrRule)
	case seen["BYDAY"] && seen["BYMONTHDAY"]:
		return fmt.Errorf("%w: BYDAY and BYMONTHDAY", ErrRule)
	case !months && (ordinals || seen["BYMONTHDAY"]):
		return fmt.Errorf("%w: days of a month in a week", ErrRule)
	case seen["BYSETPOS"] && (ordinals || !seen["BYDAY"] && !seen["BYMONTHDAY"]):
		return fmt.Errorf("%w: BYSETPOS of what", ErrRule)
	}
	for _, pos := range r.options.Bysetpos {
		if max(pos, -pos) > r.choices() {
			return fmt.Errorf("%w: BYSETPOS=%d of %d", ErrRule, pos, r.choices())
		}
	}
	return nil
}

// choices is how many days at most BYSETPOS chooses among.
func (r *Rule) choices() int {
	switch {
	case len(r.days) == 0:
		return len(r.options.Bymonthday)
	case r.options.Freq == rrule.MONTHLY:
		return min(len(r.days)*maxOrdinal, maxSetPos)
	default:
		return len(r.days)
	}
}

// readUntil takes a date (that day included), a local time or a time in UTC.
func (r *Rule) readUntil(value string) error {
	for _, form := range []struct {
		layout string
		more   time.Duration
		zoned  bool
	}{{"20060102", 24*time.Hour - time.Second, false}, {"20060102T150405", 0, false}, {"20060102T150405Z", 0, true}} {
		if t, err := time.Parse(form.layout, value); err == nil && len(value) == len(form.layout) && t.Year() > 0 {
			r.until, r.untilZoned = t.Add(form.more), form.zoned
			return nil
		}
	}
	return fmt.Errorf("%w: UNTIL=%s", ErrRule, value)
}

// over says whether a meeting lies behind the end of the rule.
func (r *Rule) over(floating, start time.Time) bool {
	switch {
	case r.until.IsZero():
		return false
	case r.untilZoned:
		return start.After(r.until)
	default:
		return floating.After(r.until)
	}
}

func (r *Rule) readDays(value string) error {
	for text := range strings.SplitSeq(value, ",") {
		if len(text) < 2 {
			return fmt.Errorf("%w: BYDAY=%s", ErrRule, value)
		}
		ordinal, name := text[:len(text)-2], text[len(text)-2:]
		day := nth{weekday: slices.Index([]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}, name)}
		if ordinal != "" {
			n, err := number(strings.TrimPrefix(ordinal, "+"), -maxOrdinal, maxOrdinal)
			if err != nil || n == 0 {
				return fmt.Errorf("%w: BYDAY=%s", ErrRule, value)
			}
			day.n = n
		}
		mixed := len(r.days) > 0 && (r.days[0].n == 0) != (day.n == 0)
		if day.weekday < 0 || mixed || slices.Contains(r.days, day) {
			return fmt.Errorf("%w: BYDAY=%s", ErrRule, value)
		}
		r.days = append(r.days, day)
		weekday := []rrule.Weekday{rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU}[day.weekday]
		r.options.Byweekday = append(r.options.Byweekday, weekday.Nth(day.n))
	}
	return nil
}

// numbers reads a list of numbers from 1 to most, or from -most to -1, none of them twice.
func numbers(value string, most int) ([]int, error) {
	var list []int
	for text := range strings.SplitSeq(value, ",") {
		n, err := number(strings.TrimPrefix(text, "+"), -most, most)
		if err != nil {
			return nil, err
		}
		if n == 0 || slices.Contains(list, n) {
			return nil, fmt.Errorf("%w: %s", ErrRule, value)
		}
		list = append(list, n)
	}
	return list, nil
}

func number(text string, least, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most || strings.HasPrefix(text, "+") {
		return 0, fmt.Errorf("%w: number %q", ErrRule, text)
	}
	return n, nil
}
