package clubapi

import (
	"net/url"
	"strings"
	"time"
	_ "time/tzdata" // zones by name on machines without a zone database
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// check gathers the faults of one request while its fields are normalised.
type check struct{ faults []Fault }

func (c *check) add(field string, code Code, limit int) {
	c.faults = append(c.faults, Fault{Field: field, Code: code, Limit: int64(limit)})
}

func (c *check) err() error {
	if len(c.faults) == 0 {
		return nil
	}
	return &InvalidError{Faults: c.faults}
}

// line normalises one line of text to NFC: at most most code points, no control or
// direction-changing characters, and something to see unless it may be empty.
func (c *check) line(field, s string, most int, optional bool) string {
	s = c.text(field, s, most, optional)
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) || overridesDirection(r) }) >= 0 {
		c.add(field, CodeControlCharacter, 0)
	}
	return s
}

// prose is line for text of many lines: tabs and line ends are welcome.
func (c *check) prose(field, s string, most int, optional bool) string {
	s = c.text(field, s, most, optional)
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) }) >= 0 {
		c.add(field, CodeControlCharacter, 0)
	}
	return s
}

func (c *check) text(field, s string, most int, optional bool) string {
	s = norm.NFC.String(s)
	switch n := utf8.RuneCountInString(s); {
	case n > most:
		c.add(field, CodeTooLong, most)
	case n == 0 && !optional:
		c.add(field, CodeTooShort, 1)
	case n > 0 && !visible(s):
		c.add(field, CodeBlank, 0)
	}
	return s
}

// link accepts an empty string, an http or https URL, or a path on this server.
// Everything else (javascript:, data:, //host) is refused, since pages put it into src.
func (c *check) link(field, s string) string { return c.linkWithin(field, s, maxURL) }

// linkWithin is link for at most most code points.
func (c *check) linkWithin(field, s string, most int) string {
	if s == "" {
		return s
	}
	if utf8.RuneCountInString(s) > most {
		c.add(field, CodeTooLong, most)
		return s
	}
	u, err := url.Parse(s)
	if err != nil || strings.ContainsAny(s, "\\\"<> ") {
		c.add(field, CodeNotAURL, 0)
		return s
	}
	web := (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
	local := u.Scheme == "" && u.Host == "" && strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//")
	if !web && !local {
		c.add(field, CodeNotAURL, 0)
	}
	return s
}

// visible reports whether s shows anything: spaces, format characters and the Hangul
// fillers (letters by category, blank on screen) do not count.
func visible(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		switch r {
		case '\u115F', '\u1160', '\u3164', '\uFFA0', '\u2800':
			return false
		}
		return unicode.IsGraphic(r) && !unicode.IsSpace(r)
	}) >= 0
}

// hides reports whether s holds a character that leaves no mark (a format character, a filler,
// a variation selector) elsewhere than behind a symbol, where emoji are put together by them.
func hides(s string) bool {
	symbol := false
	for _, r := range s {
		unseen := unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
		if overridesDirection(r) {
			continue // line's business
		}
		if unseen && (!symbol || r != '\u200D' && r != '\uFE0F') {
			return true
		}
		symbol = unseen || unicode.IsSymbol(r)
	}
	return false
}

// overridesDirection reports the bidirectional controls of UAX #9 that let a name
// reorder the text around it.
func overridesDirection(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

func knownTimeZone(name string) bool {
	if name == "" || name == "Local" || len(name) > maxTimeZone {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// day refuses what is no day of a year from 1 to 9998.
func (c *check) day(field string, d Day) {
	if y := d.Time().Year(); y < 1 || y > 9998 || DayOf(d.Time()) != d {
		c.add(field, CodeFormat, 0)
	}
}

// between refuses numbers outside of least and most.
func (c *check) between(field string, n, least, most int) {
	switch {
	case n < least:
		c.add(field, CodeTooSmall, least)
	case n > most:
		c.add(field, CodeTooLarge, most)
	}
}

// moment refuses times that RFC 3339 cannot write once they are in UTC and some hours
// have been added or taken.
func (c *check) moment(field string, t time.Time) {
	if y := t.UTC().Year(); y < 1 || y > 9998 {
		c.add(field, CodeFormat, 0)
	}
}

// moment cuts t to what is stored: milliseconds, in UTC.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
