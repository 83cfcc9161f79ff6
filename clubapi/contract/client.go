package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// person is somebody who asks; the zero value is nobody.
type person struct {
	id       int64
	nickname string
	cookie   string
}

// request is one request to be made.
type request struct {
	method, path string
	query        url.Values
	header       map[string]string
	body         []byte // nil: none
	media        string // of the body; "": application/json
}

func (r request) String() string {
	text := r.method + " " + r.path
	if len(r.query) > 0 {
		text += "?" + r.query.Encode()
	}
	for name, value := range r.header {
		text += fmt.Sprintf(" [%s: %.80s]", name, value)
	}
	if r.body != nil {
		text += fmt.Sprintf(" %.300s", r.body)
	}
	return text
}

// reply is an answer, read whole.
type reply struct {
	status int
	header http.Header
	raw    []byte
	value  any // of JSON
}

func (r reply) object() object {
	o, _ := r.value.(object)
	return o
}

func (r reply) String() string { return fmt.Sprintf("%d %.400s", r.status, r.raw) }

// client makes requests of a server.
type client struct {
	base string
	http *http.Client
}

// do asks as somebody and keeps the session that the answer brings, unless keep is false.
func (c *client) do(ctx context.Context, who *person, r request, keep bool) (reply, error) {
	target := c.base + r.path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return reply{}, fmt.Errorf("make request: %w", err)
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
		if r.media != "" {
			req.Header.Set("Content-Type", r.media)
		}
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	if who != nil && who.cookie != "" {
		req.Header.Set("Cookie", who.cookie)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return reply{}, fmt.Errorf("ask: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	out := reply{status: resp.StatusCode, header: resp.Header}
	if out.raw, err = io.ReadAll(resp.Body); err != nil {
		return out, fmt.Errorf("read answer: %w", err)
	}
	if strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(out.raw, &out.value); err != nil {
			return out, fmt.Errorf("read answer %.200q: %w", out.raw, err)
		}
	}
	if keep && who != nil {
		for _, cookie := range resp.Cookies() {
			who.cookie = cookie.Name + "=" + cookie.Value
		}
	}
	return out, nil
}

// patience bounds one request.
const patience = 30 * time.Second
