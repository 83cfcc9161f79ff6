package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"salon/configs"
)

// commands runs the command line on the data folder of cfg, with words on standard input.
type commands struct {
	t   *testing.T
	cfg configs.Config
}

func (c commands) run(in string, args ...string) (code int, out, errs string) {
	c.t.Helper()
	var o, e bytes.Buffer
	// The least work that argon2id allows: these passwords are worth nothing.
	environ := []string{"SALON_DATA_DIR=" + c.cfg.Data.Dir, "SALON_LOG_LEVEL=error", "SALON_CLUB_HTTP_PASSWORD_COST_MEMORY_KIB=64", "SALON_CLUB_HTTP_PASSWORD_COST_ITERATIONS=1"}
	code = run(args, &console{out: &o, err: &e, environ: environ, in: strings.NewReader(in)})
	return code, o.String(), e.String()
}

func (c commands) ok(args ...string) string {
	c.t.Helper()
	code, out, errs := c.run("", args...)
	if code != 0 {
		c.t.Fatalf("%v: code %d, %s", args, code, errs)
	}
	return out
}

// refused wants code 1 and these words on standard error.
func (c commands) refused(words string, args ...string) {
	c.t.Helper()
	if code, out, errs := c.run("", args...); code != 1 || !strings.Contains(errs, words) {
		c.t.Errorf("%v: code %d, %q, %q; want %q", args, code, out, errs, words)
	}
}

// person is somebody who talks to a node over HTTP.
type person struct {
	t      *testing.T
	node   *node
	cookie string
}

func (p *person) call(method, path, body string) (status int, answer string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, "http://"+p.node.listener.Addr().String()+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if p.cookie != "" {
		req.Header.Set("Cookie", p.cookie)
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		p.t.Fatal(err)
	}
	if c := res.Cookies(); len(c) > 0 {
		p.cookie = c[0].Name + "=" + c[0].Value
	}
	return res.StatusCode, b.String()
}

// signIn expects that status.
func (p *person) signIn(nickname, password string, want int) {
	p.t.Helper()
	if status, answer := p.call("POST", "/session", `{"nickname":"`+nickname+`","password":"`+password+`"}`); status != want {
		p.t.Errorf("%s signs in: %d %s", nickname, status, answer)
	}
}

func (p *person) me(want int, says string) {
	p.t.Helper()
	if status, answer := p.call("GET", "/me", ""); status != want || !strings.Contains(answer, says) {
		p.t.Errorf("me: %d %s, want %d and %s", status, answer, want, says)
	}
}

func TestUsersAreMadeBesideANode(t *testing.T) {
	cfg := testConfig(t)
	c := commands{t, cfg}
	c.refused("no database yet", "user", "list")
	n, stop := serve(t, cfg)
	defer func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}()

	made := c.ok("user", "create", "지은")
	_, password, _ := strings.Cut(strings.TrimSpace(made), "password ")
	p := &person{t: t, node: n}
	p.signIn("지은", password, http.StatusOK)
	p.me(http.StatusOK, `"admin":false`)
	c.ok("user", "promote", "지은")
	p.me(http.StatusOK, `"admin":true`) // at once
	if out := c.ok("user", "list"); !strings.Contains(out, "지은") || !strings.Contains(out, "administrator") {
		t.Errorf("list %q", out)
	}
	c.ok("user", "demote", "지은")
	p.me(http.StatusOK, `"admin":false`)

	again := c.ok("user", "reset-password", "지은")
	_, fresh, _ := strings.Cut(strings.TrimSpace(again), "password ")
	p.me(http.StatusUnauthorized, "unauthenticated")
	p.signIn("지은", password, http.StatusUnauthorized)
	p.signIn("지은", fresh, http.StatusOK)
	if code, out, errs := c.run("chosen!one\n", "user", "reset-password", "지은", "--password-stdin"); code != 0 || strings.Contains(out, "chosen") {
		t.Errorf("%d %q %q", code, out, errs)
	}
	p.signIn("지은", "chosen!one", http.StatusOK)
	if code, out, _ := c.run("other!two\r\n", "user", "create", "--password-stdin", "--admin", "boss"); code != 0 || !strings.Contains(out, "administrator") {
		t.Errorf("%d %q", code, out)
	}
	p.signIn("boss", "other!two", http.StatusOK)

	c.refused("nickname is taken", "user", "create", "BOSS")
	c.refused("not found", "user", "promote", "nobody")
	c.refused("not found", "user", "reset-password", "nobody")
	c.refused("no password on standard input", "user", "create", "새 사람", "--password-stdin")
	c.refused("nickname=too_long", "user", "create", strings.Repeat("가", 21))
	if code, _, errs := c.run("short\n", "user", "create", "새 사람", "--password-stdin"); code != 1 || !strings.Contains(errs, "password=too_short") {
		t.Errorf("%d %q", code, errs)
	}
}

