package redistest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A Cluster is a Redis Cluster of three masters, which share the slots.
type Cluster struct {
	Servers []*Server
}

const slots = 16384

// StartCluster starts one and waits until all its nodes know of all slots.
func StartCluster(dir string) (*Cluster, error) {
	c := &Cluster{}
	if err := c.start(dir, 3); err != nil {
		return nil, errors.Join(fmt.Errorf("start redis cluster: %w", err), c.Kill())
	}
	return c, nil
}

func (c *Cluster) start(dir string, masters int) error {
	var buses []string
	for i := range masters {
		bus, err := freePort()
		if err != nil {
			return err
		}
		s, err := Start(dir, "--cluster-enabled", "yes", "--cluster-config-file", fmt.Sprintf("nodes-%d.conf", i),
			"--cluster-node-timeout", "2000", "--cluster-port", bus)
		if err != nil {
			return err
		}
		c.Servers, buses = append(c.Servers, s), append(buses, bus)
		from, to := slots*i/masters, slots*(i+1)/masters-1
		if _, err := s.Do("CLUSTER", "ADDSLOTSRANGE", fmt.Sprint(from), fmt.Sprint(to)); err != nil {
			return err
		}
		if _, err := s.Do("CLUSTER", "SET-CONFIG-EPOCH", fmt.Sprint(i+1)); err != nil {
			return err
		}
	}
	for i, s := range c.Servers[1:] {
		if _, err := c.Servers[0].Do("CLUSTER", "MEET", host, s.Port(), buses[i+1]); err != nil {
			return err
		}
	}
	return until(func() bool {
		for _, s := range c.Servers {
			state, err := s.Do("CLUSTER", "INFO")
			if err != nil || !strings.Contains(state, "cluster_state:ok") || !strings.Contains(state, fmt.Sprintf("cluster_known_nodes:%d", masters)) {
				return false
			}
		}
		return true
	}, nil)
}

// Addresses are those of all nodes.
func (c *Cluster) Addresses() []string { return addresses(c.Servers) }

// Kill ends all.
func (c *Cluster) Kill() error { return kill(c.Servers) }

// MasterName is what Sentinels call the master.
const MasterName = "rooms"

// Sentinels are a master, its replica, and three Sentinels that put the replica in the master's place when two of them
// haven't heard of that for a second.
type Sentinels struct {
	Master, Replica *Server
	Watchers        []*Server
}

// StartSentinels starts them and waits until the replica has caught up and the Sentinels know of it and of each other.
func StartSentinels(dir string) (*Sentinels, error) {
	s := &Sentinels{}
	if err := s.start(dir, 3); err != nil {
		return nil, errors.Join(fmt.Errorf("start redis sentinels: %w", err), s.Kill())
	}
	return s, nil
}

func (s *Sentinels) start(dir string, watchers int) (err error) {
	if s.Master, err = Start(dir); err != nil {
		return err
	}
	if s.Replica, err = Start(dir, "--replicaof", host+" "+s.Master.Port(), "--repl-diskless-sync-delay", "0"); err != nil {
		return err
	}
	caughtUp := func() bool {
		role, err := s.Replica.Do("ROLE")
		return err == nil && strings.Contains(role, "\nconnected\n")
	}
	if err := until(caughtUp, nil); err != nil {
		return err
	}
	for range watchers {
		w, err := startSentinel(dir, s.Master.Port())
		if err != nil {
			return err
		}
		s.Watchers = append(s.Watchers, w)
	}
	return until(func() bool {
		for _, w := range s.Watchers {
			state, err := w.Do("INFO", "sentinel")
			if err != nil || !strings.Contains(state, fmt.Sprintf("status=ok,address=%s,slaves=1,sentinels=%d", s.Master.Address, watchers)) {
				return false
			}
		}
		return true
	}, nil)
}

// startSentinel starts a Sentinel, which is a redis-server that keeps its settings in a file.
func startSentinel(dir, master string) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := newServer(dir, port)
	file := filepath.Join(dir, "sentinel-"+port+".conf")
	s.args = []string{file, "--sentinel"}
	text := fmt.Sprintf("port %s\nbind %s\ndir %q\nlogfile %q\n", port, host, dir, s.log) +
		fmt.Sprintf("sentinel monitor %[1]s %[2]s %[3]s 2\nsentinel down-after-milliseconds %[1]s 1000\n", MasterName, host, master) +
		fmt.Sprintf("sentinel failover-timeout %[1]s 5000\n", MasterName)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("start sentinel: %w", err)
	}
	if err := s.Restart(); err != nil {
		return nil, err
	}
	return s, nil
}

// Addresses are those of the Sentinels.
func (s *Sentinels) Addresses() []string { return addresses(s.Watchers) }

// Kill ends all.
func (s *Sentinels) Kill() error { return kill(append([]*Server{s.Master, s.Replica}, s.Watchers...)) }

func addresses(servers []*Server) []string {
	var list []string
	for _, s := range servers {
		list = append(list, s.Address)
	}
	return list
}

func kill(servers []*Server) error {
	var errs []error
	for _, s := range servers {
		if s != nil {
			errs = append(errs, s.Kill())
		}
	}
	return errors.Join(errs...)
}
