package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"salon/clubapi"
)

func at(t time.Time) string { return t.Format(time.RFC3339Nano) }

func TestConferenceTimes(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	list := path("/api/v1/clubs/%d/conferences", owner.club("책"))
	now := h.now()
	for _, c := range []struct {
		start, end time.Duration
		pointer    string
		code       clubapi.Code
	}{
		{-11 * time.Minute, time.Hour, "/call_start_time", clubapi.CodePast},
		{-5 * time.Minute, -time.Minute, "/call_end_time", clubapi.CodePast},
		{time.Hour, time.Hour, "/call_end_time", clubapi.CodeEndBeforeStart},
		{2 * time.Hour, time.Hour, "/call_end_time", clubapi.CodeEndBeforeStart},
		{time.Hour, 13*time.Hour + time.Millisecond, "/call_end_time", clubapi.CodeTooFarApart},
	} {
		owner.call("POST", list, m{"title": "t", "call_start_time": at(now.Add(c.start)), "call_end_time": at(now.Add(c.end))}).wrong(c.pointer, c.code)
	}
	for _, c := range [][2]time.Duration{{-10 * time.Minute, time.Hour}, {time.Hour, 13 * time.Hour}, {0, time.Millisecond}} {
		another := path("/api/v1/clubs/%d/conferences", owner.club("책"))
		owner.call("POST", another, m{"title": "t", "call_start_time": at(now.Add(c[0])), "call_end_time": at(now.Add(c[1]))}).want(201)
	}
	seoul := owner.call("POST", list, m{"title": "t", "call_start_time": "2026-02-01T19:30:00+09:00", "call_end_time": "2026-02-01T21:30:00+09:00"}).want(201)
	if seoul.str("call_start_time") != "2026-02-01T10:30:00Z" || seoul.str("join_opens_at") != "2026-02-01T10:00:00Z" || seoul.str("join_closes_at") != "2026-02-01T14:30:00Z" {
		t.Errorf("times: %s", seoul.raw)
	}
}

func TestConferenceStatusFollowsTheClock(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	club := owner.club("책")
	conf := path("/api/v1/conferences/%d", owner.conference(club, time.Hour))
	upcoming, past := path("/api/v1/clubs/%d/conferences", club), path("/api/v1/clubs/%d/conferences?when=past", club)
	for _, step := range []struct {
		wait          time.Duration
		status        string
		upcoming, old int
		join          string // code of the refusal, or empty
	}{
		{0, "scheduled", 1, 0, "conference_not_open"},
		{30*time.Minute - time.Second, "scheduled", 1, 0, "conference_not_open"},
		{time.Second, "scheduled", 1, 0, ""},
		{30 * time.Minute, "live", 1, 0, ""},
		{2*time.Hour - time.Second, "live", 1, 0, ""},
		{time.Second, "ended", 0, 1, ""},
		{2*time.Hour - time.Second, "ended", 0, 1, ""},
		{time.Second, "ended", 0, 1, "conference_ended"},
	} {
		h.wait(step.wait)
		if got := owner.call("GET", conf, nil).want(200).str("status"); got != step.status {
			t.Errorf("at %s: %s, want %s", h.now(), got, step.status)
		}
		for list, want := range map[string]int{upcoming: step.upcoming, past: step.old, "/api/v1/me/conferences": step.upcoming} {
			if n := len(owner.call("GET", list, nil).want(200).list("items")); n != want {
				t.Errorf("at %s: %d in %s, want %d", h.now(), n, list, want)
			}
		}
		got := owner.call("POST", conf+"/join", nil)
		if step.join == "" {
			got.want(200)
			continue
		}
		got.refused(409, step.join)
		if step.join == "conference_not_open" && got.str("opens_at") != "2026-01-05T17:30:00Z" {
			t.Errorf("opens at %s", got.str("opens_at"))
		}
	}
	owner.call("PATCH", conf, m{"title": "u"}).refused(409, "conference_ended")
	owner.call("POST", conf+"/cancel", nil).refused(409, "conference_ended")
}

