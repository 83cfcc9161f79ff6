package signaling

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"salon/sfu"
	"salon/sfu/room"
	"salon/signaling/token"
	"salon/signaling/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds what a test waits for; nothing takes that long.
const patience = 20 * time.Second

// door is a Server on a loopback port, with fake rooms behind it.
type door struct {
	t      testing.TB
	server *Server
	rooms  *fakeRooms
	http   *httptest.Server
	log    *bytes.Buffer
	mu     sync.Mutex
}

func (d *door) Write(b []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.Write(b)
}

func (d *door) logged() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.String()
}

func keys() token.Keys { return token.Keys{"APIone": "a secret that is long enough"} }

func open(t testing.TB, cfg Config) *door {
	t.Helper()
	d := &door{t: t, rooms: newFakeRooms(), log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(d, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := New(cfg, Parts{Rooms: d.rooms, Keys: keys(), Log: log, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	d.server = s
	d.http = httptest.NewServer(s)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		d.http.Close()
	})
	return d
}

// entry is a token for mina to join the room book, as change makes it.
func entry(t testing.TB, change func(*token.Claims)) string {
	t.Helper()
	c := token.Claims{Identity: "mina", Name: "Mina", Grant: token.Grant{RoomJoin: true, Room: "book"}}
	if change != nil {
		change(&c)
	}
	raw, err := token.Mint(keys(), c, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func packed(t testing.TB, r *wire.JoinRequest) string {
	t.Helper()
	if r.ClientInfo == nil {
		r.ClientInfo = &wire.ClientInfo{Sdk: wire.ClientInfo_JS, Protocol: 17}
	}
	param, err := wire.PackJoin(r)
	if err != nil {
		t.Fatal(err)
	}
	return param
}

// get asks without a WebSocket.
func (d *door) get(method, path string, query url.Values) (*http.Response, string) {
	d.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, d.http.URL+path+"?"+query.Encode(), nil)
	if err != nil {
		d.t.Fatal(err)
	}
	res, err := d.http.Client().Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	if res.Header.Get("Access-Control-Allow-Origin") != "*" {
		d.t.Errorf("%s %s: pages can't read the answer", method, path)
	}
	return res, string(body)
}

// dial opens a WebSocket, or returns the refusal.
func (d *door) dial(path string, query url.Values) (*websocket.Conn, *http.Response, error) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	u := "ws" + strings.TrimPrefix(d.http.URL, "http") + path + "?" + query.Encode()
	conn, res, err := websocket.Dial(ctx, u, nil)
	if err == nil {
		conn.SetReadLimit(-1)
		d.t.Cleanup(func() { _ = conn.CloseNow() })
	}
	return conn, res, err
}

// caller is the client's end of a session.
type caller struct {
	t    testing.TB
	conn *websocket.Conn
	p    *fakeParticipant
}

func (d *door) join(path string, query url.Values) *caller {
	d.t.Helper()
	conn, _, err := d.dial(path, query)
	if err != nil {
		d.t.Fatal(err)
	}
	c := &caller{t: d.t, conn: conn}
	select {
	case c.p = <-d.rooms.joined:
	case <-time.After(patience):
		d.t.Fatal("nobody joined")
	}
	return c
}

// v0 joins with two connections and reads the join response and the token.
func (d *door) v0() *caller {
	d.t.Helper()
	c := d.join("/rtc", url.Values{"access_token": {entry(d.t, nil)}, "protocol": {"17"}, "sdk": {"js"}})
	if c.next().GetJoin() == nil {
		d.t.Fatal("the first message is no join response")
	}
	if c.next().GetRefreshToken() == "" {
		d.t.Fatal("no token came")
	}
	return c
}

func (c *caller) send(m *wire.SignalRequest) {
	c.t.Helper()
	b, err := wire.Marshal(wire.Binary, m)
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(websocket.MessageBinary, b)
}

func (c *caller) write(kind websocket.MessageType, b []byte) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.conn.Write(ctx, kind, b); err != nil {
		c.t.Fatal(err)
	}
}

func (c *caller) read() (websocket.MessageType, []byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return c.conn.Read(ctx)
}

func (c *caller) next() *wire.SignalResponse {
	c.t.Helper()
	kind, b, err := c.read()
	if err != nil {
		c.t.Fatal(err)
	}
	form := wire.Binary
	if kind == websocket.MessageText {
		form = wire.Text
	}
	var m wire.SignalResponse
	if err := wire.Unmarshal(form, b, &m); err != nil {
		c.t.Fatal(err)
	}
	return &m
}

// closed reads up to the end of the connection and returns the last message and the close code.
func (c *caller) closed() (last *wire.SignalResponse, code websocket.StatusCode) {
	c.t.Helper()
	for {
		_, b, err := c.read()
		if err != nil {
			return last, websocket.CloseStatus(err)
		}
		last = &wire.SignalResponse{}
		if err := wire.Unmarshal(wire.Binary, b, last); err != nil {
			c.t.Fatal(err)
		}
	}
}

// waitFor polls until the call has come to the fake room.
func (c *caller) waitFor(call string) {
	c.t.Helper()
	end := time.After(patience)
	var seen []string
	for {
		seen = append(seen, c.p.take()...)
		for _, s := range seen {
			if s == call {
				return
			}
		}
		select {
		case <-end:
			c.t.Fatalf("%q did not come, but %q", call, seen)
		case <-time.After(time.Millisecond):
		}
	}
}

func TestRefusals(t *testing.T) {
	d := open(t, Config{})
	no := false
	good := entry(t, nil)
	bomb := packed(t, &wire.JoinRequest{Metadata: strings.Repeat("x", 2<<20)})
	with := func(pairs ...string) url.Values {
		q := url.Values{"access_token": {good}, "protocol": {"17"}}
		for i := 0; i < len(pairs); i += 2 {
			q.Set(pairs[i], pairs[i+1])
		}
		return q
	}
	for name, c := range map[string]struct {
		path     string
		query    url.Values
		code     int
		sentence string
	}{
		"no token":            {"/rtc", url.Values{"protocol": {"17"}}, 401, "an access token is needed"},
		"no token, v1":        {"/rtc/v1", url.Values{}, 401, "an access token is needed"},
		"garbage for a token": {"/rtc", with("access_token", "x.y.z"), 401, "the access token can't be read"},
		"an expired token": {"/rtc", with("access_token", entry(t, func(c *token.Claims) {
			c.IssuedAt, c.NotBefore, c.Expires = time.Unix(1, 0), time.Unix(1, 0), time.Unix(2, 0)
		})), 401, "the access token has expired"},
		"no join grant": {"/rtc", with("access_token", entry(t, func(c *token.Claims) { c.Grant.RoomJoin = false })), 403, "the access token does not allow joining a room"},
		"no identity":   {"/rtc", with("access_token", entry(t, func(c *token.Claims) { c.Identity = "" })), 401, "the access token names no identity"},
		"no room":       {"/rtc", with("access_token", entry(t, func(c *token.Claims) { c.Grant.Room = "" })), 403, "the access token names no room"},
		"another room":  {"/rtc", with("room", "other"), 403, "the access token is for another room"},
		"a long identity": {"/rtc", with("access_token", entry(t, func(c *token.Claims) { c.Identity = strings.Repeat("m", 256) })), 400,
			"the name of a room or an identity may have 255 bytes at most"},
		"huge metadata": {"/rtc", with("access_token", entry(t, func(c *token.Claims) { c.Name = strings.Repeat("m", 513) })), 400,
			"metadata and attributes may have 64 KiB at most, a name 512 bytes"},
		"an old client":         {"/rtc", with("protocol", "8"), 400, "the client is too old: protocol 9 is needed at least"},
		"no protocol":           {"/rtc", with("protocol", "x"), 400, "the client is too old: protocol 9 is needed at least"},
		"garbled attributes":    {"/rtc", with("attributes", "!"), 400, "the attributes parameter can't be read"},
		"attributes no map":     {"/rtc", with("attributes", base64.URLEncoding.EncodeToString([]byte("[]"))), 400, "the attributes parameter can't be read"},
		"attributes of its own": {"/rtc", with("attributes", base64.URLEncoding.EncodeToString([]byte(`{"a":"b"}`))), 401, "the access token does not allow changing metadata"},
		"no join_request":       {"/rtc/v1", with(), 400, "the join_request parameter is missing"},
		"a garbled one":         {"/rtc/v1", with("join_request", "%%"), 400, "the join request can't be read"},
		"a garbled one, v0":     {"/rtc", with("join_request", "AAAA"), 400, "the join request can't be read"},
		"a bomb":                {"/rtc/v1", with("join_request", bomb), 400, "the join request is too large"},
		"metadata of its own":   {"/rtc/v1", with("join_request", packed(t, &wire.JoinRequest{Metadata: "m"})), 401, "the access token does not allow changing metadata"},
		"an unknown path":       {"/rtc/v2", with(), 404, "there is nothing at this address"},
		"the root":              {"/", with(), 404, "there is nothing at this address"},
		"may not publish, but joins": {"/rtc/validate", with("access_token", entry(t, func(c *token.Claims) { c.Grant.CanPublish = &no })),
			200, "success"},
	} {
		t.Run(name, func(t *testing.T) {
			// The WebSocket paths and those where a client asks why say the same.
			paths := []string{c.path}
			if strings.HasPrefix(c.path, "/rtc") && c.code < 404 && c.code != 200 {
				paths = append(paths, c.path+"/validate")
			}
			for _, path := range paths {
				res, body := d.get(http.MethodGet, path, c.query)
				if res.StatusCode != c.code || body != c.sentence {
					t.Errorf("%s: %d %q, want %d %q", path, res.StatusCode, body, c.code, c.sentence)
				}
			}
		})
	}
	if n := d.server.Stats().Refused; n == 0 {
		t.Error("nothing was counted")
	}
	if len(d.rooms.joined) != 0 {
		t.Error("somebody was let in")
	}
}

func TestUpgradesAreRefusedWithTheSameStatus(t *testing.T) {
	d := open(t, Config{})
	_, res, err := d.dial("/rtc", url.Values{"protocol": {"17"}})
	if err == nil || res == nil || res.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %v, %v", res, err)
	}
	if res.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("pages can't read the answer")
	}
}

func TestRoomsRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		err      error
		code     int
		sentence string
	}{
		"full":           {room.ErrFull, 403, "the room is full"},
		"shutting down":  {sfu.ErrShuttingDown, 503, "the server is shutting down, please try again in a moment"},
		"too many rooms": {sfu.ErrTooManyRooms, 429, "the server has no place for another room"},
		"busy":           {context.DeadlineExceeded, 503, "the server is busy, please try again in a moment"},
		"broken":         {errors.ErrUnsupported, 500, "the server could not do this"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, Config{})
			d.rooms.err = c.err
			_, res, err := d.dial("/rtc", url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}})
			if err == nil || res == nil || res.StatusCode != c.code {
				t.Fatalf("got %v, %v", res, err)
			}
			body, err := io.ReadAll(res.Body)
			if err != nil || string(body) != c.sentence {
				t.Errorf("got %q, %v", body, err)
			}
			if c.code == 429 || c.code == 503 {
				if res.Header.Get("Retry-After") == "" {
					t.Error("it doesn't say when to come back")
				}
			}
		})
	}
}

func TestValidateTellsThatARoomIsFull(t *testing.T) {
	d := open(t, Config{})
	q := url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}}
	d.rooms.rooms = []room.State{{Name: "other", Participants: 9, MaxParticipants: 9}, {Name: "book", Participants: 5, MaxParticipants: 6}}
	if res, body := d.get(http.MethodGet, "/rtc/validate", q); res.StatusCode != 200 {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	d.rooms.rooms[1].Participants = 6
	if res, body := d.get(http.MethodGet, "/rtc/validate", q); res.StatusCode != 403 || body != "the room is full" {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

func TestOtherMethods(t *testing.T) {
	d := open(t, Config{})
	for _, path := range []string{"/rtc", "/rtc/v1", "/rtc/validate", "/rtc/v1/validate"} {
		for method, want := range map[string]int{http.MethodHead: 204, http.MethodOptions: 204, http.MethodPost: 405} {
			if res, _ := d.get(method, path, nil); res.StatusCode != want {
				t.Errorf("%s %s: %d", method, path, res.StatusCode)
			}
		}
	}
	res, body := d.get(http.MethodGet, "/rtc", url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}})
	if res.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("no WebSocket: %d %s", res.StatusCode, body)
	}
}

