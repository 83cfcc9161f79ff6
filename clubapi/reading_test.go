package clubapi

import "testing"

func TestThicknessAddsUpToTheStack(t *testing.T) {
	for _, tc := range []struct {
		name  string
		pages int
		want  int // millimetres
	}{
		{"a book of 216 pages", 216, 17},
		{"a leaflet", 1, 4},
		{"nobody knows its pages", 0, 20},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := (Reading{Pages: tc.pages}).Thickness().Millimetres(); got != tc.want {
				t.Errorf("%d mm, want %d", got, tc.want)
			}
		})
	}
	all, months := Stacks([]Pile{{Month: 3, Books: 2, Pages: 216, Unknown: 1}, {Books: 1, Pages: 1}})
	if all.Books != 3 || all.Millimetres() != 41 {
		t.Errorf("in all %d books, %d mm, want 3 books, 41 mm", all.Books, all.Millimetres())
	}
	if months[2].Books != 2 || months[2].Millimetres() != 37 {
		t.Errorf("in March %+v, want 2 books, 37 mm", months[2])
	}
}
