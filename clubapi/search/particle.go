package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// particle is what Korean puts behind a noun (조사), or behind another particle.
type particle struct {
	text   string
	length int // in code points
}

func particles() []particle {
	words := strings.Fields(`
		은 는 이 가 을 를 의 에 와 과 도 로 만 나 랑 야 여
		에서 에게 께서 한테 으로 라도 이나 이랑 처럼 까지 부터 보다 마다 조차 마저 밖에 대로 만큼 같이 하고 이며 이여
		에는 에도 에만 와는 과는 와의 과의 로는 로서 로써 만이 만은 만을 로의 에의
		에서는 에서도 에서의 에서만 에게는 에게서 에게도 한테서 으로는 으로서 으로써 으로도 으로의 이라도 이라는 이라고
		라는 라고 까지는 까지도 부터는 보다는 보다도 처럼은 께서는 에서부터 으로부터 로부터 에게서는`)
	list := make([]particle, len(words))
	for i, w := range words {
		list[i] = particle{text: w, length: utf8.RuneCountInString(w)}
	}
	return list
}

// bare is an expression for texts that hold the run, whatever particle stands behind it.
// A noun of one syllable is looked for with its common particles only where the query says
// that it is one (책을), since too many nouns end like a particle (아이, 회의).
func (r run) bare(last bool, list []particle) string {
	if !r.syllables {
		return r.phrase(last)
	}
	if noun, ok := r.object(); ok {
		words := []string{r.phrase(last), `"` + noun + `"`}
		for _, p := range []string{"은", "는", "이", "가", "의", "에", "도"} {
			words = append(words, `"`+noun+p+`"`)
		}
		return "(" + strings.Join(words, " OR ") + ")"
	}
	return r.stem(list).phrase(last)
}

// object is the noun of one syllable of which the run is the object.
func (r run) object() (noun string, ok bool) {
	if r.length != 2 || slices.Contains([]string{"가을", "마을", "노을", "고을"}, r.text) {
		return "", false
	}
	if noun, ok = strings.CutSuffix(r.text, "을"); ok {
		return noun, true
	}
	return strings.CutSuffix(r.text, "를")
}

// stem takes the longest particle that leaves two syllables from the end of a run; a
// particle of two or more may leave one (집에서) when none does.
func (r run) stem(list []particle) run {
	best := particle{}
	for _, p := range list {
		if p.length >= r.length || !strings.HasSuffix(r.text, p.text) || strings.HasSuffix(r.text, "으"+p.text) {
			continue
		}
		left, had := r.length-p.length, r.length-best.length
		if left >= 2 && (p.length > best.length || had < 2) || left == 1 && p.length >= 2 && best.length == 0 {
			best = p
		}
	}
	return run{text: strings.TrimSuffix(r.text, best.text), length: r.length - best.length, syllables: r.syllables}
}
