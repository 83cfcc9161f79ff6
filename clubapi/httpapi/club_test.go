package httpapi_test

import (
	"strings"
	"testing"

	"salon/clubapi"
)

func TestClubHasDefaults(t *testing.T) {
	h := open(t)
	got := h.person(t, "지은").call("POST", "/api/v1/clubs", m{"title": "책"}).want(201)
	for name, want := range map[string]any{
		"summary": "", "detail": "", "max_user": 6.0, "time_zone": "Asia/Seoul", "category": "other", "join_rule": "free", "member_count": 1.0, "role": "owner",
		"created_at": "2026-01-05T17:00:00Z",
	} {
		if got.body[name] != want {
			t.Errorf("%s is %v, want %v", name, got.body[name], want)
		}
	}
}

func TestClubChange(t *testing.T) {
	h := open(t)
	owner, guest := h.person(t, "지은"), h.person(t, "민아")
	club := path("/api/v1/clubs/%d", owner.club("책"))
	guest.call("POST", club+"/members", nil).want(201)

	owner.call("PATCH", club, m{"max_user": 7}).wrong("/max_user", clubapi.CodeTooLarge)
	owner.call("PATCH", club, m{"max_user": 1}).wrong("/max_user", clubapi.CodeBelowMemberCount)
	owner.call("PATCH", club, m{"title": ""}).wrong("/title", clubapi.CodeTooShort)
	for _, zone := range []string{"Seoul", "", "Local", "../etc/passwd", "+09:00"} {
		owner.call("PATCH", club, m{"time_zone": zone}).wrong("/time_zone", clubapi.CodeUnknownTimeZone)
	}
	// Nothing of a wrong change is kept.
	owner.call("PATCH", club, m{"title": "다른 이름", "max_user": 0}).want(422)
	before := owner.call("GET", club, nil).want(200)
	if before.str("title") != "책" {
		t.Errorf("half a change was kept: %s", before.raw)
	}
	got := owner.call("PATCH", club, m{"time_zone": "Europe/Berlin", "detail": "여러\n줄"}).want(200)
	if got.str("title") != "책" || got.str("detail") != "여러\n줄" {
		t.Errorf("changed club: %s", got.raw)
	}
	if same := owner.call("PATCH", club, m{}).want(200); string(same.raw) != string(got.raw) {
		t.Errorf("an empty change made %s of %s", same.raw, got.raw)
	}
}

// follow walks a list page by page over its Link headers.
func follow(b *browser, first string) (titles []string) {
	b.t.Helper()
	for next := first; next != ""; {
		got := b.call("GET", next, nil).want(200)
		for _, it := range got.list("items") {
			title, _ := it["title"].(string)
			titles = append(titles, title)
		}
		link := got.header.Get("Link")
		if (link == "") != (got.body["next_cursor"] == nil) {
			b.t.Fatalf("%s: link %q but %s", next, link, got.raw)
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(link, "<"), ">")
	}
	return titles
}

func TestClubsComeInPages(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	for _, title := range []string{"1", "2", "3", "4", "5"} {
		owner.club(title)
	}
	for _, list := range []string{"/api/v1/clubs?limit=2", "/api/v1/me/clubs?limit=2", "/api/v1/clubs?limit=5", "/api/v1/me/clubs"} {
		if got := strings.Join(follow(owner, list), ""); got != "54321" {
			t.Errorf("%s: %s", list, got)
		}
	}
	// A club that is made meanwhile moves nothing.
	page := owner.call("GET", "/api/v1/clubs?limit=2", nil).want(200)
	owner.club("6")
	if got := strings.Join(follow(owner, "/api/v1/clubs?limit=2&cursor="+page.str("next_cursor")), ""); got != "321" {
		t.Errorf("after the first page: %s", got)
	}
	// The cursor of one list does not fit another.
	owner.call("GET", "/api/v1/me/clubs?cursor="+page.str("next_cursor"), nil).wrong("/query/cursor", clubapi.CodeCursor)
	members := path("/api/v1/clubs/%d/members", owner.club("7"))
	if got := owner.call("GET", members+"?limit=1", nil).want(200); len(got.list("items")) != 1 || got.header.Get("Link") != "" {
		t.Errorf("members: %s", got.raw)
	}
}