func TestConferenceIsCancelledForGood(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	club := owner.club("책")
	conf := path("/api/v1/conferences/%d", owner.conference(club, time.Minute))
	for range 2 {
		if got := owner.call("POST", conf+"/cancel", nil).want(200).str("status"); got != "cancelled" {
			t.Errorf("status %s", got)
		}
	}
	owner.call("PATCH", conf, m{"title": "u"}).refused(409, "conference_cancelled")
	owner.call("POST", conf+"/join", nil).refused(409, "conference_cancelled")
	if n := len(owner.call("GET", path("/api/v1/clubs/%d/conferences?when=past", club), nil).want(200).list("items")); n != 1 {
		t.Errorf("%d past conferences", n)
	}
}

func TestConferenceMoves(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	conf := path("/api/v1/conferences/%d", owner.conference(owner.club("책"), time.Minute))
	h.wait(30 * time.Minute) // live
	owner.call("PATCH", conf, m{"call_start_time": at(h.now().Add(-time.Hour))}).wrong("/call_start_time", clubapi.CodePast)
	owner.call("PATCH", conf, m{"call_end_time": at(h.now().Add(-time.Minute))}).wrong("/call_end_time", clubapi.CodePast)
	got := owner.call("PATCH", conf, m{"call_end_time": at(h.now().Add(3 * time.Hour)), "description": "더 길게"}).want(200)
	if got.str("call_end_time") != "2026-01-05T20:30:00Z" || got.str("status") != "live" {
		t.Errorf("moved: %s", got.raw)
	}
}

func TestConferencesComeInOrder(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	club := owner.club("책")
	list := path("/api/v1/clubs/%d/conferences", club)
	for _, c := range []struct {
		title string
		in    time.Duration
	}{{"d", 4 * time.Hour}, {"a", time.Hour}, {"c", 3 * time.Hour}, {"b", 2 * time.Hour}, {"e", 5 * time.Hour}} {
		start := h.now().Add(c.in)
		owner.call("POST", list, m{"title": c.title, "call_start_time": at(start), "call_end_time": at(start.Add(time.Hour))}).want(201)
	}
	for _, p := range []string{list + "?limit=2", list + "?limit=1&when=upcoming", "/api/v1/me/conferences?limit=2"} {
		if got := strings.Join(follow(owner, p), ""); got != "abcde" {
			t.Errorf("%s: %s", p, got)
		}
	}
	h.wait(10 * time.Hour)
	if got := strings.Join(follow(owner, list+"?limit=2&when=past"), ""); got != "edcba" {
		t.Errorf("past: %s", got)
	}
	upcoming := owner.call("GET", list+"?when=past&limit=1", nil).want(200).str("next_cursor")
	owner.call("GET", list+"?cursor="+upcoming, nil).wrong("/query/cursor", clubapi.CodeCursor)
}

func TestAdmissionSaysWhoAndWhere(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은 각")
	conf := owner.conference(owner.club("책"), time.Minute)
	var asked clubapi.Admission
	admit := h.asked
	h.asked = func(a clubapi.Admission) (clubapi.Place, error) { asked = a; return admit(a) }
	owner.call("POST", path("/api/v1/conferences/%d/join", conf), nil).want(200)
	want := clubapi.Admission{
		Room: path("conference-%d", conf), Identity: path("user-%d", owner.id), Name: "지은 각",
		Until: h.now().Add(time.Minute + 4*time.Hour), BaseURL: strings.Replace(h.url, "http", "ws", 1),
	}
	if asked != want {
		t.Errorf("asked for %+v, want %+v", asked, want)
	}
	h.asked = func(clubapi.Admission) (clubapi.Place, error) { return clubapi.Place{}, errNoRoom }
	got := owner.call("POST", path("/api/v1/conferences/%d/join", conf), nil).refused(503, "unavailable")
	if strings.Contains(string(got.raw), errNoRoom.Error()) {
		t.Errorf("strangers are told %s", got.raw)
	}
	if !strings.Contains(h.log.String(), errNoRoom.Error()) {
		t.Errorf("operators are not told: %s", h.log)
	}
}

func TestPanicIsAProblem(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	conf := owner.conference(owner.club("책"), time.Minute)
	h.asked = func(clubapi.Admission) (clubapi.Place, error) { panic("boom") }
	req, err := owner.client.Post(h.url+path("/api/v1/conferences/%d/join", conf), "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer req.Body.Close()
	if req.StatusCode != 500 || req.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", req.StatusCode, req.Header.Get("Content-Type"))
	}
}