func TestSlashesDontMatter(t *testing.T) {
	d := open(t, Config{})
	q := url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}, "join_request": {packed(t, &wire.JoinRequest{})}}
	for _, path := range []string{"//rtc/validate", "/rtc//v1/validate/", "/rtc/v1//validate//"} {
		if res, body := d.get(http.MethodGet, path, q); res.StatusCode != 200 || body != "success" {
			t.Errorf("%s: %d %s", path, res.StatusCode, body)
		}
	}
	c := d.join("//rtc//v1/", q)
	if c.next().GetJoin() == nil {
		t.Error("no join response")
	}
}

func TestFullNodeSendsPeopleAway(t *testing.T) {
	d := open(t, Config{MaxSessions: 1})
	c := d.v0()
	q := url.Values{"access_token": {entry(t, nil)}, "protocol": {"17"}}
	if res, body := d.get(http.MethodGet, "/rtc/validate", q); res.StatusCode != 429 || !strings.Contains(body, "no place") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	if n := d.server.Stats().Sessions; n != 1 {
		t.Errorf("%d sessions", n)
	}
	c.send(&wire.SignalRequest{Message: &wire.SignalRequest_Leave{Leave: &wire.LeaveRequest{}}})
	c.closed()
	end := time.After(patience)
	for d.server.Stats().Sessions != 0 {
		select {
		case <-end:
			t.Fatal("the place isn't free again")
		case <-time.After(time.Millisecond):
		}
	}
	d.v0()
}

func TestLogsHoldNoTokenAndNoAddress(t *testing.T) {
	d := open(t, Config{})
	c := d.v0()
	c.send(&wire.SignalRequest{Message: &wire.SignalRequest_Leave{Leave: &wire.LeaveRequest{}}})
	c.closed()
	_, _ = d.get(http.MethodGet, "/rtc", url.Values{"access_token": {"aaa.bbb.ccc"}})
	logged := d.logged()
	for _, secret := range []string{"access_token", "eyJ", "aaa.bbb", "127.0.0.1", "mina"} {
		if strings.Contains(logged, secret) {
			t.Errorf("the log holds %q:\n%s", secret, logged)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	for name, cfg := range map[string]Config{
		"negative limit":    {MaxSessions: -1},
		"hasty ping":        {PingInterval: time.Millisecond},
		"timeout too short": {PingInterval: 10 * time.Second, PingTimeout: 15 * time.Second},
		"negative refresh":  {TokenRefresh: -time.Second},
		"endless search":    {SearchTimeout: time.Minute},
	} {
		if _, err := New(cfg, Parts{Rooms: newFakeRooms(), Keys: keys(), Log: slog.New(slog.DiscardHandler), Now: time.Now}); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
