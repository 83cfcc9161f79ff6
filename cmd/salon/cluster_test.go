package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"salon/signaling/cluster/redistest"
	"salon/signaling/token"
	"salon/signaling/wire"
)

// soon bounds what a cluster may take for anything that a test waits for.
const soon = 20 * time.Second

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for end := time.Now().Add(soon); !so(); <-again.C {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, soon)
		}
	}
}

// A town is a Redis and nodes around it, each a process of its own.
type town struct {
	t        *testing.T
	redis    *redistest.Server // nil when there are several
	settings []string          // that lead nodes to it
	keys     token.Keys
}

// newTownAround is a town whose nodes find Redis by the settings.
func newTownAround(t *testing.T, settings ...string) *town {
	t.Helper()
	return &town{t: t, settings: settings, keys: token.Keys{"k": strings.Repeat("s", secretLength)}}
}

func newTown(t *testing.T) *town {
	t.Helper()
	redis, err := redistest.Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := redis.Stop(); err != nil {
			t.Error(err)
		}
	})
	w := newTownAround(t, "SALON_CLUSTER_REDIS_ADDRESSES="+redis.Address)
	w.redis = redis
	return w
}

// node launches one with those roles.
func (w *town) node(roles, dir string, more ...string) *process {
	w.t.Helper()
	p := launchFrom(w.t, os.Args[0], dir, slices.Concat(w.settings, []string{
		"SALON_CLUSTER_LISTEN=127.0.0.1:0", "SALON_CLUSTER_ROLES=" + roles,
		"SALON_API_KEY=k", "SALON_API_SECRET=" + w.keys["k"], "SALON_CLUSTER_LEASE=2s",
	}, more)...)
	eventually(w.t, "node is ready", func() bool {
		status, _ := w.get(p, "/readyz")
		return status == http.StatusOK
	})
	return p
}

// get asks a node.
func (w *town) get(p *process, path string) (status int, body string) {
	w.t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "http://"+p.addr+path, http.NoBody)
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// A guest is somebody in a room, as far as signalling goes.
type guest struct {
	name string
	node string // that carries the room
	conn io.Closer
	gone chan struct{} // closed when the connection has ended

	mu    sync.Mutex
	sees  map[string]bool
	leave *wire.LeaveRequest // nil until told
}

func (w *town) token(room, name string) string {
	w.t.Helper()
	raw, err := token.Mint(w.keys, token.Claims{
		Identity: name, Grant: token.Grant{RoomJoin: true, Room: room}, Expires: time.Now().Add(time.Hour),
	}, time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

// said waits for a line of a process's log and returns the part in parentheses.
func (p *process) said(line string) string {
	p.t.Helper()
	pattern := regexp.MustCompile(line)
	for end := time.After(soon); ; {
		select {
		case text := <-p.out:
			if m := pattern.FindStringSubmatch(text); m != nil {
				return m[1]
			}
		case <-end:
			p.t.Fatalf("salon does not say %s", line)
		}
	}
}

// enter has somebody join a room by way of p, once the cluster lets them in.
func (w *town) enter(p *process, room, name string) *guest {
	w.t.Helper()
	raw := w.token(room, name)
	var body io.ReadWriteCloser
	eventually(w.t, name+" gets in", func() bool {
		body = w.knock(p, raw)
		return body != nil
	})
	g := &guest{name: name, conn: body, gone: make(chan struct{}), sees: map[string]bool{}}
	in := bufio.NewReader(body)
	first, err := readFrame(in)
	if err != nil || first.GetJoin() == nil {
		w.t.Fatalf("%s is answered with %v, %v", name, first, err)
	}
	g.hear(first)
	g.node = first.GetJoin().GetServerInfo().GetNodeId()
	go func() {
		defer close(g.gone)
		for {
			m, err := readFrame(in)
			if err != nil {
				return
			}
			g.hear(m)
			if m.GetLeave() != nil {
				_ = body.Close() // as clients do
			}
		}
	}()
	w.t.Cleanup(func() { _ = body.Close(); <-g.gone })
	return g
}

// knock opens the WebSocket; nil when that is refused for the moment.
func (w *town) knock(p *process, raw string) io.ReadWriteCloser {
	w.t.Helper()
	door := "http://" + p.addr + "/rtc?protocol=16&access_token=" + url.QueryEscape(raw)
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, door, http.NoBody)
	if err != nil {
		w.t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
	} {
		req.Header.Set(name, value)
	}
	res, err := (&http.Client{Transport: &http.Transport{}}).Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	switch res.StatusCode {
	case http.StatusSwitchingProtocols:
		return res.Body.(io.ReadWriteCloser)
	case http.StatusServiceUnavailable:
	default:
		text, _ := io.ReadAll(res.Body)
		w.t.Fatalf("enter: %s %s", res.Status, text)
	}
	_ = res.Body.Close()
	return nil
}

// readFrame reads a whole message of a server (RFC 6455 section 5.2): unmasked and not cut up.
func readFrame(in *bufio.Reader) (*wire.SignalResponse, error) {
	for {
		var head [2]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return nil, err
		}
		length := uint64(head[1])
		switch length {
		case 126:
			var l uint16
			if err := binary.Read(in, binary.BigEndian, &l); err != nil {
				return nil, err
			}
			length = uint64(l)
		case 127:
			if err := binary.Read(in, binary.BigEndian, &length); err != nil {
				return nil, err
			}
		}
		payload := make([]byte, length)
		if _, err := io.ReadFull(in, payload); err != nil {
			return nil, err
		}
		if head[0]&0x0f != 2 { // no binary message
			continue
		}
		m := &wire.SignalResponse{}
		return m, wire.Unmarshal(wire.Binary, payload, m)
	}
}

