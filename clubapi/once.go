package clubapi

import (
	"context"
	"errors"
	"time"
)

// ErrRepeated refuses a write whose Once took effect before.
var ErrRepeated = errors.New("request took effect before")

// KeepAnswers is how long a repeated request is answered as the first time.
const KeepAnswers = 24 * time.Hour

// Once is a request that its client may repeat and that must take effect once. It travels in
// the context of the request to the store, which remembers it in the transaction that holds
// the effect. It belongs to the one goroutine that serves the request.
type Once struct {
	User    int64
	Key     string   // chosen by the client, unique among the user's
	Request [32]byte // SHA-256 of method, path and body
	At      time.Time

	// Taken is set by the store: the effect is there, and the key is used up.
	Taken bool
}

// Answer is what was answered to a Once. Status 0: the effect is there, the answer is not.
type Answer struct {
	Request [32]byte
	Status  int
	Header  map[string]string
	Body    []byte
}

type onceKey struct{}

// WithOnce returns a context whose writes take effect once.
func WithOnce(ctx context.Context, o *Once) context.Context {
	return context.WithValue(ctx, onceKey{}, o)
}

// OnceOf returns what WithOnce was given, or nil.
func OnceOf(ctx context.Context) *Once {
	o, _ := ctx.Value(onceKey{}).(*Once)
	return o
}
