package system

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestWhatAProcessUsedIsRead(t *testing.T) {
	proc := fstest.MapFS{
		"42/stat":   {Data: []byte("42 (sal) on (x) S 1 42 42 0 -1 4194560 100 0 0 0 1234 567 0 0 20 0 9 0 100 1000000 500 18446744073709551615")},
		"42/status": {Data: []byte("Name:\tsalon\nVmPeak:\t  9000 kB\nVmRSS:\t    4321 kB\nCpus_allowed_list:\t0-2,5,x,9-7\n")},
		"43/stat":   {Data: []byte("43 (x")},
		"44/stat":   {Data: []byte("44 (x) S 1 2 3 4 5 6 7 8 9 10 many few 13 14")},
	}
	u, err := ReadUsage(proc, 42)
	if err != nil {
		t.Fatal(err)
	}
	if u.User != 12340*time.Millisecond || u.System != 5670*time.Millisecond || u.RSS != 4321<<10 || u.Allowed != 4 {
		t.Errorf("%+v", u)
	}
	for _, pid := range []int{43, 44, 45} {
		if _, err := ReadUsage(proc, pid); err == nil {
			t.Errorf("process %d has used something", pid)
		}
	}
	if d := u.Less(Usage{User: 340 * time.Millisecond}); d.CPU() != 17670*time.Millisecond || d.RSS != u.RSS {
		t.Errorf("%+v", d)
	}
}

func TestTheMachineIsNamed(t *testing.T) {
	proc := fstest.MapFS{
		"cpuinfo":              {Data: []byte("processor\t: 0\nmodel name\t: A Fast One\nflags\t: x\n")},
		"sys/kernel/osrelease": {Data: []byte("6.1.2\n")},
	}
	if cpuName(proc) != "A Fast One" || kernel(proc) != "6.1.2" {
		t.Errorf("%q %q", cpuName(proc), kernel(proc))
	}
	if none := (fstest.MapFS{}); cpuName(none) != "" || kernel(none) != "" {
		t.Error("a machine that tells nothing has a name")
	}
}

const metricsText = `# HELP a_total things
# TYPE a_total counter
a_total{kind="in",name="x {y} z"} 5
a_total{kind="out"} 7 1700000000000
gauge 3
b_total 1e3
broken
c_total NaNa
`

func TestCountersAreComparedByNameAndLabels(t *testing.T) {
	before, err := parseMetrics(strings.NewReader(metricsText))
	if err != nil {
		t.Fatal(err)
	}
	if len(before) != 4 || before["b_total"] != 1000 {
		t.Errorf("%v", before)
	}
	after, err := parseMetrics(strings.NewReader(strings.ReplaceAll(strings.ReplaceAll(metricsText, " 7 ", " 9 "), "gauge 3", "gauge 4")))
	if err != nil {
		t.Fatal(err)
	}
	if grown := after.Since(before); len(grown) != 1 || grown[`a_total{kind="out"}`] != 2 {
		t.Errorf("%v", grown)
	}
}

func FuzzMetrics(f *testing.F) {
	f.Add(metricsText)
	f.Add("}")
	f.Add("{ 1")
	f.Fuzz(func(_ *testing.T, text string) {
		if s, err := parseMetrics(strings.NewReader(text)); err == nil {
			s.Since(Scrape{})
		}
	})
}

func FuzzStat(f *testing.F) {
	f.Add("42 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14")
	f.Add(")")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = parseStat(text)
	})
}
