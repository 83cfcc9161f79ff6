// Command chaos starts a Redis and a cluster of nodes on this machine, puts clients into their rooms, breaks one thing after
// another, and says which promises were kept: package loadtest/chaos decides, this is its command line. It writes
// build/chaos.json and keeps what the processes logged in build/chaos.
//
// Exit codes: 0 every promise was kept, 1 one was broken or the run failed, 2 wrong usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"salon/loadtest/chaos"
	"salon/loadtest/chaos/netns"
)

// cli is the command line.
type cli struct {
	Run    runCommand    `cmd:"" default:"withargs" help:"One fault after another, as the seed says."`
	Spread spreadCommand `cmd:"" help:"Many rooms, clients at random nodes: each room on one node, and all nodes with as many."`
	Outage outageCommand `cmd:"" help:"Redis is away for long: nobody in a living room may notice."`
	Drain  drainCommand  `cmd:"" help:"A node with many rooms ends: they move, and nobody is dropped."`
}

// A cluster is what all commands start.
type cluster struct {
	Salon   string        `help:"Binary of the nodes." default:"build/salon" type:"path"`
	Redis   string        `help:"Binary of Redis (Debian: apt-get install redis-server)." default:"redis-server"`
	Dir     string        `help:"Folder of logs and data; it is emptied first." default:"build/chaos" type:"path"`
	JSON    string        `help:"Where the record is written." name:"json" default:"build/chaos.json" type:"path"`
	Nodes   int           `help:"Nodes of the cluster." default:"3"`
	Lease   time.Duration `help:"Lease of a room." default:"4s"`
	Seed    uint64        `help:"Of everything random." default:"1"`
	Links   string        `help:"How links are cut: by namespaces (Linux, root and iproute2), by valves, or auto: by namespaces where that may be." enum:"auto,namespaces,valves" default:"auto"`
	Verbose bool          `help:"Say what single clients meet." short:"v"`
}

// config is that of a run with so many rooms.
func (c cluster) config(con *console, rooms, seats, media int) (chaos.Config, error) {
	redis, err := exec.LookPath(c.Redis)
	if err != nil {
		return chaos.Config{}, fmt.Errorf("%w: %w; install it (Debian: apt-get install redis-server)", chaos.ErrConfig, err)
	}
	if _, err := os.Stat(c.Salon); err != nil {
		return chaos.Config{}, fmt.Errorf("%w: %w; build it (make build)", chaos.ErrConfig, err)
	}
	namespaces, err := c.namespaces(con)
	if err != nil {
		return chaos.Config{}, err
	}
	return chaos.Config{
		Namespaces: namespaces,
		Salon:      c.Salon, Redis: redis, Dir: c.Dir, Nodes: c.Nodes, Seed: c.Seed, Rooms: rooms, Seats: seats, Media: media, Lease: c.Lease,
		Hold: time.Second, Out: con.out,
	}, nil
}

// namespaces tells whether nodes get networks of their own. This process needs one first: it begins again in it, once.
func (c cluster) namespaces(con *console) (bool, error) {
	if c.Links == "valves" || netns.Inside() {
		return netns.Inside(), nil
	}
	err := netns.Enter()
	if c.Links == "namespaces" || !errors.Is(err, netns.ErrUnable) {
		return false, err
	}
	fmt.Fprintf(con.out, "links are cut by valves, and no node is unplugged: %v\n", err)
	return false, nil
}

// log is where single clients are heard.
func (c cluster) log(con *console) *slog.Logger {
	if !c.Verbose {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(con.err, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// A player is one of the runs of package chaos.
type player func(context.Context, chaos.Config, *slog.Logger) (*chaos.Record, error)

// play makes a run and keeps its record.
func (c cluster) play(con *console, cfg chaos.Config, p player) error {
	r, err := p(con.ctx, cfg, c.log(con))
	if r == nil {
		return err
	}
	if problem := os.MkdirAll(filepath.Dir(c.JSON), 0o755); problem != nil { //nolint:gosec // for people to read
		return errors.Join(err, problem)
	}
	f, problem := os.Create(c.JSON)
	if problem != nil {
		return errors.Join(err, problem)
	}
	return errors.Join(err, r.WriteJSON(f), f.Close())
}

type runCommand struct {
	cluster
	Duration time.Duration `help:"How long faults follow each other." default:"3m"`
	Rooms    int           `help:"Rooms." default:"30"`
	Seats    int           `help:"Participants of each." default:"6"`
	Media    int           `help:"Rooms in which three talk." default:"6"`
	Hold     time.Duration `help:"The longest that Redis is away or a link is cut." default:"30s"`
	Only     []chaos.Kind  `help:"Only these kinds of fault."`
}

// Run lets the cluster suffer.
func (c runCommand) Run(con *console) error {
	cfg, err := c.config(con, c.Rooms, c.Seats, c.Media)
	if err != nil {
		return err
	}
	cfg.Duration, cfg.Only = c.Duration, c.Only
	cfg.Hold = min(c.Hold, max(c.Duration/20, time.Second)) // a short run has time for each kind, too
	return c.play(con, cfg, chaos.Run)
}

type spreadCommand struct {
	cluster
	Rooms int `help:"Rooms." default:"300"`
	Seats int `help:"Participants of each." default:"6"`
	Media int `help:"Rooms in which three talk." default:"6"`
}

// Run fills the nodes.
func (c spreadCommand) Run(con *console) error {
	cfg, err := c.config(con, c.Rooms, c.Seats, c.Media)
	if err != nil {
		return err
	}
	return c.play(con, cfg, chaos.Spread)
}

type outageCommand struct {
	cluster
	Duration time.Duration `help:"How long Redis is away." default:"2m"`
	Rooms    int           `help:"Rooms." default:"30"`
	Seats    int           `help:"Participants of each." default:"6"`
	Media    int           `help:"Rooms in which three talk." default:"15"`
}

// Run takes Redis away.
func (c outageCommand) Run(con *console) error {
	cfg, err := c.config(con, c.Rooms, c.Seats, c.Media)
	if err != nil {
		return err
	}
	cfg.Duration = c.Duration
	return c.play(con, cfg, chaos.Outage)
}

type drainCommand struct {
	cluster
	Rooms int `help:"Rooms of the node that ends." default:"50"`
	Seats int `help:"Participants of each." default:"4"`
	Media int `help:"Rooms in which three talk, of all." default:"12"`
}

// Run lets a node end.
func (c drainCommand) Run(con *console) error {
	cfg, err := c.config(con, c.Rooms*c.Nodes, c.Seats, c.Media)
	if err != nil {
		return err
	}
	return c.play(con, cfg, chaos.Drained)
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
		kong.Name("chaos"),
		kong.Description("What becomes of rooms and the people in them when nodes, Redis or links fail."),
		kong.Writers(con.out, con.err),
		kong.Exit(func(code int) { exited = code }),
		kong.Bind(con),
	)
	if err != nil {
		fmt.Fprintln(con.err, "chaos:", err)
		return 1
	}
	ctx, err := parser.Parse(args)
	switch {
	case exited >= 0: // --help
		return exited
	case err != nil:
		fmt.Fprintln(con.err, "chaos:", err)
		return 2
	}
	switch err := ctx.Run(); {
	case err == nil:
		return 0
	case errors.Is(err, chaos.ErrConfig):
		fmt.Fprintln(con.err, "chaos:", err)
		return 2
	case errors.Is(err, context.Canceled):
		return 1
	default:
		fmt.Fprintln(con.err, "chaos:", err)
		return 1
	}
}
