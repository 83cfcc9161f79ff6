package contract

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// object is a JSON object.
type object = map[string]any

// password fits the default policy of passwords.
const password = "읽자book!1"

// amount says which of its optional fields a body carries.
type amount int

const (
	least amount = iota
	all
	some
)

// unkind are texts that hurt careless readers and writers; each is a valid text.
func unkind() []string {
	return []string{
		`'); DROP TABLE users; --`, `" OR 1=1 --`, `<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `&amp;&lt;`,
		`{{7*7}}${7*7}`, `%s%n%00`, `\`, `\u0000`, `../../etc/passwd`, `=1+1`, `null`, `true`, `0x7f`, `-1`, `*`, `"`, `(`, `a:b^2`, `NEAR(`,
		"한강 『소년이 온다』", "שלום עולם", "👩‍👩‍👧 책", "e\u0301", "\u1112\u1161\u11ab", "ﬀ ℌ ①", "İıſß", "\U0010FFFD x", "日本語", "ก็",
	}
}

// drawer makes valid input. Not safe for concurrent use.
type drawer struct {
	rnd   *rand.Rand
	now   func() time.Time
	count int
}

func (d *drawer) one(of ...string) string { return of[d.rnd.IntN(len(of))] }

// next is a number that was not drawn before in this run.
func (d *drawer) next() int {
	d.count++
	return d.count
}

// body draws an object for the schema.
func (d *drawer) body(schema *openapi3.Schema, how amount, s *scene) object {
	out := object{}
	for _, name := range names(schema) {
		if !slices.Contains(schema.Required, name) && (how == least || how == some && d.rnd.IntN(2) == 0) {
			continue
		}
		out[name] = d.value(name, schema.Properties[name].Value, how, s)
	}
	d.agree(out, s)
	return out
}

// agree takes back what the schema cannot say: of two exclusive fields one is enough, and
// an end follows its start.
func (d *drawer) agree(out object, s *scene) {
	_, user := out["user_id"]
	_, post := out["post_id"]
	_, reason := out["reason"]
	switch {
	case reason && user && post:
		delete(out, d.one("user_id", "post_id"))
	case reason && !user && !post:
		out["user_id"], _ = s.reference("user_id")
	}
	_, start := out["call_start_time"]
	_, end := out["call_end_time"]
	if !start && !end {
		return
	}
	// Each later than the last, so that meetings of one club rarely overlap.
	at := d.now().Add(2*time.Hour + time.Duration(d.next())*20*time.Minute)
	out["call_start_time"] = d.moment(at)
	out["call_end_time"] = d.moment(at.Add(15 * time.Minute))
}

