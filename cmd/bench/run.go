package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	errMissed   = errors.New("promises missed")
	errScenario = errors.New("no such scenario")
)

// runCommand measures.
type runCommand struct {
	Salon    string        `help:"The binary under test; it is the generator, too." default:"build/salon" type:"path"`
	Load     string        `help:"Another binary as the generator." placeholder:"FILE" type:"path"`
	Commit   string        `help:"What the report calls the build under test."`
	Runs     int           `help:"Runs of each scenario, of which the median counts." default:"5"`
	Duration time.Duration `help:"How long each run measures." default:"8s"`
	Quick    bool          `help:"One run of the scenarios that the baseline runs, too."`
	Only     []string      `help:"Only these scenarios." placeholder:"NAME"`

	ServerCore    string `help:"Core of the server, as taskset takes it." default:"0"`
	GeneratorCore string `help:"Core of the generator." default:"1"`
	Prefix        string `help:"Words in front of the generator's command, such as 'flock FILE' where a machine is shared."`

	Numbered bool `help:"Let the baseline number packets, so that its subscribers send transport-wide feedback, too."`

	JSON  string `help:"Where figures are kept." name:"json" default:"build/bench.json" type:"path"`
	Doc   string `help:"Page whose measured part a whole table replaces." default:"docs/performance.md" type:"path"`
	Check bool   `help:"Fail when a promise is missed."`
}

// A bench is one session of measuring.
type bench struct {
	cmd     runCommand
	con     *console
	cores   cores
	keys    []string // environment
	dir     string   // for this session's files
	session *session
}

// Run measures everything, writes what was found, and with --check fails when a promise is missed.
func (c runCommand) Run(con *console) error {
	chosen, err := c.chosen()
	if err != nil {
		return err
	}
	if c.Quick {
		c.Runs = 1
	}
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	b := &bench{
		cmd: c, con: con, dir: dir,
		keys: []string{"SALON_API_KEY=bench", "SALON_API_SECRET=" + rand.Text() + rand.Text()},
		session: &session{
			Schema: schema, Began: time.Now().UTC().Truncate(time.Second), Commit: c.Commit, Runs: c.Runs, Duration: c.Duration.String(),
		},
	}
	b.findCores()
	err = errors.Join(b.measure(con.ctx, chosen), os.RemoveAll(dir))
	if err != nil {
		return err
	}
	return b.tell(len(chosen) == len(scenarios()))
}

// tell prints and keeps what was found. whole: every scenario was measured.
func (b *bench) tell(whole bool) error {
	fmt.Fprintln(b.con.out)
	fmt.Fprint(b.con.out, b.session.table())
	if err := b.session.write(b.cmd.JSON); err != nil {
		return err
	}
	if whole && b.cmd.Runs > 1 {
		if err := rewrite(b.cmd.Doc, b.session.page()); err != nil {
			return err
		}
	}
	if missed := b.session.missed(); len(missed) > 0 {
		fmt.Fprintf(b.con.out, "\nmissed: %s\n", strings.Join(missed, "; "))
		if b.cmd.Check {
			return errMissed
		}
	}
	return nil
}

// chosen returns the scenarios that are asked for.
func (c runCommand) chosen() ([]scenario, error) {
	all := scenarios()
	for _, name := range c.Only {
		if !slices.ContainsFunc(all, func(s scenario) bool { return s.name == name }) {
			return nil, fmt.Errorf("%w: %q", errScenario, name)
		}
	}
	return slices.DeleteFunc(all, func(s scenario) bool {
		return c.Quick && !s.quick() || len(c.Only) > 0 && !slices.Contains(c.Only, s.name)
	}), nil
}

// findCores pins both ends where that can be done.
func (b *bench) findCores() {
	if _, err := exec.LookPath("taskset"); err != nil || runtime.NumCPU() < 2 {
		fmt.Fprintln(b.con.out, "one core alone, or no taskset: server and generator are not pinned, and figures are worth little")
		return
	}
	b.cores = cores{server: b.cmd.ServerCore, generator: b.cmd.GeneratorCore}
	b.session.Pinned = true
}

// measure runs everything, round by round, so that an hour's drift of the machine meets all alike.
func (b *bench) measure(ctx context.Context, chosen []scenario) error {
	for _, s := range chosen {
		b.session.Results = append(b.session.Results, newResult(s))
	}
	for round := range b.cmd.Runs {
		for _, r := range b.session.Results {
			if err := b.round(ctx, r, fmt.Sprintf("%d/%d", round+1, b.cmd.Runs)); err != nil {
				return err
			}
		}
	}
	for _, r := range b.session.Results {
		r.judge()
	}
	return nil
}

