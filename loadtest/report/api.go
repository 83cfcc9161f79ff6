package report

import (
	"fmt"
	"strings"

	"salon/loadtest/measure"
)

// API is what a load on the club's API found; the figures of media say nothing then.
type API struct {
	People       int            `json:"people"`
	Clubs        int            `json:"clubs"`
	Notes        int            `json:"notes"`
	FilledS      float64        `json:"filled_s"`
	Rate         float64        `json:"rate"` // visits a second that were asked for
	Requests     uint64         `json:"requests"`
	RequestsPerS float64        `json:"requests_per_s"`
	Errors       uint64         `json:"errors"`
	All          measure.Spread `json:"all"`
	Operations   []Operation    `json:"operations"`
}

// An Operation is one kind of request, by name: how many were answered as they should, in what time, and how much of it
// the server says that it took, where it says so.
type Operation struct {
	Name   string         `json:"name"`
	Errors uint64         `json:"errors"`
	Spread measure.Spread `json:"spread"`
	Server measure.Spread `json:"server,omitzero"`
}

// spreads are the kinds of times that r has.
func (r *Report) spreads() []group {
	if r.API == nil {
		return spreadsOf(&r.Client)
	}
	list := []group{{"api.all", "all requests", r.API.All}}
	for _, o := range r.API.Operations {
		about := fmt.Sprintf("%d answered", o.Spread.Count)
		if o.Errors > 0 {
			about += fmt.Sprintf(", %d errors", o.Errors)
		}
		if o.Server.Count > 0 {
			about += fmt.Sprintf("; by the server %.2f, %.2f, %.2f", o.Server.P50, o.Server.P95, o.Server.P99)
		}
		list = append(list, group{"api." + o.Name, about, o.Spread})
	}
	return list
}

// figures are those that r may have.
func (r *Report) figures() []figure {
	if r.API == nil {
		return figures()
	}
	list := apiFigures()
	for _, f := range figures() {
		if f.name == "cpu.cores" || f.name == "rss" || f.name == "generator.cores" {
			list = append(list, f)
		}
	}
	return list
}

func apiFigures() []figure {
	api := func(f func(*API) float64) func(*Report) (float64, bool) {
		return func(r *Report) (float64, bool) {
			if r.API == nil {
				return 0, false
			}
			return f(r.API), true
		}
	}
	return []figure{
		one("api.rate", "requests answered", unitRate, true, api(func(a *API) float64 { return a.RequestsPerS })),
		one("api.errors", "requests that went wrong", unitNone, false, api(func(a *API) float64 { return float64(a.Errors) })),
		one("api.p50", "half of the answers came within", unitMillis, false, api(func(a *API) float64 { return a.All.P50 })),
		one("api.p95", "nineteen of twenty came within", unitMillis, false, api(func(a *API) float64 { return a.All.P95 })),
		one("api.p99", "ninety-nine of a hundred came within", unitMillis, false, api(func(a *API) float64 { return a.All.P99 })),
	}
}

// operationFigure is a point of one operation's times, by a name such as api.search.p99, or api.search.server.p99 for
// the server's own; every operation may have one, for which there are is known only after the run.
func operationFigure(name string) (figure, bool) {
	of, ok := strings.CutPrefix(name, "api.")
	i := strings.LastIndexByte(of, '.')
	if !ok || i < 0 {
		return figure{}, false
	}
	points := map[string]func(measure.Spread) float64{
		"p50": func(s measure.Spread) float64 { return s.P50 }, "p95": func(s measure.Spread) float64 { return s.P95 },
		"p99": func(s measure.Spread) float64 { return s.P99 }, "p999": func(s measure.Spread) float64 { return s.P999 },
		"max": func(s measure.Spread) float64 { return s.Max },
	}
	operation, server := strings.CutSuffix(of[:i], ".server")
	point := of[i+1:]
	value, ok := points[point]
	return figure{name: name, about: of[:i], unit: unitMillis, point: point, value: func(r *Report) (float64, bool) {
		if r.API == nil {
			return 0, false
		}
		for _, o := range r.API.Operations {
			spread := o.Spread
			if server {
				spread = o.Server
			}
			if o.Name == operation && spread.Count > 0 {
				return value(spread), true
			}
		}
		return 0, false
	}}, ok
}
