package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"salon/configs"
	"salon/signaling/cluster"
)

// served are the series of a node of a cluster: for each name its labels and their values.
type served map[string]map[string][]string

// scrape asks a node of a cluster whose Redis is away for its series.
func scrape(t *testing.T) served {
	t.Helper()
	cfg := configs.Defaults()
	cfg.HTTP.Listen, cfg.Media.Port, cfg.Data.Dir = "127.0.0.1:0", -1, t.TempDir()
	cfg.API.Key, cfg.API.Secret = "k", strings.Repeat("s", secretLength)
	cfg.Cluster.Redis.Addresses, cfg.Cluster.Listen = []string{"127.0.0.1:1"}, "127.0.0.1:0"
	n, err := newNode(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.close(); err != nil {
			t.Error(err)
		}
	})
	if err := n.mesh.timed.Announce(t.Context(), n.mesh.self, n.now()); !errors.Is(err, cluster.ErrAway) {
		t.Fatalf("there is a redis: %v", err)
	}
	w := httptest.NewRecorder()
	n.server.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	return read(w.Body.String())
}

var (
	seriesLine = regexp.MustCompile(`(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? `)
	labelPair  = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)(=~|!=|!~|=)"([^"]*)"`)
)

// read takes the text that Prometheus is given.
func read(text string) served {
	all := served{}
	for _, line := range seriesLine.FindAllStringSubmatch(text, -1) {
		labels := all[line[1]]
		if labels == nil {
			labels = map[string][]string{}
			all[line[1]] = labels
		}
		for _, pair := range labelPair.FindAllStringSubmatch(line[2], -1) {
			labels[pair[1]] = append(labels[pair[1]], pair[3])
		}
	}
	return all
}

var (
	word      = regexp.MustCompile(`[a-zA-Z_:][a-zA-Z0-9_:]*`)
	selector  = regexp.MustCompile(`([a-zA-Z_:][a-zA-Z0-9_:]*)\{([^}]*)\}`)
	grouping  = regexp.MustCompile(`\b(?:by|without|on|ignoring)\s*\(([^)]*)\)`)
	inBraces  = regexp.MustCompile(`\{[^}]*\}`)
	inSquares = regexp.MustCompile(`\[[^\]]*\]`)
)

// functions are the words of queries that are no series.
var functions = []string{"sum", "max", "min", "rate", "increase", "histogram_quantile"}

// scraped are labels that Prometheus adds, and le, which every histogram has; up is its own series.
var scraped = []string{"job", "instance", "le"}

// lacks says what a query asks for that no node serves.
func (all served) lacks(query string) (missing []string) {
	known := map[string]bool{}
	for _, name := range scraped {
		known[name] = true
	}
	for _, m := range selector.FindAllStringSubmatch(query, -1) {
		for _, pair := range labelPair.FindAllStringSubmatch(m[2], -1) {
			if slices.Contains(scraped, pair[1]) {
				continue
			}
			match := regexp.MustCompile("^(?:" + pair[3] + ")$").MatchString
			if !slices.ContainsFunc(all[m[1]][pair[1]], match) {
				missing = append(missing, m[1]+"{"+pair[0]+"}")
			}
		}
	}
	rest := inSquares.ReplaceAllString(inBraces.ReplaceAllString(query, ""), "")
	for _, name := range word.FindAllString(grouping.ReplaceAllString(rest, ""), -1) {
		switch {
		case slices.Contains(functions, name) || name == "up":
		case all[name] == nil:
			missing = append(missing, name)
		default:
			for label := range all[name] {
				known[label] = true
			}
		}
	}
	for _, m := range grouping.FindAllStringSubmatch(rest, -1) {
		for _, label := range word.FindAllString(m[1], -1) {
			if !known[label] {
				missing = append(missing, "label "+label)
			}
		}
	}
	return missing
}

// A board is what matters here of a dashboard of Grafana.
type board struct {
	Panels []struct {
		Title   string `json:"title"`
		Targets []struct {
			Expr string `json:"expr"`
		} `json:"targets"`
	} `json:"panels"`
}

// An alarm is what matters here of the rules of Prometheus.
type alarm struct {
	Groups []struct {
		Rules []struct {
			Alert string `yaml:"alert"`
			Expr  string `yaml:"expr"`
		} `yaml:"rules"`
	} `yaml:"groups"`
}

// queries returns those of the dashboard and of the alerts, by what they are called.
func queries(t *testing.T) map[string][]string {
	t.Helper()
	var b board
	if err := json.Unmarshal(shipped(t, "grafana/dashboards/salon.json"), &b); err != nil {
		t.Fatal(err)
	}
	var a alarm
	if err := yaml.Unmarshal(shipped(t, "alerts.yml"), &a); err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, p := range b.Panels {
		for _, q := range p.Targets {
			all["panel "+p.Title] = append(all["panel "+p.Title], q.Expr)
		}
	}
	for _, g := range a.Groups {
		for _, r := range g.Rules {
			all["alert "+r.Alert] = append(all["alert "+r.Alert], r.Expr)
		}
	}
	return all
}

// shipped reads a file for operators of a cluster.
func shipped(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "configs", "cluster", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDashboardAndAlertsAskForWhatNodesServe(t *testing.T) {
	all := scrape(t)
	asked := queries(t)
	if len(asked) < 40 {
		t.Errorf("only %d panels and alerts are found", len(asked))
	}
	for what, list := range asked {
		for _, query := range list {
			if missing := all.lacks(query); len(missing) > 0 {
				t.Errorf("%s: nobody serves %s, in %s", what, strings.Join(missing, ", "), query)
			}
		}
	}
}

// TestQueriesForWhatNobodyServesAreFound keeps the test above from being blind.
func TestQueriesForWhatNobodyServesAreFound(t *testing.T) {
	all := read("# HELP a_total a\na_total{cause=\"x\"} 1\nb 2\n")
	for query, want := range map[string]string{
		`rate(a_total{job="salon",cause="x"}[5m]) / b`: "",
		`sum by (cause, instance) (a_total)`:           "",
		`a_total{cause=~"x|y"} > 0.5`:                  "",
		`sum(c_total)`:                                 "c_total",
		`c`:                                            "c",
		`a_total{cause="z"}`:                           `a_total{cause="z"}`,
		`a_total{kind="x"}`:                            `a_total{kind="x"}`,
		`sum by (kind) (a_total)`:                      "label kind",
		`mean(b)`:                                      "mean",
	} {
		if got := strings.Join(all.lacks(query), " "); got != want {
			t.Errorf("%s lacks %q, want %q", query, got, want)
		}
	}
}
