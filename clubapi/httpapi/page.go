package httpapi

import (
	"net/url"
	"strconv"

	"salon/clubapi"
)

// Sizes of a page when the caller asks for none, as in openapi.yaml.
const (
	pageSize  = 20
	notesSize = 200
)

// listing is a list as the caller asked for it: where it lives and which cursors it takes.
type listing struct {
	list  string // name of the list in its cursors
	path  string
	query url.Values
	size  int
}

// span reads limit and cursor (called after by lists to be followed).
func (p listing) span(limit *int, name string, cursor *string) (clubapi.Span, error) {
	at := clubapi.Span{Limit: p.size}
	if limit != nil {
		at.Limit = *limit
		p.query.Set("limit", strconv.Itoa(*limit))
	}
	if cursor != nil && *cursor != "" {
		c, err := clubapi.ParseCursor(p.list, *cursor)
		if err != nil {
			return at, clubapi.Invalid("query/"+name, clubapi.CodeCursor)
		}
		at.After = &c
	}
	return at, nil
}

// next returns the cursor of the next page and the Link header to it; nil and nil after
// the last one.
func (p listing) next(name string, at *clubapi.Cursor) (cursor, link *string) {
	if at == nil {
		return nil, nil
	}
	text := at.Encode(p.list)
	p.query.Set(name, text)
	header := "<" + p.path + "?" + p.query.Encode() + `>; rel="next"`
	return &text, &header
}

// listed is a listing with no query of its own.
func listed(list, path string) listing {
	return listing{list: list, path: path, query: url.Values{}, size: pageSize}
}

// words reads what to look for, and keeps it in the addresses of the next pages; a list
// of what was found takes other cursors than one of everything.
func (p *listing) words(q *string) string {
	if q == nil {
		return ""
	}
	p.list += "-found"
	p.query.Set("q", *q)
	return *q
}

// within is the name of a list that belongs to one thing, so that its cursors do not fit
// the list of another.
func within(list string, id int64) string { return list + "-" + strconv.FormatInt(id, 10) }

// under is the path of a list that belongs to one thing.
func under(what string, id int64, list string) string {
	return "/api/v1/" + what + "/" + strconv.FormatInt(id, 10) + "/" + list
}

// present is nil for what is absent: a zero value.
func present[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func bodies[T, B any](items []T, body func(T) B) []B {
	out := make([]B, len(items))
	for i, it := range items {
		out[i] = body(it)
	}
	return out
}
