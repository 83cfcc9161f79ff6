package httpapi_test

import (
	"strings"
	"sync"
	"testing"
)

// noticesStory puts up notices and rules, changes, moves and takes them down.
func noticesStory(t *testing.T, h *house) {
	owner, guest, stranger := h.person(t, "공지 주인"), h.person(t, "공지 회원"), h.person(t, "공지 남")
	id := owner.club("책")
	guest.join(id)
	club := path("/api/v1/clubs/%d", id)
	made := owner.call("POST", club+"/notices", m{"notice_content": "다음 모임은\n<b>금요일</b>"}).want(201)
	notice := made.header.Get("Location")
	for _, text := range []string{"둘", "셋"} {
		h.wait(1)
		owner.call("POST", club+"/notices", m{"notice_content": text}).want(201)
	}
	if got := guest.call("GET", notice, nil).want(200); string(got.raw) != string(made.raw) {
		t.Errorf("%s, made as %s", got.raw, made.raw)
	}
	var all []string
	for next := club + "/notices?limit=2"; next != ""; {
		page := guest.call("GET", next, nil).want(200)
		for _, n := range page.list("items") {
			all = append(all, n["notice_content"].(string))
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(page.header.Get("Link"), "<"), ">")
	}
	if got := strings.Join(all, ","); got != "셋,둘,다음 모임은\n<b>금요일</b>" {
		t.Errorf("notices %q", got)
	}
	stranger.call("GET", club+"/notices", nil).refused(403, "not_a_member")
	stranger.call("GET", notice, nil).refused(403, "not_a_member")
	guest.call("POST", club+"/notices", m{"notice_content": "x"}).refused(403, "forbidden")
	guest.call("PATCH", notice, m{"notice_content": "x"}).refused(403, "forbidden")
	guest.call("DELETE", notice, nil).refused(403, "forbidden")
	owner.call("PATCH", notice, m{"notice_content": "토요일"}).want(200)
	owner.call("DELETE", notice, nil).want(204)
	owner.call("DELETE", notice, nil).refused(404, "not_found")

	rules := club + "/rules"
	add := func(text string, more ...any) string {
		body := m{"rule_content": text}
		if len(more) > 0 {
			body["position"] = more[0]
		}
		return owner.call("POST", rules, body).want(201).header.Get("Location")
	}
	a, b, c := add("a"), add("b"), add("c")
	order := func(want string) {
		t.Helper()
		var got string
		for i, r := range h.browser(t).call("GET", rules, nil).want(200).list("items") {
			got += r["rule_content"].(string)
			if r["position"] != float64(i+1) {
				t.Errorf("rule %v at place %d", r, i+1)
			}
		}
		if got != want {
			t.Errorf("rules %s, want %s", got, want)
		}
	}
	order("abc")
	add("d", 2)
	order("adbc")
	add("e", 50)
	order("adbce")
	owner.call("PATCH", c, m{"position": 1}).want(200)
	order("cadbe")
	owner.call("PATCH", c, m{"position": 3}).want(200)
	order("adcbe")
	if got := owner.call("PATCH", a, m{"position": 50, "rule_content": "A"}).want(200); got.num("position") != 5 {
		t.Errorf("moved: %s", got.raw)
	}
	order("dcbeA")
	owner.call("PATCH", b, m{"position": 3}).want(200)
	order("dcbeA")
	owner.call("DELETE", c, nil).want(204)
	order("dbeA")
	h.browser(t).call("GET", a, nil).want(200)
	guest.call("PATCH", a, m{"position": 1}).refused(403, "forbidden")
	guest.call("DELETE", a, nil).refused(403, "forbidden")
	guest.call("POST", rules, m{"rule_content": "x"}).refused(403, "forbidden")
}

func TestNoticesAndRules(t *testing.T) { noticesStory(t, open(t)) }

// TestRulesHaveABoundAndNoGaps adds and moves rules at once.
func TestRulesHaveABoundAndNoGaps(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	rules := path("/api/v1/clubs/%d/rules", owner.club("책"))
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			for n := range 9 {
				got := owner.call("POST", rules, m{"rule_content": "r", "position": i + 1})
				if got.status == 201 && n < 3 {
					owner.call("PATCH", got.header.Get("Location"), m{"position": 7*i%50 + 1}).want(200)
				}
			}
		})
	}
	wg.Wait()
	owner.call("POST", rules, m{"rule_content": "r"}).refused(409, "too_many_rules")
	list := owner.call("GET", rules, nil).want(200).list("items")
	if len(list) != 50 {
		t.Errorf("%d rules", len(list))
	}
	for i, r := range list {
		if r["position"] != float64(i+1) {
			t.Errorf("rule %v at place %d", r, i+1)
		}
	}
}
