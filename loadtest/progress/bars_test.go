package progress

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"salon/loadtest/report"
)

func TestProgressIsLinesInAPipe(t *testing.T) {
	var b bytes.Buffer
	p := New(&b)
	p.Joining(3, 5, report.Sample{Joined: 3})
	for range 2 {
		p.Measuring(2*time.Second, 10*time.Second, report.Sample{PacketsPerS: 1234, P99: 4.5})
	}
	p.Note("a word")
	p.Done()
	for _, says := range []string{"joining  3/5", "measuring  2/10 s  1234/s", "p99 4.50 ms", "a word\n"} {
		if !strings.Contains(b.String(), says) {
			t.Errorf("not said: %q in %q", says, b.String())
		}
	}
	if n := strings.Count(b.String(), "measuring"); n != 1 {
		t.Errorf("said %d times", n)
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Error("control codes in a pipe")
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	shown := New(null)
	defer shown.Done()
	if _, isBars := shown.(*bars); !isBars { // a character device, as terminals are
		t.Error("no bars on a device")
	}
}

func TestBarsEndWithTheRun(t *testing.T) {
	var out bytes.Buffer
	b := newBars(&out)
	for range 2 { // as a search for the limit does
		b.Joining(1, 4, report.Sample{})
		b.Joining(4, 4, report.Sample{})
		b.Measuring(time.Second, 2*time.Second, report.Sample{PacketsPerS: 10})
		b.Measuring(2*time.Second, 2*time.Second, report.Sample{PacketsPerS: 20})
		b.Note("a step")
	}
	b.Done()
}
