package system

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// A Scrape is one reading of a server's Prometheus text: values by name with labels.
type Scrape map[string]float64

const maxScrape = 8 << 20 // bytes

// ScrapeFrom reads the metrics at url; empty url: nothing.
func ScrapeFrom(ctx context.Context, url string) (Scrape, error) {
	if url == "" {
		return nil, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("scrape metrics: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("scrape metrics: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	return parseMetrics(io.LimitReader(resp.Body, maxScrape))
}

// parseMetrics reads the Prometheus text format 0.0.4, leaving out what it does not understand.
func parseMetrics(r io.Reader) (Scrape, error) {
	s := Scrape{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := line, "", false
		if i := strings.LastIndexByte(line, '}'); i >= 0 {
			name, value, ok = line[:i+1], strings.TrimSpace(line[i+1:]), true
		} else {
			name, value, ok = strings.Cut(line, " ")
		}
		value, _, _ = strings.Cut(strings.TrimSpace(value), " ") // a timestamp may follow
		if v, err := strconv.ParseFloat(value, 64); ok && err == nil {
			s[name] = v
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read metrics: %w", err)
	}
	return s, nil
}

// Since returns how the counters grew, those that did: names that end in _total, before their labels.
func (s Scrape) Since(earlier Scrape) Scrape {
	grown := Scrape{}
	for name, v := range s {
		family, _, _ := strings.Cut(name, "{")
		if d := v - earlier[name]; strings.HasSuffix(family, "_total") && d != 0 {
			grown[name] = d
		}
	}
	return grown
}