func (g *guest) hear(m *wire.SignalResponse) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if l := m.GetLeave(); l != nil {
		g.leave = l
	}
	for _, p := range append(m.GetJoin().GetOtherParticipants(), m.GetUpdate().GetParticipants()...) {
		g.sees[p.GetIdentity()] = p.GetState() != wire.ParticipantInfo_DISCONNECTED
	}
	delete(g.sees, g.name)
}

// company is how many others are there.
func (g *guest) company() (n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, there := range g.sees {
		if there {
			n++
		}
	}
	return n
}

// sent tells that the server has sent them away, to come back.
func (g *guest) sent() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.leave.GetAction() == wire.LeaveRequest_RECONNECT
}

// TestClusterServesAsOne has people meet by way of three nodes, one of which keeps the club and two the rooms. The club's
// node dies and comes back, the room's node is drained.
func TestClusterServesAsOne(t *testing.T) {
	w := newTown(t)
	dir := filepath.Join(t.TempDir(), "data")
	house := w.node("api", dir)
	halls := []*process{w.node("media", ""), w.node("media", "")}
	doors := append([]*process{house}, halls...)

	guests := make([]*guest, 6)
	for i := range guests {
		guests[i] = w.enter(doors[i%len(doors)], "reading", fmt.Sprintf("guest %d", i))
	}
	for _, g := range guests {
		eventually(t, g.name+" sees everybody", func() bool { return g.company() == len(guests)-1 })
		if g.node != guests[0].node {
			t.Errorf("%s is on node %s, the first one on %s", g.name, g.node, guests[0].node)
		}
	}

	v := newVisitor(t, halls[0]) // knows nothing of the club's node
	v.call("POST", "/api/v1/users", map[string]any{"nickname": "지은", "password": "book-club!"})
	club := v.call("POST", "/api/v1/clubs", map[string]any{"title": "책"})
	now := time.Now()
	conf := v.call("POST", fmt.Sprintf("/api/v1/clubs/%v/conferences", club["id"]), map[string]any{
		"title": "첫 모임", "call_start_time": now.Format(time.RFC3339), "call_end_time": now.Add(time.Hour).Format(time.RFC3339),
	})
	path := fmt.Sprintf("/api/v1/conferences/%v", conf["id"])
	came := time.Now()
	door := v.enter(path)
	v.near("coming", v.attended(path, isPresent)["joined_at"], came)

	house.kill()
	eventually(t, "the club is away", func() bool {
		status, body := w.get(halls[0], "/api/v1/clubs")
		return status == http.StatusServiceUnavailable && strings.Contains(body, `"code":"unavailable"`)
	})
	left := time.Now()
	if err := door.Close(); err != nil { // nobody hears of it for the moment
		t.Error(err)
	}
	for _, g := range guests[1:3] { // came by a node that lives
		if g.company() < 3 || g.sent() {
			t.Errorf("%s sees %d others", g.name, g.company())
		}
	}
	house = w.node("api", dir)
	eventually(t, "the club is back", func() bool {
		status, _ := w.get(halls[0], "/api/v1/clubs")
		return status == http.StatusOK
	})
	var line map[string]any
	eventually(t, "the club knows who has left", func() bool {
		line = v.call("GET", path+"/attendance", nil)["items"].([]any)[0].(map[string]any)
		return hasLeft(line)
	})
	v.near("leaving", line["left_at"], left)

	drained, other := halls[0], halls[1]
	if guests[1].node != halls[0].node {
		drained, other = halls[1], halls[0]
	}
	drained.stop()
	for _, g := range guests[1:3] {
		eventually(t, g.name+" is sent away", g.sent)
		again := w.enter(other, "reading", g.name)
		if again.node == g.node {
			t.Errorf("%s is still on node %s", g.name, g.node)
		}
	}
	other.stop()
	house.stop()
}

