package httpapi_test

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"salon/clubapi"
)

// waitingStory fills a club, lets people wait, leave, be removed, and come in by turns.
func waitingStory(t *testing.T, h *house) {
	owner, a, b, c := h.person(t, "주인"), h.person(t, "가"), h.person(t, "나"), h.person(t, "다")
	club := path("/api/v1/clubs/%d", owner.call("POST", "/api/v1/clubs", m{"title": "둘이", "max_user": 2}).want(201).num("id"))
	if got := a.call("GET", club+"/members/me", nil).want(200); got.str("role") != "none" || got.body["joined_at"] != nil || got.body["waiting"] != nil {
		t.Errorf("a stranger: %s", got.raw)
	}
	if got := a.call("POST", club+"/members", nil).want(201); got.str("role") != "member" || got.body["user"].(m)["nickname"] != "가" {
		t.Errorf("in: %s", got.raw)
	}
	for i, p := range []*browser{b, c} {
		if got := p.call("POST", club+"/members", nil).want(202); got.num("position") != int64(i+1) || got.str("state") != "waiting" {
			t.Errorf("waits: %s", got.raw)
		}
	}
	b.call("POST", club+"/members", nil).refused(409, "already_waiting")
	if got := c.call("GET", club+"/members/me", nil).want(200); got.str("role") != "none" || got.body["waiting"].(m)["position"] != 2.0 {
		t.Errorf("c: %s", got.raw)
	}
	if got := c.call("GET", club, nil).want(200); got.num("waiting_count") != 2 || got.num("member_count") != 2 {
		t.Errorf("club: %s", got.raw)
	}
	// A seat that comes free goes to whoever waits first; the others move up.
	a.call("DELETE", club+"/members/me", nil).want(204)
	line(t, owner, club, "주인 나", "다")
	owner.call("DELETE", club+path("/members/%d", b.id), nil).want(204)
	line(t, owner, club, "주인 다", "")
	// More seats let in as many as there are.
	for _, p := range []*browser{a, b} {
		p.call("POST", club+"/members", nil).want(202)
	}
	owner.call("PATCH", club, m{"max_user": 3}).want(200)
	line(t, owner, club, "주인 다 가", "나")
	b.call("DELETE", club+"/members/me", nil).want(204)
	b.call("DELETE", club+"/members/me", nil).refused(403, "not_a_member")
	line(t, owner, club, "주인 다 가", "")

	// Where the owner decides.
	owner.call("PATCH", club, m{"max_user": 4, "join_rule": "ask"}).want(200)
	d := h.person(t, "라")
	for _, p := range []*browser{b, d} {
		if got := p.call("POST", club+"/members", nil).want(202); got.str("state") != "asked" {
			t.Errorf("asks: %s", got.raw)
		}
	}
	accept := func(p *browser) string { return club + path("/waiting/%d/accept", p.id) }
	b.call("POST", accept(b), nil).refused(403, "forbidden")
	for range 2 {
		if got := owner.call("POST", accept(d), nil).want(200); got.str("role") != "member" {
			t.Errorf("accepted: %s", got.raw)
		}
	}
	if got := owner.call("POST", accept(b), nil).want(200); got.str("role") != "none" || got.body["waiting"].(m)["state"] != "waiting" {
		t.Errorf("accepted without a seat: %s", got.raw)
	}
	a.call("DELETE", club+"/members/me", nil).want(204)
	line(t, owner, club, "주인 다 라 나", "")
	a.call("POST", club+"/members", nil).want(202)
	owner.call("DELETE", club+path("/waiting/%d", a.id), nil).want(204)
	owner.call("DELETE", club+path("/waiting/%d", a.id), nil).refused(404, "not_found")
	owner.call("POST", accept(a), nil).refused(404, "not_found")
	owner.call("DELETE", club+path("/members/%d", a.id), nil).refused(404, "not_found")
	owner.call("DELETE", club+path("/members/%d", owner.id), nil).refused(409, "owner_cannot_leave")
	// Whoever has asked gets a seat when the club stops asking.
	owner.call("DELETE", club+path("/members/%d", b.id), nil).want(204)
	a.call("POST", club+"/members", nil).want(202)
	owner.call("PATCH", club, m{"join_rule": "free"}).want(200)
	line(t, owner, club, "주인 다 라 가", "")

	owner.call("PUT", club+"/owner", m{"user_id": b.id}).wrong("/user_id", clubapi.CodeNotAMember)
	owner.call("PUT", club+"/owner", m{"user_id": 999}).wrong("/user_id", clubapi.CodeNotAMember)
	c.call("PUT", club+"/owner", m{"user_id": c.id}).refused(403, "forbidden")
	if got := owner.call("PUT", club+"/owner", m{"user_id": c.id}).want(200); got.str("role") != "member" || got.body["owner"].(m)["nickname"] != "다" {
		t.Errorf("handed over: %s", got.raw)
	}
	owner.call("GET", club+"/audit", nil).refused(403, "forbidden")
	var deeds []string
	for _, e := range c.call("GET", club+"/audit", nil).want(200).list("items") {
		deed := e["action"].(string)
		if who, ok := e["user"].(m); ok {
			deed += " " + who["nickname"].(string)
		}
		deeds = append(deeds, deed)
	}
	slices.Reverse(deeds)
	if got, want := strings.Join(deeds, ", "), "member_removed 나, club_changed, club_changed, member_accepted 라, member_accepted 나, member_declined 가, member_removed 나, club_changed, club_handed_over 다"; got != want {
		t.Errorf("audit:\n got %s\nwant %s", got, want)
	}
	owner.call("DELETE", club+"/members/me", nil).want(204)
	owner.call("DELETE", club, nil).refused(403, "forbidden")
	c.call("DELETE", club, nil).want(204)
	c.call("DELETE", club, nil).refused(404, "not_found")
	c.call("GET", club, nil).refused(404, "not_found")
	c.call("POST", club+"/members", nil).refused(404, "not_found")
}

