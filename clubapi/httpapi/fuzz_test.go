package httpapi_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// FuzzRequest sends any body and any query to every operation that takes a body or a
// query. The client fails on a 500 and on answers that do not fit the contract.
func FuzzRequest(f *testing.F) {
	h := open(f)
	owner := h.person(f, "지은")
	club := owner.club("책")
	conf := owner.conference(club, 0)
	note := owner.note(conf, "말")
	ids := strings.NewReplacer("{club_id}", path("%d", club), "{conference_id}", path("%d", conf), "{note_id}", path("%d", note))
	var operations []string
	for template, item := range h.contract.Paths.Map() {
		for method := range item.Operations() {
			if method != http.MethodDelete {
				operations = append(operations, method+" "+ids.Replace(template))
			}
		}
	}
	slices.Sort(operations)
	for i := range operations {
		for _, body := range []any{m{"title": "t", "text": "t"}, m{"nickname": "민아", "password": password}, m{"max_user": 1e30, "time_zone": ""}, []any{}} {
			raw, err := json.Marshal(body)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(i, string(raw), "limit=1")
		}
		f.Add(i, `{"call_start_time":"2026-01-05T18:00:00+09:00","call_end_time":"9999-12-31T23:59:59Z"}`, "after=bm90ZXMtMSAwIDE&cursor=x")
		f.Add(i, `{"spoken_at":"0000-01-01T00:00:00Z","text":"\u0000"}`, "when=past&limit=%zz;")
	}
	f.Fuzz(func(t *testing.T, i int, body, query string) {
		if strings.ContainsFunc(query, func(r rune) bool { return r <= ' ' || r == '#' || r == 0x7f }) {
			return // not a request line
		}
		b := *owner
		b.t = t
		method, p, _ := strings.Cut(operations[uint(i)%uint(len(operations))], " ")
		b.call(method, p+"?"+query, body)
	})
}
