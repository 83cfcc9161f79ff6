// Package rack keeps the processes of a cluster on this machine: a Redis, and nodes with folders, ports and logs of their
// own. Every link of the cluster can be cut by itself: by the kernel, where each node has a network namespace, or else by
// valves between each node and Redis and in front of each node's inside address. Redis is slowed by valves always.
//
// What it decides: which addresses and settings a node is started with. What it never does: decide what breaks when. Its
// processes end with Close; a Rack belongs to one goroutine, but for what is said otherwise.
package rack

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"salon/loadtest/chaos/netns"
	"salon/loadtest/chaos/valve"
)

// Config is what a rack is made of. All but Environ must be there.
type Config struct {
	Salon  string // binary of a node
	Server string // binary of Redis
	Dir    string // for data and logs
	Nodes  int
	// Key and Secret of the cluster.
	Key, Secret string
	// Lease of the rooms.
	Lease time.Duration
	// Namespaces gives each node a network of its own: this process must have one. See package netns.
	Namespaces bool
	// Environ is added to that of each node.
	Environ []string
}

// A Rack is the processes and what lies between them.
type Rack struct {
	cfg   Config
	Redis *Redis
	Nodes []*Node
	net   *netns.Net // nil: everything is on loopback

	names map[string]int // of the nodes in all their lives; guarded by mu
	mu    sync.Mutex
}

// New prepares everything and starts nothing.
func New(cfg Config) (*Rack, error) {
	r := &Rack{cfg: cfg, names: map[string]int{}}
	if err := os.MkdirAll(cfg.Dir, 0o755); err != nil { //nolint:gosec // logs for people to read
		return nil, fmt.Errorf("make folder: %w", err)
	}
	var err error
	if cfg.Namespaces {
		if r.net, err = netns.New(cfg.Nodes); err != nil {
			return nil, err
		}
	}
	if r.Redis, err = newRedis(cfg); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	for i := range cfg.Nodes {
		n, err := r.newNode(i)
		if err != nil {
			return nil, errors.Join(err, r.Close())
		}
		r.Nodes = append(r.Nodes, n)
	}
	return r, nil
}

// newNode prepares node i.
func (r *Rack) newNode(i int) (*Node, error) {
	var free [3]string
	for k := 0; k < len(free); {
		addr, err := freeAddress()
		if err != nil {
			return nil, err
		}
		if !slices.Contains(free[:k], addr) { // nobody listens there yet
			free[k] = addr
			k++
		}
	}
	operator := http.DefaultClient
	host, hub, args := loopback, loopback, []string{r.cfg.Salon, "serve"}
	if r.net != nil {
		host, hub, args = r.net.Host(i), r.net.Hub(i), r.net.Command(i, args...)
		operator = &http.Client{Transport: &http.Transport{DialContext: r.net.Dialer(i), DisableKeepAlives: true}}
		for _, k := range []int{0, 2} {
			_, port, err := net.SplitHostPort(free[k])
			if err != nil {
				return nil, fmt.Errorf("read address: %w", err)
			}
			free[k] = net.JoinHostPort(host, port)
		}
	}
	n := &Node{Number: i, Address: free[0], Admin: free[1], operator: operator}
	var err error
	if n.toRedis, err = valve.New(hub, r.Redis.Address, nil); err != nil {
		return nil, err
	}
	inside := free[2]
	if r.net == nil {
		if n.inside, err = valve.New(loopback, free[2], r.origin); err != nil {
			n.toRedis.Close()
			return nil, err
		}
		inside = n.inside.Address()
	}
	roles := "media"
	if i == 0 {
		roles = "media, api"
	}
	n.process = process{
		name: "node" + strconv.Itoa(i), dir: r.cfg.Dir, args: args,
		environ: append([]string{
			"SALON_HTTP_LISTEN=" + n.Address, "SALON_ADMIN_LISTEN=" + n.Admin, "SALON_MEDIA_PORT=-1", "SALON_MEDIA_BIND=" + host,
			"SALON_DATA_DIR=" + filepath.Join(r.cfg.Dir, "data"+strconv.Itoa(i)), "SALON_API_KEY=" + r.cfg.Key, "SALON_API_SECRET=" + r.cfg.Secret,
			"SALON_CLUSTER_REDIS_ADDRESSES=" + n.toRedis.Address(), "SALON_CLUSTER_LISTEN=" + free[2], "SALON_CLUSTER_ADDRESS=" + inside,
			"SALON_CLUSTER_ROLES=" + roles, "SALON_CLUSTER_LEASE=" + r.cfg.Lease.String(),
		}, r.cfg.Environ...),
	}
	return n, nil
}

