package httpapi_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"salon/clubapi"
	"salon/clubapi/httpapi"
)

func TestReportIsSettledByTheOwnerOfASharedClub(t *testing.T) {
	h := open(t)
	bad, victim, owner, other, boss := h.person(t, "bad"), h.person(t, "victim"), h.person(t, "owner"), h.person(t, "other"), h.admin(t, "boss")
	club := owner.club("책")
	bad.join(club)
	other.club("다른 책")

	got := victim.call("POST", "/api/v1/reports", m{"user_id": bad.id, "reason": "욕설 <script>"}).want(201)
	id := got.num("id")
	if got.str("state") != "open" || got.str("reason") != "욕설 <script>" || strings.Contains(string(got.raw), "victim") {
		t.Fatalf("%s", got.raw)
	}
	if !reported(bad) {
		t.Error("the user does not see that they were reported")
	}
	for who, c := range map[string]struct {
		b    *browser
		sees int
	}{"owner": {owner, 1}, "administrator": {boss, 1}, "another owner": {other, 0}, "reporter": {victim, 0}, "reported": {bad, 0}} {
		if n := len(c.b.call("GET", "/api/v1/reports", nil).want(200).list("items")); n != c.sees {
			t.Errorf("%s sees %d reports", who, n)
		}
		if c.sees == 0 {
			c.b.call("POST", path("/api/v1/reports/%d/settle", id), m{"state": "dismissed"}).refused(404, "not_found")
		}
	}
	settled := owner.call("POST", path("/api/v1/reports/%d/settle", id), m{"state": "upheld"}).want(200)
	if settled.str("state") != "upheld" || settled.str("settled_at") == "" || !reported(bad) {
		t.Errorf("%s, reported %v", settled.raw, reported(bad))
	}
	boss.call("POST", path("/api/v1/reports/%d/settle", id), m{"state": "dismissed"}).refused(409, "report_settled")

	second := victim.call("POST", "/api/v1/reports", m{"user_id": owner.id, "reason": "x"}).want(201).num("id")
	owner.call("POST", path("/api/v1/reports/%d/settle", second), m{"state": "dismissed"}).refused(404, "not_found") // about oneself
	boss.call("POST", path("/api/v1/reports/%d/settle", second), m{"state": "dismissed"}).want(200)
	if reported(owner) {
		t.Error("a dismissed report counts")
	}
	for state, want := range map[string]int{"open": 0, "upheld": 1, "dismissed": 1} {
		if n := len(boss.call("GET", "/api/v1/reports?state="+state, nil).want(200).list("items")); n != want {
			t.Errorf("%d reports are %s", n, state)
		}
	}
}

func reported(b *browser) bool {
	b.t.Helper()
	return b.call("GET", "/api/v1/me", nil).want(200).body["report"] == true
}

func TestReportsArePaged(t *testing.T) {
	h := open(t)
	bad, boss := h.person(t, "bad"), h.admin(t, "boss")
	for _, n := range []string{"a", "b", "c"} {
		h.person(t, n).call("POST", "/api/v1/reports", m{"user_id": bad.id, "reason": n}).want(201)
	}
	var seen []string
	for next := "/api/v1/reports?limit=2&state=open"; next != ""; {
		page := boss.call("GET", next, nil).want(200)
		for _, it := range page.list("items") {
			seen = append(seen, it["reason"].(string))
		}
		link := page.header.Get("Link")
		next, _, _ = strings.Cut(strings.TrimPrefix(link, "<"), ">")
	}
	if strings.Join(seen, "") != "cba" {
		t.Errorf("pages show %v", seen)
	}
	boss.call("GET", "/api/v1/reports?state=lost", nil).wrong("/query/state", clubapi.CodeEnum)
}

func TestReportsThatAreRefused(t *testing.T) {
	h := open(t)
	b, other := h.person(t, "지은"), h.person(t, "Mina")
	for name, c := range map[string]struct {
		body    m
		pointer string
		code    clubapi.Code
	}{
		"about nobody":         {m{"reason": "x"}, "/user_id", clubapi.CodeRequired},
		"about two":            {m{"user_id": other.id, "post_id": 1, "reason": "x"}, "/post_id", clubapi.CodeExclusive},
		"about oneself":        {m{"user_id": b.id, "reason": "x"}, "/user_id", clubapi.CodeOneself},
		"unknown user":         {m{"user_id": 999, "reason": "x"}, "/user_id", clubapi.CodeUnknown},
		"unknown post":         {m{"post_id": 999, "reason": "x"}, "/post_id", clubapi.CodeUnknown},
		"no id":                {m{"user_id": 0, "reason": "x"}, "/user_id", clubapi.CodeTooSmall},
		"words for an id":      {m{"user_id": "1", "reason": "x"}, "/user_id", clubapi.CodeType},
		"no reason":            {m{"user_id": other.id}, "/reason", clubapi.CodeRequired},
		"empty reason":         {m{"user_id": other.id, "reason": ""}, "/reason", clubapi.CodeTooShort},
		"blank reason":         {m{"user_id": other.id, "reason": " \u3164"}, "/reason", clubapi.CodeBlank},
		"long reason":          {m{"user_id": other.id, "reason": strings.Repeat("가", 1001)}, "/reason", clubapi.CodeTooLong},
		"control characters":   {m{"user_id": other.id, "reason": "a\x00"}, "/reason", clubapi.CodeControlCharacter},
		"a state of their own": {m{"user_id": other.id, "reason": "x", "state": "upheld"}, "/state", clubapi.CodeUnknownField},
	} {
		t.Run(name, func(t *testing.T) {
			b.call("POST", "/api/v1/reports", c.body).wrong(c.pointer, c.code)
		})
	}
	if reported(other) {
		t.Error("a refused report was stored")
	}
	b.call("POST", "/api/v1/reports", m{"user_id": other.id, "reason": strings.Repeat("각", 1000)}).want(201)
	b.call("POST", "/api/v1/reports", m{"user_id": other.id, "reason": "또"}).refused(409, "reported_already")
	boss := h.admin(t, "boss")
	id := boss.call("GET", "/api/v1/reports", nil).want(200).list("items")[0]["id"]
	boss.call("POST", path("/api/v1/reports/%v/settle", id), m{"state": "open"}).wrong("/state", clubapi.CodeEnum)
	boss.call("POST", path("/api/v1/reports/%v/settle", id), m{}).wrong("/state", clubapi.CodeRequired)
	boss.call("POST", path("/api/v1/reports/%v/settle", id), m{"state": "dismissed"}).want(200)
	b.call("POST", "/api/v1/reports", m{"user_id": other.id, "reason": "다시"}).want(201)
}

