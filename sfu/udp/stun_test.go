package udp

import (
	"encoding/binary"
	"encoding/hex"
	"testing"
	"time"
)

// sampleRequest is the request of RFC 5769 section 2.1.
const sampleRequest = "000100582112a442b7e7a701bc34d686fa87dfae" +
	"802200105354554e207465737420636c69656e74" +
	"002400046e0001ff" + "80290008932ff9b151263b36" +
	"000600096576746a3a68367659202020" +
	"000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" + "80280004e57a3bcf"

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSampleRequestIsRead(t *testing.T) {
	b := unhex(t, sampleRequest)
	if kind, id, ok := parseSTUN(b); !ok || kind != bindingRequest || id[0] != 0xb7 || id[11] != 0xae {
		t.Errorf("%x, %x, %v", kind, id, ok)
	}
	if ufrag, ok := localUfrag(b); !ok || string(ufrag) != "evtj" {
		t.Errorf("%q, %v", ufrag, ok)
	}
}

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

func (r *oneRead) read() (int, error)                { return 1, nil }
func (r *oneRead) at(_ int, now time.Time) time.Time { return now }

func (r *oneRead) message(int) ([]byte, *Dest, int, bool) { return r.data, &r.from, r.segment, false }
func (r *oneRead) close() error                           { return nil }

type ignore struct{}

func (ignore) HandleMedia(time.Time, [][]byte, *Batch) {}

// Whatever arrives, also joined, nothing panics and every datagram is accounted for.
func FuzzDeliver(f *testing.F) {
	f.Add(stunMessage(bindingRequest, 1, "me:them"), uint16(0), true)
	f.Add(unhex(f, sampleRequest), uint16(0), true)
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
