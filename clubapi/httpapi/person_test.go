package httpapi_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"salon/clubapi"
	"salon/clubapi/httpapi"
)

func TestPersonChangesNameAndPicture(t *testing.T) {
	h := open(t)
	b, other := h.person(t, "지은"), h.person(t, "Mina")
	before := b.call("GET", "/api/v1/me", nil).want(200)
	got := b.call("PATCH", "/api/v1/me", m{"nickname": "책벌레"}, "If-Match", before.header.Get("ETag")).want(200)
	if got.str("nickname") != "책벌레" || got.str("user_img") != "" || got.header.Get("ETag") == before.header.Get("ETag") {
		t.Fatalf("%s with ETag %s", got.raw, got.header.Get("ETag"))
	}
	b.call("PATCH", "/api/v1/me", m{"user_img": "/x.png"}, "If-Match", before.header.Get("ETag")).refused(412, "stale")
	if now := b.call("GET", "/api/v1/me", nil).want(200); string(now.raw) != string(got.raw) || now.header.Get("ETag") != got.header.Get("ETag") {
		t.Fatalf("is %s, was told %s", now.raw, got.raw)
	}
	b.call("PATCH", "/api/v1/me", m{"nickname": "책벌레", "user_img": "https://img.example/x.png"}).want(200)
	b.call("PATCH", "/api/v1/me", m{}).want(200)

	for _, nickname := range []string{"Mina", "mina", "ＭＩＮＡ"} {
		b.call("PATCH", "/api/v1/me", m{"nickname": nickname}).refused(409, "nickname_taken")
	}
	b.call("PATCH", "/api/v1/me", m{"nickname": " x"}).wrong("/nickname", clubapi.CodeFormat)
	b.call("PATCH", "/api/v1/me", m{"nickname": strings.Repeat("가", 21)}).wrong("/nickname", clubapi.CodeTooLong)
	other.call("PATCH", "/api/v1/me", m{"nickname": "MINA"}).want(200) // one's own in another spelling
	h.browser(t).call("POST", "/api/v1/session", m{"nickname": "책벌레", "password": password}).want(200)
	h.browser(t).call("POST", "/api/v1/session", m{"nickname": "지은", "password": password}).refused(401, "wrong_credentials")
	h.person(t, "지은") // free again
}

// TestOneNicknameForManyAtOnce lets many rename themselves to one name at once.
func TestOneNicknameForManyAtOnce(t *testing.T) {
	h := open(t)
	var people []*browser
	for _, n := range []string{"a", "b", "c", "d", "e", "f"} {
		people = append(people, h.person(t, n))
	}
	var got atomic.Int32
	var wg sync.WaitGroup
	for _, p := range people {
		wg.Go(func() {
			if r := p.call("PATCH", "/api/v1/me", m{"nickname": "하나"}); r.status == 200 {
				got.Add(1)
			} else if r.body["code"] != "nickname_taken" {
				t.Errorf("%d %s", r.status, r.raw)
			}
		})
	}
	wg.Wait()
	if got.Load() != 1 {
		t.Errorf("%d have the name", got.Load())
	}
}

func TestPasswordChangeEndsOtherSessions(t *testing.T) {
	h := open(t)
	here := h.person(t, "지은")
	there := h.browser(t)
	there.call("POST", "/api/v1/session", m{"nickname": "지은", "password": password}).want(200)
	old := cookie(t, here.call("POST", "/api/v1/session", m{"nickname": "지은", "password": password}).want(200))

	const next = "새로운book!2"
	change := func(b *browser, current, password string) reply {
		return b.call("PUT", "/api/v1/me/password", m{"current": current, "password": password})
	}
	wrong := change(here, "not it", next).refused(403, "wrong_password")
	if e := wrong.list("errors"); len(e) != 1 || e[0]["pointer"] != "/current" {
		t.Errorf("which field: %s", wrong.raw)
	}
	change(here, password, "short").wrong("/password", clubapi.CodeTooShort)
	change(here, strings.Repeat("가", 201), next).wrong("/current", clubapi.CodeTooLong)
	there.call("GET", "/api/v1/me", nil).want(200)

	fresh := cookie(t, change(here, password, next).want(204))
	if fresh.Value == old.Value {
		t.Error("the token stayed")
	}
	here.call("GET", "/api/v1/me", nil).want(200)
	there.call("GET", "/api/v1/me", nil).refused(401, "unauthenticated")
	h.browser(t).call("GET", "/api/v1/me", nil, "Cookie", "salon="+old.Value).refused(401, "unauthenticated")
	there.call("POST", "/api/v1/session", m{"nickname": "지은", "password": password}).refused(401, "wrong_credentials")
	there.call("POST", "/api/v1/session", m{"nickname": "지은", "password": next}).want(200)
	here.call("GET", "/api/v1/me", nil).want(200)
}

