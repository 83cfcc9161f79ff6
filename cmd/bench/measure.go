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
	"strconv"
	"strings"
)

// A bench is one session of measuring.
type bench struct {
	cmd     runCommand
	con     *console
	cores   cores
	keys    []string // environment
	dir     string   // for this session's files
	session *session
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
	if !b.cmd.Unnumbered {
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
	if b.cmd.Singly {
		args = append(args, "--singly")
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
	b.session.Machine.Cores = runtime.NumCPU() // the generator sees its own alone
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
