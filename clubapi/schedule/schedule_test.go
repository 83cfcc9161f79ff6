package schedule_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"salon/clubapi/schedule"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func recurrence(t testing.TB, rule, clock, in, day string) schedule.Recurrence {
	t.Helper()
	r, err := schedule.Parse(rule)
	if err != nil {
		t.Fatal(err)
	}
	hour, minute, err := schedule.Clock(clock)
	if err != nil {
		t.Fatal(err)
	}
	from, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return schedule.Recurrence{Rule: r, StartsOn: from, Hour: hour, Minute: minute, Zone: zone(t, in)}
}

func starts(r schedule.Recurrence, most int) string {
	var list []string
	for _, s := range r.Starts(r.StartsOn.AddDate(0, 0, -1), r.StartsOn.AddDate(30, 0, 0), most) {
		list = append(list, s.UTC().Format("2006-01-02T15:04Z"))
	}
	return strings.Join(list, " ")
}

func TestMeetingsComeWhenTheRuleSays(t *testing.T) {
	for _, c := range []struct{ rule, clock, zone, from, want string }{
		{"FREQ=MONTHLY;BYDAY=1MO,3WE", "17:50", "Asia/Seoul", "2026-01-01", "2026-01-05T08:50Z 2026-01-21T08:50Z 2026-02-02T08:50Z 2026-02-18T08:50Z"},
		{"FREQ=WEEKLY;BYDAY=FR", "20:00", "Asia/Seoul", "2026-01-03", "2026-01-09T11:00Z 2026-01-16T11:00Z"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "00:00", "Asia/Seoul", "2026-01-05", "2026-01-04T15:00Z 2026-01-18T15:00Z"},
		// The weeks of an interval are counted from the week of the first day.
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "12:00", "UTC", "2026-01-07", "2026-01-11T12:00Z 2026-01-19T12:00Z 2026-01-25T12:00Z"},
		{"FREQ=WEEKLY", "12:00", "UTC", "2026-01-07", "2026-01-07T12:00Z 2026-01-14T12:00Z"},
		{"FREQ=MONTHLY", "12:00", "UTC", "2026-01-31", "2026-01-31T12:00Z 2026-03-31T12:00Z"},
		{"FREQ=MONTHLY;BYMONTHDAY=-1,15", "12:00", "UTC", "2026-01-20", "2026-01-31T12:00Z 2026-02-15T12:00Z 2026-02-28T12:00Z"},
		{"FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=3", "12:00", "UTC", "2026-01-01", "2026-01-30T12:00Z 2026-04-24T12:00Z"},
		{"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "12:00", "UTC", "2026-01-01", "2026-01-30T12:00Z 2026-02-27T12:00Z"},
		{"FREQ=WEEKLY;BYDAY=TU;COUNT=2", "12:00", "UTC", "2026-01-01", "2026-01-06T12:00Z 2026-01-13T12:00Z"},
		{"FREQ=WEEKLY;BYDAY=TU;UNTIL=20260113", "12:00", "UTC", "2026-01-01", "2026-01-06T12:00Z 2026-01-13T12:00Z"},
		{"FREQ=WEEKLY;BYDAY=TU;UNTIL=20260113T115959", "12:00", "America/New_York", "2026-01-01", "2026-01-06T17:00Z"},
		{"FREQ=WEEKLY;BYDAY=TU;UNTIL=20260113T170000Z", "12:00", "America/New_York", "2026-01-01", "2026-01-06T17:00Z 2026-01-13T17:00Z"},
		{"FREQ=WEEKLY;BYDAY=TU;UNTIL=20260113T165959Z", "12:00", "America/New_York", "2026-01-01", "2026-01-06T17:00Z"},
	} {
		most := strings.Count(c.want, " ") + 1
		if strings.Contains(c.rule, "COUNT") || strings.Contains(c.rule, "UNTIL") {
			most += 5
		}
		if got := starts(recurrence(t, c.rule, c.clock, c.zone, c.from), most); got != c.want {
			t.Errorf("%s at %s from %s:\n got %s\nwant %s", c.rule, c.clock, c.from, got, c.want)
		}
	}
}

