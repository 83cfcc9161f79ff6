package tcp

import "testing"

func TestAFullOutboxLosesWhatComesThen(t *testing.T) {
	o := newOutbox()
	datagram := make([]byte, 98)
	for i := range 12 {
		if taken := o.put(datagram, 1000); taken != (i < 10) {
			t.Fatalf("datagram %d taken: %v", i, taken)
		}
	}
	got, open := o.take(nil)
	if len(got) != 1000 || !open {
		t.Fatalf("%d bytes, open %v", len(got), open)
	}
	if !o.put(datagram, 1000) {
		t.Fatal("still full")
	}
	if o.put(make([]byte, maxFrame+1), 1<<20) {
		t.Fatal("took what no peer would take")
	}
	o.close()
	if o.put(datagram, 1000) {
		t.Fatal("closed, and took it")
	}
	if _, open := o.take(nil); open {
		t.Fatal("still open")
	}
}

func TestAnOutboxIsReadyAsLongAsSomethingWaits(t *testing.T) {
	o := newOutbox()
	var spare []byte
	for range 3 {
		o.put([]byte("a"), 100)
		o.put([]byte("b"), 100)
		<-o.ready
		got, _ := o.take(spare)
		if string(got) != "\x00\x01a\x00\x01b" {
			t.Fatalf("%q", got)
		}
		spare = got
	}
	o.close()
	<-o.ready
}

func BenchmarkOutbox(b *testing.B) {
	o, datagram := newOutbox(), make([]byte, 1200)
	var spare []byte
	b.ReportAllocs()
	for b.Loop() {
		o.put(datagram, 1<<20)
		spare, _ = o.take(spare)
	}
}
