package contract_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"salon/clubapi"
	"salon/clubapi/contract"
	"salon/clubapi/gallery"
	"salon/clubapi/httpapi"
	"salon/clubapi/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Admit implements clubapi.Admitter.
func (doorman) Admit(context.Context, clubapi.Admission) (clubapi.Place, error) {
	return clubapi.Place{URL: "ws://h", Token: "t", ExpiresAt: time.Now().Add(time.Minute)}, nil
}

type doorman struct{}

// api is the API as it is.
func api(t *testing.T) http.Handler {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "club.db"), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	rules, err := clubapi.NewRules(clubapi.Config{})
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := gallery.New(gallery.Config{}, filepath.Join(t.TempDir(), "pictures"), store)
	if err != nil {
		t.Fatal(err)
	}
	many := httpapi.Attempts{Burst: 100000, Every: time.Second}
	h, err := httpapi.New(
		httpapi.Config{PasswordCost: clubapi.PasswordCost{MemoryKiB: 64, Iterations: 1}, AddressAttempts: many, NicknameAttempts: many, ReportAttempts: many},
		httpapi.Parts{Rules: rules, Store: store, Sessions: store.Sessions(time.Now), Pictures: pictures, Admitter: doorman{}, Now: time.Now, Log: log},
	)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// planted is an API with a fault: twist bends the answers about posts.
func planted(api http.Handler, twist func(r *http.Request, w *httptest.ResponseRecorder)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		api.ServeHTTP(rec, r)
		if strings.HasPrefix(r.URL.Path, "/api/v1/posts/") {
			twist(r, rec)
		}
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes()) // the client of this test is still there
	})
}

func replace(old, with string) func(*http.Request, *httptest.ResponseRecorder) {
	return func(_ *http.Request, w *httptest.ResponseRecorder) {
		body := bytes.ReplaceAll(w.Body.Bytes(), []byte(old), []byte(with))
		w.Body = bytes.NewBuffer(body)
	}
}

func without(header string) func(*http.Request, *httptest.ResponseRecorder) {
	return func(_ *http.Request, w *httptest.ResponseRecorder) { w.Header().Del(header) }
}

func html(_ *http.Request, w *httptest.ResponseRecorder) { w.Header().Set("Content-Type", "text/html") }

func status(old, with int) func(*http.Request, *httptest.ResponseRecorder) {
	return func(_ *http.Request, w *httptest.ResponseRecorder) {
		if w.Code == old {
			w.Code = with
		}
	}
}

// TestPlantedFaultsAreFound bends the API in one way at a time.
func TestPlantedFaultsAreFound(t *testing.T) {
	for what, c := range map[string]struct {
		only  string // the operation that shows it soonest
		twist func(*http.Request, *httptest.ResponseRecorder)
		says  string
	}{
		"none":                {"getPost", replace("", ""), ""},
		"an extra field":      {"getPost", replace(`"title":`, `"secret":1,"title":`), "undocumented fields"},
		"a missing field":     {"getPost", replace(`"editable":`, `"edible":`), "missing propert"},
		"an unknown code":     {"getPost", replace(`"not_found"`, `"gone"`), `code "gone" is not in the document`},
		"no header":           {"getPost", without("X-Content-Type-Options"), "X-Content-Type-Options"},
		"no tag":              {"getPost", without("ETag"), "header ETag"},
		"a server's error":    {"getPost", status(http.StatusNotFound, http.StatusInternalServerError), "status 500"},
		"an unknown status":   {"getPost", status(http.StatusOK, http.StatusNonAuthoritativeInfo), "is not in the document"},
		"another media type":  {"getPost", html, "content type"},
		"nobody is forbidden": {"deletePost", status(http.StatusUnauthorized, http.StatusForbidden), "documented with 401"},
		"a text changed":      {"updatePost", replace(`"content":"`, `"content":" `), "came back as"},
		"a wrong pointer":     {"updatePost", replace(`"/title"`, `"/titel"`), "blames /titel"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			result, out := run(t, planted(api(t), c.twist), c.only)
			if (result.Failed > 0) != (c.says != "") || !strings.Contains(out, c.says) {
				t.Errorf("%s; does not say %q:\n%.2000s", result, c.says, out)
			}
		})
	}
}

// TestHalfWrittenIsFound has refused requests leave something behind.
func TestHalfWrittenIsFound(t *testing.T) {
	whole, n := api(t), 0
	result, out := run(t, planted(whole, func(r *http.Request, w *httptest.ResponseRecorder) {
		if r.Method != http.MethodPatch || w.Code != http.StatusUnprocessableEntity {
			return
		}
		n++
		again := httptest.NewRequest(r.Method, r.URL.Path, strings.NewReader(`{"content":"`+strconv.Itoa(n)+`"}`)).WithContext(r.Context())
		again.Header.Set("Content-Type", "application/json")
		again.Header.Set("Cookie", r.Header.Get("Cookie"))
		whole.ServeHTTP(httptest.NewRecorder(), again)
	}), "updatePost")
	if result.Failed == 0 || !strings.Contains(out, "refused, but changed") {
		t.Errorf("%s:\n%.2000s", result, out)
	}
}

// TestSeedRepeats draws the same cases twice.
func TestSeedRepeats(t *testing.T) {
	twist := replace(`"editable":`, `"edible":`)
	_, first := run(t, planted(api(t), twist), "getPost")
	_, again := run(t, planted(api(t), twist), "getPost")
	cases := func(out string) string { // without the times of answers
		var kept []string
		for line := range strings.Lines(out) {
			if strings.HasPrefix(line, "FAILED") {
				kept = append(kept, line)
			}
		}
		return strings.Join(kept, "")
	}
	if cases(first) != cases(again) || first == "" {
		t.Errorf("first\n%s\nagain\n%s", first, again)
	}
}

func run(t *testing.T, h http.Handler, only string) (contract.Result, string) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	var out bytes.Buffer
	result, err := contract.Run(t.Context(), contract.Config{URL: server.URL, Seed: 7, Only: only, Now: time.Now, Out: &out})
	if err != nil {
		t.Fatal(fmt.Errorf("%w\n%s", err, &out))
	}
	return result, out.String()
}
