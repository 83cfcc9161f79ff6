package search_test

import (
	"strings"
	"testing"

	"salon/clubapi/search"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"소년이 온다":                "소년 년이 이 온다 다",
		"책":                     "책",
		"책장":                    "책장 장",
		"82년생 김지영":              "82 년생 생 김지 지영 영",
		"SF소설":                  "sf 소설 설",
		"Café Größe":            "cafe grosse",
		"don't panic":           "don t panic",
		"ＡＢＣ １２":                "abc 12",
		"ﾊﾙｷ":                   "ハル ルキ キ",
		"1Q84":                  "1q84",
		"총, 균, 쇠":               "총 균 쇠",
		"三國志 삼국지":               "三國 國志 志 삼국 국지 지",
		"각":                     "각", // decomposed
		"📚 👩‍👩‍👧 ?!":            "",
		`"*NEAR(-:^{}) AND`:     "near and",
		"a\x00b":                "a b",
		"":                      "",
		"Война и мир":           "воина и мир",
		"हिन्दी":                "हिन्दी",
		"e\u0301te\u0301 ½ ﬁne": "ete 1 2 fine",
	} {
		if got := strings.TrimSpace(search.Words(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := strings.TrimSpace(search.Title("총, 균, 쇠")); got != "총 균 쇠 총균 균쇠 쇠" {
		t.Error(got)
	}
	if got := strings.TrimSpace(search.Title("82년생 김지영")); got != "82 년생 생 김지 지영 영 년생 생김 김지 지영 영" {
		t.Error(got)
	}
}

func TestExpressions(t *testing.T) {
	for text, want := range map[string][2]string{
		"독서를":          {`"독서 서를"`, `"독서"`},
		"한강의 소년":       {`"한강 강의" AND "소년"`, `"한강" AND "소년"`},
		"책":            {`"책" *`, `"책" *`},
		"책을":           {`"책을"`, `("책을" OR "책" OR "책은" OR "책는" OR "책이" OR "책가" OR "책의" OR "책에" OR "책도")`},
		"가을":           {`"가을"`, `"가을"`},
		"아이":           {`"아이"`, `"아이"`},
		"집에서":          {`"집에 에서"`, `"집" *`},
		"책으로":          {`"책으 으로"`, `"책" *`},
		"나라는":          {`"나라 라는"`, `"나라"`},
		"사과는":          {`"사과 과는"`, `"사과"`},
		"도서관에서는":       {`"도서 서관 관에 에서 서는"`, `"도서 서관"`},
		"독서에서부터":       {`"독서 서에 에서 서부 부터"`, `"독서"`},
		"SF소설":         {`"sf" AND "소설"`, `"sf" AND "소설"`},
		"읽는 SF":        {`"읽는" AND "sf" *`, `"읽는" AND "sf" *`},
		"book 1984 a":  {`"book" * AND "1984" AND "a" *`, `"book" * AND "1984" AND "a" *`},
		`"a* OR -b:c^`: {`"a" AND "or" AND "b" AND "c" *`, `"a" AND "or" AND "b" AND "c" *`},
		"NEAR(소년, 5)":  {`"near" * AND "소년" AND "5" *`, `"near" * AND "소년" AND "5" *`},
		"?! ‘’ “” … 📚": {"", ""},
		"채식주의자가 말했다는":  {`"채식 식주 주의 의자 자가" AND "말했 했다 다는"`, `"채식 식주 주의 의자" AND "말했 했다"`},
	} {
		q := search.Parse(text)
		if q.Strict() != want[0] || q.Loose() != want[1] || q.Empty() != (want[0] == "") {
			t.Errorf("%q: %s, %s", text, q.Strict(), q.Loose())
		}
	}
}
