// Package netns gives places of one machine a network of their own each, so that links between them fail as real ones do:
// what is sent is gone, and nobody hears of it.
//
// What it decides: the addresses of places, and by which means of the kernel a link is silent. What it never does: touch the
// network that the machine itself has: everything stands in namespaces that end with the process. It needs Linux, root and
// the commands of iproute2 and util-linux. A Net belongs to one goroutine.
//
// Each place is a namespace with one cable to the hub, the namespace of this process, which routes between them.
package netns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
)

// ErrUnable tells that this process may not, or cannot, have networks of its own. The text says why.
var ErrUnable = errors.New("no network namespaces")

// most is how many places a Net has room for; the addresses would allow a few more.
const most = 100

// A Net is the hub and its places.
type Net struct {
	places []*place
	silent map[[2]string]bool // pairs of addresses between which nothing passes
}

// A place is a namespace, kept by a process that does nothing.
type place struct {
	keeper *exec.Cmd
	pid    string
	cable  [2]string // names of its ends: at the hub, and in the place
	macs   [2]string // their true addresses
	pulled bool
}

// Ours are the networks 10.83.0.0/16, of nobody else in a namespace that is ours: a cable for each place, and addresses of the
// hub that others use for what it does in a place's name.
func host(i int) string { return "10.83." + strconv.Itoa(i+1) + ".2" }
func port(i int) string { return "10.83." + strconv.Itoa(i+1) + ".1" }
func hub(i int) string  { return "10.83.200." + strconv.Itoa(i+1) }

// New lays the network. This process must be in a namespace of its own: see Enter.
func New(places int) (*Net, error) {
	if places > most {
		return nil, fmt.Errorf("%w: %d places, there is room for %d", ErrUnable, places, most)
	}
	n := &Net{silent: map[[2]string]bool{}}
	if err := errors.Join(
		do("ip", "link", "set", "lo", "up"),
		forward(),
		// What is said of a link comes before what is known of our own addresses.
		do("ip", "rule", "add", "pref", "100", "lookup", "local"), do("ip", "rule", "del", "pref", "0"),
	); err != nil {
		return nil, err
	}
	for i := range places {
		p, err := lay(i)
		if p != nil {
			n.places = append(n.places, p)
		}
		if err != nil {
			return nil, errors.Join(err, n.Close())
		}
	}
	return n, nil
}

// lay makes place i and its cable.
func lay(i int) (*place, error) {
	keeper, err := keep()
	if err != nil {
		return nil, err
	}
	p := &place{keeper: keeper, pid: strconv.Itoa(keeper.Process.Pid), cable: [2]string{"place" + strconv.Itoa(i), "eth0"}}
	if err := do("ip", "link", "add", p.cable[0], "type", "veth", "peer", "name", p.cable[1], "netns", p.pid); err != nil {
		return p, err
	}
	for _, words := range [][]string{
		{"addr", "add", port(i) + "/24", "dev", p.cable[0]}, {"link", "set", p.cable[0], "up"},
		{"addr", "add", hub(i) + "/32", "dev", "lo"},
	} {
		if err := do(append([]string{"ip"}, words...)...); err != nil {
			return p, err
		}
	}
	for _, words := range [][]string{
		{"link", "set", "lo", "up"}, {"addr", "add", host(i) + "/24", "dev", p.cable[1]}, {"link", "set", p.cable[1], "up"},
		{"route", "add", "default", "via", port(i)},
	} {
		if err := p.do(append([]string{"ip"}, words...)...); err != nil {
			return p, err
		}
	}
	for end, ask := range [2]func(...string) (string, error){ask, p.ask} {
		line, err := ask("ip", "-brief", "link", "show", "dev", p.cable[end])
		if err != nil {
			return p, err
		}
		words := strings.Fields(line)
		if len(words) < 3 {
			return p, fmt.Errorf("%w: link of place %d: %q", ErrUnable, i, line)
		}
		p.macs[end] = words[2]
	}
	return p, nil
}

// Host is the address of a place.
func (n *Net) Host(place int) string { return host(place) }

// Hub is an address of this process that only this place should be told: what passes between both can be cut by itself.
func (n *Net) Hub(place int) string { return hub(place) }

// Command is the command line that runs args in a place.
func (n *Net) Command(place int, args ...string) []string {
	return append([]string{"nsenter", "--net", "--target", n.places[place].pid, "--"}, args...)
}

// Dialer makes connections as a process of a place does: to its loopback, above all. It may be used as long as the place is.
func (n *Net) Dialer(place int) func(ctx context.Context, network, addr string) (net.Conn, error) {
	pid := n.places[place].pid
	return func(ctx context.Context, network, addr string) (c net.Conn, err error) {
		if problem := within(pid, func() {
			var d net.Dialer
			c, err = d.DialContext(ctx, network, addr)
		}); problem != nil {
			return nil, problem
		}
		return c, err
	}
}

// Between lets what two addresses send to each other pass, or vanish.
func (n *Net) Between(a, b string, passes bool) error {
	pair := [2]string{min(a, b), max(a, b)}
	if n.silent[pair] == !passes {
		return nil
	}
	what := "add"
	if passes {
		what = "del"
	}
	if err := errors.Join(
		do("ip", "rule", what, "pref", "10", "from", a, "to", b, "blackhole"),
		do("ip", "rule", what, "pref", "10", "from", b, "to", a, "blackhole"),
	); err != nil {
		return err
	}
	n.silent[pair] = !passes
	return nil
}

// nobody is an address of the link layer that no end of a cable has.
const nobody = "02:00:00:00:83:83"

// Plug pulls a place's cable, or puts it in again. While it is out, whatever either end sends goes to nobody: neither the
// kernel nor a process is told.
func (n *Net) Plug(place int, in bool) error {
	p := n.places[place]
	if p.pulled == !in {
		return nil
	}
	macs := p.macs
	if !in {
		macs = [2]string{nobody, nobody}
	}
	if err := errors.Join(
		do("ip", "neigh", "replace", host(place), "lladdr", macs[1], "dev", p.cable[0], "nud", "permanent"),
		p.do("ip", "neigh", "replace", port(place), "lladdr", macs[0], "dev", p.cable[1], "nud", "permanent"),
	); err != nil {
		return err
	}
	p.pulled = !in
	return nil
}

// Close ends the places. The hub ends with this process.
func (n *Net) Close() error {
	var errs []error
	for _, p := range n.places {
		if err := p.keeper.Process.Kill(); err != nil {
			errs = append(errs, fmt.Errorf("end place: %w", err))
		}
		_ = p.keeper.Wait() // it was killed
	}
	n.places = nil
	return errors.Join(errs...)
}

// do runs a command of the hub.
func do(args ...string) error {
	_, err := ask(args...)
	return err
}

func (p *place) do(args ...string) error {
	_, err := p.ask(args...)
	return err
}

func (p *place) ask(args ...string) (string, error) {
	return ask(append([]string{"nsenter", "--net", "--target", p.pid, "--"}, args...)...)
}

func ask(args ...string) (string, error) {
	out, err := exec.Command(args[0], args[1:]...).CombinedOutput() //nolint:gosec,noctx // our own words; it ends at once
	if err != nil {
		return "", fmt.Errorf("%w: %s: %w: %s", ErrUnable, strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}
