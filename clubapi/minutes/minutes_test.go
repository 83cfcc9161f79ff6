package minutes_test

import (
	"flag"
	"fmt"
	"mime"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"salon/clubapi"
	"salon/clubapi/minutes"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

func at(hour, minute, second int) time.Time {
	return time.Date(2026, 1, 5, hour, minute, second, 0, time.UTC)
}

func note(id int64, speaker string, spoken time.Time, text string) clubapi.Note {
	return clubapi.Note{ID: id, Speaker: clubapi.Person{ID: id, Nickname: speaker}, SpokenAt: spoken, Text: text}
}

// evening is a meeting with everything in it that could go wrong in a file.
func evening() clubapi.Minutes {
	return clubapi.Minutes{
		TimeZone: "Asia/Seoul",
		Conference: clubapi.Conference{
			Title: "3장까지 *다시* 읽기", ClubTitle: "한강을 읽는 <모임>", Description: "1. 첫 번째 질문\n2. 두 번째 질문\n\n# 제목이 아닌 줄",
			Book: &clubapi.BookName{Title: "소년이 온다", Author: "한강"}, Start: at(14, 0, 0), End: at(16, 0, 0),
		},
		Attendance: []clubapi.Attendance{
			{User: clubapi.Person{Nickname: "지은"}, JoinedAt: at(14, 1, 30), LeftAt: at(15, 10, 0), Stayed: 68*time.Minute + 30*time.Second},
			{User: clubapi.Person{Nickname: "_민아_"}, JoinedAt: at(14, 5, 0), Stayed: 29 * time.Second},
		},
		Notes: []clubapi.Note{
			note(1, "지은", at(13, 59, 0), "시작하기 전에 적어 둔 말"),
			note(2, "민아", at(14, 3, 5), "같이 읽어요 --> 3장\r\n\r\n<script>alert(1)</script> & 끝"),
			note(4, "a > b & <c>", at(14, 3, 6), "바로 이어서"),
			note(3, "지은", at(14, 10, 0).Add(250*time.Millisecond), "- 하나\n- 둘\n\t들여 쓴 줄\n2026. 1. 5. 이라는 날짜\n`code` 와 [link](javascript:x) 와 snake_case"),
			note(5, "지은", at(15, 30, 0), strings.Repeat("긴 말 ", 20)),
		},
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *rewrite {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -rewrite and read the diff):\n%s", name, got)
	}
}

func TestGolden(t *testing.T) {
	golden(t, "evening.ko.md", minutes.Markdown(evening(), minutes.Korean))
	golden(t, "evening.en.md", minutes.Markdown(evening(), minutes.English))
	golden(t, "evening.vtt", minutes.VTT(evening()))

	short := clubapi.Minutes{Conference: clubapi.Conference{Title: "번개", Start: at(14, 0, 0), End: at(15, 0, 0)}, TimeZone: "Nowhere/None"}
	golden(t, "nothing.ko.md", minutes.Markdown(short, minutes.Korean))
	golden(t, "nothing.en.md", minutes.Markdown(short, minutes.English))
	golden(t, "nothing.vtt", minutes.VTT(short))
}

func TestDisposition(t *testing.T) {
	for title, name := range map[string]string{
		"첫 모임":                      "2026-01-05 첫 모임.md",
		`../../etc/"passwd"`:        "2026-01-05 etc passwd.md",
		"a\nb\u202e.exe":            "2026-01-05 a b .exe.md",
		"...":                       "2026-01-05 -.md",
		"100% 'quoted'; filename=x": "2026-01-05 100% 'quoted'; filename=x.md",
		strings.Repeat("가", 100):    "2026-01-05 " + strings.Repeat("가", 60) + ".md",
	} {
		m := evening()
		m.Conference.Title = title
		kind, parts, err := mime.ParseMediaType(minutes.Disposition(m, "md"))
		if err != nil || kind != "attachment" {
			t.Fatalf("%q: %s, %v", title, minutes.Disposition(m, "md"), err)
		}
		if parts["filename"] != name {
			t.Errorf("%q: name %q, want %q", title, parts["filename"], name)
		}
	}
	if got := minutes.Disposition(evening(), "vtt"); !strings.HasPrefix(got, `attachment; filename="minutes-2026-01-05.vtt"; filename*=UTF-8''2026-01-05%20`) {
		t.Errorf("disposition %s", got)
	}
}

// TestVTTIsWhatParsersTake reads cues as the grammar of WebVTT says, whatever was written.
func TestVTTIsWhatParsersTake(t *testing.T) {
	cue := regexp.MustCompile(`^\d+\n(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})\n<v [^\n<>]*>[^<]*$`)
	entity := regexp.MustCompile(`&(amp|lt|gt);`)
	rapid.Check(t, func(t *rapid.T) {
		m := evening()
		m.Conference.Title = rapid.String().Draw(t, "title")
		m.Notes = nil
		spoken := at(14, 0, 0)
		for i := range rapid.IntRange(0, 5).Draw(t, "notes") {
			spoken = spoken.Add(time.Duration(rapid.IntRange(0, 100000000).Draw(t, "ms")) * time.Millisecond)
			text := rapid.StringOf(rapid.SampledFrom([]rune("a가-->\r\n \t<&;v/"))).Draw(t, "text")
			m.Notes = append(m.Notes, note(int64(i), rapid.String().Draw(t, "who"), spoken, text))
		}
		blocks := strings.Split(strings.TrimSuffix(minutes.VTT(m), "\n"), "\n\n")
		if head := blocks[0]; !strings.HasPrefix(head, "WEBVTT") || strings.ContainsAny(head, "\r\n") || strings.Contains(head, "-->") {
			t.Fatalf("head %q", head)
		}
		if len(blocks) != len(m.Notes)+1 {
			t.Fatalf("%d blocks for %d notes: %q", len(blocks), len(m.Notes), blocks)
		}
		last := ""
		for _, b := range blocks[1:] {
			if !cue.MatchString(b) || strings.Contains(b, "\r") || strings.Count(b, "-->") != 1 || strings.Contains(entity.ReplaceAllString(b, ""), "&") {
				t.Fatalf("cue %q", b)
			}
			lines := strings.Split(b, "\n")
			from, to, _ := strings.Cut(lines[1], " --> ")
			if pad(from) >= pad(to) || pad(from) < last {
				t.Fatalf("cue %q after %s", b, last)
			}
			last = pad(from)
		}
	})
}

// pad makes stamps comparable as text.
func pad(stamp string) string { return fmt.Sprintf("%20s", stamp) }

// TestMarkdownMeansNothingByForeignText looks for marks that nothing escapes, whatever was written.
func TestMarkdownMeansNothingByForeignText(t *testing.T) {
	mark := regexp.MustCompile("(^|[^\\\\])[*_`<>\\[\\]&~|]")
	begins := regexp.MustCompile(`(?m)^(#|[-+=]|\d+[.)]|[ \t]+\S)`)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("a가1.)-+=#*_`<>[]&~| \t\r\n"))).Draw(t, "text")
		m := clubapi.Minutes{Conference: clubapi.Conference{Title: "t", Start: at(14, 0, 0)}, Notes: []clubapi.Note{note(1, "", at(14, 0, 0), text)}}
		_, said, ok := strings.Cut(minutes.Markdown(m, minutes.English), "14:00\n\n")
		if !ok {
			t.Fatal("no note")
		}
		unescaped := strings.ReplaceAll(said, `\\`, "")
		if mark.MatchString(unescaped) || begins.MatchString(unescaped) {
			t.Fatalf("%q is written as %q", text, said)
		}
	})
}
