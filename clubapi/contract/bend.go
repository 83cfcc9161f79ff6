package contract

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// bent is a value that breaks one constraint, and how the server has to call it. No codes
// means that the server may call it what it likes, or even take it.
type bent struct {
	what  string
	value any
	codes []string
}

// gap stands for a field that is left out.
type gap struct{}

// bends lists how a value can break its schema, field by field. In pointer order, so that
// one seed means one run.
func bends(name string, schema *openapi3.Schema) []bent {
	wrong := []bent{{"null", nil, []string{"type"}}, {"an array", []any{}, []string{"type"}}}
	if !schema.Type.Is(openapi3.TypeObject) {
		wrong = append(wrong, bent{"an object", object{}, []string{"type"}})
	}
	if !schema.Type.Is(openapi3.TypeBoolean) {
		wrong = append(wrong, bent{"true", true, []string{"type"}})
	}
	if schema.Type.Is(openapi3.TypeInteger) {
		return append(wrong, bentInteger(name, schema)...)
	}
	wrong = append(wrong, bent{"a number", 7, []string{"type"}})
	if schema.Type.Is(openapi3.TypeObject) {
		return wrong
	}
	return append(wrong, bentText(name, schema)...)
}

func bentInteger(name string, schema *openapi3.Schema) []bent {
	out := []bent{
		{"digits in a string", "1", []string{"type"}},
		{"a fraction", 1.5, []string{"type"}},
		{"one beyond 64 bits", json.Number("9223372036854775808"), []string{"type", "too_large"}},
		{"a huge exponent", json.Number("1e400"), []string{"type", "too_large"}},
		{"the least of 64 bits", json.Number("-9223372036854775808"), []string{"too_small"}},
	}
	if schema.Min != nil {
		out = append(out, bent{"too small by one", int64(*schema.Min) - 1, []string{"too_small"}})
	}
	switch {
	case schema.Max != nil:
		out = append(out, bent{"too large by one", int64(*schema.Max) + 1, []string{"too_large"}})
	case name == "max_user":
		out = append(out, bent{"a seat too many", 7, []string{"too_large"}})
	case strings.HasSuffix(name, "_id"):
		out = append(out, bent{"an unknown id", json.Number("9223372036854775807"), []string{"unknown", "not_a_member"}})
	}
	return out
}

func bentText(name string, schema *openapi3.Schema) []bent {
	var out []bent
	add := func(what, value string, codes ...string) { out = append(out, bent{what, value, codes}) }
	switch {
	case len(schema.Enum) > 0:
		add("no value of the enum", "x", "enum")
		add("a value in capitals", strings.ToUpper(schema.Enum[0].(string)), "enum")
		add("nothing", "", "enum")
		return out
	case schema.Format == "date":
		for _, text := range []string{"", "2026-02-30", "2026-1-5", "20260105", "2026-01-05T00:00:00Z", "0000-01-01", "+2026-01-05"} {
			add(strconv.Quote(text), text, "format")
		}
		return out
	case schema.Format == "date-time":
		for _, text := range []string{"", "2026-01-05", "2026-02-30T10:00:00Z", "2026-01-05T25:00:00Z", "2026-01-05T10:00:00", "2026-01-05 10:00:00Z", "0000-01-01T00:00:00+14:00"} {
			add(strconv.Quote(text), text, "format")
		}
		return out
	case schema.Pattern != "":
		add("nothing", "", "format")
		add("24:00", "24:00", "format")
		add("with a line end", "17:50\n", "format")
		return out
	}
	if schema.MinLength > 0 {
		add("nothing", "", "too_short")
	}
	if schema.MaxLength != nil {
		first, units := "", []string{"a", "가", "\u1100\u1161\u11a8", "😀"}
		if isLink(name) {
			first, units = "/", units[:1]
		}
		for _, unit := range units {
			add("too long by one of "+unit, first+strings.Repeat(unit, int(*schema.MaxLength)+1-len(first)), "too_long", "unknown_time_zone", "format")
		}
	}
	switch {
	case schema.Format == "password":
	case name == "time_zone":
		add("no zone", "Asia/Nowhere", "unknown_time_zone")
		add("a path for a zone", "../../etc/passwd", "unknown_time_zone")
	case name == "rrule":
		for _, rule := range []string{"x", "FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;COUNT=-1", "FREQ=SECONDLY"} {
			add(rule, rule, "format", "too_small", "too_large", "enum")
		}
	case isLink(name):
		for _, link := range []string{"javascript:alert(1)", "data:text/html,x", "//evil.example/x", "ftp://x/y", "x.png"} {
			add(link, link, "not_a_url")
		}
	case name == "nickname" && schema.MinLength == 0: // to be found, not to be kept
	default:
		add("a NUL inside", "a\x00b", "control_character")
		add("blanks", " \u3164\u200b", "blank")
		out = append(out, bent{"half a pair of surrogates", json.RawMessage(`"\ud800"`), nil})
	}
	return out
}

