package search

import (
	"slices"
	"strings"
	"unicode"
)

// Query is what somebody looks for.
type Query struct {
	strict []string // one FTS5 expression each, as typed
	loose  []string // without particles

	beginning string // all of it as one phrase
}

// Parse reads what somebody typed, or is still typing: the last word may go on.
func Parse(text string) Query {
	runs, list := cut(text), particles()
	q := Query{beginning: beginning(runs)}
	for i, r := range runs {
		last := i == len(runs)-1
		q.strict = append(q.strict, r.phrase(last))
		q.loose = append(q.loose, r.bare(last, list))
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
		if last || r.length >= goesOn && !r.number() {
			return `"` + r.word() + `" *`
		}
		return `"` + r.word() + `"`
	}
	if r.length == 1 {
		return `"` + r.text + `" *`
	}
	words := r.first(longest).words()
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

// Tiers are expressions for an index with the columns head (what something is called) and
// body, from the best matches to the worst: what is called so from its beginning, what is
// called so, what says so somewhere. Nothing is found by two of them. None when the query
// is empty.
func (q Query) Tiers() []string {
	if q.Empty() {
		return nil
	}
	strict, loose := "("+q.Strict()+")", "("+q.Loose()+")"
	// Each holds what the one before it holds.
	begins, called, nearly := "(head : ^ "+q.beginning+")", "(head : "+strict+")", "(head : "+loose+")"
	if strict == loose {
		return []string{begins, called + " NOT " + begins, strict + " NOT " + called}
	}
	return []string{begins, called + " NOT " + begins, nearly + " NOT " + called, strict + " NOT " + nearly, loose + " NOT (" + strict + " OR " + nearly + ")"}
}

// beginning is one phrase for all runs in a row.
func beginning(runs []run) string {
	if len(runs) == 0 {
		return ""
	}
	var words []string
	for _, r := range runs {
		words = append(words, r.words()...)
	}
	if last := runs[len(runs)-1]; last.syllables && last.length > 1 {
		return `"` + strings.Join(words[:len(words)-1], " ") + `"`
	}
	return `"` + strings.Join(words, " ") + `" *`
}

// Topics are expressions for what a text is about, each once, in the order of the text:
// its words of two syllables or three letters and more, at most so many.
func Topics(text string, most int) []string {
	var out []string
	list := particles()
	for _, r := range cut(text) {
		if len(out) == most {
			break
		}
		if r = r.stem(list); r.syllables && r.length < 2 || !r.syllables && (r.length < 3 || r.number()) {
			continue
		}
		if e := r.phrase(false); !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}
