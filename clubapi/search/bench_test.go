package search_test

import (
	"strings"
	"testing"

	"salon/clubapi/search"
)

func BenchmarkWords(b *testing.B) {
	for name, text := range map[string]string{"korean=10000": strings.Repeat("소년이 온다를 읽고 ", 1000), "one-word=10000": strings.Repeat("가", 10000), "english=10000": strings.Repeat("reading ", 1250)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				search.Words(text)
			}
		})
	}
}

func BenchmarkQuery(b *testing.B) {
	text := strings.Repeat("소년이 ", 25)
	for b.Loop() {
		search.Parse(text).Tiers()
	}
}
