package sqlite_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite"
)

func addBook(t testing.TB, s *sqlite.Store, by int64, title, author string) int64 {
	t.Helper()
	b, err := s.CreateBook(t.Context(), clubapi.Book{
		AddedBy: by, Title: title, Author: author, Category: clubapi.CategoryNovel, CreatedAt: now(), Version: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.ID
}

func write(t testing.TB, s *sqlite.Store, conference, author int64, text string) int64 {
	t.Helper()
	n, err := s.WriteNote(t.Context(), clubapi.Note{
		ConferenceID: conference, Author: clubapi.Person{ID: author}, Speaker: clubapi.Person{ID: author}, Text: text,
		Source: clubapi.SourceTyped, SpokenAt: now(), CreatedAt: now(), UpdatedAt: now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return n.ID
}

// shelf are titles and authors that Koreans look for.
func shelf() [][2]string {
	return [][2]string{
		{"소년이 온다", "한강"}, {"채식주의자", "한강"}, {"작별하지 않는다", "한강"}, {"아몬드", "손원평"}, {"불편한 편의점", "김호연"},
		{"달러구트 꿈 백화점", "이미예"}, {"82년생 김지영", "조남주"}, {"파친코", "이민진"}, {"총, 균, 쇠", "재레드 다이아몬드"},
		{"고양이", "베르나르 베르베르"}, {"SF소설 쓰는 법", "듀나"}, {"책장 속의 책", "무명"}, {"1984", "George Orwell"},
		{"1Q84", "무라카미 하루키"}, {"The Vegetarian", "Han Kang"}, {"L'Étranger", "Albert Camus"}, {"데미안 🐣", "헤르만 헤세"},
		{"어린 왕자", "생텍쥐페리"}, {"왕자와 거지", "마크 트웨인"}, {"독서의 기술", "모티머 애들러"}, {"三國志", "羅貫中"}, {"ノルウェイの森", "村上春樹"},
	}
}

func TestBooksAreFound(t *testing.T) {
	s := open(t)
	owner := person(t, s, "지은")
	for _, b := range shelf() {
		addBook(t, s, owner, b[0], b[1])
	}
	for words, want := range map[string]string{
		"소년":                             "소년이 온다",
		"소년이":                            "소년이 온다",
		"소년은":                            "소년이 온다",
		"온다":                             "소년이 온다",
		"소년이온다":                          "소년이 온다",
		"소년이 온다 한강":                      "소년이 온다",
		"한강":                             "작별하지 않는다,채식주의자,소년이 온다",
		"한강의":                            "작별하지 않는다,채식주의자,소년이 온다",
		"채식":                             "채식주의자",
		"주의":                             "채식주의자",
		"채식주의자를":                         "채식주의자",
		"작별하지않는다":                        "작별하지 않는다",
		"아몬드":                            "아몬드,총, 균, 쇠",
		"편의점에서":                          "불편한 편의점",
		"불편한편의점":                         "불편한 편의점",
		"백화점":                            "달러구트 꿈 백화점",
		"꿈":                              "달러구트 꿈 백화점",
		"꿈을":                             "달러구트 꿈 백화점",
		"82년생":                           "82년생 김지영",
		"82년생김지영":                        "82년생 김지영",
		"김지영":                            "82년생 김지영",
		"파친코":                            "파친코",
		"총 균 쇠":                          "총, 균, 쇠",
		"총균쇠":                            "총, 균, 쇠",
		"sf":                             "SF소설 쓰는 법",
		"SF소설":                           "SF소설 쓰는 법",
		"ＳＦ 소설":                          "SF소설 쓰는 법",
		"책":                              "책장 속의 책",
		"책장":                             "책장 속의 책",
		"198":                            "1984",
		"1q":                             "1Q84",
		"VEGE":                           "The Vegetarian",
		"han kang":                       "The Vegetarian",
		"etranger":                       "L'Étranger",
		"ÉTRANGER":                       "L'Étranger",
		"데미안":                            "데미안 🐣",
		"데미안 🐣":                          "데미안 🐣",
		"🐣":                              "",
		"왕자":                             "왕자와 거지,어린 왕자", // what begins with it comes first
		"왕자와":                            "왕자와 거지,어린 왕자",
		"독서를":                            "독서의 기술",
		"\u1109\u1169\u1102\u1167\u11ab": "소년이 온다", // decomposed
		"三國":                             "三國志",
		"森":                              "ノルウェイの森",
		"ノルウェイ":                          "ノルウェイの森",
		"없는 책":                           "",
		"소년 채식":                          "",
		`"`:                              "",
		`소년"`:                            "소년이 온다",
		`"소년이 온다"`:                       "소년이 온다",
		"소년*":                            "소년이 온다",
		"소년 AND":                         "",
		"NEAR(소년 온다, 2)":                 "",
		"-소년":                            "소년이 온다",
		"head:소년":                        "",
		"head : (소년":                     "",
		"소년)":                            "소년이 온다",
		"^소년 + 온다":                       "소년이 온다",
		"?! … ' \" ; --":                 "",
		"'; DROP TABLE x":                "",
		"\x00":                           "",
		"\u200b":                         "",
	} {
		page, err := s.Books(t.Context(), words, "", clubapi.Span{Limit: 10})
		if err != nil {
			t.Errorf("%q: %v", words, err)
			continue
		}
		var got []string
		for _, b := range page.Items {
			got = append(got, b.Title)
		}
		if strings.Join(got, ",") != want {
			t.Errorf("%q found %q, want %q", words, strings.Join(got, ","), want)
		}
	}
	for _, long := range []string{strings.Repeat("가", 100), strings.Repeat("a", 100), strings.Repeat("가 ", 50), strings.Repeat("a1 ", 33)} {
		if page, err := s.Books(t.Context(), long, "", clubapi.Span{Limit: 10}); err != nil || len(page.Items) != 0 {
			t.Errorf("%q: %d, %v", long, len(page.Items), err)
		}
	}
}

// TestFoundInPages walks through all that is found one by one.
func TestFoundInPages(t *testing.T) {
	s := open(t)
	owner := person(t, s, "지은")
	var want []int64
	for _, title := range []string{"바다 이야기", "강 이야기", "이야기 바다", "이야기의 끝"} {
		want = append(want, addBook(t, s, owner, title, ""))
	}
	want = []int64{want[3], want[2], want[1], want[0]} // those that begin with it, then the newest
	var got []int64
	at := clubapi.Span{Limit: 1}
	for {
		page, err := s.Books(t.Context(), "이야기", clubapi.CategoryNovel, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range page.Items {
			got = append(got, b.ID)
		}
		if page.Next == nil {
			break
		}
		at.After = page.Next
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if page, err := s.Books(t.Context(), "이야기", clubapi.CategoryPoetry, clubapi.Span{Limit: 9}); err != nil || len(page.Items) != 0 {
		t.Error(page, err)
	}
}

// TestWordsFollowWhatTheyStandFor changes and deletes what was found.
func TestWordsFollowWhatTheyStandFor(t *testing.T) {
	s := open(t)
	ctx, all := t.Context(), clubapi.Span{Limit: 9}
	owner := person(t, s, "지은")
	book := addBook(t, s, owner, "소년이 온다", "한강")
	id := club(t, s, owner, 6)
	clubs := func(words string) int {
		t.Helper()
		page, err := s.Clubs(ctx, owner, clubapi.ClubFilter{Words: words}, all)
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Items)
	}
	change := func(edit func(*clubapi.Club)) {
		t.Helper()
		if _, err := s.UpdateClub(ctx, id, owner, now(), func(c clubapi.Club) (clubapi.Club, error) { edit(&c); return c, nil }); err != nil {
			t.Fatal(err)
		}
	}
	if clubs("책") != 1 || clubs("한강") != 0 {
		t.Error("not found by its title alone")
	}
	change(func(c *clubapi.Club) { c.Title, c.Summary, c.BookID = "저녁 모임", "느리게 읽습니다", book })
	if clubs("책") != 0 || clubs("저녁") != 1 || clubs("느리게") != 1 || clubs("소년이 온다") != 1 {
		t.Error("not found by what it is after the change")
	}
	if _, err := s.UpdateBook(ctx, book, func(b clubapi.Book) (clubapi.Book, error) { b.Title = "흰"; return b, nil }); err != nil {
		t.Fatal(err)
	}
	if clubs("소년") != 0 || clubs("흰") != 1 {
		t.Error("not found by the new title of its book")
	}

	conf := conference(t, s, id, owner, 0)
	note := write(t, s, conf, owner, "광주의 봄")
	notes := func(words string) int {
		t.Helper()
		page, err := s.SearchNotes(ctx, id, owner, words, 0, all)
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Items)
	}
	if notes("광주") != 1 || notes("봄") != 1 || notes("여름") != 0 {
		t.Error("note not found")
	}
	if _, err := s.UpdateNote(ctx, note, owner, func(n clubapi.Note) (clubapi.Note, error) { n.Text = "광주의 여름"; return n, nil }); err != nil {
		t.Fatal(err)
	}
	if notes("봄") != 0 || notes("여름") != 1 {
		t.Error("note not found by what it says")
	}
	if err := s.DeleteNote(ctx, note, owner, func(clubapi.Note) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if notes("여름") != 0 {
		t.Error("deleted note found")
	}
	if err := s.CloseClub(ctx, id, owner, now(), func(clubapi.Club) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if clubs("저녁") != 0 {
		t.Error("closed club found")
	}
}

// TestNotesAreFoundByTheirReadersAlone searches everything as a member and as a stranger.
func TestNotesAreFoundByTheirReadersAlone(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	owner, member, stranger := person(t, s, "지은"), person(t, s, "민준"), person(t, s, "손님")
	id := club(t, s, owner, 6)
	if _, err := s.JoinClub(ctx, id, member, now()); err != nil {
		t.Fatal(err)
	}
	conf := conference(t, s, id, owner, 0)
	write(t, s, conf, owner, "c1 f1 s1 채식주의자 이야기")
	write(t, s, conf, member, "채식주의자 다른 이야기")
	for viewer, want := range map[int64]int{owner: 2, member: 2, stranger: 0, 0: 0} {
		found, err := s.Search(ctx, viewer, "채식주의자", 5)
		if err != nil || len(found.Notes) != want {
			t.Errorf("%d found %d, want %d: %v", viewer, len(found.Notes), want, err)
		}
	}
	if found, err := s.Search(ctx, owner, "채식주의자", 1); err != nil || len(found.Notes) != 1 || found.Notes[0].Author.ID != member || found.Notes[0].ConferenceTitle == "" {
		t.Errorf("%+v, %v", found.Notes, err)
	}
	page, err := s.SearchNotes(ctx, id, owner, "이야기", member, clubapi.Span{Limit: 9})
	if err != nil || len(page.Items) != 1 || page.Items[0].Speaker.ID != member {
		t.Errorf("%+v, %v", page.Items, err)
	}
	if _, err := s.SearchNotes(ctx, id, stranger, "이야기", 0, clubapi.Span{Limit: 9}); err == nil {
		t.Error("a stranger searched")
	}
}

// TestNotesOfManyClubs searches as somebody in more clubs than are searched at once, among
// more notes of others than are looked at first.
func TestNotesOfManyClubs(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	owner, other := person(t, s, "지은"), person(t, s, "민준")
	var mine int64
	for range 25 {
		mine = club(t, s, owner, 6)
	}
	conf := conference(t, s, mine, owner, 0)
	old := write(t, s, conf, owner, "채식주의자 이야기")
	expect := func(words string, want ...int64) {
		t.Helper()
		found, err := s.Search(ctx, owner, words, 5)
		var got []int64
		for _, n := range found.Notes {
			got = append(got, n.ID)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v: %v", words, got, want, err)
		}
	}
	expect("채식주의자", old)
	theirs := conference(t, s, club(t, s, other, 6), other, 0)
	for range 510 {
		write(t, s, theirs, other, "채식주의자")
	}
	expect("채식주의자", old)
	late := write(t, s, conf, owner, "채식주의자 다시")
	expect("채식주의자", late, old)
	var five []int64
	for range 6 {
		five = append(five, write(t, s, conf, owner, "채식주의자 여럿"))
	}
	slices.Reverse(five)
	expect("채식주의자", five[:5]...)
	expect("없는말")
	if err := s.CloseClub(ctx, mine, owner, now(), func(clubapi.Club) error { return nil }); err != nil {
		t.Fatal(err)
	}
	expect("채식주의자")
	expect("다시")
}

func TestRelatedNotesShareRareWords(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	owner := person(t, s, "지은")
	id, other := club(t, s, owner, 6), club(t, s, owner, 6)
	old, present := conference(t, s, id, owner, 0), conference(t, s, id, owner, 2*time.Hour)
	elsewhere := conference(t, s, other, owner, 4*time.Hour)
	near := write(t, s, old, owner, "채식주의자를 읽고 아버지가 무서웠어요")
	for i := range 30 {
		write(t, s, old, owner, fmt.Sprint("저는 좋았어요 ", i))
	}
	nearer := write(t, s, old, owner, "채식주의자의 나무 불꽃")
	write(t, s, elsewhere, owner, "채식주의자의 나무 불꽃")
	write(t, s, present, owner, "저는 채식주의자에서 나무 불꽃이 좋았어요")
	for _, text := range []string{"", "채식주의자는 나무 불꽃"} {
		notes, err := s.RelatedNotes(ctx, present, owner, text, 2)
		if err != nil || len(notes) != 2 || notes[0].ID != nearer || notes[1].ID != near {
			t.Errorf("%q: %+v, %v", text, notes, err)
		}
	}
	for _, text := range []string{"?!", "없는말", `"* NEAR(`} {
		if notes, err := s.RelatedNotes(ctx, present, owner, text, 5); err != nil || len(notes) != 0 {
			t.Errorf("%q: %v, %v", text, notes, err)
		}
	}
}

// TestWordsAreMadeAnew opens a store whose indexes were made by another version, or not at all.
func TestWordsAreMadeAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "club.db")
	s := openAt(t, path)
	owner := person(t, s, "지은")
	id := club(t, s, owner, 6)
	addBook(t, s, owner, "소년이 온다", "한강")
	write(t, s, conference(t, s, id, owner, 0), owner, "광주의 봄")
	if _, err := s.CreatePost(t.Context(), clubapi.Post{Author: clubapi.Person{ID: owner}, Title: "모여요", Content: "번개", CreatedAt: now(), UpdatedAt: now()}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	run(t, raw(t, path), `INSERT INTO club_words (club_words) VALUES ('delete-all')`, `INSERT INTO note_words (note_words) VALUES ('delete-all')`, `PRAGMA user_version = 0`)
	s = openAt(t, path)
	for words, want := range map[string][4]int{"책": {1, 0, 0, 0}, "소년": {0, 1, 0, 0}, "번개": {0, 0, 1, 0}, "광주": {0, 0, 0, 1}} {
		f, err := s.Search(t.Context(), owner, words, 5)
		if got := [4]int{len(f.Clubs), len(f.Books), len(f.Posts), len(f.Notes)}; err != nil || got != want {
			t.Errorf("%s: %v, want %v: %v", words, got, want, err)
		}
	}
}

// TestWordsAreMerged writes so much one after the other that the index is in many parts.
func TestWordsAreMerged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "club.db")
	s := openAt(t, path)
	author := person(t, s, "지은")
	for i := range 40 {
		p := clubapi.Post{Author: clubapi.Person{ID: author}, Title: fmt.Sprint("모여요 ", i), Content: "번개", CreatedAt: now(), UpdatedAt: now()}
		if _, err := s.CreatePost(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	d := raw(t, path)
	parts := func() (n int) {
		t.Helper()
		if err := d.QueryRowContext(t.Context(), "SELECT count(DISTINCT segid) FROM post_words_idx").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := parts()
	if steps, err := s.MergeWords(t.Context()); err != nil || steps == 0 {
		t.Fatal(steps, err)
	}
	if after := parts(); before < 5 || after > 2 {
		t.Errorf("%d parts of %d are left", after, before)
	}
	if steps, err := s.MergeWords(t.Context()); err != nil || steps != 0 {
		t.Errorf("%d steps again, %v", steps, err)
	}
	found, err := s.Posts(t.Context(), "번개", clubapi.Span{Limit: 50})
	if err != nil || len(found.Items) != 40 {
		t.Errorf("%d found, %v", len(found.Items), err)
	}
}

// FuzzSearch asks with whatever comes: nothing that people type is an error.
func FuzzSearch(f *testing.F) {
	s := open(f)
	owner := person(f, s, "지은")
	id := club(f, s, owner, 6)
	conf := conference(f, s, id, owner, 0)
	for _, text := range []string{"소년이 온다", `"`, "NEAR(a b, 2)", "a AND OR NOT", "head : x", "^ * + -", "책을 책을", "\x00", "각", "🐣"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, words string) {
		if _, err := s.Search(t.Context(), owner, words, 5); err != nil {
			t.Errorf("%q: %v", words, err)
		}
		if _, err := s.RelatedNotes(t.Context(), conf, owner, words, 5); err != nil {
			t.Errorf("%q: %v", words, err)
		}
	})
}
