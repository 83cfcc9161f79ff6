package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"go.uber.org/goleak"

	"salon/clubapi"
	"salon/clubapi/gallery"
	"salon/clubapi/httpapi"
	"salon/clubapi/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a whole API over a real store, with a clock that tests turn.
type house struct {
	url      string
	contract *openapi3.T
	store    *sqlite.Store
	log      *bytes.Buffer

	asked  func(clubapi.Admission) (clubapi.Place, error)
	losing atomic.Bool // answers to be kept for repetitions

	mu   sync.Mutex
	hour time.Time
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.hour
}

func (h *house) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hour = h.hour.Add(d)
}

// Admit implements clubapi.Admitter.
func (h *house) Admit(_ context.Context, a clubapi.Admission) (clubapi.Place, error) {
	return h.asked(a)
}

// contract is read once: under the race detector that takes a while.
var contract = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromData(clubapi.Contract()) })

var errNoRoom = errors.New("no room")

// emptyStore is the file of a store that nothing was written to. Each test gets a copy:
// migrations take most of a second with the race detector.
var emptyStore = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "salon-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "club.db")
	s, err := sqlite.Open(context.Background(), file, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

func open(t testing.TB, change ...func(*httpapi.Config)) *house {
	t.Helper()
	cfg := httpapi.Config{
		PasswordCost:     clubapi.PasswordCost{MemoryKiB: 64, Iterations: 1},
		AddressAttempts:  httpapi.Attempts{Burst: 10000, Every: time.Second},
		NicknameAttempts: httpapi.Attempts{Burst: 10000, Every: time.Second},
		ReportAttempts:   httpapi.Attempts{Burst: 1000, Every: time.Minute},
	}
	for _, c := range change {
		c(&cfg)
	}
	h := &house{hour: time.Date(2026, 1, 5, 17, 0, 0, 0, time.UTC), log: &bytes.Buffer{}}
	h.asked = func(a clubapi.Admission) (clubapi.Place, error) {
		return clubapi.Place{URL: a.BaseURL, Token: "token of " + a.Identity + " for " + a.Room, ExpiresAt: h.now().Add(time.Minute)}, nil
	}
	log := slog.New(slog.NewTextHandler(&syncWriter{w: h.log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	file := filepath.Join(t.TempDir(), "club.db")
	empty, err := emptyStore()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	if h.store, err = sqlite.Open(t.Context(), file, log); err != nil {
		t.Fatal(err)
	}
	rules, err := clubapi.NewRules(clubapi.Config{})
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := gallery.New(gallery.Config{Quota: 100_000}, filepath.Join(t.TempDir(), "pictures"), h.store)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := httpapi.New(cfg, httpapi.Parts{
		Rules: rules, Pictures: pictures, Store: forgetful{h.store, &h.losing}, Sessions: h.store.Sessions(h.now), Admitter: h, Now: h.now, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	if h.contract, err = contract(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	h.url = server.URL
	t.Cleanup(func() {
		server.Close()
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// forgetful loses answers to be kept while it is told to.
type forgetful struct {
	*sqlite.Store

	losing *atomic.Bool
}

// KeepAnswer implements httpapi.AnswerStore.
func (f forgetful) KeepAnswer(ctx context.Context, o *clubapi.Once, a clubapi.Answer) error {
	if f.losing.Load() {
		return nil
	}
	return f.Store.KeepAnswer(ctx, o, a)
}

type syncWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (w *syncWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.w.Write(p)
}

// browser is one person's client: it keeps cookies, and holds every answer against the
// contract.
type browser struct {
	t      testing.TB
	h      *house
	client *http.Client
	id     int64
}

func (h *house) browser(t testing.TB) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	return &browser{t: t, h: h, client: &http.Client{Jar: jar, Transport: tr}}
}

const password = "읽자book!1"

// person signs somebody up.
func (h *house) person(t testing.TB, nickname string) *browser {
	t.Helper()
	b := h.browser(t)
	b.id = b.call("POST", "/api/v1/users", m{"nickname": nickname, "password": password}).want(201).num("id")
	return b
}

type m = map[string]any

// reply is an answer that fits the contract.
type reply struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	raw    []byte
	body   m
}

// call sends body as JSON (nil: none; a string: as it is).
func (b *browser) call(method, path string, body any, header ...string) reply {
	b.t.Helper()
	var r io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(body)
	default:
		raw, err := json.Marshal(body)
		if err != nil {
			b.t.Fatal(err)
		}
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.h.url+path, r)
	if err != nil {
		b.t.Fatal(err)
	}
	if r != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	out := reply{t: b.t, what: method + " " + path, status: resp.StatusCode, header: resp.Header, raw: raw}
	if len(raw) > 0 && strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(raw, &out.body); err != nil {
			b.t.Fatalf("%s: %v in %s", out.what, err, raw)
		}
	}
	b.measure(method, path, out)
	return out
}

// measure fails the test when the answer is not one that the contract knows.
func (b *browser) measure(method, path string, got reply) {
	b.t.Helper()
	if got.status == http.StatusInternalServerError {
		b.t.Fatalf("%s: 500 %s", got.what, got.raw)
	}
	op := operationAt(b.h.contract, method, path)
	if op == nil {
		return
	}
	want := op.Responses.Status(got.status)
	if want == nil {
		want = op.Responses.Default()
	}
	if err := fits(want.Value, got); err != nil {
		b.t.Fatalf("%s: answer %d does not fit the contract: %v\n%s", got.what, got.status, err, got.raw)
	}
}

var errContract = errors.New("not in the contract")

func fits(want *openapi3.Response, got reply) error {
	for name := range got.header {
		if name == "Location" || name == "Link" || name == "Etag" {
			if _, ok := want.Headers[map[string]string{"Etag": "ETag"}[name]+strings.TrimPrefix(name, "Etag")]; !ok {
				return fmt.Errorf("%w: header %s", errContract, name)
			}
		}
	}
	if len(want.Content) == 0 {
		if len(got.raw) > 0 {
			return fmt.Errorf("%w: a body", errContract)
		}
		return nil
	}
	media := want.Content[got.header.Get("Content-Type")]
	if media == nil {
		return fmt.Errorf("%w: content type %q", errContract, got.header.Get("Content-Type"))
	}
	if !strings.Contains(got.header.Get("Content-Type"), "json") {
		return nil
	}
	var value any
	if err := json.Unmarshal(got.raw, &value); err != nil {
		return err
	}
	if problem := want.Content["application/problem+json"]; problem != nil && got.body["status"] != float64(got.status) {
		return fmt.Errorf("%w: status in the problem", errContract)
	}
	return media.Schema.Value.VisitJSON(value, openapi3.MultiErrors(), openapi3.VisitAsResponse())
}

// operationAt finds the operation of a path with ids filled in.
func operationAt(doc *openapi3.T, method, path string) *openapi3.Operation {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	var found *openapi3.Operation
	for template, item := range doc.Paths.Map() {
		names := strings.Split(template, "/")
		op := item.GetOperation(method)
		if op == nil || len(names) != len(parts) {
			continue
		}
		same, literal := true, true
		for i, n := range names {
			if strings.HasPrefix(n, "{") {
				literal = false
			} else if n != parts[i] {
				same = false
			}
		}
		if same && (found == nil || literal) {
			found = op
		}
	}
	return found
}

func (r reply) want(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s: status %d, want %d: %s", r.what, r.status, status, r.raw)
	}
	return r
}

// refused wants a problem of that status and code.
func (r reply) refused(status int, code string) reply {
	r.t.Helper()
	r.want(status)
	if r.body["code"] != code || r.body["type"] != "/problems/"+strings.ReplaceAll(code, "_", "-") {
		r.t.Fatalf("%s: code %v, want %s: %s", r.what, r.body["code"], code, r.raw)
	}
	return r
}

// wrong wants a validation problem that says exactly this of one field.
func (r reply) wrong(pointer string, code clubapi.Code) reply {
	r.t.Helper()
	r.refused(422, "validation")
	for _, e := range r.list("errors") {
		if e["pointer"] == pointer && e["code"] == string(code) {
			return r
		}
	}
	r.t.Fatalf("%s: no fault %s at %s: %s", r.what, code, pointer, r.raw)
	return r
}

func (r reply) num(name string) int64 {
	r.t.Helper()
	n, ok := r.body[name].(float64)
	if !ok {
		r.t.Fatalf("%s: no number %s in %s", r.what, name, r.raw)
	}
	return int64(n)
}

func (r reply) str(name string) string {
	r.t.Helper()
	s, ok := r.body[name].(string)
	if !ok {
		r.t.Fatalf("%s: no string %s in %s", r.what, name, r.raw)
	}
	return s
}

func (r reply) list(name string) []m {
	r.t.Helper()
	items, ok := r.body[name].([]any)
	if !ok {
		r.t.Fatalf("%s: no list %s in %s", r.what, name, r.raw)
	}
	out := make([]m, len(items))
	for i, it := range items {
		out[i], _ = it.(m)
	}
	return out
}

func (b *browser) club(title string) int64 {
	b.t.Helper()
	return b.call("POST", "/api/v1/clubs", m{"title": title}).want(201).num("id")
}

// conference schedules one from in to in+2h.
func (b *browser) conference(club int64, in time.Duration) int64 {
	b.t.Helper()
	start := b.h.now().Add(in)
	return b.call("POST", path("/api/v1/clubs/%d/conferences", club), m{
		"title": "첫 모임", "call_start_time": start.Format(time.RFC3339), "call_end_time": start.Add(2 * time.Hour).Format(time.RFC3339),
	}).want(201).num("id")
}

func (b *browser) join(club int64) {
	b.t.Helper()
	b.call("POST", path("/api/v1/clubs/%d/members", club), nil).want(201)
}

func (b *browser) note(conference int64, text string) int64 {
	b.t.Helper()
	return b.call("POST", path("/api/v1/conferences/%d/notes", conference), m{"text": text}).want(201).num("id")
}

func path(format string, ids ...any) string { return fmt.Sprintf(format, ids...) }

// book adds a book and returns its id.
func (b *browser) book(title string) int64 {
	b.t.Helper()
	return b.call("POST", "/api/v1/books", m{"title": title}).want(201).num("id")
}

// reading logs that the book was read on that day.
func (b *browser) reading(book int64, day string) int64 {
	b.t.Helper()
	return b.call("POST", "/api/v1/me/books", m{"book_id": book, "read_on": day}).want(201).num("id")
}

func (b *browser) post(title string) int64 {
	b.t.Helper()
	return b.call("POST", "/api/v1/posts", m{"title": title, "content": "같이 읽어요"}).want(201).num("id")
}