// round makes one run of a scenario and, right behind it, the baseline's.
func (b *bench) round(ctx context.Context, r *result, count string) error {
	fmt.Fprintf(b.con.out, "%s  %-12s ", count, r.Name)
	ours, err := b.once(ctx, r, &r.Server, b.salon())
	if err != nil || r.Baseline == nil {
		return err
	}
	fmt.Fprintf(b.con.out, "%s  %-12s ", count, "  baseline")
	theirs, err := b.once(ctx, r, r.Baseline, b.baseline())
	if ours[cpu] > 0 && theirs[cpu] > 0 {
		r.Server.note(ratio, theirs[cpu]/ours[cpu])
	}
	return err
}

// A target is how a server is started.
type target struct{ environ, args []string }

func (b *bench) salon() target {
	return target{
		environ: append([]string{
			"SALON_HTTP_LISTEN=ADDR", "SALON_MEDIA_PORT=-1", "SALON_DATA_DIR=" + filepath.Join(b.dir, "data-"+rand.Text()[:8]),
			"SALON_LOG_LEVEL=warn",
		}, b.keys...),
		args: []string{b.cmd.Salon, "serve"},
	}
}

func (b *bench) baseline() target {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	t := target{environ: b.keys, args: []string{self, "baseline", "--listen", "ADDR"}}
	if b.cmd.Numbered {
		t.args = append(t.args, "--numbered")
	}
	return t
}

// once makes a run, and a second one in place of one that is void. It returns nothing where neither counts.
func (b *bench) once(ctx context.Context, r *result, into *series, t target) (sample, error) {
	for range 2 {
		found, err := b.load(ctx, r, into, t)
		switch {
		case err == nil:
			into.add(found)
			fmt.Fprintln(b.con.out, found.line())
			return found, nil
		case errors.Is(err, errVoid):
			into.Void++
			fmt.Fprintln(b.con.out, err)
		case errors.Is(err, errLacking):
			into.Lacking++
			fmt.Fprintln(b.con.out, err)
			return nil, nil
		default:
			fmt.Fprintln(b.con.out, "failed")
			return nil, fmt.Errorf("%s: %w", r.Name, err)
		}
	}
	return nil, nil
}

// load makes one run against a server of its own.
func (b *bench) load(ctx context.Context, r *result, into *series, t target) (sample, error) {
	s, err := start(ctx, b.cores.server, t.environ, t.args)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(b.dir, "report.json")
	generator := b.cmd.Salon
	if b.cmd.Load != "" {
		generator = b.cmd.Load
	}
	key, secret := strings.TrimPrefix(b.keys[0], "SALON_API_KEY="), strings.TrimPrefix(b.keys[1], "SALON_API_SECRET=")
	args := []string{
		generator, "loadtest", "--url", "ws://" + s.addr, "--api-key", key, "--api-secret", secret,
		"--server-pid", strconv.Itoa(s.pid()), "--json", file, "--duration", b.cmd.Duration.String(),
	}
	var said strings.Builder
	err = errors.Join(generate(ctx, strings.Fields(b.cmd.Prefix), append(args, r.Args...), b.cores.generator, &said), s.stop())
	if err != nil {
		return nil, err
	}
	found, err := readReport(file)
	if err != nil {
		return nil, fmt.Errorf("%w\n%s%s", err, said.String(), s.errs.String())
	}
	b.session.Machine, into.Feedback = found.Machine, found.Client.Feedback.Transport > 0
	if err := os.Remove(file); err != nil {
		return nil, fmt.Errorf("remove report: %w", err)
	}
	if r.scenario.search {
		best, why, err := knee(found)
		r.Ended = why
		return best, err
	}
	return steady(found)
}

// line is a run in short.
func (s sample) line() string {
	if v, ok := s[limit]; ok {
		return limit.text(v) + " packets/s"
	}
	return fmt.Sprintf("%s µs per packet, p50 %s ms, p99 %s ms, loss %s %%, %s MB each",
		cpu.text(s[cpu]), p50.text(s[p50]), p99.text(s[p99]), loss.text(s[loss]), rss.text(s[rss]))
}
