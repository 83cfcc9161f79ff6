package report

import (
	"fmt"
	"slices"
	"strings"

	"salon/loadtest/measure"
)

// The units in which figures are compared and shown.
const (
	unitNone     = ""
	unitPercent  = "%"
	unitMillis   = "ms"
	unitMicros   = "µs"
	unitMegabyte = "MB"
	unitCores    = "cores"
	unitRate     = "/s"
)

// A figure is one number of a report by the name that assertions and comparisons use.
type figure struct {
	name  string
	about string
	unit  string
	more  bool   // the more the better
	point string // of a spread: "p99"; empty for a single number
	value func(*Report) (float64, bool)
}

// figures are all that have names, in the order in which reports show them.
func figures() []figure {
	client := func(f func(*Client) float64) func(*Report) (float64, bool) {
		return func(r *Report) (float64, bool) { return f(&r.Client), true }
	}
	server := func(f func(*Server) float64) func(*Report) (float64, bool) {
		return func(r *Report) (float64, bool) {
			if r.Server == nil {
				return 0, false
			}
			return f(r.Server), true
		}
	}
	list := []figure{
		one("rate", "packets received and decrypted", unitRate, true, client(func(c *Client) float64 { return c.PacketsPerS })),
		one("loss", "of the packets that should have come", unitPercent, false, client(func(c *Client) float64 { return 100 * c.Loss })),
		one("frames.whole", "video frames with all their packets", unitPercent, true, client(func(c *Client) float64 { return 100 * c.FramesWhole })),
		one("duplicates", "packets that came twice", unitNone, false, client(func(c *Client) float64 { return float64(c.Duplicates) })),
		one("reordered", "packets behind a later one", unitNone, false, client(func(c *Client) float64 { return float64(c.Reordered) })),
		one("repaired", "packets that came by retransmission", unitNone, false, client(func(c *Client) float64 { return float64(c.Repaired) })),
		one("missing", "subscriptions of which nothing came", unitNone, false, client(func(c *Client) float64 { return float64(c.MissingTracks) })),
		one("failed", "participants that could not stay", unitNone, false, client(func(c *Client) float64 { return float64(c.Failed) })),
	}
	returns := func(f func(*Returns) int) func(*Report) (float64, bool) {
		return func(r *Report) (float64, bool) {
			if r.Client.Returns == nil {
				return 0, false
			}
			return float64(f(r.Client.Returns)), true
		}
	}
	list = append(list, spreads()...)
	return append(list,
		one("reconnects", "times that somebody came back who had lost the session", unitNone, false, returns(func(s *Returns) int { return s.Reconnects })),
		one("gaveup", "participants who could not come back", unitNone, false, returns(func(s *Returns) int { return s.GaveUp })),
		one("cpu.per_packet", "server CPU for each packet received and decrypted", unitMicros, false, func(r *Report) (float64, bool) {
			if r.Server == nil || r.Server.PerPacketUS == 0 {
				return 0, false
			}
			return r.Server.PerPacketUS, true
		}),
		one("cpu.cores", "server CPU", unitCores, false, server(func(s *Server) float64 { return s.Cores })),
		one("cpu.per_join", "server CPU for each join, until everyone hears everything", unitMillis, false, server(func(s *Server) float64 { return s.PerJoinMS })),
		one("rss", "server memory", unitMegabyte, false, server(func(s *Server) float64 { return float64(s.RSS) / 1e6 })),
		one("rss.per_participant", "of it, for each participant", unitMegabyte, false, server(func(s *Server) float64 { return s.PerParticipant / 1e6 })),
		one("generator.cores", "CPU of the generator itself", unitCores, false, func(r *Report) (float64, bool) { return r.Generator.Cores, true }),
	)
}

func one(name, about, unit string, more bool, value func(*Report) (float64, bool)) figure {
	return figure{name: name, about: about, unit: unit, more: more, value: value}
}

// spreadsOf are the kinds of times that are measured, in words.
func spreadsOf(c *Client) []group {
	returns := c.Returns
	if returns == nil {
		returns = &Returns{}
	}
	return []group{
		{"latency", "sender to subscriber's socket", c.Latency},
		{"join.session", "joining to the server's word", c.JoinToSession},
		{"join.connected", "joining to keys for media", c.JoinToConnected},
		{"join.packet", "joining to the first packet", c.JoinToFirst},
		{"join.keyframe", "joining to the first keyframe", c.JoinToKeyframe},
		{"reconnect", "losing the session to having it again", returns.Back},
		{"gap", "a subscription without a packet", returns.Gap},
	}
}

func spreads() (list []figure) {
	points := []struct {
		name string
		of   func(*measure.Spread) float64
	}{
		{"p50", func(s *measure.Spread) float64 { return s.P50 }}, {"p95", func(s *measure.Spread) float64 { return s.P95 }},
		{"p99", func(s *measure.Spread) float64 { return s.P99 }}, {"p999", func(s *measure.Spread) float64 { return s.P999 }},
		{"max", func(s *measure.Spread) float64 { return s.Max }},
	}
	for i, g := range spreadsOf(&Client{}) {
		for _, p := range points {
			list = append(list, figure{
				name: g.Name + "." + p.name, about: g.About, unit: unitMillis, point: p.name,
				value: func(r *Report) (float64, bool) {
					s := spreadsOf(&r.Client)[i].Spread
					return p.of(&s), s.Count > 0
				},
			})
		}
	}
	return list
}

// findFigure returns the figure of that name; the error wraps ErrAssertion and names what there is.
func findFigure(name string) (figure, error) {
	if f, ok := operationFigure(name); ok {
		return f, nil
	}
	list := append(figures(), apiFigures()...)
	i := slices.IndexFunc(list, func(f figure) bool { return f.name == name })
	if i >= 0 {
		return list[i], nil
	}
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = f.name
	}
	return figure{}, fmt.Errorf("%w: no figure %q; there are %s", ErrAssertion, name, strings.Join(names, " "))
}

// write shows a value with its unit, in three digits or so.
func (f figure) write(v float64) string {
	switch {
	case f.unit == unitNone:
		return grouped(v)
	case f.unit == unitRate:
		return grouped(v) + "/s"
	case f.unit == unitPercent:
		return fmt.Sprintf("%.3g %%", v)
	case v >= 100:
		return fmt.Sprintf("%.0f %s", v, f.unit)
	default:
		return fmt.Sprintf("%.3g %s", v, f.unit)
	}
}

// grouped writes a whole number with a comma before every three digits, from ten thousand on.
func grouped(v float64) string {
	text := fmt.Sprintf("%.0f", v)
	if v < 10_000 {
		return text
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
