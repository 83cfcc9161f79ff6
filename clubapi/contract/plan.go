package contract

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// bentBodies breaks one constraint of the body at a time.
func (t *trial) bentBodies(ctx context.Context) error {
	if t.op.body == nil {
		return nil
	}
	for i := 0; ; i++ {
		r, good := t.request(all)
		list := bentBodies(t.op.body.Value, good, "")
		if i >= len(list) {
			return nil
		}
		b := list[i]
		r.body = encode(b.body)
		owner := t.scene.owner
		want := func(got reply) error {
			if len(b.codes) == 0 {
				return nil
			}
			return points(got, b.field, b.codes)
		}
		if _, err := t.try(ctx, b.what+" at "+b.field, owner, r, t.draw.rnd.IntN(4) == 0, want); err != nil {
			return err
		}
		who := t.people()[t.draw.rnd.IntN(3)]
		refused := func(got reply) error {
			if got.status < http.StatusBadRequest && len(b.codes) > 0 {
				return wrongf("taken")
			}
			return nil
		}
		if _, err := t.try(ctx, b.what+" at "+b.field, who, r, false, t.must(who, refused)); err != nil {
			return err
		}
	}
}

// says wants a refusal with this status and code.
func says(status int, code string) func(reply) error {
	return func(got reply) error {
		if got.status != status || got.object()["code"] != code {
			return wrongf("wanted %d %s", status, code)
		}
		return nil
	}
}

func anything(reply) error { return nil }

// odd is a body that is none.
type odd struct {
	what  string
	body  []byte
	media string
	want  func(reply) error
}

// oddBodies sends what is not one JSON object in UTF-8.
func (t *trial) oddBodies(ctx context.Context) error {
	malformed, media, large := says(400, "malformed"), says(415, "unsupported_media_type"), says(413, "too_large")
	r, _ := t.request(all)
	huge := t.huge
	var odds []odd
	switch {
	case t.op.upload:
		bad := says(422, "bad_picture")
		odds = []odd{
			{"nothing", []byte{}, "image/png", bad}, {"no picture", []byte("x"), "image/png", bad}, {"half a picture", r.body[:len(r.body)/2], "image/png", bad},
			{"10 MB", huge, "image/png", large}, {"JSON", []byte("{}"), "", media}, {"a form", r.body, "multipart/form-data; boundary=x", media},
			{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "image/svg+xml", bad},
		}
	case t.op.body == nil:
		if t.op.writes() {
			odds = []odd{{"a body nobody asked for", []byte("{"), "", anything}, {"10 MB nobody asked for", huge, "", anything}}
		}
	default:
		noObject := func(got reply) error { return points(got, "/", []string{"type"}) }
		odds = []odd{
			{"nothing", []byte{}, "", malformed}, {"half an object", []byte(`{"title":`), "", malformed}, {"two objects", []byte("{} {}"), "", malformed},
			{"a tail", append(bytes.Clone(r.body), 'x'), "", malformed}, {"no UTF-8", []byte("{\"title\":\"\xff\"}"), "", malformed},
			{"a byte order mark", append([]byte("\ufeff"), r.body...), "", malformed},
			{"deep arrays", []byte(strings.Repeat("[", 100000)), "", malformed}, {"deep objects", []byte(strings.Repeat(`{"title":`, 100000)), "", malformed},
			{"deep and whole", []byte(strings.Repeat("[", 5000) + strings.Repeat("]", 5000)), "", noObject},
			{"an array", []byte("[]"), "", noObject}, {"a string", []byte(`"x"`), "", noObject}, {"null", []byte("null"), "", noObject},
			{"NaN", []byte(`{"title":NaN}`), "", malformed}, {"10 MB", huge, "", large}, {"text", r.body, "text/plain", media},
			{"a form", []byte("title=x"), "application/x-www-form-urlencoded", media}, {"no known media type", r.body, ";", media},
			{"a field twice", bytes.Replace(r.body, []byte("{"), []byte(`{"title":7,"title":[],`), 1), "", anything},
			{"twelve thousand fields", manyFields(), "", func(got reply) error {
				if got.status != http.StatusUnprocessableEntity {
					return wrongf("wanted 422")
				}
				return nil
			}},
		}
	}
	for _, o := range odds {
		r, _ := t.request(least)
		r.body, r.media = o.body, o.media
		who := t.scene.owner
		if t.op.body == nil && !t.op.upload {
			who = t.people()[t.draw.rnd.IntN(4)]
		}
		if _, err := t.try(ctx, o.what+" for a body", who, r, t.draw.rnd.IntN(2) == 0, t.must(who, o.want)); err != nil {
			return err
		}
	}
	return nil
}

