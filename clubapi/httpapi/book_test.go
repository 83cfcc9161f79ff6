package httpapi_test

import (
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"salon/clubapi"
)

func TestBookIsAddedRatedAndReviewed(t *testing.T) {
	h := open(t)
	adder, reader, stranger := h.person(t, "지은"), h.person(t, "민준"), h.person(t, "손님")
	added := adder.call("POST", "/api/v1/books", m{
		"title": "소년이 온다", "author": "한강", "pub_date": "2014-05-19", "category": "novel", "pages": 216, "book_img": "/b.png",
	}).want(201)
	id := added.num("id")
	if added.header.Get("Location") != path("/api/v1/books/%d", id) || added.header.Get("ETag") != `"v1"` || added.body["editable"] != true {
		t.Errorf("%s %s", added.header, added.raw)
	}
	if _, rated := added.body["rating"]; rated || added.str("pub_date") != "2014-05-19" {
		t.Errorf("%s", added.raw)
	}
	book := path("/api/v1/books/%d", id)
	twin := adder.call("POST", "/api/v1/books", m{"title": "소년이 온다", "author": "한강", "pub_date": "2014-05-19"}).refused(409, "book_exists")
	if twin.num("book_id") != id {
		t.Errorf("%s", twin.raw)
	}
	other := reader.book("흰")
	reader.call("PATCH", path("/api/v1/books/%d", other), m{"title": "소년이 온다", "author": "한강", "pub_date": "2014-05-19"}).refused(409, "book_exists")

	read := func(b *browser, day string, rating int, review string) {
		t.Helper()
		b.call("POST", "/api/v1/me/books", m{"book_id": id, "read_on": day, "rating": rating, "review": review}).want(201)
	}
	read(adder, "2025-03-01", 1, "처음에는 어려웠다")
	read(adder, "2026-01-01", 5, "") // counts instead of the earlier one
	read(reader, "2025-12-31", 4, "오래 남는다")
	got := h.browser(t).call("GET", book, nil).want(200)
	if got.body["rating"] != 4.5 || got.num("rating_count") != 2 || got.num("review_count") != 2 || got.body["editable"] != false {
		t.Errorf("%s", got.raw)
	}
	reviews := h.browser(t).call("GET", book+"/reviews?limit=1", nil).want(200)
	if list := reviews.list("items"); len(list) != 1 || list[0]["review"] != "오래 남는다" || reviews.header.Get("Link") == "" {
		t.Errorf("%s", reviews.raw)
	}

	stranger.call("PATCH", book, m{"pages": 200}).refused(403, "forbidden")
	stranger.call("PATCH", book, m{"pages": 200}, "If-Match", `"v9"`).refused(403, "forbidden")
	changed := adder.call("PATCH", book, m{"pages": 200}, "If-Match", `"v1"`).want(200)
	if changed.header.Get("ETag") != `"v2"` || changed.num("pages") != 200 || changed.body["rating"] != 4.5 {
		t.Errorf("%s", changed.raw)
	}
	adder.call("PATCH", book, m{"pages": 201}, "If-Match", `"v1"`).refused(412, "stale")
	adder.call("PATCH", book, m{"pages": 0}).wrong("/pages", clubapi.CodeTooSmall)
	adder.call("PATCH", book, m{"pages": 20001}).wrong("/pages", clubapi.CodeTooLarge)
	adder.call("PATCH", book, m{"category": "weird"}).wrong("/category", clubapi.CodeEnum)
	h.browser(t).call("POST", "/api/v1/books", m{"title": "t"}).refused(401, "unauthenticated")
}

