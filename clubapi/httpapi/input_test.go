package httpapi_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"salon/clubapi"
)

// bodies are the operations that take one, with a body that is right.
type bodied struct {
	method, path string
	body         m
	ok           int
}

// once says that the operation has its effect once: the same again is refused.
func (o bodied) once() bool {
	return o.method == "POST" && (o.path == "/api/v1/me/books" || o.path == "/api/v1/lightning" || strings.HasSuffix(o.path, "/conferences"))
}

func bodiedOperations(t *testing.T, h *house) (*browser, []bodied) {
	t.Helper()
	b := h.person(t, "지은")
	club := b.club("책")
	conf := b.conference(club, time.Minute)
	note := b.note(conf, "말")
	book := b.book("소년이 온다")
	reading := b.reading(book, "2026-01-02")
	post := b.post("모여요")
	notice := b.call("POST", path("/api/v1/clubs/%d/notices", club), m{"notice_content": "n"}).want(201).num("id")
	rule := b.call("POST", path("/api/v1/clubs/%d/rules", club), m{"rule_content": "r"}).want(201).num("id")
	plan := m{"rrule": "FREQ=WEEKLY;BYDAY=MO", "time": "17:50", "time_zone": "Asia/Seoul", "starts_on": "2026-02-01", "duration_minutes": 90, "title": "t"}
	later, muchLater := h.now().Add(24*time.Hour).Format(time.RFC3339), h.now().Add(25*time.Hour).Format(time.RFC3339)
	start, end := h.now().Add(time.Hour).Format(time.RFC3339), h.now().Add(2*time.Hour).Format(time.RFC3339)
	return b, []bodied{
		{"POST", "/api/v1/users", m{"nickname": "새 사람", "password": password, "user_img": "/p.png"}, 201},
		{"POST", "/api/v1/session", m{"nickname": "지은", "password": password}, 200},
		{"PATCH", "/api/v1/me", m{"nickname": "지은", "user_img": "/p.png"}, 200},
		{"PUT", "/api/v1/me/password", m{"current": password, "password": password}, 204},
		{"POST", "/api/v1/clubs", m{"title": "t", "summary": "s", "detail": "d", "max_user": 3, "time_zone": "Asia/Seoul", "category": "novel", "thumbnail": "/t.png", "join_rule": "free", "book_id": book, "schedule": m{"rrule": "FREQ=WEEKLY;BYDAY=MO", "time": "17:50"}}, 201},
		{"PATCH", path("/api/v1/clubs/%d", club), m{"title": "t", "summary": "s", "detail": "d", "max_user": 3, "time_zone": "Asia/Seoul", "category": "novel", "thumbnail": "/t.png", "join_rule": "free", "book_id": book}, 200},
		{"POST", path("/api/v1/clubs/%d/conferences", club), m{"title": "t", "description": "d", "thumbnail": "/t.png", "call_start_time": later, "call_end_time": muchLater, "book_id": book}, 201},
		{"PATCH", path("/api/v1/conferences/%d", conf), m{"title": "t", "description": "d", "thumbnail": "/t.png", "call_start_time": start, "call_end_time": end, "book_id": book}, 200},
		{"POST", "/api/v1/lightning", m{"title": "t", "description": "d", "book_id": book, "max_user": 2, "duration_minutes": 10}, 201},
		{"PUT", path("/api/v1/clubs/%d/owner", club), m{"user_id": b.id}, 200},
		{"PUT", path("/api/v1/clubs/%d/schedule", club), plan, 200},
		{"POST", "/api/v1/schedules/preview", plan, 200},
		{"POST", path("/api/v1/clubs/%d/notices", club), m{"notice_content": "n"}, 201},
		{"PATCH", path("/api/v1/notices/%d", notice), m{"notice_content": "n"}, 200},
		{"POST", path("/api/v1/clubs/%d/rules", club), m{"rule_content": "r", "position": 1}, 201},
		{"PATCH", path("/api/v1/rules/%d", rule), m{"rule_content": "r", "position": 1}, 200},
		{"POST", path("/api/v1/conferences/%d/notes", conf), m{"text": "t", "spoken_at": start, "speaker_id": b.id, "source": "caption"}, 201},
		{"POST", "/api/v1/books", m{"title": "t", "author": "a", "book_img": "/b.png", "pub_date": "2014-05-19", "category": "novel", "pages": 216}, 201},
		{"PATCH", path("/api/v1/books/%d", book), m{"title": "u", "author": "b", "book_img": "/b.png", "pub_date": "2014-05-19", "category": "novel", "pages": 216}, 200},
		{"POST", "/api/v1/me/books", m{"book_id": book, "read_on": "2026-01-01", "rating": 5, "review": "r"}, 201},
		{"PATCH", path("/api/v1/me/books/%d", reading), m{"read_on": "2026-01-02", "rating": 5, "review": "r"}, 200},
		{"POST", "/api/v1/posts", m{"title": "t", "content": "c"}, 201},
		{"PATCH", path("/api/v1/posts/%d", post), m{"title": "t", "content": "c"}, 200},
		{"PATCH", path("/api/v1/notes/%d", note), m{"text": "t", "spoken_at": start, "speaker_id": b.id}, 200},
	}
}

