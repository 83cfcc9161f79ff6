package minutes

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"salon/clubapi"
)

// wording is what Markdown says in one language.
type wording struct {
	club, book, when, came, notes, nothing string
	day                                    func(time.Time) string
	stayed                                 func(minutes int) string
}

func wordingOf(lang Lang) wording {
	if lang == English {
		return wording{
			club: "Club", book: "Book", when: "When", came: "Attendance", notes: "Notes", nothing: "No notes were written.",
			day: func(t time.Time) string { return t.Format("Monday, 2 January 2006") },
			stayed: func(n int) string {
				if n == 1 {
					return "1 minute"
				}
				return strconv.Itoa(n) + " minutes"
			},
		}
	}
	return wording{
		club: "모임", book: "책", when: "일시", came: "참석", notes: "회의록", nothing: "기록된 내용이 없습니다.",
		day: func(t time.Time) string {
			weekdays := []string{"일", "월", "화", "수", "목", "금", "토"}
			return fmt.Sprintf("%d년 %d월 %d일 (%s)", t.Year(), t.Month(), t.Day(), weekdays[t.Weekday()])
		},
		stayed: func(n int) string { return strconv.Itoa(n) + "분" },
	}
}

// Markdown writes the minutes in CommonMark, times in the club's zone.
func Markdown(m clubapi.Minutes, lang Lang) string {
	w, z, c := wordingOf(lang), zone(m), m.Conference
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", plainLine(c.Title))
	if c.ClubTitle != "" {
		fmt.Fprintf(&b, "- %s: %s\n", w.club, plainLine(c.ClubTitle))
	}
	if c.Book != nil {
		fmt.Fprintf(&b, "- %s: %s\n", w.book, strings.TrimSpace("『"+plainLine(c.Book.Title)+"』 "+plainLine(c.Book.Author)))
	}
	start, end := c.Start.In(z), c.End.In(z)
	fmt.Fprintf(&b, "- %s: %s %s–%s (%s)\n", w.when, w.day(start), start.Format("15:04"), end.Format("15:04"), z)
	if c.Description != "" {
		fmt.Fprintf(&b, "\n%s\n", plain(c.Description))
	}
	if len(m.Attendance) > 0 {
		fmt.Fprintf(&b, "\n## %s\n\n", w.came)
	}
	for _, a := range m.Attendance {
		fmt.Fprintf(&b, "- %s: %s\n", plainLine(a.User.Nickname), w.stayed(Minutes(a.Stayed)))
	}
	fmt.Fprintf(&b, "\n## %s\n", w.notes)
	day := start.YearDay()
	for _, n := range m.Notes {
		at := n.SpokenAt.In(z)
		if at.YearDay() != day {
			day = at.YearDay()
			fmt.Fprintf(&b, "\n### %s\n", w.day(at))
		}
		fmt.Fprintf(&b, "\n**%s** %s\n\n%s\n", plainLine(n.Speaker.Nickname), at.Format("15:04"), plain(n.Text))
	}
	if len(m.Notes) == 0 {
		fmt.Fprintf(&b, "\n%s\n", w.nothing)
	}
	return b.String()
}

// Minutes rounds to the nearest minute.
func Minutes(d time.Duration) int { return int((d + time.Minute/2) / time.Minute) }

// plain escapes what Markdown or HTML would read as more than text. Lines stay lines.
func plain(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	text = strings.NewReplacer(
		`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "&", `\&`, "~", `\~`, "|", `\|`,
	).Replace(text)
	var paragraphs []string
	var lines []string
	flush := func() {
		if len(lines) > 0 {
			paragraphs = append(paragraphs, strings.Join(lines, "\\\n"))
		}
		lines = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			flush()
			continue
		case strings.ContainsRune("#+-=", rune(line[0])):
			line = `\` + line
		default:
			line = unnumbered(line)
		}
		lines = append(lines, line)
	}
	flush()
	return strings.Join(paragraphs, "\n\n")
}

// unnumbered keeps a line that begins with a number from beginning a numbered list.
func unnumbered(line string) string {
	rest := strings.TrimLeft(line, "0123456789")
	digits := line[:len(line)-len(rest)]
	if digits == "" || rest == "" || rest[0] != '.' && rest[0] != ')' {
		return line
	}
	return digits + `\` + rest
}

// plainLine is plain on one line, where nothing begins a block.
func plainLine(text string) string {
	return strings.ReplaceAll(plain(strings.Join(strings.Fields(text), " ")), "\\\n", " ")
}
