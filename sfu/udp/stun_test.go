package udp

import (
	"encoding/binary"
	"testing"
	"time"
)

func TestUsernameIsFound(t *testing.T) {
	for _, c := range []struct {
		name string
		msg  []byte
		want string
	}{
		{"usual", stunMessage(bindingRequest, 1, "abcd:efgh"), "abcd"},
		{"padded", stunMessage(bindingRequest, 1, "a:b"), "a"},
		{"two colons", stunMessage(bindingRequest, 1, "a:b:c"), "a"},
		{"no username", stunMessage(bindingRequest, 1, ""), ""},
		{"no colon", stunMessage(bindingRequest, 1, "abcd"), ""},
		{"nothing before the colon", stunMessage(bindingRequest, 1, ":abcd"), ""},
		{"attribute past the end", append(stunMessage(bindingRequest, 1, ""), 0, 6, 0, 9, 'a', ':', 'b', 'c'), ""},
		{"too long", append(stunMessage(bindingRequest, 1, ""), append([]byte{0, 6, 2, 4, 'a', ':'}, make([]byte, 514)...)...), ""},
	} {
		got, ok := localUfrag(c.msg)
		if string(got) != c.want && ok || ok != (c.want != "") {
			t.Errorf("%s: %q, %v", c.name, got, ok)
		}
	}
}

// oneRead is a receiver that has one message.
type oneRead struct {
	data    []byte
	from    Dest
	segment int
}

func (r *oneRead) read() (int, error)                     { return 1, nil }
func (r *oneRead) message(int) ([]byte, *Dest, int, bool) { return r.data, &r.from, r.segment, false }
func (r *oneRead) close() error                           { return nil }

type ignore struct{}

func (ignore) HandleMedia(time.Time, [][]byte, *Batch) {}

// Whatever arrives, also joined, nothing panics and every datagram is accounted for.
func FuzzDeliver(f *testing.F) {
	f.Add(stunMessage(bindingRequest, 1, "me:them"), uint16(0), true)
	f.Add(stunMessage(bindingRequest, 1, "you:them"), uint16(0), false)
	f.Add(stunMessage(bindingSuccess, 1, ""), uint16(0), true)
	f.Add(stunMessage(bindingIndication, 1, ""), uint16(7), true)
	f.Add(media(1000, 0x80), uint16(100), true)
	f.Add(append(media(100, 1), dtls("hello")...), uint16(100), true)
	e := listenTest(f, Config{Shards: 1})
	e.Attach("me", ignore{})
	pc, err := e.GetConn("me", nil)
	if err != nil {
		f.Fatal(err)
	}
	c := pc.(*connRef).conn
	f.Fuzz(func(t *testing.T, data []byte, segment uint16, proven bool) {
		d := &demux{end: e, out: e.shards[0].in.out, count: &counters{}}
		r := &oneRead{data: data, segment: max(1, min(int(segment), len(data)))}
		binary.BigEndian.PutUint32(r.from.sa[addrAt+8:], 0xffff)
		r.from.sa[portAt] = 9
		if proven {
			e.routes.claim(r.from, c, replied)
		} else {
			e.routes.table.Store(&map[Dest]*conn{})
		}
		d.deliver(time.Unix(1, 0), r, 1)
		want := max(1, (len(data)+r.segment-1)/r.segment)
		if got := int(d.count.n[datagramsIn].Load()); got != want || len(d.burst) != 0 {
			t.Fatalf("%d datagrams counted of %d, %d left", got, want, len(d.burst))
		}
		for c.queue.take() != nil {
		}
	})
}
