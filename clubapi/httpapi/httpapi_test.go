package httpapi_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"salon/clubapi/httpapi"
)

// TestEveryOperation tells one club's story with every operation of the contract; the
// client holds each answer against it.
func TestEveryOperation(t *testing.T) {
	h := open(t)
	owner, guest := h.person(t, "지은"), h.person(t, "Mina")

	owner.call("DELETE", "/api/v1/session", nil).want(204)
	owner.call("GET", "/api/v1/me", nil).refused(401, "unauthenticated")
	owner.call("POST", "/api/v1/session", m{"nickname": "지은", "password": password}).want(200)
	h.wait(time.Nanosecond)
	third := h.browser(t)
	made := third.call("POST", "/api/v1/users", m{"nickname": "셋째", "password": password}).want(201)
	if got := third.call("GET", "/api/v1/me", nil).want(200); string(got.raw) != string(made.raw) {
		t.Fatalf("signed up as %s, is %s", made.raw, got.raw)
	}
	if got := owner.call("GET", "/api/v1/me", nil).want(200).str("nickname"); got != "지은" {
		t.Fatalf("me is %q", got)
	}

	made = owner.call("POST", "/api/v1/clubs", m{"title": "함께 읽는 저녁"}).want(201)
	club := made.num("id")
	if made.header.Get("Location") != path("/api/v1/clubs/%d", club) || made.str("role") != "owner" || made.num("max_user") != 6 || made.num("member_count") != 1 {
		t.Fatalf("created club: %s at %s", made.raw, made.header.Get("Location"))
	}
	owner.call("PATCH", path("/api/v1/clubs/%d", club), m{"max_user": 2}).want(200)
	guest.call("POST", path("/api/v1/clubs/%d/members", club), nil).want(201)
	if got := guest.call("GET", path("/api/v1/clubs/%d", club), nil).want(200); got.str("role") != "member" || got.num("member_count") != 2 {
		t.Fatalf("club as a member sees it: %s", got.raw)
	}
	if n := len(guest.call("GET", "/api/v1/me/clubs", nil).want(200).list("items")); n != 1 {
		t.Fatalf("%d clubs of mine", n)
	}
	if n := len(owner.call("GET", "/api/v1/clubs", nil).want(200).list("items")); n != 1 {
		t.Fatalf("%d clubs", n)
	}
	if n := len(owner.call("GET", path("/api/v1/clubs/%d/members", club), nil).want(200).list("items")); n != 2 {
		t.Fatalf("%d members", n)
	}

	conf := guest.conference(club, 10*time.Minute)
	for _, p := range []string{"/api/v1/me/conferences", path("/api/v1/clubs/%d/conferences", club)} {
		if n := len(owner.call("GET", p, nil).want(200).list("items")); n != 1 {
			t.Fatalf("%s: %d conferences", p, n)
		}
	}
	if got := owner.call("GET", path("/api/v1/conferences/%d", conf), nil).want(200).str("status"); got != "scheduled" {
		t.Fatalf("status %q", got)
	}
	owner.call("PATCH", path("/api/v1/conferences/%d", conf), m{"title": "소년이 온다"}).want(200)
	place := guest.call("POST", path("/api/v1/conferences/%d/join", conf), nil).want(200)
	if want := path("conference-%d", conf); place.str("room") != want || place.str("identity") != path("user-%d", guest.id) {
		t.Fatalf("place: %s", place.raw)
	}
	if want := strings.Replace(h.url, "http://", "ws://", 1); place.str("url") != want {
		t.Fatalf("url %q, want %q", place.str("url"), want)
	}

	note := guest.note(conf, "인상 깊은 문장이 많았어요.")
	if n := len(owner.call("GET", path("/api/v1/conferences/%d/notes", conf), nil).want(200).list("items")); n != 1 {
		t.Fatalf("%d notes", n)
	}
	owner.call("PATCH", path("/api/v1/notes/%d", note), m{"text": "고쳐 씀"}).want(200)
	if got := guest.call("GET", path("/api/v1/notes/%d", note), nil).want(200).str("text"); got != "고쳐 씀" {
		t.Fatalf("note %q", got)
	}
	guest.call("DELETE", path("/api/v1/notes/%d", note), nil).want(204)
	guest.call("POST", path("/api/v1/conferences/%d/cancel", conf), nil).want(200)
	guest.call("DELETE", path("/api/v1/clubs/%d/members/me", club), nil).want(204)

	served := maps.Clone(owner.served)
	maps.Copy(served, guest.served)
	for p, item := range h.contract.Paths.Map() {
		for method, op := range item.Operations() {
			if !served[op.OperationID] {
				t.Errorf("%s %s (%s) was not asked", method, p, op.OperationID)
			}
		}
	}
}

