package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"salon/clubapi"
)

func (b *browser) titles() (titles []string) {
	b.t.Helper()
	for _, c := range b.call("GET", "/api/v1/me/clubs", nil).want(200).list("items") {
		titles = append(titles, c["title"].(string))
	}
	return titles
}

func TestRepeatedRequestTakesEffectOnce(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	first := b.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", "k1").want(201)
	h.wait(time.Hour)
	second := b.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", "k1").want(201)
	if string(second.raw) != string(first.raw) {
		t.Errorf("first %s, then %s", first.raw, second.raw)
	}
	for _, name := range []string{"Location", "Etag", "Content-Type"} {
		if got, want := second.header.Get(name), first.header.Get(name); got != want || want == "" {
			t.Errorf("%s: %q, first %q", name, got, want)
		}
	}
	if got := b.titles(); len(got) != 1 {
		t.Errorf("clubs %q", got)
	}
}

func TestKeyOfAnotherRequestIsRefused(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	club := b.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", "k").want(201).num("id")
	b.call("POST", "/api/v1/clubs", m{"title": "다른 책"}, "Idempotency-Key", "k").refused(422, "idempotency_key_reused")
	conf := b.conference(club, time.Minute)
	b.call("POST", path("/api/v1/conferences/%d/notes", conf), m{"text": "말"}, "Idempotency-Key", "k").refused(422, "idempotency_key_reused")
	if got := b.titles(); len(got) != 1 {
		t.Errorf("clubs %q", got)
	}
}

func TestRefusedRequestLeavesItsKeyFree(t *testing.T) {
	h := open(t)
	owner, guest := h.person(t, "지은"), h.person(t, "민아")
	club := owner.club("책")
	conf := owner.conference(club, time.Minute)
	notes := path("/api/v1/conferences/%d/notes", conf)
	guest.call("POST", notes, m{"text": ""}, "Idempotency-Key", "k").refused(422, "validation")
	guest.call("POST", notes, m{"text": "말"}, "Idempotency-Key", "k").refused(403, "not_a_member")
	guest.join(club)
	note := guest.call("POST", notes, m{"text": "말"}, "Idempotency-Key", "k").want(201).num("id")
	if again := guest.call("POST", notes, m{"text": "말"}, "Idempotency-Key", "k").want(201).num("id"); again != note {
		t.Errorf("notes %d and %d", note, again)
	}
}

func TestKeysAreEachUsersOwn(t *testing.T) {
	h := open(t)
	one, two := h.person(t, "지은"), h.person(t, "민아")
	a := one.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", "k").want(201)
	b := two.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", "k").want(201)
	if a.num("id") == b.num("id") {
		t.Error("one club for two people")
	}
	if again := two.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", "k").want(201); len(again.header.Values("Set-Cookie")) > 0 {
		t.Errorf("cookies %q", again.header.Values("Set-Cookie"))
	}
}

func TestKeyIsFreeAfterADay(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	for range 2 {
		b.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", "k").want(201)
		h.wait(clubapi.KeepAnswers - time.Second)
		b.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", "k").want(201)
		h.wait(time.Second)
	}
	if got := b.titles(); len(got) != 2 {
		t.Errorf("clubs %q", got)
	}
}

// TestAnswerLost is what a client sees whose server stopped between effect and answer.
func TestAnswerLost(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	h.losing.Store(true)
	b.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", "k").want(201)
	h.losing.Store(false)
	b.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", "k").refused(409, "idempotency_answer_lost")
	b.call("POST", "/api/v1/clubs", m{"title": "다른 책"}, "Idempotency-Key", "k").refused(422, "idempotency_key_reused")
	if got := b.titles(); len(got) != 1 {
		t.Errorf("clubs %q", got)
	}
}

func TestKeyIsMeasured(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	b.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", strings.Repeat("k", 101)).wrong("/header/Idempotency-Key", clubapi.CodeTooLong)
	b.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", "").wrong("/header/Idempotency-Key", clubapi.CodeTooShort)
	b.call("POST", "/api/v1/clubs", m{"title": "책"}, "Idempotency-Key", strings.Repeat("k", 100)).want(201)
	if got := b.titles(); len(got) != 1 {
		t.Errorf("clubs %q", got)
	}
}

// TestTwinsTakeEffectOnce sends the same request many times at once, each on a connection of
// its own, from a person who did not get the answers and tries again.
func TestTwinsTakeEffectOnce(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	conf := b.conference(b.club("책"), time.Minute)
	notes := path("/api/v1/conferences/%d/notes", conf)
	var mu sync.Mutex
	ids, refused := map[int64]int{}, 0
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 4 {
				got := b.call("POST", notes, m{"text": "말"}, "Idempotency-Key", "k")
				mu.Lock()
				if got.status == http.StatusCreated {
					ids[got.num("id")]++
				} else {
					got.refused(409, "idempotency_in_progress")
					refused++
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(ids) != 1 {
		t.Errorf("notes %v, %d refused", ids, refused)
	}
	if got := b.call("GET", notes, nil).want(200).list("items"); len(got) != 1 {
		t.Errorf("%d notes", len(got))
	}
}

// TestEveryCreatingRequestIsRepeatable: where the contract promises repetition, a second
// request has no second effect, whatever the operation.
func TestEveryCreatingRequestIsRepeatable(t *testing.T) {
	h := open(t)
	b, ops := bodiedOperations(t, h)
	tried := 0
	for _, op := range ops {
		declared := operationAt(h.contract, op.method, op.path)
		if !slices.ContainsFunc(declared.Parameters, func(p *openapi3.ParameterRef) bool { return p.Value.Name == "Idempotency-Key" }) {
			continue
		}
		tried++
		first := b.call(op.method, op.path, op.body, "Idempotency-Key", op.path).want(op.ok)
		again := b.call(op.method, op.path, op.body, "Idempotency-Key", op.path).want(op.ok)
		if string(first.raw) != string(again.raw) {
			t.Errorf("%s %s: first %s, then %s", op.method, op.path, first.raw, again.raw)
		}
	}
	if tried == 0 {
		t.Error("none declared")
	}
}
