package forward

import (
	"slices"
	"testing"
	"time"
)

func TestKeyframeRequestsAreRare(t *testing.T) {
	const ms = time.Millisecond
	for name, c := range map[string]struct {
		wanted, asked []time.Duration
	}{
		"one":                     {[]time.Duration{0}, []time.Duration{0}},
		"two together":            {[]time.Duration{0, 20 * ms, 50 * ms}, []time.Duration{0}},
		"two in a row":            {[]time.Duration{0, 150 * ms, 300 * ms}, []time.Duration{0, 150 * ms}},
		"many":                    {every(50*ms, 2000*ms), []time.Duration{0, 100 * ms, 600 * ms, 1100 * ms, 1600 * ms}},
		"two in a row after rest": {[]time.Duration{0, 150 * ms, 900 * ms, 1100 * ms, 2200 * ms, 2300 * ms}, []time.Duration{0, 150 * ms, 900 * ms, 2200 * ms, 2300 * ms}},
	} {
		t.Run(name, func(t *testing.T) {
			var k keyframeRequest
			var asked []time.Duration
			for _, at := range c.wanted {
				if k.due(time.Unix(1000, 0).Add(at), 500*ms) {
					asked = append(asked, at)
				}
			}
			if !slices.Equal(asked, c.asked) {
				t.Errorf("asked at %v, want %v", asked, c.asked)
			}
		})
	}
}

func every(d, until time.Duration) (list []time.Duration) {
	for at := time.Duration(0); at < until; at += d {
		list = append(list, at)
	}
	return list
}
