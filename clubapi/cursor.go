package clubapi

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// Cursor is a position in a list that is ordered by (Key, ID).
type Cursor struct {
	Key int64 // unix milliseconds, or 0 in a list ordered by ID alone
	ID  int64
}

// Span asks for at most Limit (at least 1) items after a position; a nil After is the start.
type Span struct {
	After *Cursor
	Limit int
}

// Page is a stretch of a list. Next is nil when it was the last.
type Page[T any] struct {
	Items []T
	Next  *Cursor
}

// PageOf cuts items, of which one more than limit was fetched, into a Page.
func PageOf[T any](items []T, limit int, at func(T) Cursor) Page[T] {
	if len(items) <= limit {
		return Page[T]{Items: items}
	}
	items = items[:limit]
	next := at(items[limit-1])
	return Page[T]{Items: items, Next: &next}
}

// Encode writes the cursor as opaque text that only the list of that name takes back.
func (c Cursor) Encode(list string) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s %d %d", list, c.Key, c.ID))
}

// ParseCursor reads what Encode wrote for the same list, and nothing else; otherwise the
// error wraps ErrCursor.
func ParseCursor(list, text string) (Cursor, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return Cursor{}, fmt.Errorf("%w: %w", ErrCursor, err)
	}
	rest, ok := strings.CutPrefix(string(raw), list+" ")
	if !ok {
		return Cursor{}, fmt.Errorf("%w: of another list", ErrCursor)
	}
	var c Cursor
	if _, err := fmt.Sscanf(rest, "%d %d", &c.Key, &c.ID); err != nil {
		return Cursor{}, fmt.Errorf("%w: %w", ErrCursor, err)
	}
	if c.Encode(list) != text {
		return Cursor{}, fmt.Errorf("%w: not as it was given out", ErrCursor)
	}
	return c, nil
}
