package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// trial tries one operation.
type trial struct {
	*run

	op    *operation
	scene *scene
}

// renew makes the scene anew.
func (t *trial) renew(ctx context.Context) (err error) {
	t.scene, err = newScene(ctx, t.doc, t.client, t.draw, t.op)
	return err
}

// request makes a valid request; how many of its optional parts it has is for how.
func (t *trial) request(how amount) (request, object) {
	r := request{method: t.op.method, path: t.scene.fill(t.op.path), query: url.Values{}, header: map[string]string{}}
	for _, p := range t.op.parameters {
		if p.Value.In == "path" || !p.Value.Required && (how == least || how == some && t.draw.rnd.IntN(2) == 0) {
			continue
		}
		switch value := t.draw.parameter(p.Value, t.scene); {
		case p.Value.In == "query":
			r.query.Set(p.Value.Name, value)
		case p.Value.Name != "If-Match": // edits tries it
			r.header[p.Value.Name] = value
		}
	}
	if t.op.upload {
		r.body, r.media = picture(t.draw.next()), "image/png"
		return r, nil
	}
	if t.op.body == nil {
		return r, nil
	}
	body := t.draw.body(t.op.body.Value, how, t.scene)
	if t.scene.known != "" {
		body["password"] = password
	}
	r.body = encode(body)
	return r, body
}

func encode(body any) []byte {
	raw, err := json.Marshal(body)
	if err != nil {
		panic("drawn values are plain JSON: " + err.Error())
	}
	return raw
}

// try makes one request and judges the answer, at first by the document and then by want.
// Whatever is refused must have changed nothing; look looks after that.
func (t *trial) try(ctx context.Context, what string, who *person, r request, look bool, want func(reply) error) (reply, error) {
	t.result.Cases++
	var before []string
	if look = look && t.op.writes(); look {
		before = t.look(ctx, who, r.path)
	}
	got, err := t.client.do(ctx, who, r, !t.op.opensSession())
	if errors.Is(err, context.Canceled) {
		return got, err
	}
	if err == nil {
		err = t.doc.judge(t.op, got)
	}
	if err == nil {
		err = want(got)
	}
	if err == nil && look && got.status >= http.StatusBadRequest {
		for i, after := range t.look(ctx, who, r.path) {
			if before[i] != after {
				err = wrongf("refused, but changed\n    %.500s\n    %.500s", before[i], after)
			}
		}
	}
	if err != nil {
		t.fail(t.op, t.name(who)+" with "+what, fmt.Errorf("%w\n  %s\n  %s", err, r, got))
	}
	if got.status < http.StatusMultipleChoices && got.status > 0 {
		t.served[t.op.id] = true
		return got, t.settle(ctx, who, got)
	}
	return got, nil
}

// opensSession tells operations that sign somebody in: what they answer is not for whoever
// asks here.
func (o *operation) opensSession() bool { return o.open && o.method == http.MethodPost }

// settle takes note of what an operation has changed about the scene.
func (t *trial) settle(ctx context.Context, who *person, got reply) error {
	if who != nil && t.op.answers[http.StatusOK] != nil && !t.op.opensSession() {
		if nickname, ok := got.object()["nickname"].(string); ok && t.op.path == "/api/v1/me" {
			who.nickname = nickname
		}
	}
	spent := t.op.writes() && got.status != http.StatusCreated && got.status != http.StatusAccepted && t.op.method != http.MethodPatch
	if spent && !t.op.opensSession() && t.op.id != "changePassword" || t.op.id == "joinClub" || t.op.id == "startLightning" {
		return t.renew(ctx)
	}
	return nil
}

