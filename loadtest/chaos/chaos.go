// Package chaos lets a cluster of real processes suffer, one fault at a time, under a load of clients who come back as the
// stock ones do, and judges from outside what became of them.
//
// What it decides: which faults come when (plan.go), who explains what a client met (judge.go), and what breaks a promise.
// What it never does: ask a node what it thinks it holds, or be content because a node says that all is well: only what
// clients see counts, and at the end what the processes and Redis still keep.
//
// crowd_loop.go is the clients, run_loop.go the faults; the processes and the valves between them are rack's. A run belongs to the goroutine that
// called it.
package chaos

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// Config is what a run is made of.
type Config struct {
	Salon string // binary of a node
	Redis string // binary of Redis
	Dir   string // for data and logs of the processes
	Nodes int
	// Duration of the whole run but for its end.
	Duration time.Duration
	Seed     uint64
	// Rooms, of Seats participants each; in Media of them, three publish and receive.
	Rooms, Seats, Media int
	// Lease of a room.
	Lease time.Duration
	// Hold is the longest that Redis is away or a link is cut; pauses of a node are a lease longer.
	Hold time.Duration
	// Namespaces gives nodes networks of their own, so that links fail as real ones do; this process must have one, too. Without,
	// links are cut by valves, and no node can be unplugged.
	Namespaces bool
	// Only these kinds of fault; empty: all.
	Only []Kind
	// Out gets a line for each fault, and the summary.
	Out io.Writer
}

// speakers is how many of a room with media publish and receive it.
const speakers = 3

// ErrConfig tells that the caller wants a run that can't be made.
var ErrConfig = errors.New("the run can't be made")

// ErrBreach tells that a promise was broken. The record says which.
var ErrBreach = errors.New("promises broken")

// ErrVoid tells that nothing could be judged: this machine let nobody run for too long.
var ErrVoid = errors.New("this machine was too busy: nothing is proven, try again")

// Validate refuses what no default can mend.
func (c Config) Validate() error {
	switch {
	case c.Nodes < 2:
		return fmt.Errorf("%w: a cluster has two nodes at least", ErrConfig)
	case c.Rooms < 1 || c.Seats < 2:
		return fmt.Errorf("%w: there must be a room, and two in it", ErrConfig)
	case c.Media > c.Rooms:
		return fmt.Errorf("%w: more rooms with media than rooms", ErrConfig)
	case c.Media > 0 && c.Seats < speakers:
		return fmt.Errorf("%w: a room with media has %d seats at least", ErrConfig, speakers)
	case c.Lease < 2*time.Second:
		return fmt.Errorf("%w: a lease lasts 2s at least", ErrConfig)
	case c.Hold < time.Second:
		return fmt.Errorf("%w: a fault lasts 1s at least", ErrConfig)
	}
	for _, k := range c.Only {
		if !k.known() {
			return fmt.Errorf("%w: no fault %q; there are %s", ErrConfig, k, kindNames())
		}
		if k == Unplug && !c.Namespaces {
			return fmt.Errorf("%w: only nodes with networks of their own can be unplugged, which takes Linux, root and iproute2", ErrConfig)
		}
	}
	return nil
}
