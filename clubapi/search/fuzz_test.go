package search_test

import (
	"strings"
	"testing"
	"unicode"

	"salon/clubapi/search"
)

// FuzzCut holds what the index relies on: words are separated by single spaces, and hold no ASCII but lower-case
// letters and digits, so that the tokenizer takes them as they are and quotes need no escaping.
func FuzzCut(f *testing.F) {
	for _, text := range []string{"소년이 온다", "82년생 김지영", "SF소설 \"*\"", "NEAR(a, 5) -b:c^", "Ǆ İ ẞ ﬃ ½ 각 한", "\x00\xff\u0301\u200d🐣", "ｶﾞ ㋿ ㌔"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, words := range []string{search.Words(text), search.Title(text)} {
			for word := range strings.SplitSeq(strings.TrimSuffix(words, " "), " ") {
				if word == "" && words != "" {
					t.Errorf("%q: an empty word in %q", text, words)
				}
				for _, c := range word {
					if c < 0x80 && !unicode.IsDigit(c) && !unicode.IsLower(c) || c == unicode.ReplacementChar {
						t.Errorf("%q: %q in %q", text, c, words)
					}
				}
			}
		}
		q := search.Parse(text)
		if q.Empty() != (search.Words(text) == "") || len(q.Tiers()) == 0 != q.Empty() {
			t.Errorf("%q: %v", text, q.Tiers())
		}
		for _, e := range append(q.Tiers(), search.Topics(text, 9)...) {
			if strings.Count(e, `"`)%2 != 0 || strings.Count(e, "(") != strings.Count(e, ")") {
				t.Errorf("%q: %s", text, e)
			}
		}
	})
}
