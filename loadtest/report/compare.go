package report

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

// noticeable is how much a figure must change to be marked: less is within the noise of a shared machine.
const noticeable = 0.05

// Compare writes the figures of two runs side by side with their change, and says first where the runs are not alike.
func Compare(w io.Writer, a, b *Report) error {
	for _, d := range differences(a, b) {
		fmt.Fprintln(w, "not alike:", d)
	}
	for name, r := range map[string]*Report{"A": a, "B": b} {
		for _, why := range r.Void {
			fmt.Fprintf(w, "%s is void: %s\n", name, why)
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%-20s\tA\tB\tchange\t\t\n", "figure")
	for _, f := range a.figures() {
		x, okA := f.value(a)
		y, okB := f.value(b)
		if !okA && !okB {
			continue
		}
		fmt.Fprintf(t, "%-20s\t%s\t%s\t%s\t%s\t\n", f.name, shown(f, x, okA), shown(f, y, okB), change(x, y, okA && okB), f.judge(x, y, okA && okB))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write comparison: %w", err)
	}
	return nil
}

func shown(f figure, v float64, ok bool) string {
	if !ok {
		return "-"
	}
	return f.write(v)
}

func change(x, y float64, ok bool) string {
	switch {
	case !ok || x == y:
		return ""
	case x == 0:
		return "from 0"
	default:
		return fmt.Sprintf("%+.1f %%", 100*(y-x)/math.Abs(x))
	}
}

// judge says whether y is better than x.
func (f figure) judge(x, y float64, ok bool) string {
	if !ok || math.Abs(y-x) <= noticeable*math.Abs(x) {
		return ""
	}
	if (y > x) == f.more {
		return "better"
	}
	return "worse"
}

// differences are reasons why two runs must not be compared.
func differences(a, b *Report) (list []string) {
	x, y := &a.Scenario, &b.Scenario
	for _, d := range []struct {
		what string
		a, b any
	}{
		{"scenario", x.Name, y.Name}, {"size", x.Size, y.Size}, {"media", x.Media, y.Media},
		{"participants", x.Participants, y.Participants}, {"machine", a.Machine.CPU, b.Machine.CPU},
		{"cores", a.Machine.Cores, b.Machine.Cores}, {"kernel", a.Machine.Kernel, b.Machine.Kernel},
	} {
		if d.a != d.b {
			list = append(list, fmt.Sprintf("%s: %v against %v", d.what, d.a, d.b))
		}
	}
	return list
}