// TestPasswordChangesAtOnce lets two changes with the same present password race: the
// second no longer knows it.
func TestPasswordChangesAtOnce(t *testing.T) {
	h := open(t)
	h.person(t, "지은")
	var signedIn []*browser
	for range 6 {
		b := h.browser(t)
		b.call("POST", "/api/v1/session", m{"nickname": "지은", "password": password}).want(200)
		signedIn = append(signedIn, b)
	}
	var done atomic.Int32
	var wg sync.WaitGroup
	for _, b := range signedIn {
		wg.Go(func() {
			switch r := b.call("PUT", "/api/v1/me/password", m{"current": password, "password": "other!book"}); {
			case r.status == 204:
				done.Add(1)
			case r.status != 401 && r.body["code"] != "wrong_password":
				t.Errorf("%d %s", r.status, r.raw)
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 {
		t.Errorf("%d changes", done.Load())
	}
}

func TestGuessingThePresentPasswordIsLimited(t *testing.T) {
	h := open(t, func(c *httpapi.Config) { c.NicknameAttempts = httpapi.Attempts{Burst: 3, Every: 10 * time.Second} })
	b := h.person(t, "지은")
	for range 2 {
		b.call("PUT", "/api/v1/me/password", m{"current": "guess", "password": password}).refused(403, "wrong_password")
	}
	b.call("PUT", "/api/v1/me/password", m{"current": password, "password": password}).refused(429, "too_many_requests")
	h.wait(time.Minute)
	for range 5 {
		b.call("PUT", "/api/v1/me/password", m{"current": password, "password": password}).want(204)
	}
}

func TestSignUpRenewsTheToken(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	first := cookie(t, b.call("POST", "/api/v1/session", m{"nickname": "지은", "password": password}).want(200))
	second := cookie(t, b.call("POST", "/api/v1/users", m{"nickname": "둘째", "password": password}).want(201))
	if first.Value == second.Value {
		t.Fatal("the token stayed")
	}
	h.browser(t).call("GET", "/api/v1/me", nil, "Cookie", "salon="+first.Value).refused(401, "unauthenticated")
}

func TestProfileTellsReportsToFew(t *testing.T) {
	h := open(t)
	b, owner, stranger, boss := h.person(t, "지은"), h.person(t, "owner"), h.person(t, "stranger"), h.admin(t, "boss")
	club := owner.club("책")
	b.join(club)
	owner.club("다른 책")
	stranger.call("POST", "/api/v1/reports", m{"user_id": b.id, "reason": "광고를 올려요"}).want(201)
	for who, c := range map[string]struct {
		b     *browser
		knows bool
	}{"the user": {b, true}, "owner": {owner, true}, "administrator": {boss, true}, "stranger": {stranger, false}} {
		got := c.b.call("GET", path("/api/v1/users/%d", b.id), nil).want(200)
		if report, knows := got.body["report"]; knows != c.knows || knows && report != true {
			t.Errorf("%s sees %s", who, got.raw)
		}
		if clubs := got.list("clubs"); len(clubs) != 1 || clubs[0]["title"] != "책" || got.num("books_read") != 0 {
			t.Errorf("%s sees %s", who, got.raw)
		}
	}
	h.browser(t).call("GET", path("/api/v1/users/%d", b.id), nil).refused(401, "unauthenticated")
	stranger.call("GET", "/api/v1/users/999", nil).refused(404, "not_found")
}

// admin signs somebody up who looks after the whole place.
func (h *house) admin(t testing.TB, nickname string) *browser {
	t.Helper()
	b := h.person(t, nickname)
	_, err := h.store.UpdateUser(t.Context(), b.id, func(u clubapi.User) (clubapi.User, error) {
		u.Admin = true
		return u, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
