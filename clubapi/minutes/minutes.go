// Package minutes writes the minutes of a conference as files: Markdown to read, WebVTT (W3C)
// to show beside a recording, and the name a file is saved under (RFC 6266). It decides what
// such a file says and how foreign text is kept from meaning something in it; it reads no
// clock and no store, and its functions keep nothing.
package minutes

import (
	"strings"
	"time"
	"unicode"

	"salon/clubapi"
)

// Lang is the language of what a file says by itself.
type Lang string

// Languages.
const (
	Korean  Lang = "ko"
	English Lang = "en"
)

// Start is when the conference began in truth: when the first one came, or, when nobody is
// known to have come, when it should have begun.
func Start(m clubapi.Minutes) time.Time {
	if len(m.Attendance) > 0 {
		return m.Attendance[0].JoinedAt
	}
	return m.Conference.Start
}

// zone is where the club lives; UTC where its zone is unknown.
func zone(m clubapi.Minutes) *time.Location {
	z, err := time.LoadLocation(m.TimeZone)
	if err != nil {
		return time.UTC
	}
	return z
}

// maxName is how many code points of a title are kept in the name of a file.
const maxName = 60

// Disposition is the Content-Disposition of a file with that extension: the day and the title
// in UTF-8 for clients that know RFC 8187, and a plain name for those that do not.
func Disposition(m clubapi.Minutes, extension string) string {
	day := m.Conference.Start.In(zone(m)).Format(time.DateOnly)
	name := day + " " + fileName(m.Conference.Title) + "." + extension
	return `attachment; filename="minutes-` + day + "." + extension + `"; filename*=UTF-8''` + extValue(name)
}

// fileName takes out of a title what file systems refuse or read as a path.
func fileName(title string) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || !unicode.IsGraphic(r) || unicode.In(r, unicode.Cf) {
			return ' '
		}
		return r
	}, title)
	runes := []rune(strings.Join(strings.Fields(clean), " "))
	clean = strings.Trim(string(runes[:min(len(runes), maxName)]), " .")
	if clean == "" {
		return "-"
	}
	return clean
}

// extValue writes text as RFC 8187 wants it: attr-char as it is, the rest in percent.
func extValue(text string) string {
	const hex, plain = "0123456789ABCDEF", "!#$&+-.^_`|~"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', strings.IndexByte(plain, c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