func manyFields() []byte {
	var b strings.Builder
	for i := range 12000 {
		fmt.Fprintf(&b, `"f%d":%d,`, i, i)
	}
	return []byte("{" + strings.TrimSuffix(b.String(), ",") + "}")
}

// bentParameters breaks one parameter of the query or one header at a time.
func (t *trial) bentParameters(ctx context.Context) error {
	for _, p := range t.op.parameters {
		if p.Value.In == "path" {
			continue
		}
		pointer := "/" + p.Value.In + "/" + p.Value.Name
		list := bentParameters(p.Value)
		if p.Value.In == "query" {
			list = append(list, bent{"given twice", nil, []string{"format"}})
			if p.Value.Required {
				list = append(list, bent{"left out", gap{}, []string{"required"}})
			}
		}
		for _, b := range list {
			r, _ := t.request(least)
			switch value := b.value.(type) {
			case nil:
				good := t.draw.parameter(p.Value, t.scene)
				r.query[p.Value.Name] = []string{good, good}
			case gap:
				r.query.Del(p.Value.Name)
			case string:
				if p.Value.In == "header" {
					r.header[p.Value.Name] = value
				} else {
					r.query.Set(p.Value.Name, value)
				}
			}
			who := t.people()[t.draw.rnd.IntN(4)]
			want := func(got reply) error {
				if len(b.codes) == 0 || who == nil && got.status == http.StatusUnauthorized {
					return nil
				}
				return points(got, pointer, b.codes)
			}
			if who != t.scene.owner && slices.Contains(b.codes, "cursor") {
				who = t.scene.owner // others may be refused before their cursor is read
			}
			if _, err := t.try(ctx, b.what+" for "+p.Value.Name, who, r, t.draw.rnd.IntN(4) == 0, t.must(who, want)); err != nil {
				return err
			}
		}
	}
	return nil
}

// bentPaths asks for what is not there.
func (t *trial) bentPaths(ctx context.Context) error {
	for _, p := range t.op.parameters {
		if p.Value.In != "path" {
			continue
		}
		for _, id := range []string{"9223372036854775807", "9223372036854775808", "0", "-1", "x", "1.5", "1e3", "%27", "1%2F2", "%00", "%ff", "..%2f..%2fetc%2fpasswd", "me%00", strings.Repeat("a", 5000)} {
			r, _ := t.request(all)
			template := strings.Replace(t.op.path, "{"+p.Value.Name+"}", id, 1)
			r.path = t.scene.fill(template)
			who := t.scene.owner
			if _, err := t.try(ctx, fmt.Sprintf("%.20s for %s", id, p.Value.Name), who, r, false, says(404, "not_found")); err != nil {
				return err
			}
		}
	}
	return nil
}

// doors tries the ways in that are closed: methods the path does not have, requests that a
// browser sends for another site, and sessions that are none.
func (t *trial) doors(ctx context.Context) error {
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"} {
		r, _ := t.request(least)
		if t.doc.doc.Paths.Find(t.op.path).GetOperation(method) != nil || t.otherwise(method) {
			continue
		}
		r.method = method
		want := func(got reply) error {
			if got.header.Get("Allow") == "" {
				return wrongf("no Allow header")
			}
			return says(405, "method_not_allowed")(got)
		}
		if _, err := t.try(ctx, method, t.scene.owner, r, false, want); err != nil {
			return err
		}
	}
	r, _ := t.request(all)
	r.header["Cookie"] = "salon=" + strings.Repeat("x", 43)
	if _, err := t.try(ctx, "a session that is none", nil, r, false, t.must(nil, anything)); err != nil {
		return err
	}
	if !t.op.writes() {
		return nil
	}
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		r, _ := t.request(all)
		r.header[name] = value
		if _, err := t.try(ctx, name+": "+value, t.scene.owner, r, true, says(403, "cross_origin")); err != nil {
			return err
		}
	}
	return nil
}

