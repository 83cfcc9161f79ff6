package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// truth is how far attendance may be from what happened.
const truth = 2 * time.Second

// playMain in the environment has the test's binary be salon itself.
const playMain = "PLAY_SALON"

// A process is a salon of its own.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	addr string
	node string
	out  chan string   // lines of its log, as far as somebody reads them
	log  chan struct{} // closed when its log has ended
}

// launch starts a salon with that data folder and waits until it serves.
func launch(t *testing.T, dir string) *process {
	t.Helper()
	return launchFrom(t, os.Args[0], dir)
}

// launchFrom is launch for that binary, with more settings.
func launchFrom(t *testing.T, binary, dir string, settings ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.CommandContext(t.Context(), binary, "serve"), out: make(chan string, 100), log: make(chan struct{})}
	p.cmd.Env = []string{
		playMain + "=1", "SALON_HTTP_LISTEN=127.0.0.1:0", "SALON_MEDIA_PORT=-1", "SALON_DATA_DIR=" + dir, "TMPDIR=" + t.TempDir(),
		"SALON_CLUB_HTTP_PASSWORD_COST_MEMORY_KIB=64", "SALON_CLUB_HTTP_PASSWORD_COST_ITERATIONS=1",
		"GOGC=400", // collecting garbage is much of what a start takes
	}
	p.cmd.Env = append(p.cmd.Env, settings...)
	out, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	serves := make(chan [][]byte, 1)
	go func() {
		defer close(p.log)
		serving := regexp.MustCompile(`msg=serving addr=(\S+) node=(\S+)`)
		var all bytes.Buffer
		for lines := bufio.NewScanner(out); lines.Scan(); {
			all.Write(append(lines.Bytes(), '\n'))
			select {
			case p.out <- lines.Text():
			default:
			}
			if m := serving.FindSubmatch(lines.Bytes()); m != nil {
				serves <- [][]byte{bytes.Clone(m[1]), bytes.Clone(m[2])}
			}
		}
		close(serves)
		if t.Failed() {
			fmt.Fprintf(os.Stderr, "log of salon:\n%s", &all)
		}
	}()
	m, ok := <-serves
	if !ok {
		t.Fatalf("salon does not serve: %v", p.cmd.Wait())
	}
	p.addr, p.node = string(m[0]), string(m[1])
	return p
}

// stop asks the process to end, which it must do well.
func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	p.ended()
}

// ended waits for an end that was asked for.
func (p *process) ended() {
	p.t.Helper()
	<-p.log
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("salon ended badly: %v", err)
	}
}

// kill gives the process no chance to say anything.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	<-p.log
	_ = p.cmd.Wait() // it was killed
}

// A visitor is a signed-in person with a client of the API and of the meetings.
type visitor struct {
	t      *testing.T
	p      *process
	client *http.Client
	jar    *cookiejar.Jar
}

func newVisitor(t *testing.T, p *process) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, p: p, jar: jar, client: &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}}
}

// moveTo goes on with another process; its port differs and cookies do not mind.
func (v *visitor) moveTo(p *process) { v.p = p }

func (v *visitor) call(method, path string, body map[string]any) map[string]any {
	v.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(v.t.Context(), method, "http://"+v.p.addr+path, bytes.NewReader(raw))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || res.StatusCode >= http.StatusBadRequest {
		v.t.Fatalf("%s %s: %d %v %v", method, path, res.StatusCode, out, err)
	}
	return out
}

// enter joins the meeting: a WebSocket, held open until it is closed.
func (v *visitor) enter(conference string) io.Closer {
	v.t.Helper()
	place := v.call("POST", conference+"/join", nil)
	door := "http://" + v.p.addr + "/rtc?protocol=16&access_token=" + url.QueryEscape(place["token"].(string))
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, door, http.NoBody)
	if err != nil {
		v.t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
	} {
		req.Header.Set(name, value)
	}
	res, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	if res.StatusCode != http.StatusSwitchingProtocols {
		v.t.Fatalf("enter: %s", res.Status)
	}
	return res.Body
}

// attended returns the one line of attendance once it is as wanted, which must be within truth.
func (v *visitor) attended(conference string, wanted func(map[string]any) bool) (line map[string]any) {
	v.t.Helper()
	v.until(conference, func(list []any) bool {
		if len(list) != 1 {
			return false
		}
		line = list[0].(map[string]any)
		return wanted(line)
	})
	return line
}

func isPresent(a map[string]any) bool { return a["present"] == true }
func hasLeft(a map[string]any) bool   { return a["present"] == false }

func (v *visitor) near(what string, got any, want time.Time) {
	v.t.Helper()
	at, err := time.Parse(time.RFC3339, got.(string))
	if err != nil {
		v.t.Fatal(err)
	}
	if off := at.Sub(want); off.Abs() > truth {
		v.t.Errorf("%s is %s off", what, off)
	}
}

// TestAttendanceSurvivesTheDeathOfTheProcess joins a real salon, kills it, and joins its
// successor.
func TestAttendanceSurvivesTheDeathOfTheProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first := launch(t, dir)
	v := newVisitor(t, first)
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
	if got := v.call("GET", path, nil)["present"]; got != 1.0 {
		t.Errorf("%v present", got)
	}
	// Long enough to be told from nothing.
	v.stay(path, came, 3*time.Second)
	died := time.Now()
	first.kill()
	_ = door.Close() // its server is gone

	second := launch(t, dir)
	v.moveTo(second)
	v.near("leaving", v.attended(path, hasLeft)["left_at"], died)
	again := time.Now()
	door = v.enter(path)
	v.near("first coming", v.attended(path, isPresent)["joined_at"], came)
	v.stay(path, again, time.Second)
	left := time.Now()
	if err := door.Close(); err != nil {
		t.Error(err)
	}
	total := v.attended(path, hasLeft)
	v.near("leaving again", total["left_at"], left)
	if want := (died.Sub(came) + left.Sub(again)).Seconds(); math.Abs(total["seconds"].(float64)-want) > truth.Seconds() {
		t.Errorf("stayed %v s, want %.1f", total["seconds"], want)
	}
	second.kill()
}

// stay waits, among people who look at the attendance, until that long after since.
func (v *visitor) stay(conference string, since time.Time, d time.Duration) {
	v.t.Helper()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for time.Since(since) < d {
		<-again.C
		v.attended(conference, isPresent)
	}
}
