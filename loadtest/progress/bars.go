package progress

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"salon/loadtest/report"
)

// New shows a run on out: bars that move in a terminal, lines elsewhere.
func New(out io.Writer) Display {
	f, ok := out.(*os.File)
	if !ok {
		return &Lines{Out: out}
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &Lines{Out: out}
	}
	return newBars(out)
}

// What fits into a terminal of 80 columns.
const (
	lineWidth = 79
	barWidth  = 14
)

// bars show progress in a terminal: one bar for the joins, one for the measurement, and a line of figures. A search
// for the limit begins a fresh pair for each step in place of the last.
type bars struct {
	box       *mpb.Progress
	joining   *mpb.Bar
	measuring *mpb.Bar
	last      *atomic.Pointer[report.Sample] // of the measurement shown; read by the display's goroutine
}

func newBars(out io.Writer) *bars {
	return &bars{box: mpb.New(mpb.WithOutput(out), mpb.WithWidth(lineWidth), mpb.WithAutoRefresh(), mpb.WithRefreshRate(200*time.Millisecond))}
}

// Joining implements Display.
func (b *bars) Joining(joined, of int, _ report.Sample) {
	if b.joining == nil || b.measuring != nil {
		b.drop()
		b.joining = b.bar("joining", of, func(st decor.Statistics) string { return fmt.Sprintf(" %d/%d", st.Current, st.Total) })
	}
	b.joining.SetTotal(int64(of), false)
	b.joining.SetCurrent(int64(joined))
}

// Measuring implements Display.
func (b *bars) Measuring(elapsed, of time.Duration, s report.Sample) {
	if b.measuring == nil {
		last := new(atomic.Pointer[report.Sample])
		b.last = last
		last.Store(&s)
		b.measuring = b.bar("measuring", int(of.Milliseconds()), func(decor.Statistics) string {
			return "  " + brief(*last.Load())
		})
	}
	b.last.Store(&s)
	b.measuring.SetCurrent(min(elapsed, of).Milliseconds())
}

// Note implements Display.
func (b *bars) Note(text string) { _, _ = fmt.Fprintln(b.box, text) } // a display that is gone misses nothing

// Done implements Display.
func (b *bars) Done() {
	b.finish()
	b.box.Wait()
}

// drop takes the bars of a run away: the note on it stays.
func (b *bars) drop() {
	for _, bar := range []*mpb.Bar{b.joining, b.measuring} {
		if bar != nil {
			bar.Abort(true)
		}
	}
	b.joining, b.measuring = nil, nil
}

// finish leaves the bars of the last run where they are.
func (b *bars) finish() {
	for _, bar := range []*mpb.Bar{b.joining, b.measuring} {
		if bar != nil && !bar.Completed() {
			bar.SetTotal(-1, true)
		}
	}
	b.joining, b.measuring = nil, nil
}

func (b *bars) bar(name string, total int, say func(decor.Statistics) string) *mpb.Bar {
	bar := b.box.New(0, mpb.BarStyle().Lbound("").Filler("━").Tip("━").Padding("─").Rbound(""),
		mpb.BarWidth(barWidth),
		mpb.PrependDecorators(decor.Name(name, decor.WC{W: 10, C: decor.DindentRight})),
		mpb.AppendDecorators(decor.Any(say)))
	bar.SetTotal(int64(total), false) // not at once: a bar that is full by itself can't be taken away
	return bar
}

// brief is a sample in what is left of a line.
func brief(s report.Sample) string {
	return fmt.Sprintf("%.0f/s  p50 %.2f  p99 %.2f ms  server %.2f  own %.2f cores",
		s.PacketsPerS, s.P50, s.P99, s.ServerCores, s.SelfCores)
}