func with(body m, name string, value any) m {
	out := maps.Clone(body)
	out[name] = value
	return out
}

// TestWrongFieldIsNamed bends every field of every body in every way the contract forbids.
func TestWrongFieldIsNamed(t *testing.T) {
	h := open(t)
	b, ops := bodiedOperations(t, h)
	for _, op := range ops {
		schema := operationAt(h.contract, op.method, op.path).RequestBody.Value.Content["application/json"].Schema.Value
		if len(schema.Properties) != len(op.body) {
			t.Fatalf("%s %s: this test sends %d of %d fields", op.method, op.path, len(op.body), len(schema.Properties))
		}
		for name, property := range schema.Properties {
			for _, value := range []any{nil, true, []any{}, m{}} {
				if _, object := value.(m); object && property.Value.Type.Is(openapi3.TypeObject) {
					continue
				}
				b.call(op.method, op.path, with(op.body, name, value)).wrong("/"+name, clubapi.CodeType)
			}
			if property.Value.Type.Is(openapi3.TypeInteger) {
				for _, value := range []any{"1", 1.5} {
					b.call(op.method, op.path, with(op.body, name, value)).wrong("/"+name, clubapi.CodeType)
				}
				if property.Value.Min == nil || *property.Value.Min > 0 {
					b.call(op.method, op.path, with(op.body, name, 0)).wrong("/"+name, clubapi.CodeTooSmall)
				}
				b.call(op.method, op.path, with(op.body, name, int64(-1<<63))).wrong("/"+name, clubapi.CodeTooSmall)
			} else {
				b.call(op.method, op.path, with(op.body, name, 7)).wrong("/"+name, clubapi.CodeType)
			}
			if property.Value.Format == "date" {
				for _, value := range []string{"", "tomorrow", "2026-1-5", "2026-02-30", "2026-01-05T10:00:00Z", "0000-01-01", "9999-01-01", "20260105"} {
					b.call(op.method, op.path, with(op.body, name, value)).wrong("/"+name, clubapi.CodeFormat)
				}
			}
			if property.Value.Format == "date-time" {
				for _, value := range []string{"", "tomorrow", "2026-01-05", "2026-02-30T10:00:00Z", "2026-01-05T25:00:00Z", "2026-01-05T10:00:00", "0000-01-01T00:00:00+14:00", "0000-06-01T00:00:00Z", "9999-12-31T23:59:59-14:00"} {
					b.call(op.method, op.path, with(op.body, name, value)).wrong("/"+name, clubapi.CodeFormat)
				}
			}
		}
		for _, name := range schema.Required {
			short := maps.Clone(op.body)
			delete(short, name)
			b.call(op.method, op.path, short).wrong("/"+name, clubapi.CodeRequired)
		}
		b.call(op.method, op.path, with(op.body, "a/b~c", 1)).wrong("/a~1b~0c", clubapi.CodeUnknownField)
		b.call(op.method, op.path, with(op.body, "id", 1)).wrong("/id", clubapi.CodeUnknownField)
		b.call(op.method, op.path, op.body).want(op.ok)
	}
}

