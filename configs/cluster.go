package configs

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"time"

	"salon/signaling/cluster"
)

// Cluster makes this node one of many that serve the same rooms. Without Redis: a node that is alone.
type Cluster struct {
	Redis Redis
	// Listen is host:port of the listener for the other nodes, which strangers need not reach: what comes there is
	// signed with the API secret, but not encrypted. Needed with Redis.
	Listen string
	// Address is host:port at which the other nodes reach Listen. Empty: Listen, which then must name a host.
	Address string
	// Region is where this node is: a new room begins in the region of whoever comes first, if there is room. It is also
	// told to clients, unless Signaling.Region says otherwise. Empty, the default: nowhere in particular.
	Region string
	// Roles is what this node does: media carries rooms, api keeps the club's data (one node of a cluster does). All
	// nodes serve the web app and the API; those without a role pass on what needs it. Default both.
	Roles []cluster.Role
	// Lease is how long a node may be unheard of before its rooms go elsewhere, the same on all nodes: less has rooms
	// back sooner after a node's death, and makes shorter pauses of a node cost its rooms. Default 4 s, at least 2 s.
	Lease time.Duration
	// DrainDeadline is how long a node that stops may take to move its rooms to others. Default 30 s.
	DrainDeadline time.Duration
}

// Redis is what the nodes of a cluster tell who holds which room. Nothing in it must outlive a restart.
type Redis struct {
	// Addresses are host:port of Redis, of its Sentinels (with MasterName), or of some nodes of a Redis Cluster (more
	// than one without MasterName). Empty, the default: this node is alone.
	Addresses []string
	// Cluster says that a single address is that of a Redis Cluster. Default false.
	Cluster bool
	// MasterName is what the Sentinels call the one to ask. Empty: Addresses are no Sentinels.
	MasterName string
	// Username and Password sign in to Redis. Default: nobody does.
	Username string
	Password string `salon:"secret"`
	// SentinelUsername and SentinelPassword sign in to Sentinels. Default: nobody does.
	SentinelUsername string
	SentinelPassword string `salon:"secret"`
	// TLS encrypts the connections; certificates are checked against those the system trusts. Default false.
	TLS bool `yaml:"tls"`
	// Prefix begins every key, so that clusters can share a Redis. Default "salon".
	Prefix string
}

// Many tells whether this node is one of a cluster.
func (c Cluster) Many() bool { return len(c.Redis.Addresses) > 0 }

// Has tells whether this node has a role.
func (c Cluster) Has(r cluster.Role) bool { return len(c.Roles) == 0 || slices.Contains(c.Roles, r) }

// minLease leaves time for a renewal that is lost and another one.
const minLease = 2 * time.Second

// ValidateCluster refuses a node of a cluster that lacks what others must know of it.
func (c Config) ValidateCluster() error {
	for _, r := range c.Cluster.Roles {
		if r != cluster.Media && r != cluster.API {
			return fmt.Errorf("cluster.roles: %q: %w", r, ErrUnknownRole)
		}
	}
	if !c.Cluster.Many() {
		return c.Cluster.alone()
	}
	if c.API.Key == "" || c.API.Secret == "" {
		return ErrClusterKeys
	}
	if c.Cluster.Lease < minLease {
		return fmt.Errorf("cluster.lease: %s: %w", c.Cluster.Lease, ErrShortLease)
	}
	return c.Cluster.door()
}

// alone refuses what only a cluster can do.
func (c Cluster) alone() error {
	if !c.Has(cluster.Media) || !c.Has(cluster.API) {
		return fmt.Errorf("cluster.roles: %w", ErrAlone)
	}
	if c.Listen != "" || c.Address != "" {
		return fmt.Errorf("cluster.listen, cluster.address: %w", ErrAlone)
	}
	return nil
}

// door refuses a listener that other nodes can't find.
func (c Cluster) door() error {
	if c.Listen == "" {
		return fmt.Errorf("cluster.listen: %w", ErrNoDoor)
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("cluster.listen: %w", err)
	}
	if c.Address == "" {
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			return fmt.Errorf("cluster.address: %w", ErrNoAddress)
		}
		return nil
	}
	host, port, err := net.SplitHostPort(c.Address)
	if err != nil {
		return fmt.Errorf("cluster.address: %w", err)
	}
	if n, err := strconv.ParseUint(port, 10, 16); host == "" || err != nil || n == 0 {
		return fmt.Errorf("cluster.address: %q: %w", c.Address, ErrNoAddress)
	}
	return nil
}

func defaultCluster() Cluster {
	return Cluster{
		Redis:         Redis{Prefix: "salon"},
		Roles:         []cluster.Role{cluster.Media, cluster.API},
		Lease:         4 * time.Second,
		DrainDeadline: 30 * time.Second,
	}
}
