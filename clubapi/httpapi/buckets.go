package httpapi

import (
	"container/list"
	"sync"
	"time"
)

// maxBuckets bounds the memory of one limit, about 200 bytes each. When it is reached the
// bucket that was used longest ago is forgotten.
const maxBuckets = 10000

// buckets are token buckets by key. Safe for concurrent use.
type buckets struct {
	limit Attempts

	mu    sync.Mutex
	byKey map[string]*list.Element // of *bucket
	used  *list.List               // the latest used first
}

type bucket struct {
	key  string
	full time.Time // when it will be full again; in the past: full
}

func newBuckets(limit Attempts) *buckets {
	return &buckets{limit: limit, byKey: map[string]*list.Element{}, used: list.New()}
}

// take takes one token and returns 0, or takes none and returns how long to wait for one.
//
// A bucket is kept as the time it will be full again: after Burst tokens that is
// now + Burst*Every, and one token less fits before it is that far away.
func (b *buckets) take(key string, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	el, ok := b.byKey[key]
	if !ok {
		el = b.add(key)
	}
	b.used.MoveToFront(el)
	it := el.Value.(*bucket)
	full := it.full
	if full.Before(now) {
		full = now
	}
	full = full.Add(b.limit.Every)
	if wait := full.Sub(now) - time.Duration(b.limit.Burst)*b.limit.Every; wait > 0 {
		return wait
	}
	it.full = full
	return 0
}

// give puts a token back that take took; a bucket that was forgotten meanwhile stays so.
func (b *buckets) give(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if el, ok := b.byKey[key]; ok {
		it := el.Value.(*bucket)
		it.full = it.full.Add(-b.limit.Every)
	}
}

func (b *buckets) add(key string) *list.Element {
	if b.used.Len() >= maxBuckets {
		last := b.used.Back()
		delete(b.byKey, last.Value.(*bucket).key)
		b.used.Remove(last)
	}
	el := b.used.PushFront(&bucket{key: key})
	b.byKey[key] = el
	return el
}