// TestSameBookAtOnce lets many add one book at the same moment.
func TestSameBookAtOnce(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	var in atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if got := b.call("POST", "/api/v1/books", m{"title": "흰"}); got.status == http.StatusCreated {
				in.Add(1)
			} else if got.status != http.StatusConflict {
				t.Errorf("%d %s", got.status, got.raw)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 {
		t.Errorf("%d were added", in.Load())
	}
}

func TestReadingLog(t *testing.T) {
	h := open(t) // on 2026-01-05
	b, other := h.person(t, "지은"), h.person(t, "민준")
	thick := b.call("POST", "/api/v1/books", m{"title": "파친코", "pages": 600}).want(201).num("id")
	thin := b.book("흰")
	first := b.reading(thick, "2025-12-31")
	b.reading(thin, "2026-01-01")
	last := b.reading(thin, "2026-01-06") // it is tomorrow already further east
	b.call("POST", "/api/v1/me/books", m{"book_id": thin, "read_on": "2026-01-07"}).wrong("/read_on", clubapi.CodeFuture)
	b.call("POST", "/api/v1/me/books", m{"book_id": thin, "read_on": "2026-01-01"}).refused(409, "read_already")
	b.call("POST", "/api/v1/me/books", m{"book_id": 99, "read_on": "2026-01-01"}).wrong("/book_id", clubapi.CodeUnknown)
	b.call("POST", "/api/v1/me/books", m{"book_id": thin, "read_on": "2026-01-02", "rating": 6}).wrong("/rating", clubapi.CodeTooLarge)

	days := func(query string) (list []any) {
		t.Helper()
		next := "/api/v1/me/books" + query
		for range 9 {
			got := b.call("GET", next, nil).want(200)
			for _, r := range got.list("items") {
				list = append(list, r["read_on"])
			}
			cursor, ok := got.body["next_cursor"].(string)
			if !ok {
				return list
			}
			next = "/api/v1/me/books" + query + "&cursor=" + cursor
		}
		return list
	}
	for query, want := range map[string][]any{
		"?limit=1":                        {"2026-01-06", "2026-01-01", "2025-12-31"},
		"?from=2026-01-01&limit=1":        {"2026-01-06", "2026-01-01"},
		"?to=2026-01-01&limit=1":          {"2026-01-01", "2025-12-31"},
		"?from=2026-01-01&to=2026-01-05":  {"2026-01-01"},
		"?from=2026-02-01&to=2026-01-05":  {},
		"?from=2025-12-31&to=2025-12-31&": {"2025-12-31"},
	} {
		got := days(query)
		if len(got) != len(want) {
			t.Fatalf("%s: %v, want %v", query, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %v, want %v", query, got, want)
			}
		}
	}
	for _, day := range []string{"yesterday", "2026-02-30", "2026-1-1", ""} {
		b.call("GET", "/api/v1/me/books?from="+day, nil).wrong("/query/from", clubapi.CodeFormat)
		b.call("GET", "/api/v1/me/books?to="+day, nil).wrong("/query/to", clubapi.CodeFormat)
	}
	seen := other.call("GET", path("/api/v1/users/%d/books", b.id), nil).want(200)
	if len(seen.list("items")) != 3 {
		t.Errorf("%s", seen.raw)
	}
	other.call("GET", "/api/v1/users/99/books", nil).refused(404, "not_found")

	entry := path("/api/v1/me/books/%d", first)
	other.call("GET", entry, nil).refused(404, "not_found")
	other.call("PATCH", entry, m{"review": "r"}).refused(404, "not_found")
	other.call("DELETE", entry, nil).refused(404, "not_found")
	b.call("PATCH", entry, m{"rating": 4}, "If-Match", `"v1"`).want(200)
	b.call("PATCH", entry, m{"rating": 3}, "If-Match", `"v1"`).refused(412, "stale")
	if got := b.call("PATCH", entry, m{"rating": 0}, "If-Match", `"v2"`).want(200); got.body["rating"] != nil || got.header.Get("ETag") != `"v3"` {
		t.Errorf("%s", got.raw)
	}
	b.call("PATCH", path("/api/v1/me/books/%d", last), m{"read_on": "2026-01-01"}).refused(409, "read_already")

	// 4 + 600 * 0.06 = 40 mm; 20 mm for the other.
	stack := b.call("GET", "/api/v1/me/reading", nil).want(200)
	if january := stack.list("months")[0]; stack.num("books") != 3 || stack.num("height_mm") != 80 || january["books"] != 2.0 || january["height_mm"] != 40.0 {
		t.Errorf("%s", stack.raw)
	}
	if before := b.call("GET", "/api/v1/me/reading?year=2025", nil).want(200).list("months"); len(before) != 12 || before[11]["height_mm"] != 40.0 || before[0]["books"] != 0.0 {
		t.Errorf("%v", before)
	}
	b.call("DELETE", path("/api/v1/me/books/%d", last), nil).want(204)
	b.call("GET", path("/api/v1/me/books/%d", last), nil).refused(404, "not_found")
	if got := b.call("GET", "/api/v1/me/reading", nil).want(200).num("books"); got != 2 {
		t.Error(got)
	}
}

func TestBoard(t *testing.T) {
	h := open(t)
	author, stranger := h.person(t, "지은"), h.person(t, "민준")
	id := author.post("같이 읽을 분")
	post := path("/api/v1/posts/%d", id)
	if got := h.browser(t).call("GET", post, nil).want(200); got.body["editable"] != false || got.str("content") != "같이 읽어요" {
		t.Errorf("%s", got.raw)
	}
	stranger.call("PATCH", post, m{"title": "x"}).refused(403, "forbidden")
	stranger.call("DELETE", post, nil).refused(403, "forbidden")
	changed := author.call("PATCH", post, m{"content": "모집 끝"}, "If-Match", `"v1"`).want(200)
	if changed.header.Get("ETag") != `"v2"` || changed.str("content") != "모집 끝" || changed.str("title") != "같이 읽을 분" || changed.body["editable"] != true {
		t.Errorf("%s", changed.raw)
	}
	author.call("PATCH", post, m{"content": "x"}, "If-Match", `"v1"`).refused(412, "stale")
	second := author.post("다음 책")
	list := h.browser(t).call("GET", "/api/v1/posts?limit=1", nil).want(200)
	if items := list.list("items"); len(items) != 1 || items[0]["id"] != float64(second) || list.header.Get("Link") == "" {
		t.Errorf("%s", list.raw)
	}
	author.call("DELETE", post, nil).want(204)
	author.call("GET", post, nil).refused(404, "not_found")
	if items := author.call("GET", "/api/v1/posts", nil).want(200).list("items"); len(items) != 1 {
		t.Error(items)
	}
}

func TestSearch(t *testing.T) {
	h := open(t)
	b, stranger := h.person(t, "지은"), h.person(t, "민준")
	b.book("소년이 온다")
	b.book("소년")
	b.post("소년을 읽어요")
	club := b.club("소년이 온다를 읽는 모임")
	conf := b.conference(club, 0)
	note := b.note(conf, "저는 소년이 좋았어요")
	q := func(text string) string { return "q=" + url.QueryEscape(text) }

	all := b.call("GET", "/api/v1/search?"+q("소년이"), nil).want(200)
	if len(all.list("clubs")) != 1 || len(all.list("books")) != 2 || len(all.list("posts")) != 1 || len(all.list("notes")) != 1 {
		t.Errorf("%s", all.raw)
	}
	if all.list("books")[0]["title"] != "소년이 온다" {
		t.Errorf("the best match comes later: %s", all.raw)
	}
	if got := stranger.call("GET", "/api/v1/search?"+q("소년이"), nil).want(200); len(got.list("notes")) != 0 || len(got.list("clubs")) != 1 {
		t.Errorf("%s", got.raw)
	}
	h.browser(t).call("GET", "/api/v1/search?limit=20&"+q("소년"), nil).want(200)

	pages, next := 0, "/api/v1/books?limit=1&"+q("소년")
	for ; next != "" && pages < 9; pages++ {
		got := b.call("GET", next, nil).want(200)
		next = ""
		if cursor, ok := got.body["next_cursor"].(string); ok {
			next = "/api/v1/books?limit=1&" + q("소년") + "&cursor=" + cursor
			b.call("GET", "/api/v1/books?cursor="+cursor, nil).wrong("/query/cursor", clubapi.CodeCursor)
		}
	}
	if pages != 2 {
		t.Errorf("%d pages", pages)
	}
	for _, list := range []string{"/api/v1/clubs", "/api/v1/posts"} {
		if got := h.browser(t).call("GET", list+"?"+q("소년은"), nil).want(200); len(got.list("items")) != 1 {
			t.Errorf("%s: %s", list, got.raw)
		}
	}
	if got := b.call("GET", "/api/v1/clubs?category=poetry&"+q("소년"), nil).want(200); len(got.list("items")) != 0 {
		t.Errorf("%s", got.raw)
	}

	notes := path("/api/v1/clubs/%d/notes", club)
	if got := b.call("GET", notes+"?"+q("소년"), nil).want(200).list("items"); len(got) != 1 || got[0]["note"].(m)["id"] != float64(note) {
		t.Errorf("%v", got)
	}
	if got := b.call("GET", notes+path("?speaker_id=%d&", stranger.id)+q("소년"), nil).want(200).list("items"); len(got) != 0 {
		t.Errorf("%v", got)
	}
	stranger.call("GET", notes+"?"+q("소년"), nil).refused(403, "not_a_member")
	b.call("GET", notes, nil).wrong("/query/q", clubapi.CodeRequired)

	later := b.conference(club, 3*60*60*1e9)
	b.note(later, "소년이 다시 왔어요")
	for _, query := range []string{"", "?text=" + url.QueryEscape("소년은 누구인가")} {
		if got := b.call("GET", path("/api/v1/conferences/%d/related-notes", later)+query, nil).want(200).list("items"); len(got) != 1 || got[0]["note"].(m)["id"] != float64(note) {
			t.Errorf("%q: %v", query, got)
		}
	}
	stranger.call("GET", path("/api/v1/conferences/%d/related-notes", later), nil).refused(403, "not_a_member")

	for _, where := range []string{"/api/v1/search?", "/api/v1/clubs?", "/api/v1/books?", "/api/v1/posts?", notes + "?"} {
		for _, words := range []string{`"`, `*`, `NEAR(a b, 2)`, `-a`, `a:b`, `head:a`, `^`, `(`, `) OR (`, `a AND`, `NOT`, "🐣", "?!", "\x00", "%", `';--`} {
			b.call("GET", where+q(words), nil).want(200)
		}
		b.call("GET", where+q(""), nil).wrong("/query/q", clubapi.CodeTooShort)
		long := make([]rune, 100)
		for i := range long {
			long[i] = '가'
		}
		b.call("GET", where+q(string(long)), nil).want(200)
		b.call("GET", where+q(string(long)+"가"), nil).wrong("/query/q", clubapi.CodeTooLong)
	}
}