// names are the properties of a schema in a fixed order.
func names(schema *openapi3.Schema) []string {
	var out []string
	for name := range schema.Properties {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (d *drawer) value(name string, schema *openapi3.Schema, how amount, s *scene) any {
	switch {
	case schema.Type.Is(openapi3.TypeObject):
		return d.body(schema, how, s)
	case len(schema.Enum) > 0:
		return schema.Enum[d.rnd.IntN(len(schema.Enum))]
	case schema.Type.Is(openapi3.TypeBoolean):
		return d.rnd.IntN(2) == 0
	case schema.Type.Is(openapi3.TypeInteger):
		return d.integer(name, schema, s)
	}
	return d.text(name, schema, s)
}

// integer goes to the bounds of the schema as often as between them.
func (d *drawer) integer(name string, schema *openapi3.Schema, s *scene) int64 {
	if id, ok := s.reference(name); ok {
		return id
	}
	low, high := int64(1), int64(6) // the default of what only the configuration bounds
	if schema.Min != nil {
		low = int64(*schema.Min)
	}
	if schema.Max != nil {
		high = int64(*schema.Max)
	}
	if name == "max_user" {
		low = 3 // the scene's people have seats
	}
	switch d.rnd.IntN(3) {
	case 0:
		return low
	case 1:
		return high
	}
	return low + d.rnd.Int64N(high-low+1)
}

// text draws a string. What a schema says in prose only (a link, a zone, a recurrence) goes
// by the name of the field.
func (d *drawer) text(name string, schema *openapi3.Schema, s *scene) string {
	today := d.now().UTC()
	switch {
	case schema.Format == "date":
		back := -d.rnd.IntN(30000)
		if name == "starts_on" {
			back = d.rnd.IntN(60)
		}
		return today.AddDate(0, 0, back).Format(time.DateOnly)
	case schema.Format == "date-time":
		return d.moment(today.Add(-time.Duration(d.rnd.IntN(30)) * time.Minute))
	case schema.Format == "password":
		return password
	case name == "nickname":
		return d.nickname(s)
	case name == "time_zone":
		return d.one("Asia/Seoul", "Europe/Berlin", "America/St_Johns", "UTC", "Asia/Kathmandu", "Pacific/Apia")
	case name == "rrule":
		return d.one("FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;BYDAY=1MO,3WE", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=5", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=SA;BYSETPOS=-1")
	case name == "time":
		return d.one("00:00", "23:59", "17:50", "09:05")
	case isLink(name):
		return d.link(schema)
	}
	return d.words(schema)
}

// isLink tells fields that hold the address of a picture.
func isLink(name string) bool {
	return name == "user_img" || name == "thumbnail" || name == "book_img"
}

func (d *drawer) link(schema *openapi3.Schema) string {
	switch d.rnd.IntN(4) {
	case 0:
		return ""
	case 1:
		return "/" + strings.Repeat("a", int(*schema.MaxLength)-1)
	case 2:
		return "https://img.example/책.png?x='&y=1#z"
	}
	return "/p.png"
}

func (d *drawer) nickname(s *scene) string {
	if s != nil && s.known != "" {
		return s.known
	}
	id := strconv.Itoa(d.next())
	unit := d.one("a", "가", "\u1100\u1161\u11a8", "😀", "é", "<", "'")
	return strings.Repeat(unit, 20-len(id)) + id
}

// words draws free text: unkind, or of exactly as many code points as are allowed.
func (d *drawer) words(schema *openapi3.Schema) string {
	text := d.one(unkind()...)
	if schema.MaxLength == nil {
		return text
	}
	most := int(*schema.MaxLength)
	if most > 1000 && d.rnd.IntN(4) > 0 { // long ones cost time
		return text
	}
	switch d.rnd.IntN(4) {
	case 0:
		return strings.Repeat(d.one("a", "가", "\u1100\u1161\u11a8", "😀"), most)
	case 1:
		if schema.MinLength == 0 {
			return ""
		}
		return d.one("a", "가", "😀")
	}
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// moment writes a time in some zone.
func (d *drawer) moment(at time.Time) string {
	return at.In(time.FixedZone("", (d.rnd.IntN(27)-12)*3600)).Format(time.RFC3339Nano)
}

// parameter draws a value for a parameter of the query or a header.
func (d *drawer) parameter(p *openapi3.Parameter, s *scene) string {
	switch schema := p.Schema.Value; {
	case p.Name == "Idempotency-Key":
		return "key-" + strconv.Itoa(d.next())
	case p.Name == "cursor" || p.Name == "after":
		return ""
	case p.In == openapi3.ParameterInHeader:
		return `"` + d.one("x", "1", "%", "<>") + `"`
	case schema.Type.Is(openapi3.TypeInteger):
		return strconv.FormatInt(d.integer(p.Name, schema, s), 10)
	case schema.Type.Is(openapi3.TypeBoolean):
		return d.one("true", "false")
	case len(schema.Enum) > 0:
		return d.value(p.Name, schema, all, s).(string)
	default:
		text := d.text(p.Name, schema, s)
		if text == "" && p.Required {
			text = "책"
		}
		return text
	}
}
