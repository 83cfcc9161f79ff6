package httpapi_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"salon/clubapi"
	"salon/clubapi/httpapi"
)

// TestStory tells a day in the life of a club; the client holds each answer against the
// contract.
func TestStory(t *testing.T) {
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

	waitingStory(t, h)
	noticesStory(t, h)
	schedulesStory(t, h)
	lightningStory(t, h)
	calendarsStory(t, h)
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
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Permissions-Policy": "camera=(), microphone=(), display-capture=(), geolocation=()", "Cache-Control": cache,
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
		} {
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

func TestAnswersTellHowLongTheyTook(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	if got := owner.call("GET", "/api/v1/clubs", nil).want(200).header.Get("Server-Timing"); got != "app;dur=0.0" {
		t.Errorf("%q", got)
	}
	join := path("/api/v1/conferences/%d/join", owner.conference(owner.club("책"), time.Minute))
	admit := h.asked
	h.asked = func(a clubapi.Admission) (clubapi.Place, error) { h.wait(1500 * time.Millisecond); return admit(a) }
	if got := owner.call("POST", join, nil).want(200).header.Get("Server-Timing"); got != "app;dur=1500.0" {
		t.Errorf("%q", got)
	}
}

func TestSlowRequestIsGivenUp(t *testing.T) {
	h := open(t, func(c *httpapi.Config) { c.RequestTimeout = time.Nanosecond })
	h.browser(t).call("GET", "/api/v1/clubs", nil).refused(503, "timeout")
	h.browser(t).call("GET", "/api/v1/clubs", nil, "Cookie", "salon=x").refused(503, "timeout")
}