// line holds members and waiting list against nicknames in order.
func line(t *testing.T, owner *browser, club, members, waiting string) {
	t.Helper()
	names := func(list string) string {
		var names []string
		for i, it := range owner.call("GET", club+list, nil).want(200).list("items") {
			names = append(names, it["user"].(m)["nickname"].(string))
			if p, ok := it["position"]; ok && p != float64(i+1) {
				t.Errorf("%s: %v stands at %v", list, it, p)
			}
		}
		return strings.Join(names, " ")
	}
	if got := names("/members"); got != members {
		t.Errorf("members %s, want %s", got, members)
	}
	if got := names("/waiting"); got != waiting {
		t.Errorf("waiting %s, want %s", got, waiting)
	}
}

func TestWaiting(t *testing.T) { waitingStory(t, open(t)) }

// TestFiftyPressJoinAtOnce: over HTTP, on a club with 2 free seats, exactly 2 get in and
// the rest wait, each at a place of their own.
func TestFiftyPressJoinAtOnce(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	club := path("/api/v1/clubs/%d", owner.call("POST", "/api/v1/clubs", m{"title": "셋이", "max_user": 3}).want(201).num("id"))
	people := make([]*browser, 50)
	for i := range people {
		people[i] = h.person(t, path("사람 %d", i))
	}
	var mu sync.Mutex
	in, places := 0, map[int64]string{}
	var wg sync.WaitGroup
	for i, p := range people {
		wg.Go(func() {
			got := p.call("POST", club+"/members", nil)
			mu.Lock()
			defer mu.Unlock()
			switch got.status {
			case 201:
				in++
			case 202:
				places[got.num("position")] = path("사람 %d", i)
			default:
				t.Errorf("%d %s", got.status, got.raw)
			}
		})
	}
	wg.Wait()
	if got := owner.call("GET", club, nil).want(200); in != 2 || got.num("member_count") != 3 || got.num("waiting_count") != 48 {
		t.Errorf("%d got in: %s", in, got.raw)
	}
	order := slices.Sorted(maps.Keys(places))
	if len(order) != 48 || order[0] != 1 || order[47] != 48 {
		t.Fatalf("places %v", order)
	}
	list := owner.call("GET", club+"/waiting?limit=100", nil).want(200).list("items")
	for i, w := range list {
		if name := w["user"].(m)["nickname"]; w["position"] != float64(i+1) || name != places[int64(i+1)] {
			t.Errorf("place %d: %v, was told to %s", i+1, w, places[int64(i+1)])
		}
	}
}

// TestSeatsAreNeverOvertaken lets people come and go at once: nobody waits beside a free
// seat, and nobody is in twice.
func TestSeatsAreNeverOvertaken(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	club := path("/api/v1/clubs/%d", owner.call("POST", "/api/v1/clubs", m{"title": "셋이", "max_user": 3}).want(201).num("id"))
	var wg sync.WaitGroup
	for i := range 8 {
		p := h.person(t, path("사람 %d", i))
		wg.Go(func() {
			for range 3 {
				p.call("POST", club+"/members", nil)
				p.call("DELETE", club+"/members/me", nil)
			}
			p.call("POST", club+"/members", nil)
		})
	}
	wg.Wait()
	if got := owner.call("GET", club, nil).want(200); got.num("member_count") != 3 || got.num("waiting_count") != 6 {
		t.Errorf("at the end: %s", got.raw)
	}
}

