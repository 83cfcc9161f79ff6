package calendar_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"salon/clubapi/calendar"
)

var rewrite = flag.Bool("rewrite", false, "write testdata anew")

func some() []calendar.Event {
	start := time.Date(2026, 1, 5, 8, 50, 0, 0, time.UTC)
	return []calendar.Event{
		{
			UID: "conference-1@salon", Title: "『소년이 온다』 첫 번째 모임; 1부, 2부", Start: start, End: start.Add(90 * time.Minute),
			Description: "여러 줄\r\n두 번째 줄, \\n은 글자 그대로; 👩‍👩‍👧\n" + strings.Repeat("가나다라마바사", 30), URL: "https://club.example/conferences/1",
			Created: start.AddDate(0, 0, -7), Updated: start.AddDate(0, 0, -6), Sequence: 3,
		},
		{UID: "conference-2@salon", Title: "BEGIN:VEVENT", Start: start.AddDate(0, 0, 7), End: start.AddDate(0, 0, 7).Add(time.Hour), Cancelled: true, Created: start, Updated: start},
	}
}

func TestLinesAreShortAndEndWell(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		events := some()
		events[0].Title = rapid.String().Draw(rt, "title")
		events[0].Description = rapid.String().Draw(rt, "description")
		text := calendar.Write(rapid.String().Draw(rt, "name"), events)
		body, ok := strings.CutSuffix(text, "\r\n")
		if !ok {
			rt.Fatal("the last line has no end")
		}
		for l := range strings.SplitSeq(body, "\r\n") {
			if len(l) > 75 || strings.ContainsAny(l, "\r\n") || !utf8.ValidString(l) {
				rt.Fatalf("line of %d bytes: %q", len(l), l)
			}
		}
		if !strings.Contains(text, "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n") {
			rt.Fatalf("no refresh interval in %s", text)
		}
		if n := strings.Count(text, "\r\nBEGIN:VEVENT\r\n"); n != 2 {
			rt.Fatalf("%d events in %s", n, text)
		}
	})
}

func TestSameEventsGiveTheSameBytes(t *testing.T) {
	if a, b := calendar.Write("책", some()), calendar.Write("책", some()); a != b {
		t.Errorf("%s\n%s", a, b)
	}
}

// TestFeedIsAsBefore holds the whole feed against a file, which the web app's tests read
// with ical.js, a parser that shares nothing with the writer.
func TestFeedIsAsBefore(t *testing.T) {
	got := calendar.Write("함께 읽는 저녁, 매주", some())
	if *rewrite {
		if err := os.WriteFile("testdata/feed.ics", []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/feed.ics")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s", got)
	}
}
