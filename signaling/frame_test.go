package signaling

import (
	"bytes"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"salon/sfu/room"
	"salon/signaling/wire"
)

func TestFramesOfAllSizesAreReadByALibraryInOrder(t *testing.T) {
	d := open(t, Config{})
	c := d.v0()
	sizes := []int{0, 1, 90, 110, 118, 119, 120, 121, 122, 3, 500, 20_000, 7, 65_500, 65_521, 65_522, 65_523, 65_530, 8, 9, 300_000, 1}
	for i, size := range sizes {
		c.p.emit(room.Offered{SDP: strings.Repeat("x", size), ID: uint32(i)})
	}
	for i, size := range sizes {
		if o := c.next().GetOffer(); len(o.GetSdp()) != size || int(o.GetId()) != i {
			t.Fatalf("offer %d of %d bytes came as %d of %d", i, size, o.GetId(), len(o.GetSdp()))
		}
	}
}

func TestHeadersOfFrames(t *testing.T) {
	for size, want := range map[int][]byte{
		0:       {0x82, 0},
		125:     {0x82, 125},
		126:     {0x82, 126, 0, 126},
		1 << 15: {0x82, 126, 0x80, 0},
		65_535:  {0x82, 126, 0xff, 0xff},
		65_536:  {0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0},
	} {
		payload := bytes.Repeat([]byte{7}, size)
		if got := (frame{wire.Binary, payload}).append(nil); !bytes.Equal(got, append(want, payload...)) {
			t.Errorf("%d bytes: % x", size, got[:min(len(got), 10)])
		}
	}
	if got := (frame{wire.Text, []byte("{}")}).append([]byte{1}); !bytes.Equal(got, []byte{1, 0x81, 2, '{', '}'}) {
		t.Errorf("text: % x", got)
	}
}

func TestMessagesOfAllSizesAreReadToTheLimit(t *testing.T) {
	const limit = 5000
	d := open(t, Config{MaxMessage: limit})
	c := d.v0()
	for _, size := range []int{100, 511, 512, 513, 1023, 1024, 1025, 4999, limit, 60} {
		sdp, b := "", []byte(nil)
		for len(b) < size {
			sdp += string(rune('a' + len(sdp)%26))
			var err error
			b, err = wire.Marshal(wire.Binary, &wire.SignalRequest{Message: &wire.SignalRequest_Offer{
				Offer: &wire.SessionDescription{Type: "offer", Sdp: sdp, Id: 1},
			}})
			if err != nil {
				t.Fatal(err)
			}
		}
		if len(b) != size {
			t.Fatalf("no message of %d bytes", size)
		}
		c.write(websocket.MessageBinary, b)
		if got := c.next().GetAnswer().GetSdp(); got != "answer to "+sdp {
			t.Errorf("%d bytes were read as %.40q", size, got)
		}
	}
	if n := d.server.Stats().Oversized; n != 0 {
		t.Errorf("%d were too large", n)
	}
}
