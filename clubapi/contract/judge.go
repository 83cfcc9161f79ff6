package contract

import (
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// errAnswer tells that an answer is not as promised.
var errAnswer = errors.New("answer")

// wrongf says what is wrong with an answer.
func wrongf(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errAnswer, fmt.Sprintf(format, args...))
}

// judge holds an answer against the document, whatever was asked.
func (d *document) judge(op *operation, got reply) error {
	if err := guarded(got.header); err != nil {
		return err
	}
	if got.status >= http.StatusInternalServerError && got.status != http.StatusServiceUnavailable {
		return wrongf("status %d", got.status)
	}
	if want, ok := op.answers[got.status]; ok {
		return d.fits(want, got)
	}
	if got.status < http.StatusBadRequest {
		return wrongf("status %d is not in the document", got.status)
	}
	if err := d.fits(op.problem, got); err != nil {
		return err
	}
	return d.judgeProblem(got)
}

// guarded wants the headers that every answer of the server carries.
func guarded(h http.Header) error {
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "frame-ancestors 'none'", "Referrer-Policy": "", "Cache-Control": "",
		"Permissions-Policy": "camera=", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := h.Get(name); got == "" || !strings.Contains(got, want) {
			return wrongf("header %s is %q", name, got)
		}
	}
	return nil
}

// fits holds headers and body against one documented answer.
func (d *document) fits(want *openapi3.Response, got reply) error {
	for _, name := range []string{"ETag", "Location", "Link"} {
		_, documented := want.Headers[name]
		present := got.header.Get(name) != ""
		if present && !documented || documented && !present && name != "Link" {
			return wrongf("header %s: documented %v, present %v", name, documented, present)
		}
	}
	if len(want.Content) == 0 {
		if len(got.raw) > 0 {
			return wrongf("a body where none is documented")
		}
		return nil
	}
	kind, _, err := mime.ParseMediaType(got.header.Get("Content-Type"))
	if err != nil || want.Content[kind] == nil {
		return wrongf("content type %q", got.header.Get("Content-Type"))
	}
	if !strings.HasSuffix(kind, "json") {
		return nil
	}
	schema := want.Content[kind].Schema
	if err := d.schemas[named(schema)].Validate(got.value); err != nil {
		return wrongf("body: %v", err)
	}
	if extra := undocumented(schema.Value, got.value, ""); len(extra) > 0 {
		return wrongf("undocumented fields %s", strings.Join(extra, ", "))
	}
	return nil
}

// undocumented points to the fields that a schema does not mention.
func undocumented(schema *openapi3.Schema, value any, at string) []string {
	var out []string
	switch v := value.(type) {
	case object:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			property := schema.Properties[name]
			if property == nil {
				out = append(out, at+"/"+name)
				continue
			}
			out = append(out, undocumented(property.Value, v[name], at+"/"+name)...)
		}
	case []any:
		for _, item := range v {
			if schema.Items != nil {
				out = append(out, undocumented(schema.Items.Value, item, at+"/-")...)
			}
		}
	}
	return out
}

// judgeProblem wants a code of the document's list, with its status, and fields that are
// named when fields are wrong.
func (d *document) judgeProblem(got reply) error {
	p := got.object()
	code, _ := p["code"].(string)
	status, ok := d.codes[code]
	switch {
	case !ok:
		return wrongf("code %q is not in the document", code)
	case status != got.status:
		return wrongf("code %q with status %d, documented with %d", code, got.status, status)
	case p["status"] != float64(got.status):
		return wrongf("status %v in the body of a %d", p["status"], got.status)
	case p["type"] != "/problems/"+strings.ReplaceAll(code, "_", "-"):
		return wrongf("type %v for code %q", p["type"], code)
	}
	faults := faultsOf(got)
	if code == "validation" && len(faults) == 0 {
		return wrongf("no field is named")
	}
	for _, f := range faults {
		if !d.faults[f.code] || !strings.HasPrefix(f.pointer, "/") {
			return wrongf("fault %q at %q is not in the document", f.code, f.pointer)
		}
	}
	return nil
}

// fault is one wrong field as a problem names it.
type fault struct{ pointer, code string }

func faultsOf(got reply) []fault {
	list, _ := got.object()["errors"].([]any)
	var out []fault
	for _, item := range list {
		o, _ := item.(object)
		pointer, _ := o["pointer"].(string)
		code, _ := o["code"].(string)
		out = append(out, fault{pointer, code})
	}
	return out
}

// points wants a validation problem that names exactly this field, with one of the codes;
// beside it, only what depends on other fields or on what is stored may be wrong.
func points(got reply, pointer string, codes []string) error {
	if got.status != http.StatusUnprocessableEntity {
		return wrongf("status %d, wanted 422 at %s", got.status, pointer)
	}
	found := false
	for _, f := range faultsOf(got) {
		if f.pointer != pointer && !strings.HasPrefix(f.pointer, pointer+"/") && !slices.Contains(later(), f.code) {
			return wrongf("blames %s, wanted %s alone", f.pointer, pointer)
		}
		found = found || f.pointer == pointer && slices.Contains(codes, f.code)
	}
	if !found {
		return wrongf("no fault %s at %s", strings.Join(codes, " or "), pointer)
	}
	return nil
}