func TestClubsAreFiltered(t *testing.T) {
	h := open(t)
	owner, guest := h.person(t, "지은"), h.person(t, "민아")
	book := owner.book("소년이 온다")
	for _, c := range []m{
		{"title": "a", "category": "novel", "max_user": 2, "schedule": m{"rrule": "FREQ=WEEKLY;BYDAY=MO,FR", "time": "19:00"}},
		{"title": "b", "category": "poetry", "book_id": book, "schedule": m{"rrule": "FREQ=MONTHLY;BYDAY=1FR", "time": "19:00"}},
		{"title": "c", "category": "novel", "book_id": book, "max_user": 1},
		{"title": "d"},
	} {
		owner.call("POST", "/api/v1/clubs", c).want(201)
	}
	guest.join(1)
	for filter, want := range map[string]string{
		"": "dcba", "category=novel": "ca", "category=history": "", path("book_id=%d", book): "cb", "book_id=999": "", "weekday=fri": "ba", "weekday=mon": "a", "weekday=sun": "",
		"free_seats=true": "db", "free_seats=false": "dcba", "category=poetry&weekday=fri&free_seats=true": "b", "limit=1&category=novel": "ca", "weekday=fri&limit=1": "ba",
	} {
		if got := strings.Join(follow(guest, "/api/v1/clubs?"+filter), ""); got != want {
			t.Errorf("%s: %s, want %s", filter, got, want)
		}
	}
	got := guest.call("GET", "/api/v1/clubs/2", nil).want(200)
	if got.body["book"].(m)["title"] != "소년이 온다" || got.body["schedule"].(m)["time_freq"] != "1달에 1번, 금" || got.body["owner"].(m)["nickname"] != "지은" {
		t.Errorf("club: %s", got.raw)
	}
	owner.call("PATCH", "/api/v1/clubs/2", m{"book_id": 999}).wrong("/book_id", clubapi.CodeUnknown)
	owner.call("POST", "/api/v1/clubs", m{"title": "e", "book_id": 999}).wrong("/book_id", clubapi.CodeUnknown)
	if got := owner.call("PATCH", "/api/v1/clubs/2", m{"book_id": 0}).want(200); got.body["book"] != nil {
		t.Errorf("without a book: %s", got.raw)
	}
}

func TestStaleEditsAreRefused(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	id := owner.club("책")
	club := path("/api/v1/clubs/%d", id)
	conf := path("/api/v1/conferences/%d", owner.conference(id, time.Hour))
	notice := path("/api/v1/notices/%d", owner.call("POST", club+"/notices", m{"notice_content": "n"}).want(201).num("id"))
	rule := path("/api/v1/rules/%d", owner.call("POST", club+"/rules", m{"rule_content": "r"}).want(201).num("id"))
	plan := m{"rrule": "FREQ=WEEKLY;BYDAY=MO", "time": "17:50"}
	owner.call("PUT", club+"/schedule", plan, "If-Match", `"v1"`).refused(412, "stale")
	owner.call("PUT", club+"/schedule", plan).want(200)
	for _, e := range []struct {
		method, path string
		body         m
	}{
		{"PATCH", club, m{"summary": "s"}}, {"PATCH", conf, m{"title": "t"}}, {"PATCH", notice, m{"notice_content": "o"}},
		{"PATCH", rule, m{"rule_content": "s"}}, {"PUT", club + "/schedule", plan},
	} {
		tag := owner.call("GET", e.path, nil).want(200).header.Get("ETag")
		next := owner.call(e.method, e.path, e.body, "If-Match", tag).want(200).header.Get("ETag")
		if tag == "" || next == tag {
			t.Errorf("%s: tag %s after %s", e.path, next, tag)
		}
		owner.call(e.method, e.path, e.body, "If-Match", tag).refused(412, "stale")
		if now := owner.call("GET", e.path, nil).want(200).header.Get("ETag"); now != next {
			t.Errorf("%s: tag %s, the edit said %s", e.path, now, next)
		}
		owner.call(e.method, e.path, e.body, "If-Match", `"x", `+next).want(200)
		owner.call(e.method, e.path, e.body, "If-Match", "*").want(200)
	}
}