// TestClusterOutlastsItsRegistry ends Redis under two nodes with people, and starts an empty one. Then an operator drains
// the node of a room.
func TestClusterOutlastsItsRegistry(t *testing.T) {
	w := newTown(t)
	settings := []string{"SALON_ADMIN_LISTEN=127.0.0.1:0"}
	all := []*process{w.node("media,api", filepath.Join(t.TempDir(), "data"), settings...), w.node("media", "", settings...)}
	var admins []string
	for _, p := range all {
		admins = append(admins, p.said(`msg="operator is served" addr=(\S+)`))
	}
	first := w.enter(all[0], "reading", "first")
	is := func(want string) func() bool {
		return func() bool {
			for _, p := range all {
				if status, body := w.get(p, "/readyz"); status != http.StatusOK || strings.TrimSpace(body) != want {
					return false
				}
			}
			return true
		}
	}
	eventually(t, "everybody is ready", is("ready"))

	if err := w.redis.Stop(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "everybody is degraded", is("degraded"))
	second := w.enter(all[1], "reading", "second")
	if second.node != first.node {
		t.Errorf("while redis is away, a room is on nodes %s and %s", first.node, second.node)
	}
	if status, body := w.get(all[1], "/healthz"); status != http.StatusOK {
		t.Errorf("healthz says %d %s", status, body)
	}
	if status, body := w.get(all[0], "/rtc/validate?protocol=16&access_token="+w.token("another room", "third")); status != http.StatusServiceUnavailable {
		t.Errorf("somebody gets a new room: %d %s", status, body)
	}
	if err := w.redis.Restart(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "everybody is ready again", is("ready"))
	third := w.enter(all[1], "reading", "third")
	if third.node != first.node || first.sent() || second.sent() {
		t.Errorf("the room was on node %s and is on %s", first.node, third.node)
	}

	i := slices.IndexFunc(all, func(p *process) bool { return p.node == first.node })
	_, text := w.get(all[i], "/metrics")
	for _, what := range []string{
		`salon_cluster_standing{standing="steady"} 1`, "salon_cluster_nodes 2", "salon_cluster_leases 1",
		`salon_registry_call_seconds_count{call="renew"}`, `salon_registry_errors_total{call="renew"}`,
		`salon_cluster_left_rooms_total{cause="given_up"} 0`,
	} {
		if !strings.Contains(text, what) {
			t.Errorf("metrics lack %s", what)
		}
	}
	res, err := http.Post("http://"+admins[i]+"/drain", "", nil) //nolint:noctx // it answers at once
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusAccepted {
		t.Errorf("drain is answered with %s, %v", res.Status, err)
	}
	all[i].ended()
	for _, g := range []*guest{first, second, third} {
		eventually(t, g.name+" is sent away", g.sent)
	}
	if again := w.enter(all[1-i], "reading", "first"); again.node != all[1-i].node {
		t.Errorf("the room is on node %s", again.node)
	}
	all[1-i].stop()
}