// TestClockOnTheWallRules walks over the days on which clocks are changed.
func TestClockOnTheWallRules(t *testing.T) {
	for _, c := range []struct{ clock, zone, from, want string }{
		// Berlin: 02:00 becomes 03:00 on 29 March 2026, 03:00 becomes 02:00 on 25 October.
		{"19:00", "Europe/Berlin", "2026-03-22", "2026-03-22T18:00Z 2026-03-29T17:00Z 2026-04-05T17:00Z"},
		{"02:30", "Europe/Berlin", "2026-03-22", "2026-03-22T01:30Z 2026-03-29T01:30Z 2026-04-05T00:30Z"},
		{"02:30", "Europe/Berlin", "2026-10-18", "2026-10-18T00:30Z 2026-10-25T00:30Z 2026-11-01T01:30Z"},
		{"03:00", "Europe/Berlin", "2026-10-18", "2026-10-18T01:00Z 2026-10-25T02:00Z 2026-11-01T02:00Z"},
		{"01:59", "Europe/Berlin", "2026-03-22", "2026-03-22T00:59Z 2026-03-29T00:59Z 2026-04-04T23:59Z"},
		// New York: 8 March and 1 November 2026, at 02:00.
		{"02:00", "America/New_York", "2026-03-01", "2026-03-01T07:00Z 2026-03-08T07:00Z 2026-03-15T06:00Z"},
		{"02:59", "America/New_York", "2026-03-01", "2026-03-01T07:59Z 2026-03-08T07:59Z 2026-03-15T06:59Z"},
		{"01:30", "America/New_York", "2026-10-25", "2026-10-25T05:30Z 2026-11-01T05:30Z 2026-11-08T06:30Z"},
		{"23:30", "America/New_York", "2026-10-25", "2026-10-26T03:30Z 2026-11-02T04:30Z 2026-11-09T04:30Z"},
		// Seoul changes nothing; Lord Howe Island changes by half an hour.
		{"02:30", "Asia/Seoul", "2026-03-22", "2026-03-21T17:30Z 2026-03-28T17:30Z 2026-04-04T17:30Z"},
		{"02:15", "Australia/Lord_Howe", "2026-09-27", "2026-09-26T15:45Z 2026-10-03T15:45Z 2026-10-10T15:15Z"},
	} {
		if got := starts(recurrence(t, "FREQ=WEEKLY;BYDAY=SU", c.clock, c.zone, c.from), 3); got != c.want {
			t.Errorf("%s in %s from %s:\n got %s\nwant %s", c.clock, c.zone, c.from, got, c.want)
		}
	}
	// Seoul had summer time in 1988: from 8 May 02:00 (03:00) to 9 October 03:00 (02:00).
	if got, want := starts(recurrence(t, "FREQ=WEEKLY;BYDAY=SU", "02:30", "Asia/Seoul", "1988-05-01"), 3), "1988-04-30T17:30Z 1988-05-07T17:30Z 1988-05-14T16:30Z"; got != want {
		t.Errorf("Seoul in 1988: %s, want %s", got, want)
	}
}

func TestHowOftenIsSaid(t *testing.T) {
	for rule, want := range map[string]string{
		"FREQ=MONTHLY;BYDAY=1MO,3WE":                   "1달에 2번, 월 수",
		"FREQ=MONTHLY;BYDAY=3WE,1MO":                   "1달에 2번, 월 수",
		"FREQ=MONTHLY;BYDAY=1MO,3MO":                   "1달에 2번, 월",
		"FREQ=WEEKLY;BYDAY=FR":                         "1주에 1번, 금",
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO":              "2주에 1번, 월",
		"FREQ=WEEKLY;BYDAY=SU,SA":                      "1주에 2번, 토 일",
		"FREQ=MONTHLY;BYDAY=MO,WE;BYSETPOS=1,3":        "1달에 2번, 월 수",
		"FREQ=MONTHLY;BYDAY=MO":                        "1달에 4번, 월",
		"FREQ=WEEKLY":                                  "1주에 1번, 목",
		"FREQ=MONTHLY":                                 "1달에 1번, 1일",
		"FREQ=MONTHLY;BYMONTHDAY=15,-1":                "1달에 2번, 15일 말일",
		"FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=-2":       "12달에 1번, 말일 1일 전",
		"FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1": "1달에 1번, 28일 29일 30일",
	} {
		if got := recurrence(t, rule, "17:50", "Asia/Seoul", "2026-01-01").Frequency().Korean(); got != want {
			t.Errorf("%s: %s, want %s", rule, got, want)
		}
	}
	if got := schedule.On(time.Monday) | schedule.On(time.Sunday); got != 0b1000001 || !slices.Equal(got.List(), []time.Weekday{time.Monday, time.Sunday}) {
		t.Errorf("Monday and Sunday are %b, %v", got, got.List())
	}
}

