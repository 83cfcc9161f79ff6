package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
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

	Unnumbered bool `help:"Leave the baseline's packets without transport-wide numbers, as pion's default interceptors do: its subscribers then send no such feedback."`

	Singly bool `help:"Let the generator take each datagram by itself: see salon loadtest --singly."`

	JSON  string `help:"Where figures are kept." name:"json" default:"build/bench.json" type:"path"`
	Doc   string `help:"Page whose measured part a whole table replaces." default:"docs/performance.md" type:"path"`
	Check bool   `help:"Fail when a promise is missed."`
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
			Settings: settings(os.Environ()),
		},
	}
	b.findCores()
	err = errors.Join(b.measure(con.ctx, chosen), os.RemoveAll(dir))
	for _, r := range b.session.Results {
		r.judge()
	}
	if err != nil && con.ctx.Err() == nil {
		return err
	}
	whole := err == nil && len(chosen) == len(scenarios())
	return errors.Join(con.ctx.Err(), b.tell(whole)) // of an interrupted session, what there is
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
