package sqlite

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// BenchmarkSearch asks a store of 10,000 clubs and 100,000 notes, half of them of one club,
// for common and rare words. p50-ms and p99-ms are of one call of the store.
func BenchmarkSearch(b *testing.B) {
	const clubs, notes = 10000, 100000
	s := bigStore(b, clubs, notes)
	at := clubapi.Span{Limit: 20}
	words := []string{"책", "사람", "생각합니다", "이", "독서를", "the", "t", "th", "한강", "사람 생각", "인공지능", "book", "채식주의자", "없는말"}
	ctx := b.Context()
	for name, ask := range map[string]func(words string) error{
		"clubs": func(w string) error {
			_, err := s.Clubs(ctx, 1, clubapi.ClubFilter{Words: w}, at)
			return err
		},
		"clubs-filtered": func(w string) error {
			_, err := s.Clubs(ctx, 1, clubapi.ClubFilter{Words: w, Category: clubapi.CategoryArt, FreeSeats: true, Weekdays: 1}, at)
			return err
		},
		"clubs-filter-alone": func(string) error {
			_, err := s.Clubs(ctx, 1, clubapi.ClubFilter{Category: clubapi.CategoryArt, FreeSeats: true, Weekdays: 1}, at)
			return err
		},
		"books":      func(w string) error { _, err := s.Books(ctx, w, "", at); return err },
		"posts":      func(w string) error { _, err := s.Posts(ctx, w, at); return err },
		"notes":      func(w string) error { _, err := s.SearchNotes(ctx, 1, 1, w, 0, at); return err },
		"notes-few":  func(w string) error { _, err := s.SearchNotes(ctx, 7, 7, w, 0, at); return err },
		"notes-said": func(w string) error { _, err := s.SearchNotes(ctx, 1, 1, w, 2, at); return err },
		"related": func(w string) error {
			_, err := s.RelatedNotes(ctx, 1, 1, strings.Repeat(w+" ", 3)+strings.Join(words, " "), 5)
			return err
		},
		"related-to": func(string) error { _, err := s.RelatedNotes(ctx, 1, 1, "", 5); return err },
		"all":        func(w string) error { _, err := s.Search(ctx, 1, w, 5); return err },
	} {
		b.Run(fmt.Sprintf("%s/clubs=%d/notes=%d", name, clubs, notes), func(b *testing.B) {
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				begin := time.Now()
				if err := ask(words[i%len(words)]); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begin))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// speech makes up what people say, with a seed.
type speech struct {
	rand         *rand.Rand
	nouns, verbs []string
	common       *rand.Zipf
}

func newSpeech() *speech {
	r := rand.New(rand.NewPCG(1, 2))
	s := &speech{rand: r, nouns: strings.Fields(`
		책 사람 생각 마음 시간 이야기 작가 소설 문장 주인공 장면 느낌 의미 질문 대답 모임 독서 다음 처음 마지막 부분 내용 결말 시작 과정
		문제 이유 방법 세상 사회 역사 가족 어머니 아버지 아이 친구 학교 도시 마을 바다 한강 소년 광주 기억 슬픔 기쁨 사랑 이별 죽음 삶 꿈
		밤 아침 저녁 여름 겨울 봄 가을 나무 꽃 하늘 구름 바람 채식주의자 아몬드 편의점 백화점 파친코 철학 과학 우주 지구 인간 기계
		인공지능 경제 돈 시장 정치 법 언어 한국어 번역 출판 서점 도서관 영화 음악 그림 연극 시 수필 단편 추리 고전 미래 과거 고양이 여행`),
		verbs: strings.Fields(`나는 생각합니다 읽었습니다 느꼈어요 좋았어요 아쉬웠어요 말했다 있었다 같아요 그래서 정말 조금 다시 함께
		the book club novel reading think really character story world of and theme Kafka`)}
	s.common = rand.NewZipf(r, 1.1, 3, uint64(len(s.nouns)-1))
	return s
}

func (s *speech) say(words int) string {
	var b strings.Builder
	for range words {
		if s.rand.IntN(3) == 0 {
			b.WriteString(s.verbs[s.rand.IntN(len(s.verbs))])
		} else {
			b.WriteString(s.nouns[s.common.Uint64()])
			b.WriteString([]string{"은", "는", "이", "를", "의", "에서", "", ""}[s.rand.IntN(8)])
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// bigStore fills a store in one transaction. Club n+1 is owned by user n; the first club
// holds half of the notes.
func bigStore(b *testing.B, clubs, notes int) *Store {
	b.Helper()
	s, err := Open(b.Context(), filepath.Join(b.TempDir(), "club.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	ctx, say := b.Context(), newSpeech()
	err = s.write(ctx, "fill", func(q *db.Queries) error {
		for n := 1; n <= clubs; n++ {
			name := fmt.Sprintf("사람 %d", n)
			if _, err := q.InsertUser(ctx, db.InsertUserParams{Nickname: name, NicknameKey: name, PasswordHash: "h"}); err != nil {
				return err
			}
			book := clubapi.Book{ID: int64(n), Title: fmt.Sprintf("%s%d", say.say(3), n), Author: say.say(1), Version: 1}
			if _, err := q.InsertBook(ctx, db.InsertBookParams{AddedBy: int64(n), Title: book.Title, Author: book.Author, Category: "novel"}); err != nil {
				return err
			}
			post := clubapi.Post{ID: int64(n), Title: say.say(5), Content: say.say(40)}
			if _, err := q.InsertPost(ctx, db.InsertPostParams{AuthorID: int64(n), Title: post.Title, Content: post.Content}); err != nil {
				return err
			}
			club := clubapi.Club{ID: int64(n), Title: say.say(4), Summary: say.say(8), Detail: say.say(30)}
			if _, err := q.InsertClub(ctx, db.InsertClubParams{
				OwnerID: int64(n), Title: club.Title, Summary: club.Summary, Detail: club.Detail, Category: "novel", MaxUser: 1,
				JoinRule: "free", BookID: optional(int64(n)), TimeZone: "Asia/Seoul",
			}); err != nil {
				return err
			}
			if err := q.InsertMember(ctx, db.InsertMemberParams{ClubID: int64(n), UserID: int64(n)}); err != nil {
				return err
			}
			conf := clubapi.Conference{ClubID: int64(n), OwnerID: int64(n), Title: say.say(4), BookID: int64(n), Start: time.Unix(0, 0), End: time.Unix(3600, 0), CreatedAt: time.Unix(0, 0)}
			if _, err := insertConference(ctx, q, conf); err != nil {
				return err
			}
			for _, err := range []error{indexBook(ctx, q, book), indexPost(ctx, q, post), indexClub(ctx, q, club)} {
				if err != nil {
					return err
				}
			}
		}
		// The first club has another hundred conferences.
		for range 100 {
			f := clubapi.Conference{ClubID: 1, OwnerID: 1, Title: say.say(4), Start: time.Unix(0, 0), End: time.Unix(3600, 0), CreatedAt: time.Unix(0, 0)}
			if _, err := insertConference(ctx, q, f); err != nil {
				return err
			}
		}
		for n := 1; n <= notes; n++ {
			club, conf := int64(n%clubs+1), int64(n%clubs+1)
			if n%2 == 0 {
				club, conf = 1, int64(clubs+1+n%100)
			}
			note := clubapi.Note{ID: int64(n), ConferenceID: conf, ClubID: club, Text: say.say(15), Speaker: clubapi.Person{ID: int64(n%6 + 1)}}
			if _, err := q.InsertNote(ctx, db.InsertNoteParams{
				ConferenceID: conf, SpeakerID: note.Speaker.ID, AuthorID: 1, Text: note.Text, Source: "typed",
			}); err != nil {
				return err
			}
			if err := indexNote(ctx, q, note); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}
