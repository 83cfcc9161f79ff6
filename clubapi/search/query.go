package search

import (
	"strings"
	"unicode"
)

// Query is what somebody looks for.
type Query struct {
	strict []string // one FTS5 expression each, as typed
	loose  []string // without particles
}

// Parse reads what somebody typed, or is still typing: the last word may go on.
func Parse(text string) Query {
	var q Query
	runs := cut(text)
	for i, r := range runs {
		last := i == len(runs)-1
		q.strict = append(q.strict, r.phrase(last))
		q.loose = append(q.loose, r.bare(last))
	}
	return q
}

// Empty says that there is not one word to look for: nothing is found.
func (q Query) Empty() bool { return len(q.strict) == 0 }

// Strict is an expression for what holds all words as they were typed, Loose for what holds
// them without the particles that Korean puts behind a word; whatever Strict finds Loose
// finds too. Both are empty when the query is.
func (q Query) Strict() string { return strings.Join(q.strict, " AND ") }

// Loose is explained with Strict.
func (q Query) Loose() string { return strings.Join(q.loose, " AND ") }

// goesOn is how many letters a word must have to be found by its beginning when others
// follow it: shorter ones begin too many.
const goesOn = 3

// phrase is an expression for texts that hold the run. Words of the index never contain
// quotes, so quoting is all the escaping there is.
func (r run) phrase(last bool) string {
	if !r.syllables {
		if last || len(r.text) >= goesOn && !r.number() {
			return `"` + r.word() + `" *`
		}
		return `"` + r.word() + `"`
	}
	if len(r.text) == 1 {
		return `"` + string(r.text) + `" *`
	}
	r.text = r.text[:min(longest, len(r.text))]
	words := r.words()
	return `"` + strings.Join(words[:len(words)-1], " ") + `"`
}

func (r run) number() bool {
	for _, c := range r.text {
		if !unicode.IsNumber(c) {
			return false
		}
	}
	return true
}
