package tcp

import (
	"bytes"
	"errors"
	"testing"
)

func TestFramesComeOutAsTheyWentIn(t *testing.T) {
	var b []byte
	sizes := []int{1, 1200, 0, 3, maxFrame}
	for i, n := range sizes {
		b = join(b, bytes.Repeat([]byte{byte(i + 1)}, n))
	}
	// Cut anywhere: what is whole comes out, the rest stays.
	for cut := range len(b) {
		first, rest, err := split(bytes.Clone(b[:cut]), nil)
		if err != nil {
			t.Fatal(err)
		}
		all, rest, err := split(append(bytes.Clone(rest), b[cut:]...), first)
		if err != nil || len(rest) != 0 || len(all) != 4 {
			t.Fatalf("cut at %d: %d datagrams, %d bytes left, %v", cut, len(all), len(rest), err)
		}
	}
	all, _, _ := split(b, nil)
	for i, n := range []int{1, 1200, 3, maxFrame} {
		if len(all[i]) != n || cap(all[i]) != n {
			t.Errorf("datagram %d has %d bytes and room for %d, want %d", i, len(all[i]), cap(all[i]), n)
		}
	}
}

func TestALengthThatMustNotBeWaitedFor(t *testing.T) {
	b := join(nil, []byte("whole"))
	list, rest, err := split(append(b, 0xff, 0xff), nil)
	if !errors.Is(err, errFrame) || len(list) != 1 || len(rest) != 2 {
		t.Errorf("%d datagrams, %d bytes left, %v", len(list), len(rest), err)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add(join(join(nil, []byte("one")), []byte("two")))
	f.Add([]byte{0, 0, 0})
	f.Add([]byte{0x20, 0x01})
	f.Fuzz(func(t *testing.T, b []byte) {
		list, rest, err := split(b, nil)
		var again []byte
		for _, d := range list {
			if len(d) == 0 || len(d) > maxFrame {
				t.Fatalf("a datagram of %d bytes", len(d))
			}
			again = join(again, d)
		}
		if err == nil && len(rest) >= lengthSize+maxFrame {
			t.Fatalf("%d bytes wait for more", len(rest))
		}
		if len(again)+len(rest) > len(b) {
			t.Fatalf("%d bytes out of %d", len(again)+len(rest), len(b))
		}
		same, left, _ := split(again, nil)
		if len(same) != len(list) || len(left) != 0 {
			t.Fatalf("%d datagrams of %d, %d bytes left", len(same), len(list), len(left))
		}
	})
}