// TestBodyThatIsNone sends what is not one JSON object in UTF-8.
func TestBodyThatIsNone(t *testing.T) {
	h := open(t)
	b, ops := bodiedOperations(t, h)
	huge := `{"title":"` + strings.Repeat("가", 10<<20/3) + `"}`
	for _, op := range ops {
		for name, body := range map[string]string{
			"nothing": "", "half": `{"title":`, "two": `{} {}`, "not utf-8": "{\"title\":\"\xff\"}", "words": "title=책",
			"deep": strings.Repeat("[", 100000),
		} {
			if got := b.call(op.method, op.path, body); got.status != 400 || got.body["code"] != "malformed" {
				t.Errorf("%s %s with %s: %d %s", op.method, op.path, name, got.status, got.raw)
			}
		}
		for _, body := range []string{`[]`, `"x"`, `7`, `null`} {
			b.call(op.method, op.path, body).wrong("/", clubapi.CodeType)
		}
		b.call(op.method, op.path, huge).refused(413, "too_large")
		b.call(op.method, op.path, op.body, "Content-Type", "text/plain").refused(415, "unsupported_media_type")
		b.call(op.method, op.path, op.body, "Content-Type", "application/x-www-form-urlencoded").refused(415, "unsupported_media_type")
		b.call(op.method, op.path, `{"speaker_id":1e400,"max_user":1e400}`).refused(422, "validation")
		b.call(op.method, op.path, `{"speaker_id":1.0e0,"max_user":99999999999999999999}`).refused(422, "validation")
	}
}

// TestTextIsMeasuredInCodePoints goes to the bound and one beyond it, in precomposed and
// decomposed Hangul and in emoji.
func TestTextIsMeasuredInCodePoints(t *testing.T) {
	h := open(t)
	b, ops := bodiedOperations(t, h)
	texts := []string{"title", "summary", "detail", "description", "text", "author", "review", "content", "notice_content", "rule_content"}
	for _, op := range ops {
		schema := operationAt(h.contract, op.method, op.path).RequestBody.Value.Content["application/json"].Schema.Value
		for name := range op.body {
			if !slices.Contains(texts, name) || op.once() {
				continue
			}
			n := int(*schema.Properties[name].Value.MaxLength)
			for _, unit := range []string{"a", "가", "각", "😀"} {
				got := b.call(op.method, op.path, with(op.body, name, strings.Repeat(unit, n))).want(op.ok)
				if unit == "각" && got.body[name] != nil && got.str(name) != strings.Repeat("각", n) {
					t.Errorf("%s %s: %s is not NFC", op.method, op.path, name)
				}
				b.call(op.method, op.path, with(op.body, name, strings.Repeat(unit, n+1))).wrong("/"+name, clubapi.CodeTooLong)
			}
			b.call(op.method, op.path, with(op.body, name, "a\x00b")).wrong("/"+name, clubapi.CodeControlCharacter)
			b.call(op.method, op.path, with(op.body, name, " \u3164\u200b")).wrong("/"+name, clubapi.CodeBlank)
		}
	}
}

// TestTextComesBackVerbatim stores what would hurt a careless reader.
func TestTextComesBackVerbatim(t *testing.T) {
	h := open(t)
	b, ops := bodiedOperations(t, h)
	for _, op := range ops {
		for _, name := range []string{"title", "summary", "detail", "description", "text", "author", "review", "content", "notice_content", "rule_content"} {
			if _, ok := op.body[name]; !ok || op.once() {
				continue
			}
			for _, text := range []string{`'); DROP TABLE users; --`, `" OR 1=1 --`, `<script>alert(1)</script>&amp;`, `%s %d \u0000 ${x}`, `한강 『소년이 온다』 👩‍👩‍👧`} {
				got := b.call(op.method, op.path, with(op.body, name, text)).want(op.ok)
				if got.body[name] != nil && got.str(name) != text {
					t.Errorf("%s %s: %q came back as %s", op.method, op.path, text, got.raw)
				}
			}
		}
	}
	b.call("GET", "/api/v1/me", nil).want(200)
}

func TestLinksAreNoScripts(t *testing.T) {
	h := open(t)
	b, ops := bodiedOperations(t, h)
	for _, op := range ops {
		for _, name := range []string{"user_img", "thumbnail", "book_img"} {
			if _, ok := op.body[name]; !ok {
				continue
			}
			for _, link := range []string{"javascript:alert(1)", "data:text/html,x", "//evil.example/x", "ftp://x/y", "x.png", `/a"onerror="`, "http://", "https:///x", "/\\evil.example", " /x"} {
				b.call(op.method, op.path, with(op.body, name, link)).wrong("/"+name, clubapi.CodeNotAURL)
			}
			b.call(op.method, op.path, with(op.body, name, "/"+strings.Repeat("a", 2048))).wrong("/"+name, clubapi.CodeTooLong)
		}
	}
	b.call("POST", "/api/v1/users", m{"nickname": "그림", "password": password, "user_img": "https://img.example/책.png?x=1"}).want(201)
}