// TestBackupAndRestoreBesideANode saves a house that is served, lets it go on, and takes
// it back, while it is served.
func TestBackupAndRestoreBesideANode(t *testing.T) {
	cfg := testConfig(t)
	c := commands{t, cfg}
	file := filepath.Join(t.TempDir(), "house.tar")
	c.refused("no such file", "backup", file)
	n, stop := serve(t, cfg)
	defer func() { // stop is another one by the end
		if err := stop(); err != nil {
			t.Error(err)
		}
	}()
	if code, _, errs := c.run("read!books\n", "user", "create", "--password-stdin", "지은"); code != 0 {
		t.Fatal(errs)
	}
	p := &person{t: t, node: n}
	p.signIn("지은", "read!books", http.StatusOK)
	p.call("POST", "/clubs", `{"title":"먼저 있던 모임"}`)
	picture := upload(t, p)
	if status, answer := p.call("PATCH", "/me", `{"user_img":"`+picture+`"}`); status != http.StatusOK {
		t.Fatal(answer)
	}

	if out := c.ok("backup", file); !strings.Contains(out, "1 pictures") {
		t.Errorf("said %q", out)
	}
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	c.refused("--force replaces it", "backup", file)
	c.ok("backup", "--force", file)
	if list, err := os.ReadDir(filepath.Dir(file)); err != nil || len(list) != 1 {
		t.Errorf("left behind: %v, %v", list, err)
	}

	p.call("POST", "/clubs", `{"title":"나중에 온 모임"}`)
	if err := os.Remove(filepath.Join(cfg.Data.Dir, pictureFolder, filepath.Base(picture))); err != nil {
		t.Fatal(err)
	}
	c.refused("1 of 1", "check")
	out := c.ok("restore", file)
	kept, err := filepath.Glob(filepath.Join(cfg.Data.Dir, databaseFile+".before-restore-*"))
	if err != nil || len(kept) != 1 || !strings.Contains(out, kept[0]) {
		t.Errorf("kept %v, %v; said %q", kept, err, out)
	}
	p.me(http.StatusUnauthorized, "unauthenticated")
	p.signIn("지은", "read!books", http.StatusOK)
	if _, answer := p.call("GET", "/clubs", ""); !strings.Contains(answer, "먼저 있던 모임") || strings.Contains(answer, "나중에") {
		t.Errorf("clubs %s", answer)
	}
	if status, answer := p.call("POST", "/clubs", `{"title":"그 다음 모임"}`); status != http.StatusCreated {
		t.Errorf("%d %s", status, answer)
	}
	if status, _ := p.call("GET", strings.TrimPrefix(picture, "/api/v1"), ""); status != http.StatusOK {
		t.Errorf("the picture is not back: %d", status)
	}
	c.ok("check")

	// An empty place, and the node started afterwards.
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	elsewhere := testConfig(t)
	commands{t, elsewhere}.ok("restore", file)
	commands{t, elsewhere}.ok("check")
	p.node, stop = serve(t, elsewhere)
	p.signIn("지은", "read!books", http.StatusOK)
}

func upload(t *testing.T, p *person) string {
	t.Helper()
	gif := "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x00\x00\x00\x00\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+p.node.listener.Addr().String()+"/api/v1/pictures", strings.NewReader(gif))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "image/gif")
	req.Header.Set("Cookie", p.cookie)
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s, %v", res.StatusCode, b.String(), err)
	}
	_, rest, _ := strings.Cut(b.String(), `"url":"`)
	url, _, _ := strings.Cut(rest, `"`)
	return url
}

func TestDamagedBackupsChangeNothing(t *testing.T) {
	cfg := testConfig(t)
	c := commands{t, cfg}
	_, stop := serve(t, cfg)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	c.ok("user", "create", "지은")
	file := filepath.Join(t.TempDir(), "house.tar")
	c.ok("backup", file)
	c.ok("user", "create", "둘째")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	database := bytes.Index(whole, []byte("SQLite format 3"))
	for name, content := range map[string][]byte{
		"nothing":         {},
		"words":           []byte("Dear reader"),
		"half":            whole[:len(whole)/2],
		"a bare database": whole[database:],
		"another name":    slices.Concat([]byte("../../x.db"), whole[10:]),
		"no database":     slices.Concat(whole[:database], make([]byte, 16), whole[database+16:]),
	} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out, errs := c.run("", "restore", file); code != 1 {
			t.Errorf("%s: code %d, %q, %q", name, code, out, errs)
		}
	}
	if out := c.ok("user", "list"); !strings.Contains(out, "둘째") {
		t.Errorf("list %q", out)
	}
	left, err := filepath.Glob(filepath.Join(cfg.Data.Dir, ".*"))
	if kept, _ := filepath.Glob(filepath.Join(cfg.Data.Dir, "*.before-*")); err != nil || len(left)+len(kept) != 0 {
		t.Errorf("left behind: %v %v, %v", left, kept, err)
	}
}