// look is what the server shows of a path and of what is around it, to its owner and to
// whoever asks.
func (t *trial) look(ctx context.Context, who *person, path string) []string {
	var out []string
	parts, names := strings.Split(path, "/"), strings.Split(t.op.path, "/")
	for n := len(names); n > 3; n-- {
		at := slices.IndexFunc(t.doc.operations, func(o *operation) bool { return o.method == "GET" && o.path == strings.Join(names[:n], "/") })
		if at < 0 {
			continue
		}
		r := request{method: "GET", path: strings.Join(parts[:n], "/")}
		if t.doc.operations[at].parameter("limit") != nil {
			r.query = url.Values{"limit": {"5"}}
		}
		for i, p := range []*person{t.scene.owner, who} {
			if i > 0 && p == t.scene.owner {
				continue
			}
			got, err := t.client.do(ctx, p, r, false)
			out = append(out, fmt.Sprint(got.status, string(got.raw), err))
		}
	}
	return out
}

// people are those who ask, and how they are called.
func (t *trial) people() []*person {
	return []*person{nil, t.scene.stranger, t.scene.member, t.scene.owner}
}

func (t *trial) name(who *person) string {
	switch who {
	case nil:
		return "nobody"
	case t.scene.owner:
		return "owner"
	case t.scene.member:
		return "member"
	case t.scene.stranger:
		return "stranger"
	}
	return "somebody"
}

// must is what holds for whoever is not signed in.
func (t *trial) must(who *person, want func(reply) error) func(reply) error {
	if who != nil || t.op.open {
		return want
	}
	return func(got reply) error {
		if got.status != http.StatusUnauthorized || got.object()["code"] != "unauthenticated" {
			return wrongf("status %d for nobody", got.status)
		}
		return nil
	}
}

// valid tries input that fits the schemas, as everybody.
func (t *trial) valid(ctx context.Context) error {
	for i, how := range []amount{least, all, some, some} {
		for n := range t.people() {
			r, body := t.request(how)
			who := t.people()[n] // the scene may be a new one
			what := "a valid request of " + [...]string{"the least", "everything", "something", "something"}[i]
			if _, err := t.try(ctx, what, who, r, true, t.must(who, func(got reply) error { return t.taken(ctx, who, body, got) })); err != nil {
				return err
			}
		}
	}
	return nil
}

// later are faults that a schema cannot tell of.
func later() []string {
	return []string{"past", "future", "end_before_start", "too_far_apart", "unknown", "oneself", "exclusive", "not_a_member", "below_member_count", "wrong", "taken"}
}

// taken wants a valid request to be taken, or to be refused for a reason that is none of
// the schema's; what was taken comes back as it was sent.
func (t *trial) taken(ctx context.Context, who *person, body object, got reply) error {
	switch got.status {
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusTooManyRequests, http.StatusPreconditionFailed:
		return wrongf("status %d for a valid request", got.status)
	case http.StatusUnauthorized:
		if who != nil {
			return wrongf("unauthenticated, though signed in")
		}
	}
	for _, f := range faultsOf(got) {
		if !slices.Contains(later(), f.code) {
			return wrongf("fault %s at %s of a valid request", f.code, f.pointer)
		}
	}
	if got.status >= http.StatusMultipleChoices {
		return nil
	}
	for name, value := range body {
		sent, ok := value.(string)
		back, there := got.object()[name].(string)
		if format := t.op.body.Value.Properties[name].Value.Format; ok && there && format == "" && name != "rrule" && back != norm.NFC.String(sent) {
			return wrongf("%s: sent %q, came back as %q", name, sent, back)
		}
	}
	return t.found(ctx, who, got)
}

// found wants what was created to be where the answer says it is.
func (t *trial) found(ctx context.Context, who *person, got reply) error {
	at := got.header.Get("Location")
	if at == "" || t.op.opensSession() {
		return nil
	}
	there, err := t.client.do(ctx, who, request{method: "GET", path: at}, false)
	switch {
	case err != nil:
		return err
	case !bytes.Equal(there.raw, got.raw):
		return wrongf("at %s: %s", at, there)
	case there.header.Get("ETag") != got.header.Get("ETag"):
		return wrongf("at %s: ETag %s, created with %s", at, there.header.Get("ETag"), got.header.Get("ETag"))
	}
	return nil
}
