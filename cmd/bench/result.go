package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"salon/loadtest/system"
)

// schema is the version of the JSON; it grows when a field changes its meaning.
const schema = 1

// A session is everything one call measured.
type session struct {
	Schema   int            `json:"schema"`
	Began    time.Time      `json:"began"`
	Commit   string         `json:"commit"`
	Machine  system.Machine `json:"machine"`
	Pinned   bool           `json:"pinned"` // server and generator each to a core of its own
	Runs     int            `json:"runs"`
	Duration string         `json:"duration"`           // of each steady run's measurement
	Settings []string       `json:"settings,omitempty"` // of the server that are not the defaults, from the environment
	Results  []*result      `json:"results"`
}

// settings are the variables among environ by which a server is set up, but for its keys.
func settings(environ []string) (list []string) {
	for _, v := range environ {
		if strings.HasPrefix(v, "SALON_") && !strings.HasPrefix(v, "SALON_API_") {
			list = append(list, v)
		}
	}
	slices.Sort(list)
	return list
}

// A result is what was found of one scenario.
type result struct {
	Name     string    `json:"name"`
	About    string    `json:"about"`
	Args     []string  `json:"args"`
	Server   series    `json:"server"`
	Baseline *series   `json:"baseline,omitempty"`
	Verdicts []verdict `json:"verdicts"`
	Ended    string    `json:"ended,omitempty"` // what ended a search for the limit

	scenario scenario
}

// A series is the runs of one scenario against one server.
type series struct {
	Good    int `json:"good"`
	Void    int `json:"void"`    // not in the medians, nor the next
	Lacking int `json:"lacking"` // runs in which not everybody got everything
	// Feedback tells whether the server numbers its packets, so that subscribers send transport-wide feedback.
	Feedback bool                 `json:"transport_feedback"`
	Figures  map[figure][]float64 `json:"figures"`
	Medians  map[figure]float64   `json:"medians"`
}

// A verdict lays a figure beside what was promised.
type verdict struct {
	Figure   figure   `json:"figure"`
	Must     float64  `json:"must"` // 0: nothing, unless Zero
	Aim      float64  `json:"aim"`
	Zero     bool     `json:"zero,omitempty"` // the promise is zero
	Measured *float64 `json:"measured"`       // null: no run may be believed
	Baseline *float64 `json:"baseline,omitempty"`
	Low      float64  `json:"low"`
	High     float64  `json:"high"`
	Held     bool     `json:"held"`
	Reached  bool     `json:"reached"` // the aim, where there is one
}

func newResult(s scenario) *result {
	r := &result{Name: s.name, About: s.about, Args: s.args, scenario: s, Server: newSeries()}
	if s.baseline {
		b := newSeries()
		r.Baseline = &b
	}
	return r
}

func newSeries() series {
	return series{Figures: make(map[figure][]float64), Medians: make(map[figure]float64)}
}

// add takes one run that may be believed.
func (s *series) add(run sample) {
	s.Good++
	for f, v := range run {
		s.note(f, v)
	}
}

func (s *series) note(f figure, v float64) {
	s.Figures[f] = append(s.Figures[f], v)
	s.Medians[f] = median(s.Figures[f])
}

// judge lays the medians beside the promises.
func (r *result) judge() {
	r.Verdicts = nil
	for _, p := range r.scenario.promises {
		v := verdict{Figure: p.figure, Must: p.must, Aim: p.aim, Zero: p.isZero}
		if m, ok := r.Server.Medians[p.figure]; ok {
			v.Measured = &m
			v.Low, v.High = m, m
			if all := r.Server.Figures[p.figure]; len(all) > 0 {
				v.Low, v.High = slices.Min(all), slices.Max(all)
			}
		}
		if r.Baseline != nil && p.figure != ratio {
			if m, ok := r.Baseline.Medians[p.figure]; ok {
				v.Baseline = &m
			}
		}
		v.Held, v.Reached = v.holds(p.must, p.isZero), p.aim > 0 && v.holds(p.aim, false)
		r.Verdicts = append(r.Verdicts, v)
	}
}

// holds tells whether what was measured keeps a bound. What could not be measured keeps none.
func (v verdict) holds(bound float64, zero bool) bool {
	switch {
	case bound == 0 && !zero:
		return true
	case v.Measured == nil:
		return false
	case v.Figure.grows():
		return *v.Measured >= bound
	default:
		return *v.Measured <= bound
	}
}

// bounded tells whether anything was promised.
func (v verdict) bounded() bool { return v.Must > 0 || v.Zero }

// missed lists the promises that were not kept, in words.
func (s *session) missed() (list []string) {
	for _, r := range s.Results {
		if r.Server.Lacking > 0 {
			list = append(list, r.Name+": everybody gets everything")
		}
		for _, v := range r.Verdicts {
			if v.bounded() && !v.Held {
				list = append(list, r.Name+": "+v.Figure.words())
			}
		}
	}
	return list
}

// write keeps the session as JSON.
func (s *session) write(file string) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("encode figures: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}
