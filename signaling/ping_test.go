package signaling

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"

	"salon/signaling/wire"
)

// plain is a client's end of a session without a WebSocket library: what it writes leaves in one piece.
type plain struct {
	t    testing.TB
	conn net.Conn
	br   *bufio.Reader
}

// plainly joins over a connection of its own and reads the join response and the token.
func (d *door) plainly() *plain {
	d.t.Helper()
	conn, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", d.http.Listener.Addr().String())
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = conn.Close() })
	p := &plain{t: d.t, conn: conn, br: bufio.NewReader(conn)}
	p.upgrade(d.http.URL)
	p.next()
	p.next()
	return p
}

func upgradeRequest(t testing.TB, base string) *http.Request {
	t.Helper()
	query := url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}, "sdk": {"js"}}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, base+"/rtc?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"AAAAAAAAAAAAAAAAAAAAAA=="},
	}
	return r
}

func (p *plain) upgrade(base string) {
	p.t.Helper()
	r := upgradeRequest(p.t, base)
	if err := r.Write(p.conn); err != nil {
		p.t.Fatal(err)
	}
	res, err := http.ReadResponse(p.br, r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusSwitchingProtocols {
		p.t.Fatal(res.Status)
	}
}

// next reads a message.
func (p *plain) next() *wire.SignalResponse {
	p.t.Helper()
	var head [10]byte
	if _, err := io.ReadFull(p.br, head[:2]); err != nil {
		p.t.Fatal(err)
	}
	if head[0] != 0x82 {
		p.t.Fatalf("a frame begins with %#x", head[0])
	}
	size := int(head[1])
	switch size {
	case 126:
		size = int(p.extended(head[:2]))
	case 127:
		size = int(p.extended(head[:8]))
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(p.br, b); err != nil {
		p.t.Fatal(err)
	}
	m := &wire.SignalResponse{}
	if err := wire.Unmarshal(wire.Binary, b, m); err != nil {
		p.t.Fatal(err)
	}
	return m
}

func (p *plain) extended(b []byte) (n uint64) {
	p.t.Helper()
	if _, err := io.ReadFull(p.br, b); err != nil {
		p.t.Fatal(err)
	}
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n
}

// masked is a message in a client's frame.
func masked(t testing.TB, m *wire.SignalRequest) []byte {
	t.Helper()
	b, err := wire.Marshal(wire.Binary, m)
	if err != nil {
		t.Fatal(err)
	}
	return maskedBytes(b)
}

// maskedBytes has a mask of zeros, which changes nothing.
func maskedBytes(b []byte) []byte {
	f := []byte{0x82}
	switch {
	case len(b) < 126:
		f = append(f, 0x80|byte(len(b)))
	case len(b) <= 0xffff:
		f = binary.BigEndian.AppendUint16(append(f, 0x80|126), uint16(len(b)))
	default:
		f = binary.BigEndian.AppendUint64(append(f, 0x80|127), uint64(len(b)))
	}
	return append(append(f, 0, 0, 0, 0), b...)
}

// pings are the two that clients send together.
func pings(t testing.TB) []byte {
	t.Helper()
	return append(
		masked(t, &wire.SignalRequest{Message: &wire.SignalRequest_Ping{Ping: 1777636800000}}),
		masked(t, &wire.SignalRequest{Message: &wire.SignalRequest_PingReq{PingReq: &wire.Ping{Timestamp: 1777636800000, Rtt: 40}}})...)
}

// BenchmarkPing is what a pair of pings costs the server; the client's side allocates nothing.
func BenchmarkPing(b *testing.B) {
	d := open(b, Config{MessageRate: 1 << 20})
	p := d.plainly()
	pair := pings(b)
	answers := make([]byte, 0, 64)
	for _, m := range []*wire.SignalResponse{
		{Message: &wire.SignalResponse_Pong{Pong: 1777636800000}},
		{Message: &wire.SignalResponse_PongResp{PongResp: &wire.Pong{LastPingTimestamp: 1777636800000, Timestamp: 1777636800000}}},
	} {
		answer, err := wire.Marshal(wire.Binary, m)
		if err != nil {
			b.Fatal(err)
		}
		answers = append(append(answers, 0x82, byte(len(answer))), answer...)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.conn.Write(pair); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(p.br, answers); err != nil {
			b.Fatal(err)
		}
	}
}
