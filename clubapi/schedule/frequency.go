package schedule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// Unit is what a Frequency counts by.
type Unit string

// Units.
const (
	Week  Unit = "week"
	Month Unit = "month"
)

// Weekdays is a set of days of the week: bit 0 is Monday, bit 6 Sunday.
type Weekdays uint8

// On is the set of one day.
func On(d time.Weekday) Weekdays { return 1 << ((int(d) + 6) % 7) }

// List names the days from Monday on.
func (w Weekdays) List() []time.Weekday {
	days := []time.Weekday{}
	for i := range 7 {
		if w&(1<<i) != 0 {
			days = append(days, time.Weekday((i+1)%7))
		}
	}
	return days
}

// Frequency says how often something recurs: Times in Every weeks or months.
type Frequency struct {
	Times int
	Every int
	Unit  Unit
	// Weekdays are the days of the week it falls on; none when it goes by days of the
	// month.
	Weekdays Weekdays
	// MonthDays are the days of the month, from its end when negative.
	MonthDays []int
}

// weeksOfMonth is how often a weekday comes in a month, mostly.
const weeksOfMonth = 4

// Frequency counts the meetings of one interval.
func (r Recurrence) Frequency() Frequency {
	o := r.Rule.options
	f := Frequency{Times: 1, Every: o.Interval, Unit: Week}
	if o.Freq == rrule.MONTHLY {
		f.Unit = Month
	}
	switch {
	case len(r.Rule.days) > 0:
		f.Times = len(r.Rule.days)
		for _, d := range r.Rule.days {
			f.Weekdays |= 1 << d.weekday
		}
		if f.Unit == Month && r.Rule.days[0].n == 0 {
			f.Times *= weeksOfMonth
		}
	case len(o.Bymonthday) > 0:
		f.Times, f.MonthDays = len(o.Bymonthday), slices.Clone(o.Bymonthday)
	case f.Unit == Week:
		f.Weekdays = On(r.StartsOn.Weekday())
	default:
		f.MonthDays = []int{r.StartsOn.Day()}
	}
	if n := len(o.Bysetpos); n > 0 {
		f.Times = n
	}
	return f
}

// Korean says it as in "1달에 2번, 월 수".
func (f Frequency) Korean() string {
	unit := "주"
	if f.Unit == Month {
		unit = "달"
	}
	var days []string
	for _, d := range f.Weekdays.List() {
		days = append(days, []string{"일", "월", "화", "수", "목", "금", "토"}[d])
	}
	for _, d := range f.MonthDays {
		days = append(days, monthDay(d))
	}
	return fmt.Sprintf("%d%s에 %d번, %s", f.Every, unit, f.Times, strings.Join(days, " "))
}

func monthDay(d int) string {
	switch {
	case d > 0:
		return strconv.Itoa(d) + "일"
	case d == -1:
		return "말일"
	default:
		return "말일 " + strconv.Itoa(-d-1) + "일 전"
	}
}
