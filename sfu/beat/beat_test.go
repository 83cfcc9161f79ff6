package beat_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"salon/sfu/beat"
)

func TestRhythmsMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(0, rapid.Int64Range(-1<<62, 1<<62).Draw(t, "now"))
		every := time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "every"))
		rest := beat.Until(now, every)
		if rest <= 0 || rest > every || now.Add(rest).UnixNano()%int64(every) != 0 {
			t.Errorf("%v after %v is no beat of %v", rest, now, every)
		}
		if twice := beat.Until(now, 2*every); twice != rest && twice != rest+every {
			t.Errorf("every other beat is %v away, the next one %v", twice, rest)
		}
	})
}
