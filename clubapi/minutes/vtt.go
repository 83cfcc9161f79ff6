package minutes

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"salon/clubapi"
)

// How long a cue stays: people read about 15 code points in a second, Hangul more slowly than
// that. Our own choice; nobody says how long something was said.
const (
	cueLeast = 2 * time.Second
	cueEach  = 80 * time.Millisecond // for each code point
	cueMost  = 12 * time.Second
	// cueVisible is what a cue gets even when the next one begins sooner.
	cueVisible = time.Second
)

// VTT writes one cue for each note, beginning when it was said, counted from the start of the
// conference. What was said before the start stands at its start.
func VTT(m clubapi.Minutes) string {
	var b strings.Builder
	b.WriteString("WEBVTT")
	if title := cueLine(m.Conference.Title); title != "" {
		b.WriteString(" - " + title)
	}
	b.WriteString("\n")
	start := Start(m)
	for i, n := range m.Notes {
		from := max(n.SpokenAt.Sub(start), 0)
		to := from + min(max(cueLeast, time.Duration(utf8.RuneCountInString(n.Text))*cueEach), cueMost)
		if i+1 < len(m.Notes) {
			next := max(m.Notes[i+1].SpokenAt.Sub(start), 0)
			to = max(min(to, next), from+cueVisible)
		}
		fmt.Fprintf(&b, "\n%d\n%s --> %s\n<v %s>%s\n", n.ID, stamp(from), stamp(to), cueLine(n.Speaker.Nickname), cueText(n.Text))
	}
	return b.String()
}

// stamp writes hours, which may be more than 99, minutes, seconds and milliseconds.
func stamp(d time.Duration) string {
	ms := d.Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3600000, ms/60000%60, ms/1000%60, ms%1000)
}

// cueText escapes what would begin a tag, an entity or a timing line, and leaves out blank
// lines, which would end the cue.
func cueText(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(strings.Join(lines, "\n"))
}

// cueLine is cueText on one line.
func cueLine(text string) string { return strings.ReplaceAll(cueText(text), "\n", " ") }
