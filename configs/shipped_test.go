package configs

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"salon/signaling/cluster"
)

// A composition is what matters here of a compose file.
type composition struct {
	Services map[string]struct {
		Environment map[string]string `yaml:"environment"`
		Ports       []string          `yaml:"ports"`
		Image       string            `yaml:"image"`
		Grace       string            `yaml:"stop_grace_period"`
	} `yaml:"services"`
}

// asked are variables that the operator has to set.
var asked = regexp.MustCompile(`\$\{([A-Z_]+):\?\}`)

func compose(t *testing.T) composition {
	t.Helper()
	text, err := os.ReadFile("cluster/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{
		"SALON_SITE": "salon.example", "SALON_ADDRESS": "203.0.113.7", "SALON_API_KEY": "club",
		"SALON_API_SECRET": strings.Repeat("s", 32), "GRAFANA_PASSWORD": "p",
	}
	text = asked.ReplaceAllFunc(text, func(v []byte) []byte {
		name := string(asked.FindSubmatch(v)[1])
		if values[name] == "" {
			t.Errorf("nobody sets %s", name)
		}
		if !strings.Contains(string(text), "\n#   "+name+"=") {
			t.Errorf("the head of the file does not tell of %s", name)
		}
		return []byte(values[name])
	})
	if i := strings.Index(string(text), "${"); i >= 0 {
		t.Errorf("a variable that need not be set: %.40s", text[i:])
	}
	var c composition
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestComposedNodesAreACluster loads what the compose file tells each node, as the node does.
func TestComposedNodesAreACluster(t *testing.T) {
	roles := map[cluster.Role]int{}
	ports := map[string]string{}
	for name, s := range compose(t).Services {
		if s.Image != "salon" {
			continue
		}
		var environ []string
		for k, v := range s.Environment {
			environ = append(environ, k+"="+v)
		}
		l, err := Load("", environ)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c := l.Config
		if err := c.ValidateCluster(); err != nil || !c.Cluster.Many() {
			t.Errorf("%s is none of many: %v", name, err)
		}
		for _, r := range c.Cluster.Roles {
			roles[r]++
		}
		want := []string{}
		if c.Cluster.Has(cluster.Media) {
			want = []string{published(c.Media.Port, "udp"), published(c.Media.TCPPort, "tcp")}
		}
		if !slices.Equal(s.Ports, want) && len(s.Ports)+len(want) > 0 {
			t.Errorf("%s publishes %v, and tells clients %v", name, s.Ports, want)
		}
		for _, p := range s.Ports {
			if other := ports[p]; other != "" {
				t.Errorf("%s and %s publish %s", name, other, p)
			}
			ports[p] = name
		}
		if !strings.HasPrefix(c.Cluster.Address, name+":") {
			t.Errorf("%s is said to be at %s", name, c.Cluster.Address)
		}
		outlasts(t, name, s.Grace, c)
	}
	if roles[cluster.Media] != 3 || roles[cluster.API] != 1 {
		t.Errorf("roles %v", roles)
	}
}

func published(port int, network string) string {
	return fmt.Sprintf("%[1]d:%[1]d/%[2]s", port, network)
}

// outlasts checks that whoever stops a node waits until it is done.
func outlasts(t *testing.T, name, grace string, c Config) {
	t.Helper()
	d, err := time.ParseDuration(grace)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if needed := c.Cluster.DrainDeadline + c.HTTP.DrainTimeout; d <= needed {
		t.Errorf("%s is stopped after %s and may take %s", name, d, needed)
	}
}

func TestTheUnitLetsANodeDrain(t *testing.T) {
	text, err := os.ReadFile("salon.service")
	if err != nil {
		t.Fatal(err)
	}
	unit := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(k, "#") {
			unit[k] = v
		}
	}
	outlasts(t, "the unit", unit["TimeoutStopSec"], Defaults())
	if _, err := Load("", []string{unit["Environment"]}); err != nil {
		t.Error(err)
	}
	if n, err := strconv.Atoi(unit["LimitNOFILE"]); err != nil || n < 3*Defaults().Signaling.MaxSessions {
		t.Errorf("%d files (%v) for %d sessions", n, err, Defaults().Signaling.MaxSessions)
	}
}

// TestEverybodyKnowsTheNodes compares where the balancer and Prometheus look with what there is.
func TestEverybodyKnowsTheNodes(t *testing.T) {
	var nodes []string
	for name, s := range compose(t).Services {
		if s.Image == "salon" {
			nodes = append(nodes, name+Defaults().HTTP.Listen)
		}
	}
	slices.Sort(nodes)
	var scrapes struct {
		Configs []struct {
			Static []struct {
				Targets []string `yaml:"targets"`
			} `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	load(t, "cluster/prometheus.yml", &scrapes)
	targets := slices.Sorted(slices.Values(scrapes.Configs[0].Static[0].Targets))
	if !slices.Equal(targets, nodes) {
		t.Errorf("prometheus asks %v, there are %v", targets, nodes)
	}
	text, err := os.ReadFile("cluster/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	upstreams := regexp.MustCompile(`reverse_proxy (.*) \{`).FindStringSubmatch(string(text))
	if upstreams == nil || !slices.Equal(slices.Sorted(slices.Values(strings.Fields(upstreams[1]))), nodes) {
		t.Errorf("the balancer leads to %v, there are %v", upstreams, nodes)
	}
}

// TestTheDashboardFindsItsSource compares the names by which they know each other.
func TestTheDashboardFindsItsSource(t *testing.T) {
	var provided struct {
		Sources []struct {
			UID string `yaml:"uid"`
		} `yaml:"datasources"`
	}
	load(t, "cluster/grafana/provisioning/datasources/prometheus.yaml", &provided)
	var board struct {
		Panels []struct {
			Title  string `yaml:"title"`
			Type   string `yaml:"type"`
			Source struct {
				UID string `yaml:"uid"`
			} `yaml:"datasource"`
		} `yaml:"panels"`
	}
	load(t, "cluster/grafana/dashboards/salon.json", &board)
	for _, p := range board.Panels {
		if p.Type != "row" && p.Source.UID != provided.Sources[0].UID {
			t.Errorf("panel %s asks %q, there is %q", p.Title, p.Source.UID, provided.Sources[0].UID)
		}
	}
}

// load reads YAML, of which JSON is a part.
func load(t *testing.T, name string, v any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
