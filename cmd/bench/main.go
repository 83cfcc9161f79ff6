// Command bench measures what a forwarded packet costs: it starts a server on one core and the load generator on
// another, repeats a table of scenarios, takes medians, and lays them beside what was promised and beside the
// baseline (package baseline), measured in the same session. It changes nothing in the server, believes no run that
// the generator calls void, and writes build/bench.json and the measured part of docs/performance.md.
//
// Exit codes: 0 done, 1 failed or (with --check) a promise missed, 2 wrong usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is the command line.
type cli struct {
	Run      runCommand      `cmd:"" default:"withargs" help:"Measure, and say how it compares."`
	Baseline baselineCommand `cmd:"" help:"Serve the baseline until a signal asks it to stop."`
}

// A console is what a command sees of the process around it.
type console struct {
	ctx      context.Context // ends with the first signal
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(os.Args[1:], &console{ctx: ctx, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// run parses args, runs the command and returns the exit code.
func run(args []string, con *console) int {
	exited := -1
	parser, err := kong.New(&cli{},
		kong.Name("bench"),
		kong.Description("What a forwarded packet costs, beside what was promised and beside the ordinary way."),
		kong.Writers(con.out, con.err),
		kong.Exit(func(code int) { exited = code }),
		kong.Bind(con),
	)
	if err != nil {
		fmt.Fprintln(con.err, "bench:", err)
		return 1
	}
	ctx, err := parser.Parse(args)
	switch {
	case exited >= 0: // --help
		return exited
	case err != nil:
		fmt.Fprintln(con.err, "bench:", err)
		return 2
	}
	if err := ctx.Run(); err != nil {
		if !errors.Is(err, context.Canceled) {
			fmt.Fprintln(con.err, "bench:", err)
		}
		return 1
	}
	return 0
}
