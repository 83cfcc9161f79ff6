package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// An Assertion is a bound on one figure: "loss<0.1%", "latency.p99<20ms", "rate>=10000".
type Assertion struct {
	text   string
	figure figure
	order  string
	bound  float64 // in the figure's unit
}

// An Outcome is what became of an assertion.
type Outcome struct {
	Text  string `json:"text"`
	Value string `json:"value"` // what was found
	Holds bool   `json:"holds"`
}

// ParseAssertion reads one. The error wraps ErrAssertion and says what is wrong.
func ParseAssertion(text string) (Assertion, error) {
	i := strings.IndexAny(text, "<>=")
	if i < 0 {
		return Assertion{}, fmt.Errorf("%w: %q has no <, <=, >, >= or =", ErrAssertion, text)
	}
	order := text[i : i+1]
	rest := text[i+1:]
	if strings.HasPrefix(rest, "=") {
		order, rest = order+"=", rest[1:]
	}
	if order == "==" {
		order = "="
	}
	f, err := findFigure(strings.TrimSpace(text[:i]))
	if err != nil {
		return Assertion{}, err
	}
	bound, err := f.parse(strings.TrimSpace(rest))
	if err != nil {
		return Assertion{}, fmt.Errorf("%w: %q: %w", ErrAssertion, text, err)
	}
	return Assertion{text: text, figure: f, order: order, bound: bound}, nil
}

// parse reads a value in the figure's unit, or in one that can be turned into it. A bare number is in the figure's.
func (f figure) parse(text string) (float64, error) {
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		return v, nil
	}
	switch f.unit {
	case unitMillis, unitMicros:
		d, err := time.ParseDuration(text)
		if err != nil {
			return 0, fmt.Errorf("read bound: %w", err)
		}
		if f.unit == unitMicros {
			return float64(d) / 1e3, nil
		}
		return float64(d) / 1e6, nil
	default:
		number, ok := strings.CutSuffix(text, f.unit)
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if !ok || err != nil {
			return 0, fmt.Errorf("%w: the bound must be a number in %q", ErrAssertion, f.unit)
		}
		return v, nil
	}
}

// Check compares r with the bound. What was not measured does not hold.
func (a Assertion) Check(r *Report) Outcome {
	v, ok := a.figure.value(r)
	if !ok {
		return Outcome{Text: a.text, Value: "not measured"}
	}
	holds := false
	switch a.order {
	case "<":
		holds = v < a.bound
	case "<=":
		holds = v <= a.bound
	case ">":
		holds = v > a.bound
	case ">=":
		holds = v >= a.bound
	case "=":
		holds = v == a.bound
	}
	return Outcome{Text: a.text, Value: a.figure.write(v), Holds: holds}
}