// TestOneReportAtOnce presses the button many times at once.
func TestOneReportAtOnce(t *testing.T) {
	h := open(t)
	b, other := h.person(t, "지은"), h.person(t, "Mina")
	var made atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			switch r := b.call("POST", "/api/v1/reports", m{"user_id": other.id, "reason": "x"}); {
			case r.status == 201:
				made.Add(1)
			case r.body["code"] != "reported_already":
				t.Errorf("%d %s", r.status, r.raw)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("%d reports", made.Load())
	}
}

func TestReportOfAPostIsAboutItsAuthor(t *testing.T) {
	h := open(t)
	b, author := h.person(t, "지은"), h.person(t, "Mina")
	post := author.call("POST", "/api/v1/posts", m{"title": "t", "content": "c"}).want(201).num("id")
	got := b.call("POST", "/api/v1/reports", m{"post_id": post, "reason": "x"}).want(201)
	if user, _ := got.body["user"].(m); got.num("post_id") != post || user["nickname"] != "Mina" || !reported(author) {
		t.Errorf("%s", got.raw)
	}
	b.call("POST", "/api/v1/reports", m{"post_id": post, "reason": "x"}).refused(409, "reported_already")
	b.call("POST", "/api/v1/reports", m{"user_id": author.id, "reason": "x"}).want(201) // another matter
	author.call("POST", "/api/v1/reports", m{"post_id": post, "reason": "x"}).wrong("/post_id", clubapi.CodeOneself)
	author.call("DELETE", path("/api/v1/posts/%d", post), nil).want(204)
	if !reported(author) {
		t.Error("deleting the post hides the report")
	}
}

func TestSettlingIsWrittenDown(t *testing.T) {
	h := open(t)
	bad, owner, other, boss := h.person(t, "bad"), h.person(t, "owner"), h.person(t, "other"), h.admin(t, "boss")
	mine, theirs := owner.club("책"), other.club("다른 책")
	bad.join(mine)
	bad.join(theirs)
	settle := func(b *browser, state string) {
		t.Helper()
		id := owner.call("POST", "/api/v1/reports", m{"user_id": bad.id, "reason": "x"}).want(201).num("id")
		b.call("POST", path("/api/v1/reports/%d/settle", id), m{"state": state}).want(200)
	}
	written := func(b *browser, club int64) (subjects []string) {
		t.Helper()
		for _, e := range b.call("GET", path("/api/v1/clubs/%d/audit", club), nil).want(200).list("items") {
			user, _ := e["user"].(m)
			if e["action"] == "report_settled" && user["nickname"] == "bad" {
				subjects = append(subjects, e["subject"].(string))
			}
		}
		return subjects
	}
	settle(owner, "upheld")
	settle(boss, "dismissed")
	if got := written(owner, mine); !slices.Equal(got, []string{"dismissed", "upheld"}) {
		t.Errorf("the owner's club has %v", got)
	}
	if got := written(other, theirs); !slices.Equal(got, []string{"dismissed"}) {
		t.Errorf("another club has %v", got)
	}
}

func TestReportsOfOnePersonAreLimited(t *testing.T) {
	h := open(t, func(c *httpapi.Config) { c.ReportAttempts = httpapi.Attempts{Burst: 1, Every: time.Minute} })
	b, bad := h.person(t, "지은"), h.person(t, "Mina")
	about := m{"user_id": bad.id, "reason": "x"}
	b.call("POST", "/api/v1/reports", m{"user_id": bad.id}).wrong("/reason", clubapi.CodeRequired) // does not count
	b.call("POST", "/api/v1/reports", about).want(201)
	b.call("POST", "/api/v1/reports", about).refused(429, "too_many_requests")
	h.person(t, "other").call("POST", "/api/v1/reports", about).want(201)
	h.wait(time.Minute)
	b.call("POST", "/api/v1/reports", about).refused(409, "reported_already")
}
