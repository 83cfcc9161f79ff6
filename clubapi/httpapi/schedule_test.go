package httpapi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"salon/clubapi"
)

// occurrences lists the starts of a club's upcoming conferences and how they differ from
// a plain meeting: "x" for one made by hand.
func occurrences(b *browser, club int64) string {
	b.t.Helper()
	var list []string
	for next := path("/api/v1/clubs/%d/conferences?limit=100", club); next != ""; {
		page := b.call("GET", next, nil).want(200)
		for _, it := range page.list("items") {
			s := strings.TrimSuffix(strings.TrimPrefix(it["call_start_time"].(string), "2026-"), ":00Z")
			if it["recurring"] != true {
				s += "x"
			}
			list = append(list, s)
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(page.header.Get("Link"), "<"), ">")
	}
	return strings.Join(list, " ")
}

// schedulesStory sets a schedule, changes it, moves and cancels meetings of it. It is
// Tuesday, 6 January 2026, 02:00 in Seoul.
func schedulesStory(t *testing.T, h *house) {
	owner, guest := h.person(t, "일정 주인"), h.person(t, "일정 회원")
	id := owner.club("저녁 모임")
	guest.join(id)
	club := path("/api/v1/clubs/%d", id)
	set := func(more ...any) reply {
		t.Helper()
		body := m{"rrule": "FREQ=MONTHLY;BYDAY=1MO,3WE", "time": "17:50"}
		for i := 0; i < len(more); i += 2 {
			body[more[i].(string)] = more[i+1]
		}
		return owner.call("PUT", club+"/schedule", body)
	}
	want := func(list string) {
		t.Helper()
		if got := occurrences(guest, id); got != list {
			t.Errorf("meetings:\n got %s\nwant %s", got, list)
		}
	}
	guest.call("GET", club+"/schedule", nil).refused(404, "not_found")
	guest.call("PUT", club+"/schedule", m{"rrule": "FREQ=WEEKLY", "time": "17:50"}).refused(403, "forbidden")
	got := set().want(200)
	if got.str("time_freq") != "1달에 2번, 월 수" || fmt.Sprint(got.body["frequency"]) != "map[every:1 times:2 unit:month weekdays:[mon wed]]" ||
		got.str("time_zone") != "Asia/Seoul" || got.str("starts_on") != "2026-01-06" || got.num("duration_minutes") != 90 {
		t.Errorf("schedule: %s", got.raw)
	}
	if read := guest.call("GET", club+"/schedule", nil).want(200); string(read.raw) != string(got.raw) {
		t.Errorf("%s read as %s", got.raw, read.raw)
	}
	want("01-21T08:50 02-02T08:50 02-18T08:50 03-02T08:50")
	first := guest.call("GET", club+"/conferences", nil).want(200).list("items")[0]
	if first["title"] != "저녁 모임" || first["call_end_time"] != "2026-01-21T10:20:00Z" || first["owner_id"] != float64(owner.id) || first["role"] != "member" {
		t.Errorf("first meeting: %v", first)
	}

	// The same again keeps every conference; another hour keeps what was touched.
	set().want(200)
	if again := guest.call("GET", club+"/conferences", nil).want(200).list("items")[0]; again["id"] != first["id"] {
		t.Errorf("conference %v became %v", first["id"], again["id"])
	}
	items := guest.call("GET", club+"/conferences", nil).want(200).list("items")
	at := func(i int) string { return path("/api/v1/conferences/%d", int64(items[i]["id"].(float64))) }
	owner.call("POST", at(0)+"/cancel", nil).want(200)
	owner.call("PATCH", at(1), m{"call_start_time": "2026-02-03T08:50:00Z", "call_end_time": "2026-02-03T10:00:00Z"}).want(200)
	owner.call("PATCH", at(2), m{"description": "특별한 밤"}).want(200)
	set().want(200)
	want("02-03T08:50 02-18T08:50 03-02T08:50")
	set("time", "20:00", "title", "밤 모임", "duration_minutes", 60).want(200)
	want("01-21T11:00 02-02T11:00 02-03T08:50 02-18T08:50 02-18T11:00 03-02T11:00")
	set().want(200)
	want("02-03T08:50 02-18T08:50 03-02T08:50")

	// A meeting by hand stands in the way of one by the rule, and the other way round.
	byHand := m{"title": "손으로", "call_start_time": "2026-01-13T08:00:00Z", "call_end_time": "2026-01-13T10:00:00Z"}
	guest.call("POST", club+"/conferences", byHand).want(201)
	set("rrule", "FREQ=WEEKLY;BYDAY=TU").want(200)
	want("01-06T08:50 01-13T08:00x 01-20T08:50 01-27T08:50 02-03T08:50 02-10T08:50 02-17T08:50 02-18T08:50 02-24T08:50")
	if got := guest.call("POST", club+"/conferences", m{"title": "겹침", "call_start_time": "2026-01-20T10:19:00Z", "call_end_time": "2026-01-20T11:00:00Z"}).refused(409, "conference_overlaps"); got.num("conference_id") == 0 {
		t.Errorf("overlap: %s", got.raw)
	}
	guest.call("POST", club+"/conferences", m{"title": "이어서", "call_start_time": "2026-01-20T10:20:00Z", "call_end_time": "2026-01-20T11:00:00Z"}).want(201)

	// Time passes: the schedule is continued, and nothing is doubled.
	fill := func(now time.Time) {
		t.Helper()
		if _, err := h.store.Fill(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	before := occurrences(guest, id)
	fill(h.now())
	fill(h.now().Add(time.Hour))
	want(before)
	for day := range 15 {
		fill(h.now().AddDate(0, 0, day))
	}
	want(before + " 03-03T08:50 03-10T08:50")
	fill(h.now().AddDate(0, 0, 14))
	want(before + " 03-03T08:50 03-10T08:50")

	// Title and book of the club are taken over where the schedule has none of its own.
	book := owner.book("작별하지 않는다")
	owner.call("PATCH", club, m{"title": "새 이름", "book_id": book}).want(200)
	last := guest.call("GET", club+"/conferences?limit=100", nil).want(200).list("items")
	if f := last[len(last)-1]; f["title"] != "새 이름" || f["book"].(m)["title"] != "작별하지 않는다" {
		t.Errorf("last meeting: %v", f)
	}
	owner.call("DELETE", club+"/schedule", nil).want(204)
	owner.call("DELETE", club+"/schedule", nil).refused(404, "not_found")
	want("01-13T08:00x 01-20T10:20x 02-03T08:50 02-18T08:50")
	if got := guest.call("GET", club, nil).want(200); got.body["schedule"] != nil {
		t.Errorf("club: %s", got.raw)
	}
	fill(h.now().AddDate(0, 1, 0))
	want("01-13T08:00x 01-20T10:20x 02-03T08:50 02-18T08:50")

	pre := guest.call("POST", "/api/v1/schedules/preview", m{"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "time": "02:30", "time_zone": "Europe/Berlin", "starts_on": "2026-03-15"}).want(200)
	starts := pre.body["starts"].([]any)
	if pre.str("time_freq") != "2주에 1번, 일" || len(starts) != 12 || starts[0] != "2026-03-15T01:30:00Z" || starts[1] != "2026-03-29T01:30:00Z" || starts[2] != "2026-04-12T00:30:00Z" {
		t.Errorf("preview: %s", pre.raw)
	}
}

func TestSchedules(t *testing.T) { schedulesStory(t, open(t)) }

func TestScheduleIsRefused(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	club := path("/api/v1/clubs/%d", owner.club("책"))
	right := m{"rrule": "FREQ=WEEKLY;BYDAY=MO", "time": "17:50"}
	for _, c := range []struct {
		field string
		value any
		code  clubapi.Code
	}{
		{"rrule", "", clubapi.CodeTooShort}, {"rrule", strings.Repeat("가", 201), clubapi.CodeTooLong}, {"rrule", "FREQ=DAILY", clubapi.CodeFormat},
		{"rrule", "FREQ=WEEKLY;BYDAY=MO'); DROP TABLE schedules; --", clubapi.CodeFormat}, {"rrule", "FREQ=WEEKLY;UNTIL=20250101", clubapi.CodePast},
		{"rrule", "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;UNTIL=20260110", clubapi.CodePast},
		{"time", "", clubapi.CodeFormat}, {"time", "24:00", clubapi.CodeFormat}, {"time", "7:50", clubapi.CodeFormat},
		{"time_zone", "", clubapi.CodeUnknownTimeZone}, {"time_zone", "Mars/Olympus", clubapi.CodeUnknownTimeZone}, {"time_zone", strings.Repeat("a", 101), clubapi.CodeTooLong},
		{"starts_on", "1999-12-31", clubapi.CodePast}, {"starts_on", "9998-01-01", clubapi.CodeFuture}, {"starts_on", "2026-02-30", clubapi.CodeFormat},
		{"duration_minutes", 9, clubapi.CodeTooSmall}, {"duration_minutes", 721, clubapi.CodeTooLarge}, {"title", strings.Repeat("가", 101), clubapi.CodeTooLong},
		{"titel", "x", clubapi.CodeUnknownField}, {"duration_minutes", "long", clubapi.CodeType},
	} {
		owner.call("PUT", club+"/schedule", with(right, c.field, c.value)).wrong("/"+c.field, c.code)
		owner.call("POST", "/api/v1/schedules/preview", with(right, c.field, c.value)).wrong("/"+c.field, c.code)
		owner.call("POST", "/api/v1/clubs", m{"title": "t", "schedule": with(right, c.field, c.value)}).wrong("/schedule/"+c.field, c.code)
	}
	// Every fault of a club and its schedule is told at once, and nothing of it is kept.
	got := owner.call("POST", "/api/v1/clubs", m{"title": "", "schedule": m{"rrule": "FREQ=DAILY", "time": "17:50"}})
	got.wrong("/title", clubapi.CodeTooShort).wrong("/schedule/rrule", clubapi.CodeFormat)
	owner.call("GET", club+"/schedule", nil).refused(404, "not_found")
	if n := len(owner.call("GET", "/api/v1/clubs", nil).want(200).list("items")); n != 1 {
		t.Errorf("%d clubs", n)
	}
	made := owner.call("POST", "/api/v1/clubs", m{"title": "t", "time_zone": "America/New_York", "schedule": right}).want(201)
	if plan := made.body["schedule"].(m); plan["time_zone"] != "America/New_York" || plan["starts_on"] != "2026-01-05" {
		t.Errorf("club: %s", made.raw)
	}
	if got := occurrences(owner, made.num("id")); !strings.HasPrefix(got, "01-05T22:50 01-12T22:50") {
		t.Errorf("meetings %s", got)
	}
}

// TestScheduleReachesEightWeeksAndTwentyMeetings at most.
func TestScheduleReachesEightWeeksAndTwentyMeetings(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	for rule, want := range map[string]int{
		"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": 20, "FREQ=WEEKLY;BYDAY=MO": 8, "FREQ=WEEKLY;BYDAY=MO;COUNT=3": 3, "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=1": 0,
	} {
		club := owner.call("POST", "/api/v1/clubs", m{"title": "t", "schedule": m{"rrule": rule, "time": "17:50", "time_zone": "UTC", "starts_on": "2026-01-05"}}).want(201).num("id")
		if got := occurrences(owner, club); len(strings.Fields(got)) != want {
			t.Errorf("%s: %s", rule, got)
		}
	}
	// Five a week: a day later there are twenty again.
	if _, err := h.store.Fill(t.Context(), h.now().AddDate(0, 0, 2)); err != nil {
		t.Fatal(err)
	}
	h.wait(48 * time.Hour)
	for club := range int64(4) {
		if got := len(strings.Fields(occurrences(owner, club+1))); got > 20 {
			t.Errorf("club %d: %d meetings", club+1, got)
		}
	}
}

// TestNotesKeepAMeeting: what people wrote is not taken away with the schedule.
func TestNotesKeepAMeeting(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	club := owner.call("POST", "/api/v1/clubs", m{"title": "t", "schedule": m{"rrule": "FREQ=WEEKLY;BYDAY=MO", "time": "17:50"}}).want(201).num("id")
	first := owner.call("GET", path("/api/v1/clubs/%d/conferences", club), nil).want(200).list("items")[0]
	owner.note(int64(first["id"].(float64)), "미리 적는 말")
	owner.call("DELETE", path("/api/v1/clubs/%d/schedule", club), nil).want(204)
	if got := occurrences(owner, club); got != "01-12T08:50" {
		t.Errorf("meetings %s", got)
	}
}

// TestHeirOwnsWhatTheScheduleMakes: conferences of the schedule follow the club to its next
// owner, those made by hand stay with whoever made them.
func TestHeirOwnsWhatTheScheduleMakes(t *testing.T) {
	h := open(t)
	owner, heir := h.person(t, "지은"), h.person(t, "민아")
	club := owner.call("POST", "/api/v1/clubs", m{"title": "t", "schedule": m{"rrule": "FREQ=WEEKLY;BYDAY=MO", "time": "17:50"}}).want(201).num("id")
	heir.join(club)
	byHand := owner.conference(club, time.Hour)
	owner.call("PUT", path("/api/v1/clubs/%d/owner", club), m{"user_id": heir.id}).want(200)
	for _, f := range heir.call("GET", path("/api/v1/clubs/%d/conferences", club), nil).want(200).list("items") {
		want := heir.id
		if f["id"] == float64(byHand) {
			want = owner.id
		}
		if f["owner_id"] != float64(want) || f["role"] != "owner" {
			t.Errorf("conference %v is of %v, want %d", f["id"], f["owner_id"], want)
		}
	}
}
