package sqlite

import (
	"math"

	"salon/clubapi"
)

// after is where an ascending list begins, before where a descending one does.
func after(at clubapi.Span) clubapi.Cursor {
	if at.After == nil {
		return clubapi.Cursor{Key: math.MinInt64}
	}
	return *at.After
}

func before(at clubapi.Span) clubapi.Cursor {
	if at.After == nil {
		return clubapi.Cursor{Key: math.MaxInt64, ID: math.MaxInt64}
	}
	return *at.After
}

// oneMore asks for one item beyond the page, to know whether there is another page.
func oneMore(at clubapi.Span) int64 { return int64(at.Limit) + 1 }
