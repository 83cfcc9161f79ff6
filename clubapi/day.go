package clubapi

import "time"

// Day is a day of a calendar, "2006-01-02"; empty when it is not known. Days compare as
// text.
type Day string

// DayOf is the day of t where t is.
func DayOf(t time.Time) Day { return Day(t.Format(time.DateOnly)) }

// Time is the midnight in UTC that the day begins with; the zero time for the empty day.
func (d Day) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}
