package api

import (
	"math/rand/v2"
	"strings"
)

// speech makes up titles and what people say. Common words come often, as they do.
type speech struct {
	rand  *rand.Rand
	nouns []string
	often *rand.Zipf
}

func newSpeech(r *rand.Rand) *speech {
	nouns := strings.Fields(`
		책 사람 생각 이야기 소설 작가 문장 마음 시간 주인공 장면 느낌 의미 질문 모임 독서 처음 마지막 결말 문제 이유 세상 사회 역사 가족
		어머니 아버지 아이 친구 학교 도시 마을 바다 한강 소년 광주 기억 슬픔 기쁨 사랑 이별 죽음 꿈 아침 저녁 여름 겨울 가을 나무 하늘
		채식주의자 아몬드 편의점 백화점 파친코 철학 과학 우주 인간 기계 인공지능 경제 시장 정치 언어 한국어 번역 출판 서점 도서관 영화 음악
		reading novel character world theme Kafka Borges essay poetry`)
	return &speech{rand: r, nouns: nouns, often: rand.NewZipf(r, 1.1, 3, uint64(len(nouns)-1))}
}

func (s *speech) word() string { return s.nouns[s.often.Uint64()] }

// say makes a sentence of so many words with their particles.
func (s *speech) say(words int) string {
	var b strings.Builder
	for range words {
		b.WriteString(s.word())
		b.WriteString([]string{"은", "이", "를", "의", "에서", "", " 정말", " 그런데"}[s.rand.IntN(8)])
		b.WriteByte(' ')
	}
	return b.String() + "좋았어요."
}

// title is at most a line.
func (s *speech) title() string { return s.word() + " " + s.word() + "의 " + s.word() }

// ask is what somebody types to find something: mostly one word, sometimes with its particle.
func (s *speech) ask() string {
	return s.word() + []string{"", "", "를", " " + s.word()}[s.rand.IntN(4)]
}
