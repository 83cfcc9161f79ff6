package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"strings"
	"time"
)

// password fits the rule that is the default: eight to twelve characters, letters and special characters.
const password = "load!test1"

// A person is somebody's browser. Safe for concurrent use.
type person struct {
	client *http.Client
	base   string
	name   string
	id     int64
}

func newPerson(base, name string, wire http.RoundTripper) (*person, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("make a browser: %w", err)
	}
	return &person{client: &http.Client{Jar: jar, Transport: wire}, base: base, name: name}, nil
}

// An answer is what came back, read to its end.
type answer struct {
	status     int
	etag       string
	retryAfter time.Duration
	server     time.Duration // that the server took by its own account; 0: it gave none
	body       []byte
}

// ok tells whether the request had its effect.
func (a answer) ok() bool { return a.status >= 200 && a.status < 300 }

// into reads the answer as JSON.
func (a answer) into(v any) error {
	if !a.ok() {
		return fmt.Errorf("%w: status %d: %.200s", ErrAPI, a.status, a.body)
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		return fmt.Errorf("%w: %w", ErrAPI, err)
	}
	return nil
}

// call sends body as JSON (nil: none). An error tells that there was no answer.
func (p *person) call(ctx context.Context, method, path string, body any, header ...string) (answer, error) {
	var in io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return answer{}, fmt.Errorf("write body: %w", err)
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.base+path, in)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, path, err)
	}
	wait, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return answer{
		status: resp.StatusCode, etag: resp.Header.Get("ETag"), retryAfter: time.Duration(wait) * time.Second,
		server: serverTime(resp.Header), body: raw,
	}, nil
}

// serverTime reads the milliseconds of Server-Timing.
func serverTime(h http.Header) time.Duration {
	_, text, _ := strings.Cut(h.Get("Server-Timing"), "app;dur=")
	ms, err := strconv.ParseFloat(text, 64)
	if err != nil || ms < 0 {
		return 0
	}
	return time.Duration(ms * float64(time.Millisecond))
}

// create posts body and returns the id of what came to be.
func (p *person) create(ctx context.Context, path string, body any) (int64, error) {
	a, err := p.call(ctx, http.MethodPost, path, body)
	if err != nil {
		return 0, err
	}
	var made struct{ ID int64 }
	if err := a.into(&made); err != nil {
		return 0, fmt.Errorf("POST %s: %w", path, err)
	}
	return made.ID, nil
}