func TestWhatIsNoRuleIsRefused(t *testing.T) {
	for _, text := range []string{
		"", " ", "FREQ", "FREQ=", "FREQ=DAILY", "FREQ=YEARLY", "FREQ=weekly", "INTERVAL=2", "FREQ=WEEKLY;", ";FREQ=WEEKLY", "RRULE:FREQ=WEEKLY",
		"FREQ=WEEKLY;FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;INTERVAL=13", "FREQ=WEEKLY;INTERVAL=-1", "FREQ=WEEKLY;INTERVAL=1.5",
		"FREQ=WEEKLY;COUNT=0", "FREQ=WEEKLY;COUNT=1001", "FREQ=WEEKLY;COUNT=2;UNTIL=20260101", "FREQ=WEEKLY;UNTIL=2026", "FREQ=WEEKLY;UNTIL=20260230",
		"FREQ=WEEKLY;UNTIL=20260101T250000Z", "FREQ=WEEKLY;UNTIL=00000101", "FREQ=WEEKLY;BYDAY=", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=MO,MO", "FREQ=WEEKLY;BYDAY=M",
		"FREQ=WEEKLY;BYDAY=1MO", "FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYDAY=6MO", "FREQ=MONTHLY;BYDAY=0MO", "FREQ=MONTHLY;BYDAY=1MO,WE", "FREQ=MONTHLY;BYDAY=++1MO",
		"FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=1,1", "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
		"FREQ=MONTHLY;BYSETPOS=1", "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=1", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=-2", "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
		"FREQ=WEEKLY;BYHOUR=3", "FREQ=WEEKLY;DTSTART=20260101", "FREQ=WEEKLY;WKST=SU", "FREQ=WEEKLY;X=1", "FREQ=WEEKLY\nRRULE:FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=99999999999999999999",
	} {
		if _, err := schedule.Parse(text); !errors.Is(err, schedule.ErrRule) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"", "7:50", "17:5", "24:00", "17:60", "17.50", "17:50:00", "+7:50"} {
		if _, _, err := schedule.Clock(text); !errors.Is(err, schedule.ErrRule) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestStartsAreAWindow holds any window against the whole.
func TestStartsAreAWindow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rule := rapid.SampledFrom([]string{
			"FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;INTERVAL=3;BYDAY=SU;COUNT=9", "FREQ=MONTHLY;BYDAY=2TU,-1FR", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=WEEKLY;BYDAY=SA;UNTIL=20270101T000000Z",
		}).Draw(rt, "rule")
		in := rapid.SampledFrom([]string{"Europe/Berlin", "America/New_York", "Asia/Seoul", "Pacific/Apia", "Africa/Casablanca"}).Draw(rt, "zone")
		clock := rapid.SampledFrom([]string{"00:00", "01:30", "02:30", "17:50", "23:59"}).Draw(rt, "clock")
		r := recurrence(t, rule, clock, in, "2026-01-01")
		begin := time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
		from := begin.Add(time.Duration(rapid.IntRange(0, 800*24).Draw(rt, "from")) * time.Hour)
		before := from.Add(time.Duration(rapid.IntRange(0, 200*24).Draw(rt, "hours")) * time.Hour)
		most := rapid.IntRange(0, 30).Draw(rt, "most")
		var want []time.Time
		for i, s := range r.Starts(begin, begin.AddDate(4, 0, 0), 10000) {
			if h, m, _ := s.In(r.Zone).Clock(); (h != r.Hour || m != r.Minute) && in != "Africa/Casablanca" && h != r.Hour+1 {
				rt.Fatalf("meeting %d is at %s", i, s.In(r.Zone))
			}
			if !s.Before(from) && s.Before(before) && len(want) < most {
				want = append(want, s)
			}
		}
		if got := r.Starts(from, before, most); !slices.EqualFunc(got, want, time.Time.Equal) {
			rt.Fatalf("%s from %s before %s: %v, want %v", rule, from, before, got, want)
		}
	})
}

// TestNeverIsFoundOutSoon: a rule of days that never come costs no more than a moment.
func TestNeverIsFoundOutSoon(t *testing.T) {
	r := recurrence(t, "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30", "17:50", "UTC", "2026-02-01")
	if got := starts(r, 1); got != "" {
		t.Errorf("30 February: %s", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"FREQ=MONTHLY;BYDAY=1MO,3WE", "FREQ=WEEKLY;INTERVAL=2;UNTIL=20260101T000000Z", "FREQ=MONTHLY;BYMONTHDAY=-1;BYSETPOS=1;COUNT=3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rule, err := schedule.Parse(text)
		if err != nil {
			return
		}
		if _, err := rrule.StrToROption(text); err != nil {
			t.Errorf("%q is a rule to us alone: %v", text, err)
		}
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		r := schedule.Recurrence{Rule: rule, StartsOn: from, Zone: time.UTC}
		if got := r.Starts(from, from.AddDate(1, 0, 0), 20); !slices.IsSortedFunc(got, time.Time.Compare) {
			t.Errorf("%q: %v", text, got)
		}
		r.Frequency().Korean()
	})
}

func BenchmarkStarts(b *testing.B) {
	for name, rule := range map[string]string{"weekly": "FREQ=WEEKLY;BYDAY=MO", "never": "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30", "rare": "FREQ=MONTHLY;BYMONTHDAY=31,30,29,28,27;BYSETPOS=5"} {
		r := recurrence(b, rule, "17:50", "Europe/Berlin", "2026-02-01")
		from := time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r.Starts(from, from.AddDate(0, 0, 56), 20)
			}
		})
	}
}