// bentBodies are bodies with one fault, in pointer order; field is where the server has to
// point to.
type bentBody struct {
	bent

	field string
	body  object
}

func bentBodies(schema *openapi3.Schema, good object, at string) []bentBody {
	var out []bentBody
	for _, name := range names(schema) {
		property := schema.Properties[name].Value
		for _, b := range bends(name, property) {
			body := with(good, name, b.value)
			if other, ok := map[string]string{"user_id": "post_id", "post_id": "user_id"}[name]; ok {
				delete(body, other) // one excludes the other
			}
			out = append(out, bentBody{b, at + "/" + name, body})
		}
		if inner, ok := good[name].(object); ok {
			for _, b := range bentBodies(property, inner, at+"/"+name) {
				b.body = with(good, name, b.body)
				out = append(out, b)
			}
		}
		if slices.Contains(schema.Required, name) {
			out = append(out, bentBody{bent{"left out", gap{}, []string{"required"}}, at + "/" + name, with(good, name, gap{})})
		}
	}
	for _, name := range []string{"id", "a/b~c", "", "__proto__", "Title"} {
		pointer := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		out = append(out, bentBody{bent{"an unknown field", 1, []string{"unknown_field"}}, pointer, with(good, name, 1)})
	}
	return out
}

func with(good object, name string, value any) object {
	out := maps.Clone(good)
	if _, ok := value.(gap); ok {
		delete(out, name)
	} else {
		out[name] = value
	}
	return out
}

// bentParameters are values of a parameter with one fault.
func bentParameters(p *openapi3.Parameter) []bent {
	var out []bent
	add := func(what, value string, codes ...string) { out = append(out, bent{what, value, codes}) }
	schema := p.Schema.Value
	long := func() {
		if schema.MaxLength != nil {
			add("too long by one", strings.Repeat("a", int(*schema.MaxLength)+1), "too_long", "cursor")
		}
	}
	switch {
	case schema.Type.Is(openapi3.TypeInteger):
		for _, text := range []string{"ten", "1.5", "", "9223372036854775808", "0x1", "1e1", "١"} {
			add(strconv.Quote(text), text, "type", "too_large")
		}
		if schema.Min != nil {
			add("too small by one", strconv.Itoa(int(*schema.Min)-1), "too_small")
		}
		if schema.Max != nil {
			add("too large by one", strconv.Itoa(int(*schema.Max)+1), "too_large")
		}
	case schema.Type.Is(openapi3.TypeBoolean):
		add("yes", "yes", "type")
		add("nothing", "", "type")
	case len(schema.Enum) > 0:
		add("no value of the enum", "x", "enum")
	case schema.Format == "date":
		add("a day that is none", "2026-02-30", "format")
		add("nothing", "", "format")
	case p.Name == "cursor" || p.Name == "after":
		for _, text := range []string{"x", "\x00", "bm90ZXMtMiAwIDE", "Y2x1YnMgMCBmaXZl", "é"} {
			add(strconv.Quote(text), text, "cursor")
		}
		long()
	default:
		if schema.MinLength > 0 && p.In == openapi3.ParameterInQuery {
			add("nothing", "", "too_short", "blank")
		}
		long()
		if p.In == openapi3.ParameterInQuery {
			add("not UTF-8", "\xff\xfe")
			add("a NUL", "\x00")
		}
	}
	return out
}