// URLs are where clients may come in.
func (r *Rack) URLs() []string {
	list := make([]string, len(r.Nodes))
	for i, n := range r.Nodes {
		list[i] = "ws://" + n.Address
	}
	return list
}

// Named finds the node that calls itself so, or did in an earlier life. Any goroutine may ask.
func (r *Rack) Named(name string) (number int, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if number, known = r.names[name]; known {
		return number, true
	}
	for _, n := range r.Nodes {
		list, err := n.names()
		if err != nil {
			continue // it has no log yet
		}
		for _, name := range list {
			r.names[name] = n.Number
		}
	}
	number, known = r.names[name]
	return number, known
}

// hop finds the name of the node that a request of another node comes from, in its head: see signaling/nodes.
var hop = regexp.MustCompile(`(?i)\r\nSalon-Hop: v1\.([A-Za-z0-9_]+)\.`)

// origin names the node that makes a request by its number.
func (r *Rack) origin(head []byte) string {
	m := hop.FindSubmatch(head)
	if m == nil {
		return ""
	}
	number, known := r.Named(string(m[1]))
	if !known {
		return ""
	}
	return strconv.Itoa(number)
}

// Between changes how two nodes reach each other, in both directions. Between namespaces there is no delay, and what is cut
// is silent.
func (r *Rack) Between(a, b int, f valve.Flow) error {
	if r.net != nil {
		return r.net.Between(r.net.Host(a), r.net.Host(b), f.Passes())
	}
	r.Nodes[a].inside.Set(strconv.Itoa(b), f)
	r.Nodes[b].inside.Set(strconv.Itoa(a), f)
	return nil
}

// ToRedis changes how a node reaches Redis; between namespaces, what is cut is silent.
func (r *Rack) ToRedis(n int, f valve.Flow) error {
	if r.net != nil {
		if err := r.net.Between(r.net.Host(n), r.net.Hub(n), f.Passes()); err != nil {
			return err
		}
		f = valve.Flow{Delay: f.Delay}
	}
	r.Nodes[n].toRedis.Set("", f)
	return nil
}

// Plug pulls a node's cable, or puts it in again: nobody reaches the node meanwhile, clients neither. It needs namespaces.
func (r *Rack) Plug(n int, in bool) error { return r.net.Plug(n, in) }

// Close ends everything, the hard way where it must.
func (r *Rack) Close() error {
	var errs []error
	for _, n := range r.Nodes {
		errs = append(errs, n.Kill())
		n.toRedis.Close()
		if n.inside != nil {
			n.inside.Close()
		}
	}
	if r.Redis != nil {
		errs = append(errs, r.Redis.Kill())
	}
	if r.net != nil {
		errs = append(errs, r.net.Close())
	}
	return errors.Join(errs...)
}

// Ports that nobody gets who doesn't ask for one by its number, as far as systems leave it at their usual ranges: a node that is
// started again must find its own ports free.
const (
	loopback  = "127.0.0.1"
	firstPort = 20000
	ports     = 10000
	tries     = 100
)

// freeAddress finds a TCP address on loopback that nobody uses at the moment.
func freeAddress() (addr string, err error) {
	for range tries {
		var l net.Listener
		l, err = net.Listen("tcp", net.JoinHostPort(loopback, strconv.Itoa(firstPort+rand.IntN(ports)))) //nolint:gosec // any will do
		if err != nil {
			continue
		}
		if err = l.Close(); err == nil {
			return l.Addr().String(), nil
		}
	}
	return "", fmt.Errorf("find a free address: %w", err)
}
