package httpapi_test

import (
	"strings"
	"sync"
	"sync/atomic"
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

func TestJoinAndLeave(t *testing.T) {
	h := open(t)
	owner, guest, late := h.person(t, "지은"), h.person(t, "민아"), h.person(t, "늦은 사람")
	club := path("/api/v1/clubs/%d", owner.call("POST", "/api/v1/clubs", m{"title": "둘이", "max_user": 2}).want(201).num("id"))
	guest.call("POST", club+"/members", nil).want(201)
	guest.call("POST", club+"/members", nil).refused(409, "already_member")
	owner.call("POST", club+"/members", nil).refused(409, "already_member")
	late.call("POST", club+"/members", nil).refused(409, "club_full")
	late.call("DELETE", club+"/members/me", nil).refused(403, "not_a_member")
	owner.call("DELETE", club+"/members/me", nil).refused(409, "owner_cannot_leave")
	guest.call("DELETE", club+"/members/me", nil).want(204)
	late.call("POST", club+"/members", nil).want(201)
	members := owner.call("GET", club+"/members", nil).want(200).list("items")
	if len(members) != 2 || members[0]["role"] != "owner" || members[1]["role"] != "member" {
		t.Errorf("members %v", members)
	}
	if n := len(guest.call("GET", "/api/v1/me/clubs", nil).want(200).list("items")); n != 0 {
		t.Errorf("%d clubs after leaving", n)
	}
}

// TestLastSeatsGoToAsManyAsThereAre lets 20 people press "join" at once for 2 free seats.
func TestLastSeatsGoToAsManyAsThereAre(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	club := path("/api/v1/clubs/%d", owner.call("POST", "/api/v1/clubs", m{"title": "셋이", "max_user": 3}).want(201).num("id"))
	people := make([]*browser, 20)
	for i := range people {
		people[i] = h.person(t, path("사람 %d", i))
	}
	var in, full atomic.Int32
	var wg sync.WaitGroup
	for _, p := range people {
		wg.Go(func() {
			switch got := p.call("POST", club+"/members", nil); {
			case got.status == 201:
				in.Add(1)
			case got.status == 409 && got.body["code"] == "club_full":
				full.Add(1)
			default:
				t.Errorf("%d %s", got.status, got.raw)
			}
		})
	}
	wg.Wait()
	if in.Load() != 2 || full.Load() != 18 {
		t.Errorf("%d got in, %d found it full", in.Load(), full.Load())
	}
	if got := owner.call("GET", club, nil).want(200).num("member_count"); got != 3 {
		t.Errorf("%d members", got)
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
