package cluster

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// ErrConfig tells that a RedisConfig makes no sense.
var ErrConfig = errors.New("wrong configuration")

// RedisConfig says where Redis is. Lease, Memory and Prefix have to be the same on all nodes of a cluster.
type RedisConfig struct {
	// Addresses, each host:port: of one server; with MasterName, of Sentinels; several without, of nodes of a Redis
	// Cluster. Required.
	Addresses []string
	// MasterName is what the Sentinels call the master. Empty: no Sentinels.
	MasterName string
	// Cluster tells that a single address is that of a Redis Cluster.
	Cluster bool
	// Username and Password of Redis. Empty: it wants none.
	Username, Password string
	// SentinelUsername and SentinelPassword of the Sentinels.
	SentinelUsername, SentinelPassword string
	// TLS encrypts connections. Nil: they are plain.
	TLS *tls.Config
	// Prefix begins all keys, as their hash tag: clusters that share a Redis tell each other apart by it. Default: salon.
	Prefix string
	// Lease is how long a node holds a room without renewing it, and how long it is known without announcing itself.
	// Default: 4 s. A shorter one brings rooms back sooner when a node dies, and loses them to shorter faults.
	Lease time.Duration
	// Memory is how long the last holder of a room is remembered afterwards. Default: 1 min.
	Memory time.Duration
	// Timeout of a call, connecting included. Default: a quarter of Lease, at most 1 s.
	Timeout time.Duration
}

func (c RedisConfig) validate() (RedisConfig, error) {
	if len(c.Addresses) == 0 {
		return c, fmt.Errorf("%w: no address of redis", ErrConfig)
	}
	if c.Prefix == "" {
		c.Prefix = "salon"
	}
	if strings.ContainsAny(c.Prefix, "{}") {
		return c, fmt.Errorf("%w: prefix %q has braces", ErrConfig, c.Prefix)
	}
	if c.Lease == 0 {
		c.Lease = defaultLease
	}
	if c.Memory == 0 {
		c.Memory = defaultMemory
	}
	if c.Timeout == 0 {
		c.Timeout = min(c.Lease/4, time.Second)
	}
	if c.Lease < time.Second || c.Memory < c.Lease || c.Timeout < 0 || c.Timeout >= c.Lease {
		return c, fmt.Errorf("%w: lease %v (at least 1s), memory %v (at least the lease), timeout %v (less than the lease)", ErrConfig, c.Lease, c.Memory, c.Timeout)
	}
	return c, nil
}

// tag is the key that all others begin with. Its braces send them to one node of a Redis Cluster.
func (c RedisConfig) tag() string { return "{" + c.Prefix + "}" }

// options make a client that fails fast: whoever asks knows better when to ask again.
func (c RedisConfig) options() *redis.UniversalOptions {
	return &redis.UniversalOptions{
		Addrs: c.Addresses, MasterName: c.MasterName, IsClusterMode: c.Cluster,
		Username: c.Username, Password: c.Password, SentinelUsername: c.SentinelUsername, SentinelPassword: c.SentinelPassword,
		TLSConfig:  c.TLS,
		MaxRetries: -1, DialerRetries: 1,
		DialTimeout: c.Timeout, ReadTimeout: c.Timeout, WriteTimeout: c.Timeout, PoolTimeout: c.Timeout,
		ContextTimeoutEnabled: true, DisableIdentity: true, FailingTimeoutSeconds: 1,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}