// TestClusterOnEveryKindOfRedis has people meet, and move to another node, with Sentinels and with a Redis Cluster.
func TestClusterOnEveryKindOfRedis(t *testing.T) {
	for kind, start := range map[string]func(dir string) (settings []string, kill func() error, err error){
		"sentinel": func(dir string) ([]string, func() error, error) {
			s, err := redistest.StartSentinels(dir)
			if err != nil {
				return nil, nil, err
			}
			return []string{
				"SALON_CLUSTER_REDIS_ADDRESSES=" + strings.Join(s.Addresses(), ","), "SALON_CLUSTER_REDIS_MASTER_NAME=" + redistest.MasterName,
			}, s.Kill, nil
		},
		"cluster": func(dir string) ([]string, func() error, error) {
			c, err := redistest.StartCluster(dir)
			if err != nil {
				return nil, nil, err
			}
			return []string{"SALON_CLUSTER_REDIS_ADDRESSES=" + c.Addresses()[0], "SALON_CLUSTER_REDIS_CLUSTER=true"}, c.Kill, nil
		},
	} {
		t.Run(kind, func(t *testing.T) {
			settings, kill, err := start(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := kill(); err != nil {
					t.Error(err)
				}
			})
			w := newTownAround(t, settings...)
			all := []*process{w.node("media,api", filepath.Join(t.TempDir(), "data")), w.node("media", "")}
			first, second := w.enter(all[0], "reading", "first"), w.enter(all[1], "reading", "second")
			if first.node != second.node {
				t.Errorf("the room is on nodes %s and %s", first.node, second.node)
			}
			eventually(t, "they see each other", func() bool { return first.company() == 1 && second.company() == 1 })
			i := slices.IndexFunc(all, func(p *process) bool { return p.node == first.node })
			all[i].stop()
			eventually(t, "both are sent away", func() bool { return first.sent() && second.sent() })
			if again := w.enter(all[1-i], "reading", "first"); again.node != all[1-i].node {
				t.Errorf("the room is on node %s", again.node)
			}
			all[1-i].stop()
		})
	}
}

func TestClustersAreNotGuessed(t *testing.T) {
	redis := "SALON_CLUSTER_REDIS_ADDRESSES=127.0.0.1:1"
	keys := []string{"SALON_API_KEY=k", "SALON_API_SECRET=" + strings.Repeat("s", secretLength)}
	for name, c := range map[string]struct {
		environ []string
		says    string
	}{
		"without keys":              {[]string{redis, "SALON_CLUSTER_LISTEN=127.0.0.1:0"}, "api.key and api.secret must be set on a cluster"},
		"without a door":            {slices.Concat(keys, []string{redis}), "cluster.listen"},
		"without an address":        {slices.Concat(keys, []string{redis, "SALON_CLUSTER_LISTEN=:0"}), "cluster.address"},
		"half and alone":            {slices.Concat(keys, []string{"SALON_CLUSTER_ROLES=media"}), "cluster.redis.addresses"},
		"with a door that is taken": {slices.Concat(keys, []string{redis, "SALON_CLUSTER_LISTEN=256.0.0.1:0"}), "listen for nodes"},
	} {
		t.Run(name, func(t *testing.T) {
			environ := append(slices.Clone(c.environ), "SALON_HTTP_LISTEN=127.0.0.1:0", "SALON_MEDIA_PORT=-1", "SALON_DATA_DIR="+t.TempDir())
			code, _, errs := call(environ, "serve")
			if code != 1 || !strings.Contains(errs, c.says) {
				t.Errorf("code %d, %s", code, errs)
			}
		})
	}
}
