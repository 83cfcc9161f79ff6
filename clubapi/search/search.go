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
	b.Grow(3 * len(text))
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
	text      string
	length    int // in code points
	syllables bool
}

// cut takes a text apart into its runs.
func cut(text string) []run {
	var runs []run
	text = fold(text)
	begin, length, kind := 0, 0, false
	end := func(at int) {
		if length > 0 {
			runs = append(runs, run{text: text[begin:at], length: length, syllables: kind})
		}
		length = 0
	}
	for i, c := range text {
		if !letter(c) {
			end(i)
			continue
		}
		if s := syllable(c); length == 0 || s != kind {
			end(i)
			begin, kind = i, s
		}
		length++
	}
	end(len(text))
	return runs
}

// fold makes spellings that look or mean the same the same.
func fold(text string) string {
	text = norm.NFKC.String(text)
	if strings.IndexFunc(text, cased) < 0 {
		return text
	}
	text = norm.NFKD.String(cases.Fold().String(text))
	text = strings.Map(func(c rune) rune {
		if accent(c) {
			return -1
		}
		return c
	}, text)
	return norm.NFC.String(text)
}

// cased tells what fold has to look at closer: ASCII capitals and all that may have a case or
// an accent, which the scripts of East Asia have not.
func cased(c rune) bool {
	if c < utf8.RuneSelf {
		return c >= 'A' && c <= 'Z'
	}
	return c < 0x1100 || c >= 0x13A0 && c < 0x2E80 || c >= 0xA640 && c < 0xAC00 || c >= 0x10000 && c < 0x20000
}

func accent(c rune) bool { return c >= 0x0300 && c <= 0x036F }

func letter(c rune) bool {
	switch {
	case c < utf8.RuneSelf:
		return c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
	case c == utf8.RuneError:
		return false
	case common(c):
		return true
	default:
		return unicode.IsLetter(c) || unicode.IsNumber(c) || unicode.IsMark(c)
	}
}

// syllable tells the scripts that do without spaces, or whose spaces do not part words.
func syllable(c rune) bool {
	return common(c) || c >= 0x1100 &&
		unicode.In(c, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo) || c == 'ー'
}

// common are most syllables: Hangul, and Han of the basic plane.
func common(c rune) bool { return c >= 0xAC00 && c <= 0xD7A3 || c >= 0x4E00 && c <= 0x9FFF }

// write appends the words of the run, each with a space behind it.
func (r run) write(b *strings.Builder) {
	if !r.syllables {
		b.WriteString(r.word())
		b.WriteByte(' ')
		return
	}
	for i := 0; i < len(r.text); {
		_, one := utf8.DecodeRuneInString(r.text[i:])
		_, two := utf8.DecodeRuneInString(r.text[i+one:])
		b.WriteString(r.text[i : i+one+two])
		b.WriteByte(' ')
		i += one
	}
}

func (r run) words() []string {
	var b strings.Builder
	r.write(&b)
	return strings.Fields(b.String())
}

func (r run) word() string { return r.first(longest).text }

// first is the run up to so many code points.
func (r run) first(most int) run {
	if r.length <= most {
		return r
	}
	n := 0
	for i := range r.text {
		if n == most {
			r.text = r.text[:i]
			break
		}
		n++
	}
	r.length = most
	return r
}

// joined returns the runs of syllables that arise when the spaces between two or more of
// them are left out.
func joined(runs []run) []run {
	var out []run
	for i := 0; i < len(runs); {
		j, all := i, run{syllables: true}
		for j < len(runs) && runs[j].syllables {
			all.text += runs[j].text
			all.length += runs[j].length
			j++
		}
		if j > i+1 {
			out = append(out, all)
		}
		i = max(j, i+1)
	}
	return out
}
