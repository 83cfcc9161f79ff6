// Command salon is a media server for club meetings: rooms, club API and web app in one
// binary. This package knows every other one and decides nothing of its own: it reads
// flags and configuration, wires the parts, starts and stops them in order, and turns
// errors into exit codes (0 done, 1 failed, 2 wrong usage).
package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/alecthomas/kong"
)

// version is written by the linker: -X main.version=...
var version string

// cli is the command line.
type cli struct {
	Serve   serveCommand   `cmd:"" help:"Run this node: media server, club API and web app."`
	Config  configCommand  `cmd:"" help:"Print the settings in force and where each came from."`
	User    userCommand    `cmd:"" help:"Create, list and change users of the club, also beside a running node."`
	Backup  backupCommand  `cmd:"" help:"Write the database and the pictures into one file, also beside a running node."`
	Restore restoreCommand `cmd:"" help:"Put a backup in the place of what is there, also beside a running node."`
	Check   checkCommand   `cmd:"" help:"Read the whole database and all pictures, and say whether they are whole."`
	Token   tokenCommand   `cmd:"" help:"Print a token that lets its bearer join a room."`
	Load    loadCommand    `cmd:"" name:"loadtest" help:"Put a load on a server that speaks the client protocol, and report."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// A console is what a command sees of the process around it.
type console struct {
	out     io.Writer
	err     io.Writer
	environ []string
	in      io.Reader
}

func main() {
	os.Exit(run(os.Args[1:], &console{out: os.Stdout, err: os.Stderr, environ: os.Environ(), in: os.Stdin}))
}

// run parses args, runs the command and returns the exit code.
func run(args []string, con *console) int {
	exited := -1
	parser, err := kong.New(&cli{},
		kong.Name("salon"),
		kong.Description("A media server for club meetings."),
		kong.UsageOnError(),
		kong.Writers(con.out, con.err),
		kong.Exit(func(code int) { exited = code }),
		kong.Bind(con),
	)
	if err != nil {
		fmt.Fprintln(con.err, "salon:", err)
		return 1
	}
	ctx, err := parser.Parse(args)
	switch {
	case exited >= 0: // --help
		return exited
	case err != nil:
		fmt.Fprintln(con.err, "salon:", err)
		return 2
	}
	if err := ctx.Run(); err != nil {
		fmt.Fprintln(con.err, "salon:", err)
		return 1
	}
	return 0
}

type versionCommand struct{}

// Run prints the version and the Go release that built it.
func (versionCommand) Run(con *console) error {
	_, err := fmt.Fprintln(con.out, "salon", buildVersion())
	return err
}

// buildVersion is the linker's word, else what the module was built from.
func buildVersion() string {
	if version != "" {
		return version
	}
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return b.Main.Version
	}
	return "unknown"
}