func TestParametersAreChecked(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	club := b.club("책")
	conf := b.conference(club, time.Minute)
	for _, list := range []string{
		"/api/v1/clubs", "/api/v1/me/clubs", "/api/v1/me/conferences", path("/api/v1/clubs/%d/members", club), path("/api/v1/clubs/%d/conferences", club),
		path("/api/v1/clubs/%d/waiting", club), path("/api/v1/clubs/%d/notices", club), path("/api/v1/clubs/%d/audit", club), path("/api/v1/clubs/%d/history", club), "/api/v1/lightning",
		path("/api/v1/conferences/%d/notes", conf),
		"/api/v1/books", "/api/v1/posts", "/api/v1/me/books", path("/api/v1/books/%d/reviews", b.book("책")), path("/api/v1/users/%d/books", b.id),
	} {
		b.call("GET", list+"?limit=0", nil).wrong("/query/limit", clubapi.CodeTooSmall)
		b.call("GET", list+"?limit=501", nil).wrong("/query/limit", clubapi.CodeTooLarge)
		b.call("GET", list+"?limit=ten", nil).wrong("/query/limit", clubapi.CodeType)
		b.call("GET", list+"?limit=1&limit=2", nil).wrong("/query/limit", clubapi.CodeFormat)
		cursor := "cursor"
		if strings.HasSuffix(list, "notes") {
			cursor = "after"
		}
		for _, text := range []string{"x", "%00", "bm90ZXMtMiAwIDE", "Y2x1YnMgMCBmaXZl"} {
			b.call("GET", list+"?"+cursor+"="+text, nil).wrong("/query/"+cursor, clubapi.CodeCursor)
		}
		b.call("GET", list+"?"+cursor+"="+strings.Repeat("a", 201), nil).wrong("/query/"+cursor, clubapi.CodeTooLong)
		b.call("GET", list+"?"+cursor+"=", nil).want(200)
	}
	b.call("GET", path("/api/v1/clubs/%d/conferences?when=never", club), nil).wrong("/query/when", clubapi.CodeEnum)
	for filter, code := range map[string]clubapi.Code{
		"category=x": clubapi.CodeEnum, "book_id=0": clubapi.CodeTooSmall, "book_id=x": clubapi.CodeType, "weekday=Mon": clubapi.CodeEnum, "free_seats=yes": clubapi.CodeType,
	} {
		name, _, _ := strings.Cut(filter, "=")
		b.call("GET", "/api/v1/clubs?"+filter, nil).wrong("/query/"+name, code)
	}
}

// TestUnknownIDsAreNotFound asks for what is not there, in every operation with an id.
func TestUnknownIDsAreNotFound(t *testing.T) {
	h := open(t)
	b, ops := bodiedOperations(t, h)
	for template, item := range h.contract.Paths.Map() {
		for method, op := range item.Operations() {
			before, rest, ok := strings.Cut(template, "{")
			if !ok {
				continue
			}
			_, after, _ := strings.Cut(rest, "}")
			var body any
			for _, o := range ops {
				if operationAt(h.contract, o.method, o.path) == op {
					body = o.body
				}
			}
			if op.OperationID == "settleReport" {
				body = m{"state": "upheld"} // settles but once
			}
			for _, id := range []string{"999", "0", "-1", "x", "1.5", "9223372036854775807", "9223372036854775808", "1%2F2", "%27"} {
				b.call(method, before+id+after+needed(op), body).refused(404, "not_found")
			}
		}
	}
}

// needed is the query that an operation cannot do without.
func needed(op *openapi3.Operation) string {
	query := "?"
	for _, p := range op.Parameters {
		if p.Value.Required && p.Value.In == openapi3.ParameterInQuery {
			query += p.Value.Name + "=" + map[string]string{"q": "x", "format": "json"}[p.Value.Name]
		}
	}
	return strings.TrimSuffix(query, "?")
}

func TestOtherOriginIsRefused(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	b.call("POST", "/api/v1/clubs", m{"title": "t"}, "Sec-Fetch-Site", "cross-site").refused(403, "cross_origin")
	b.call("POST", "/api/v1/clubs", m{"title": "t"}, "Origin", "https://evil.example").refused(403, "cross_origin")
	b.call("POST", "/api/v1/clubs", m{"title": "t"}, "Sec-Fetch-Site", "same-origin").want(201)
	b.call("POST", "/api/v1/clubs", m{"title": "t"}, "Origin", h.url).want(201)
	b.call("GET", "/api/v1/clubs", nil, "Sec-Fetch-Site", "cross-site").want(http.StatusOK)
}
