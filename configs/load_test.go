package configs

import (
	"errors"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func write(tb testing.TB, text string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "salon.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func TestSampleFileSaysTheDefaults(t *testing.T) {
	l, err := Load("salon.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	defaults := &Loaded{Config: Defaults()}
	for i, want := range defaults.Values() {
		if got := l.Values()[i]; got.Text != want.Text {
			t.Errorf("salon.yaml says %s: %s, the default is %s", got.Key, got.Text, want.Text)
		}
	}
	file, err := readFile("salon.yaml", settings())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range settings() {
		if _, ok := file[s.key]; !ok {
			t.Errorf("salon.yaml does not show %s", s.key)
		}
	}
}

func TestEnvironmentWinsOverFileWinsOverDefault(t *testing.T) {
	path := write(t, "http:\n  listen: :1\n  drain_timeout: 3s\nlog: {level: warn}\n")
	l, err := Load(path, []string{"HOME=/", "SALON_HTTP_LISTEN=:2", "SALON_API_SECRET=quiet", "SALON_CONFIG=x"})
	if err != nil {
		t.Fatal(err)
	}
	c := l.Config
	if c.HTTP.Listen != ":2" || c.HTTP.DrainTimeout != 3*time.Second || c.Log.Level != slog.LevelWarn || c.Log.Format != LogText {
		t.Errorf("merged to %+v", c)
	}
	want := map[string]string{
		"http.listen":        "SALON_HTTP_LISTEN",
		"http.drain_timeout": path + ":3",
		"log.level":          path + ":4",
		"log.format":         "default",
	}
	for _, v := range l.Values() {
		if o, ok := want[v.Key]; ok && v.Origin != o {
			t.Errorf("%s came from %q, want %q", v.Key, v.Origin, o)
		}
		if strings.Contains(v.Text, "quiet") {
			t.Errorf("%s shows the secret", v.Key)
		}
	}
}

func TestUnknownAndBrokenInputIsRefusedWithItsPlace(t *testing.T) {
	cases := map[string]struct {
		file string
		env  []string
		want error
		says string
	}{
		"unknown key":      {file: "http:\n  lissten: :1\n", want: ErrUnknownKey, says: "salon.yaml:2: http.lissten"},
		"near key":         {file: "http:\n  lissten: :1\n", want: ErrUnknownKey, says: "did you mean http.listen?"},
		"unknown section":  {file: "\n\nsmtp:\n  x: 1\n", want: ErrUnknownKey, says: "salon.yaml:3: smtp"},
		"section as value": {file: "http: 3\n", want: ErrNotMapping, says: "salon.yaml:1: http"},
		"list at the top":  {file: "- a\n", want: ErrNotMapping, says: "salon.yaml:1"},
		"twice":            {file: "log:\n  level: info\n  level: warn\n", want: ErrDuplicateKey, says: "salon.yaml:3"},
		"bad duration":     {file: "http:\n  drain_timeout: soon\n", want: ErrBadValue, says: "salon.yaml:2: http.drain_timeout"},
		"mapping as text":  {file: "http:\n  listen: {a: 1}\n", want: ErrBadValue, says: "salon.yaml:2: http.listen"},
		"bad level":        {file: "log:\n  level: loud\n", want: ErrBadValue, says: "salon.yaml:2: log.level"},
		"bad format":       {file: "log:\n  format: xml\n", want: ErrUnknownFormat, says: "salon.yaml:2: log.format"},
		"unknown variable": {env: []string{"SALON_HTTP_LISTE=:1"}, want: ErrUnknownVariable, says: "did you mean SALON_HTTP_LISTEN?"},
		"far variable":     {env: []string{"SALON_Q=:1"}, want: ErrUnknownVariable, says: "SALON_Q: unknown variable"},
		"bad variable":     {env: []string{"SALON_HTTP_DRAIN_TIMEOUT=x"}, want: ErrBadValue, says: "SALON_HTTP_DRAIN_TIMEOUT"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Load(write(t, c.file), c.env)
			if !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %q does not say %q", err, c.says)
			}
		})
	}
}

func TestListsOfMappings(t *testing.T) {
	const one = "[{urls: [\"turn:a:1\", \"turn:b:2\"], username: u, credential: quiet}]"
	check := func(path string, environ []string) {
		t.Helper()
		l, err := Load(path, environ)
		if err != nil {
			t.Fatal(err)
		}
		servers := l.Config.Signaling.ICEServers
		if len(servers) != 1 || len(servers[0].URLs) != 2 || servers[0].Username != "u" || servers[0].Credential != "quiet" {
			t.Errorf("got %+v", servers)
		}
		for _, v := range l.Values() {
			if strings.Contains(v.Text, "quiet") {
				t.Errorf("%s shows a credential: %s", v.Key, v.Text)
			}
		}
	}
	check(write(t, "signaling:\n  ice_servers: "+one+"\n"), nil)
	check("", []string{"SALON_SIGNALING_ICE_SERVERS=" + one})
	if _, err := Load(write(t, "signaling:\n  ice_servers: [{url: x}]\n"), nil); !errors.Is(err, ErrBadValue) {
		t.Errorf("unknown key in an entry: %v", err)
	}
}

func TestBrokenYAMLNamesTheFile(t *testing.T) {
	if _, err := Load(write(t, "http: [\n"), nil); err == nil || !strings.Contains(err.Error(), "salon.yaml") {
		t.Errorf("error %v does not name the file", err)
	}
}

func TestEmptyFileIsNoError(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "http:\n"} {
		if _, err := Load(write(t, text), nil); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestVariablesAreDistinct(t *testing.T) {
	seen := map[string]string{}
	for _, s := range settings() {
		if other, ok := seen[s.env]; ok {
			t.Errorf("%s stands for %s and %s", s.env, other, s.key)
		}
		seen[s.env] = s.key
	}
	if _, ok := seen["SALON_API_SECRET"]; !ok {
		t.Errorf("SALON_API_SECRET is missing in %v", slices.Sorted(maps.Keys(seen)))
	}
}

func TestSnake(t *testing.T) {
	for in, want := range map[string]string{
		"Listen": "listen", "PublicURL": "public_url", "HTTP": "http", "ExternalIPs": "external_ips",
		"IPsAllowed": "ips_allowed", "DrainTimeout": "drain_timeout", "TLSCert": "tls_cert", "A1B": "a1_b",
	} {
		if got := snake(in); got != want {
			t.Errorf("snake(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("http:\n  listen: :1\n")
	f.Add("log: &a {level: info}\nadmin: *a\n")
	f.Add("? [a]\n: b\n")
	f.Add("a: &x [*x]")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = parse("fuzz", strings.NewReader(text), settings())
	})
}