func TestContractIsServed(t *testing.T) {
	h := open(t)
	got := h.browser(t).call("GET", "/api/openapi.yaml", nil).want(200)
	if !strings.HasPrefix(string(got.raw), "openapi: 3") || got.header.Get("Content-Type") != "application/yaml" {
		t.Fatalf("%s %.40s", got.header.Get("Content-Type"), got.raw)
	}
	if err := h.contract.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestEveryAnswerIsGuarded looks at headers that each answer carries.
func TestEveryAnswerIsGuarded(t *testing.T) {
	h := open(t)
	b := h.browser(t)
	for _, p := range []string{"/api/v1/clubs", "/api/v1/me", "/api/nothing"} {
		got := b.call("GET", p, nil)
		cache := "no-store"
		if got.status == 200 {
			cache = "private, no-cache"
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": cache} {
			if !slices.Contains(got.header.Values(name), want) {
				t.Errorf("%s: %s is %q", p, name, got.header.Values(name))
			}
		}
	}
	b.call("GET", "/api/nothing", nil).refused(404, "not_found")
	if got := b.call("PUT", "/api/v1/clubs", nil).refused(405, "method_not_allowed"); !strings.Contains(got.header.Get("Allow"), "POST") {
		t.Errorf("Allow is %q", got.header.Get("Allow"))
	}
}

// TestWhoMayDoWhat holds every operation against everybody.
func TestWhoMayDoWhat(t *testing.T) {
	h := open(t)
	people := map[string]*browser{
		"nobody": h.browser(t), "stranger": h.person(t, "stranger"), "member": h.person(t, "member"), "author": h.person(t, "author"), "owner": h.person(t, "owner"),
	}
	order := []string{"nobody", "stranger", "member", "author", "owner"}
	owner := people["owner"]
	club := owner.club("책")
	for _, who := range []string{"member", "author"} {
		people[who].join(club)
	}
	soon := map[string]any{"title": "t", "call_start_time": h.now().Add(time.Hour), "call_end_time": h.now().Add(2 * time.Hour)}
	for _, c := range []struct {
		what string // method and path, with C, F, N for a fresh club, conference and note
		body any
		want [5]int // as in order
	}{
		{"GET /api/v1/me", nil, [5]int{401, 200, 200, 200, 200}},
		{"GET /api/v1/me/clubs", nil, [5]int{401, 200, 200, 200, 200}},
		{"GET /api/v1/me/conferences", nil, [5]int{401, 200, 200, 200, 200}},
		{"GET /api/v1/clubs", nil, [5]int{200, 200, 200, 200, 200}},
		{"POST /api/v1/clubs", m{"title": "t"}, [5]int{401, 201, 201, 201, 201}},
		{"GET /api/v1/clubs/C", nil, [5]int{200, 200, 200, 200, 200}},
		{"PATCH /api/v1/clubs/C", m{"summary": "s"}, [5]int{401, 403, 403, 403, 200}},
		{"GET /api/v1/clubs/C/members", nil, [5]int{401, 200, 200, 200, 200}},
		{"GET /api/v1/clubs/C/conferences", nil, [5]int{401, 200, 200, 200, 200}},
		{"POST /api/v1/clubs/C/conferences", soon, [5]int{401, 403, 201, 201, 201}},
		{"GET /api/v1/conferences/F", nil, [5]int{401, 200, 200, 200, 200}},
		{"PATCH /api/v1/conferences/F", m{"title": "u"}, [5]int{401, 403, 403, 200, 200}},
		{"POST /api/v1/conferences/F/cancel", nil, [5]int{401, 403, 403, 200, 200}},
		{"POST /api/v1/conferences/F/join", nil, [5]int{401, 403, 200, 200, 200}},
		{"GET /api/v1/conferences/F/notes", nil, [5]int{401, 403, 200, 200, 200}},
		{"POST /api/v1/conferences/F/notes", m{"text": "t"}, [5]int{401, 403, 201, 201, 201}},
		{"GET /api/v1/notes/N", nil, [5]int{401, 403, 200, 200, 200}},
		{"PATCH /api/v1/notes/N", m{"text": "u"}, [5]int{401, 403, 403, 200, 200}},
		{"DELETE /api/v1/notes/N", nil, [5]int{401, 403, 403, 204, 204}},
		{"DELETE /api/v1/clubs/C/members/me", nil, [5]int{401, 403, 204, 204, 409}},
		{"POST /api/v1/clubs/C/members", nil, [5]int{401, 201, 201, 201, 409}},
	} {
		for i, who := range order {
			conf := owner.conference(club, 0)
			if i < len(order)-1 && !strings.HasSuffix(c.what, "members") && !strings.HasSuffix(c.what, "members/me") {
				conf = people["author"].conference(club, 0)
			}
			ids := strings.NewReplacer("/C", path("/%d", club), "/F", path("/%d", conf), "/N", path("/%d", freshNote(people, c.what, conf)))
			method, p, _ := strings.Cut(ids.Replace(c.what), " ")
			if got := people[who].call(method, p, c.body); got.status != c.want[i] {
				t.Errorf("%s by %s: %d, want %d: %s", c.what, who, got.status, c.want[i], got.raw)
			}
		}
	}
}

func freshNote(people map[string]*browser, what string, conf int64) int64 {
	if !strings.Contains(what, "/N") {
		return 0
	}
	return people["author"].note(conf, "말")
}

func TestSlowRequestIsGivenUp(t *testing.T) {
	h := open(t, func(c *httpapi.Config) { c.RequestTimeout = time.Nanosecond })
	h.browser(t).call("GET", "/api/v1/clubs", nil).refused(503, "timeout")
	h.browser(t).call("GET", "/api/v1/clubs", nil, "Cookie", "salon=x").refused(503, "timeout")
}
