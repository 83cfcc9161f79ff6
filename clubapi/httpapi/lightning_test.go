package httpapi_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"salon/clubapi"
)

// lightningStory starts a meeting on the spur of the moment and fills it.
func lightningStory(t *testing.T, h *house) {
	starter, guest, late := h.person(t, "번개"), h.person(t, "번개 손님"), h.person(t, "번개 늦음")
	made := starter.call("POST", "/api/v1/lightning", m{"title": "지금 읽는 사람?", "max_user": 2}).want(201)
	conf := made.header.Get("Location")
	for name, want := range map[string]any{
		"kind": "lightning", "status": "live", "role": "owner", "max_user": 2.0, "taken": 1.0, "present": 0.0, "recurring": false, "club_id": nil, "club_title": nil,
	} {
		if made.body[name] != want {
			t.Errorf("%s is %v, want %v", name, made.body[name], want)
		}
	}
	open := func(b *browser) int { return len(b.call("GET", "/api/v1/lightning", nil).want(200).list("items")) }
	if n := open(h.browser(t)); n != 1 {
		t.Errorf("%d lightning meetings", n)
	}
	if got := starter.call("POST", "/api/v1/lightning", m{"title": "또"}).refused(409, "lightning_already"); got.num("conference_id") != made.num("id") {
		t.Errorf("refused for %s", got.raw)
	}
	if got := guest.call("GET", conf, nil).want(200).str("role"); got != "none" {
		t.Errorf("a guest is %s", got)
	}
	guest.call("POST", conf+"/join", nil).want(200)
	guest.call("POST", conf+"/join", nil).want(200)
	late.call("POST", conf+"/join", nil).refused(409, "conference_full")
	starter.call("POST", conf+"/join", nil).want(200)
	if got := guest.call("GET", conf, nil).want(200); got.str("role") != "member" || got.num("taken") != 2 {
		t.Errorf("as a guest sees it: %s", got.raw)
	}
	if n := open(late); n != 0 {
		t.Errorf("%d lightning meetings with a free seat", n)
	}
	for _, b := range []*browser{starter, guest} {
		if n := len(b.call("GET", "/api/v1/me/conferences", nil).want(200).list("items")); n != 1 {
			t.Errorf("%d conferences of mine", n)
		}
	}
	guest.call("PATCH", conf, m{"title": "x"}).refused(403, "forbidden")
	guest.call("POST", conf+"/cancel", nil).refused(403, "forbidden")
	starter.call("PATCH", conf, m{"title": "이름"}).want(200)
	starter.call("POST", conf+"/cancel", nil).want(200)
	starter.call("POST", "/api/v1/lightning", m{"title": "다시", "duration_minutes": 10}).want(201)
}

func TestLightning(t *testing.T) { lightningStory(t, open(t)) }

func TestLightningEnds(t *testing.T) {
	h := open(t)
	starter, guest, late := h.person(t, "지은"), h.person(t, "민아"), h.person(t, "늦은 사람")
	conf := starter.call("POST", "/api/v1/lightning", m{"title": "t", "duration_minutes": 30}).want(201).header.Get("Location")
	guest.call("POST", conf+"/join", nil).want(200)
	h.wait(30 * time.Minute)
	late.call("POST", conf+"/join", nil).refused(409, "conference_ended")
	guest.call("POST", conf+"/join", nil).want(200) // meetings overrun
	if n := len(late.call("GET", "/api/v1/lightning", nil).want(200).list("items")); n != 0 {
		t.Errorf("%d lightning meetings", n)
	}
	starter.call("POST", "/api/v1/lightning", m{"title": "t"}).want(201)
	starter.call("POST", "/api/v1/lightning", m{"title": "t", "book_id": 999}).refused(409, "lightning_already")
	for field, value := range map[string]any{"max_user": 7, "duration_minutes": 721} {
		guest.call("POST", "/api/v1/lightning", m{"title": "t", field: value}).wrong("/"+field, clubapi.CodeTooLarge)
	}
	guest.call("POST", "/api/v1/lightning", m{"title": "t", "max_user": 1}).wrong("/max_user", clubapi.CodeTooSmall)
	guest.call("POST", "/api/v1/lightning", m{"title": "t", "book_id": 999}).wrong("/book_id", clubapi.CodeUnknown)
	guest.call("POST", "/api/v1/lightning", m{"title": strings.Repeat("가", 101)}).wrong("/title", clubapi.CodeTooLong)
}

// TestLastSeatOfLightning lets many join at once.
func TestLastSeatOfLightning(t *testing.T) {
	h := open(t)
	starter := h.person(t, "지은")
	conf := starter.call("POST", "/api/v1/lightning", m{"title": "t", "max_user": 4}).want(201).header.Get("Location")
	var in, full atomic.Int32
	var wg sync.WaitGroup
	for i := range 15 {
		p := h.person(t, path("사람 %d", i))
		wg.Go(func() {
			switch got := p.call("POST", conf+"/join", nil); {
			case got.status == 200:
				in.Add(1)
			case got.body["code"] == "conference_full":
				full.Add(1)
			default:
				t.Errorf("%d %s", got.status, got.raw)
			}
		})
	}
	wg.Wait()
	if in.Load() != 3 || full.Load() != 12 || starter.call("GET", conf, nil).want(200).num("taken") != 4 {
		t.Errorf("%d in, %d found it full", in.Load(), full.Load())
	}
}

// TestOneLightningEach lets one person press "start" many times at once.
func TestOneLightningEach(t *testing.T) {
	h := open(t)
	starter := h.person(t, "지은")
	var made atomic.Int32
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if starter.call("POST", "/api/v1/lightning", m{"title": "t"}).status == 201 {
				made.Add(1)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("%d started", made.Load())
	}
}

// TestOverlapAtOnce lets two people schedule the same hour.
func TestOverlapAtOnce(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	club := owner.club("책")
	var made, refused atomic.Int32
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			start := h.now().Add(time.Hour + time.Duration(i)*time.Minute)
			switch got := owner.call("POST", path("/api/v1/clubs/%d/conferences", club), m{"title": "t", "call_start_time": at(start), "call_end_time": at(start.Add(time.Hour))}); {
			case got.status == 201:
				made.Add(1)
			case got.body["code"] == "conference_overlaps":
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 || refused.Load() != 9 {
		t.Errorf("%d made, %d refused", made.Load(), refused.Load())
	}
	// A cancelled one stands in nobody's way; one that moves must find room.
	first := int64(owner.call("GET", path("/api/v1/clubs/%d/conferences", club), nil).want(200).list("items")[0]["id"].(float64))
	second := owner.conference(club, 10*time.Hour)
	moved := m{"call_start_time": at(h.now().Add(time.Hour)), "call_end_time": at(h.now().Add(3 * time.Hour))}
	if got := owner.call("PATCH", path("/api/v1/conferences/%d", second), moved).refused(409, "conference_overlaps"); got.num("conference_id") != first {
		t.Errorf("overlap: %s", got.raw)
	}
	owner.call("POST", path("/api/v1/conferences/%d/cancel", first), nil).want(200)
	owner.call("PATCH", path("/api/v1/conferences/%d", second), moved).want(200)
	owner.call("PATCH", path("/api/v1/conferences/%d", second), m{"book_id": 999}).wrong("/book_id", clubapi.CodeUnknown)
	if got := owner.call("GET", path("/api/v1/clubs/%d/audit", club), nil).want(200).list("items"); len(got) != 2 || got[0]["action"] != "conference_moved" || got[1]["action"] != "conference_cancelled" {
		t.Errorf("audit: %v", got)
	}
}
