package signaling

import (
	"bytes"
	"slices"
	"testing"

	"salon/signaling/wire"
)

func TestOutboxGivesAllThatWaitsAtOnce(t *testing.T) {
	o := newOutbox(8)
	var want []byte
	for i := range 8 {
		f := frame{wire.Binary, []byte{byte(i)}}
		if !o.put(f) {
			t.Fatalf("no room for message %d", i)
		}
		want = f.append(want)
	}
	if o.put(frame{}) {
		t.Error("it takes more than its limit")
	}
	o.wake()
	if b, count := o.next(nil); count != 8 || !bytes.Equal(b, want) {
		t.Errorf("%d messages, % x", count, b)
	}
	o.close()
	if b, count := o.next(nil); count != 0 || len(b) != 0 {
		t.Errorf("%d messages behind the end", count)
	}
}

func TestWritesOfAnOutboxAreBounded(t *testing.T) {
	o := newOutbox(100)
	sizes := []int{10, 20, 3 * maxWrite, 5, maxWrite - 10, 1, 2, 3}
	for i, size := range sizes {
		o.put(frame{wire.Binary, bytes.Repeat([]byte{byte(i)}, size)})
	}
	o.close()
	var counts []int
	var all []byte
	for {
		b, count := o.next(nil)
		if count == 0 {
			break
		}
		if count > 1 && len(b) > maxWrite+10 {
			t.Errorf("%d messages in a write of %d bytes", count, len(b))
		}
		counts, all = append(counts, count), append(all, b...)
	}
	var want []byte
	for i, size := range sizes {
		want = frame{wire.Binary, bytes.Repeat([]byte{byte(i)}, size)}.append(want)
	}
	if !bytes.Equal(all, want) {
		t.Error("it isn't what was put, in order")
	}
	if !slices.Equal(counts, []int{2, 1, 2, 3}) {
		t.Errorf("written by %d", counts)
	}
}

func TestOutboxKeepsNoMemoryOfACrowd(t *testing.T) {
	o := newOutbox(1000)
	for range 1000 {
		o.put(frame{})
	}
	o.close()
	for {
		if _, count := o.next(nil); count == 0 {
			break
		}
	}
	if n := cap(o.waiting); n > keptWaiting {
		t.Errorf("room for %d messages is kept", n)
	}
}
