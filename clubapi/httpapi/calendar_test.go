package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"salon/clubapi"
	"salon/clubapi/httpapi"
)

// unfold reads an iCalendar answer line by line.
func unfold(r reply) []string {
	r.t.Helper()
	return strings.Split(strings.ReplaceAll(string(r.raw), "\r\n ", ""), "\r\n")
}

// tell gives the values of one property, of each event in turn.
func tell(r reply, name string) string {
	r.t.Helper()
	var values []string
	for _, l := range unfold(r) {
		if v, ok := strings.CutPrefix(l, name+":"); ok {
			values = append(values, v)
		}
	}
	return strings.Join(values, " | ")
}

// calendarsStory follows a club by feed.
func calendarsStory(t *testing.T, h *house) {
	owner, guest, stranger := h.person(t, "달력 주인"), h.person(t, "달력 회원"), h.person(t, "달력 남")
	id := owner.club("함께, 읽는 저녁")
	other := owner.club("다른 책")
	guest.join(id)
	anyone := h.browser(t)
	conf := owner.conference(id, time.Hour)
	owner.conference(other, time.Hour)

	mine := owner.call("GET", "/api/v1/me/calendar", nil).want(200).str("url")
	if again := owner.call("GET", "/api/v1/me/calendar", nil).want(200).str("url"); again != mine {
		t.Errorf("%s, then %s", mine, again)
	}
	ofClub := guest.call("GET", path("/api/v1/me/calendar?club_id=%d", id), nil).want(200).str("url")
	stranger.call("GET", path("/api/v1/me/calendar?club_id=%d", id), nil).refused(403, "not_a_member")
	stranger.call("GET", "/api/v1/me/calendar?club_id=999", nil).refused(404, "not_found")
	feed := anyone.call("GET", mine, nil).want(200)
	if got := tell(feed, "SUMMARY"); got != `함께\, 읽는 저녁: 첫 모임 | 다른 책: 첫 모임` {
		t.Errorf("all: %s", got)
	}
	tag := feed.header.Get("ETag")
	anyone.call("GET", mine, nil, "If-None-Match", tag).want(304)

	first := anyone.call("GET", ofClub, nil).want(200)
	uid := tell(first, "UID")
	if got := tell(first, "SUMMARY"); got != `함께\, 읽는 저녁: 첫 모임` || tell(first, "X-WR-CALNAME") != `함께\, 읽는 저녁` || tell(first, "SEQUENCE") != "0" || tell(first, "STATUS") != "CONFIRMED" {
		t.Errorf("of the club: %s", first.raw)
	}
	if want := h.url + path("/conferences/%d", conf); tell(first, "URL") != want {
		t.Errorf("url %s, want %s", tell(first, "URL"), want)
	}
	h.wait(time.Minute)
	owner.call("PATCH", path("/api/v1/conferences/%d", conf), m{"title": "두 번째\u00a0모임", "description": "줄\n바꿈; 끝"}).want(200)
	owner.call("POST", path("/api/v1/conferences/%d/cancel", conf), nil).want(200)
	next := anyone.call("GET", ofClub, nil, "If-None-Match", first.header.Get("ETag")).want(200)
	if tell(next, "UID") != uid || tell(next, "SEQUENCE") != "2" || tell(next, "STATUS") != "CANCELLED" || tell(next, "DESCRIPTION") != `줄\n바꿈\; 끝` ||
		tell(next, "LAST-MODIFIED") != h.now().Format("20060102T150405Z") {
		t.Errorf("cancelled: %s", next.raw)
	}
	one := stranger.call("GET", path("/api/v1/conferences/%d/event.ics", conf), nil).want(200)
	if tell(one, "UID") != uid || one.header.Get("Content-Type") != "text/calendar" {
		t.Errorf("alone: %s", one.raw)
	}

	// Lightning meetings with a seat are in the feed of all.
	guest.call("POST", owner.call("POST", "/api/v1/lightning", m{"title": "번개 모임"}).want(201).header.Get("Location")+"/join", nil).want(200)
	all := guest.call("GET", "/api/v1/me/calendar", nil).want(200).str("url")
	if got := tell(anyone.call("GET", all, nil).want(200), "SUMMARY"); !strings.Contains(got, "번개 모임") || strings.Contains(got, "다른 책") {
		t.Errorf("of a guest: %s", got)
	}

	// The address ends with the membership, and when it is reset.
	guest.call("DELETE", path("/api/v1/clubs/%d/members/me", id), nil).want(204)
	anyone.call("GET", ofClub, nil).refused(404, "not_found")
	if got := tell(anyone.call("GET", all, nil).want(200), "SUMMARY"); got != "번개 모임" {
		t.Errorf("of somebody who left: %s", got)
	}
	guest.join(id)
	anyone.call("GET", ofClub, nil).refused(404, "not_found")
	for range 2 {
		owner.call("DELETE", "/api/v1/me/calendar", nil).want(204)
	}
	anyone.call("GET", mine, nil).refused(404, "not_found")
	if fresh := owner.call("GET", "/api/v1/me/calendar", nil).want(200).str("url"); fresh == mine || len(fresh) != len(mine) {
		t.Errorf("after reset: %s, before %s", fresh, mine)
	}
	h.wait(100 * 24 * time.Hour)
	if got := tell(anyone.call("GET", all, nil).want(200), "UID"); got != "" {
		t.Errorf("after a hundred days: %s", got)
	}
}

func TestCalendars(t *testing.T) { calendarsStory(t, open(t)) }

func TestCalendarAddressesCannotBeGuessed(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	mine := b.call("GET", "/api/v1/me/calendar", nil).want(200).str("url")
	for _, feed := range []string{"x.ics", strings.Repeat("a", 26) + ".ics", strings.Repeat("a", 26), strings.TrimSuffix(mine[len("/api/v1/calendars/"):], ".ics"), "%27.ics", strings.ToUpper(mine[len("/api/v1/calendars/"):])} {
		b.call("GET", "/api/v1/calendars/"+feed, nil).refused(404, "not_found")
	}
	b.call("GET", "/api/v1/me/calendar?club_id=0", nil).wrong("/query/club_id", clubapi.CodeTooSmall)
	b.call("GET", mine, nil, "If-None-Match", strings.Repeat("a", 201)).wrong("/header/If-None-Match", clubapi.CodeTooLong)
}

func TestSecretOfACalendarIsNotLogged(t *testing.T) {
	h := open(t, func(c *httpapi.Config) { c.RequestTimeout = time.Nanosecond })
	h.browser(t).call("GET", "/api/v1/calendars/abcdefghijklmnopqrstuvwxyz.ics", nil).refused(503, "timeout")
	if log := h.log.String(); !strings.Contains(log, "/api/v1/calendars/") || strings.Contains(log, "abcdefg") {
		t.Error(log)
	}
}
