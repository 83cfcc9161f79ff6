package clubapi_test

import (
	"testing"
	"time"

	"salon/clubapi"
)

func TestRatingIsTheMeanToOneDecimal(t *testing.T) {
	for _, c := range []struct {
		sum, count int
		want       float64
	}{{0, 0, 0}, {5, 1, 5}, {9, 2, 4.5}, {10, 3, 3.3}, {11, 3, 3.7}, {17, 4, 4.3}, {1, 1, 1}, {4999, 1000, 5}} {
		if got := (clubapi.Book{RatingSum: c.sum, RatingCount: c.count}).Rating(); got != c.want {
			t.Errorf("%d by %d: %v, want %v", c.sum, c.count, got, c.want)
		}
	}
}

func TestBookIsEditedByWhoAddedIt(t *testing.T) {
	book := clubapi.Book{AddedBy: 1}
	for viewer, want := range map[clubapi.User]bool{
		{ID: 1}: true, {ID: 2}: false, {ID: 2, Admin: true}: true, {}: false, {Admin: true}: false,
	} {
		if book.Editable(viewer) != want {
			t.Errorf("%+v: %v", viewer, !want)
		}
	}
}

func TestStackGrows(t *testing.T) {
	all, months := clubapi.Stacks([]clubapi.Pile{
		{Month: 0, Books: 2, Pages: 1000},            // 60 mm of pages, 8 mm of covers
		{Month: 1, Books: 2, Pages: 250, Unknown: 1}, // 15 + 4 + 20 mm
		{Month: 12, Books: 1, Unknown: 1},
	})
	if all.Books != 5 || all.Millimetres() != 127 || months[0].Millimetres() != 39 || months[11].Millimetres() != 20 || months[5].Books != 0 {
		t.Errorf("%+v %+v", all, months)
	}
}

func TestDays(t *testing.T) {
	if d := clubapi.DayOf(time.Date(2026, 1, 5, 23, 0, 0, 0, time.FixedZone("KST", 9*3600))); d != "2026-01-05" || d.Time().Day() != 5 {
		t.Error(d)
	}
	if !clubapi.Day("").Time().IsZero() || !clubapi.Day("2026-02-30").Time().IsZero() {
		t.Error("a day that is none")
	}
}