// otherwise tells that another template takes this path and method: /members/me is also
// a /members/{user_id}.
func (t *trial) otherwise(method string) bool {
	parts := strings.Split(t.scene.fill(t.op.path), "/")
	return slices.ContainsFunc(t.doc.operations, func(o *operation) bool {
		names := strings.Split(o.path, "/")
		if o.method != method || len(names) != len(parts) {
			return false
		}
		for i, n := range names {
			if !strings.HasPrefix(n, "{") && n != parts[i] {
				return false
			}
		}
		return true
	})
}

// edits tries the ETag: a stale one is refused, the present one is taken, once.
func (t *trial) edits(ctx context.Context) error {
	if t.op.parameter("If-Match") == nil {
		return nil
	}
	shown, err := t.client.do(ctx, t.scene.owner, request{method: "GET", path: t.scene.fill(t.op.path)}, false)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		what, tag string
		want      func(reply) error
	}{
		{"a tag of something else", `"never"`, says(412, "stale")},
		{"no tag at all", `never`, says(412, "stale")},
		{"the present tag", shown.header.Get("ETag"), func(got reply) error {
			if got.status != http.StatusOK || got.header.Get("ETag") == shown.header.Get("ETag") {
				return wrongf("not taken, or with the old tag %s", shown.header.Get("ETag"))
			}
			return nil
		}},
		{"the tag of before", shown.header.Get("ETag"), says(412, "stale")},
		{"any tag", "*", func(got reply) error { return wrongIf(got.status != http.StatusOK, "not taken") }},
	} {
		scene := t.scene
		r, _ := t.request(all)
		r.header["If-Match"] = step.tag
		if _, err := t.try(ctx, step.what+" in If-Match", t.scene.owner, r, true, step.want); err != nil {
			return err
		}
		t.scene = scene // the edits are of one thing
	}
	return nil
}

func wrongIf(wrong bool, what string) error {
	if wrong {
		return wrongf("%s", what)
	}
	return nil
}

// repetitions tries the Idempotency-Key: the same request again gets the same answer, and
// another one with its key is refused.
func (t *trial) repetitions(ctx context.Context) error {
	if t.op.parameter("Idempotency-Key") == nil {
		return nil
	}
	if err := t.renew(ctx); err != nil {
		return err
	}
	scene, who := t.scene, t.scene.owner
	if t.op.body == nil || t.op.id == "createReport" {
		who = t.scene.stranger
	}
	r, _ := t.request(all)
	r.header["Idempotency-Key"] = "again-" + strconv.Itoa(t.draw.next())
	first, err := t.try(ctx, "a key", who, r, false, func(got reply) error { return wrongIf(got.status >= http.StatusMultipleChoices, "not taken") })
	if err != nil {
		return err
	}
	t.scene = scene
	_, err = t.try(ctx, "the same key", who, r, false, func(got reply) error {
		same := got.status == first.status && bytes.Equal(got.raw, first.raw) && got.header.Get("Location") == first.header.Get("Location")
		return wrongIf(!same, "answered before as "+first.String())
	})
	if err != nil {
		return err
	}
	t.scene = scene
	other := r
	other.body = append(bytes.Clone(r.body), ' ')
	_, err = t.try(ctx, "the key of another request", who, other, true, says(422, "idempotency_key_reused"))
	return err
}

// pages walks a list one item at a time: no item comes twice, and the link leads to where
// the cursor does.
func (t *trial) pages(ctx context.Context) error {
	if t.op.parameter("cursor") == nil {
		return nil
	}
	seen, cursor := map[string]bool{}, ""
	for range 5 {
		r, _ := t.request(least)
		r.query.Set("limit", "1")
		r.query.Set("cursor", cursor)
		got, err := t.try(ctx, "the page after "+cursor, t.scene.owner, r, false, func(got reply) error {
			items, _ := got.object()["items"].([]any)
			next, _ := got.object()["next_cursor"].(string)
			switch key := fmt.Sprint(items...); {
			case len(items) > 1:
				return wrongf("%d items for a limit of 1", len(items))
			case len(items) > 0 && seen[key]:
				return wrongf("an item comes twice")
			case (next != "") != strings.Contains(got.header.Get("Link"), "cursor="+url.QueryEscape(next)) && next != "":
				return wrongf("cursor %q, link %q", next, got.header.Get("Link"))
			default:
				seen[key] = true
				return nil
			}
		})
		if err != nil {
			return err
		}
		if cursor, _ = got.object()["next_cursor"].(string); cursor == "" {
			return nil
		}
	}
	return nil
}
