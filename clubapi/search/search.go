// Package search cuts text into the words it is found by, and what somebody types into an
// expression for SQLite's FTS5. It decides what counts as a word, so that Korean works as
// well as English; it never asks an index anything, and no expression it writes is a
// syntax error.
//
// Text is normalised (NFKC, case folded, accents of European letters dropped). What is
// written without spaces between its words, Hangul above all, is cut into overlapping pairs
// of syllables and the last syllable alone: "소년이" becomes 소년 년이 이. So a run of two
// or more syllables is found wherever it stands, as its pairs in a row, and one syllable as
// the beginning of a pair. Everything else is cut into whole words and found by how they begin.
// Symbols and punctuation are no words.
//
// Words are separated by spaces and hold no ASCII but lower-case letters and digits: the
// index must be made with the tokenizer "ascii", which then takes them as they are.
package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Version grows with every change to what Words and Title return: an index that was made by
// another version must be made anew.
const Version = 1

// longest is where a word is cut off, in code points, the same in text and in queries.
const longest = 40

// Words returns the words of a text for the index, separated by spaces.
func Words(text string) string {
	var b strings.Builder
	for _, r := range cut(text) {
		r.write(&b)
	}
	return b.String()
}

// Title is Words for a title, which is also found when the spaces between its words are left
// out or other ones made: Koreans write 총 균 쇠 and 총균쇠.
func Title(text string) string {
	var b strings.Builder
	runs := cut(text)
	for _, r := range runs {
		r.write(&b)
	}
	for _, r := range joined(runs) {
		r.write(&b)
	}
	return b.String()
}

// run is a stretch of text of one kind: a word, or syllables without spaces.
type run struct {
	text      []rune
	syllables bool
}

// cut takes a text apart into its runs.
func cut(text string) []run {
	var runs []run
	var last *run // that the next rune may belong to
	for _, c := range fold(text) {
		switch {
		case !letter(c):
			last = nil
			continue
		case last == nil || last.syllables != syllable(c):
			runs = append(runs, run{syllables: syllable(c)})
			last = &runs[len(runs)-1]
		}
		last.text = append(last.text, c)
	}
	return runs
}

// fold makes spellings that look or mean the same the same.
func fold(text string) string {
	text = norm.NFKD.String(cases.Fold().String(norm.NFKC.String(text)))
	text = strings.Map(func(c rune) rune {
		if c >= '\u0300' && c <= '\u036F' {
			return -1
		}
		return c
	}, text)
	return norm.NFC.String(text)
}

func letter(c rune) bool {
	return unicode.In(c, unicode.L, unicode.N, unicode.M) && (c >= utf8.RuneSelf || c >= 'a' && c <= 'z' || c >= '0' && c <= '9')
}

// syllable tells the scripts that do without spaces, or whose spaces do not part words.
func syllable(c rune) bool {
	return unicode.In(c, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo) || c == 'ー'
}

// write appends the words of the run, each with a space behind it.
func (r run) write(b *strings.Builder) {
	for _, w := range r.words() {
		b.WriteString(w)
		b.WriteByte(' ')
	}
}

func (r run) words() []string {
	if !r.syllables {
		return []string{r.word()}
	}
	words := make([]string, 0, len(r.text))
	for i := range r.text {
		words = append(words, string(r.text[i:min(i+2, len(r.text))]))
	}
	return words
}

func (r run) word() string { return string(r.text[:min(longest, len(r.text))]) }

// joined returns the runs of syllables that arise when the spaces between two or more of
// them are left out.
func joined(runs []run) []run {
	var out []run
	for i := 0; i < len(runs); {
		j := i
		var all []rune
		for j < len(runs) && runs[j].syllables {
			all = append(all, runs[j].text...)
			j++
		}
		if j > i+1 {
			out = append(out, run{text: all, syllables: true})
		}
		i = max(j, i+1)
	}
	return out
}
