package signaling

import (
	"testing"
	"time"
)

func TestLooks(t *testing.T) {
	at := func(s float64) time.Time { return noon().Add(time.Duration(s * float64(time.Second))) }
	const never = -1
	for name, c := range map[string]struct {
		heard, writing, now float64
		want                verdict
		next                float64
	}{
		"at the beginning":         {0, never, 0, wellNow, 15},
		"between seconds":          {0.3, never, 0.3, wellNow, 16},
		"heard since":              {11.2, never, 16, wellNow, 27},
		"a moment too early":       {1.001, never, 16, wellNow, 17},
		"silent to the moment":     {1, never, 16, silentNow, 0},
		"silent for long":          {1, never, 100, silentNow, 0},
		"a write has begun":        {11, 15.99, 16, wellNow, 26},
		"a write in the meantime":  {0.5, 9, 9, wellNow, 16},
		"stuck to the moment":      {15, 6, 16, stuckNow, 0},
		"a moment before it":       {15, 6.001, 16, wellNow, 17},
		"stuck and silent as well": {1, 2, 16, stuckNow, 0},
		"silent while it writes":   {1, 15, 16, silentNow, 0},
	} {
		var writing time.Time
		if c.writing != never {
			writing = at(c.writing)
		}
		v, wait := watch{silence: 15 * time.Second, heard: at(c.heard)}.look(at(c.now), writing)
		if v != c.want {
			t.Errorf("%s: found %d", name, v)
		}
		if v == wellNow && !at(c.now).Add(wait).Equal(at(c.next)) {
			t.Errorf("%s: looks again after %v", name, wait)
		}
	}
}
