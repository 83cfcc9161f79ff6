package configs

import "errors"

// Errors of Load, wrapped with the place that caused them.
var (
	ErrUnknownKey      = errors.New("unknown key")
	ErrUnknownVariable = errors.New("unknown variable")
	ErrNotMapping      = errors.New("expected a mapping of keys")
	ErrDuplicateKey    = errors.New("key given twice")
	ErrBadValue        = errors.New("bad value")
	ErrUnknownFormat   = errors.New("neither text nor json")
)

// Errors of ValidateCluster, wrapped with the setting.
var (
	ErrUnknownRole = errors.New("neither media nor api")
	ErrAlone       = errors.New("makes sense on a cluster only: set cluster.redis.addresses, too")
	ErrClusterKeys = errors.New("api.key and api.secret must be set on a cluster, the same on every node: " +
		"the pair that a node generates is known to nobody else")
	ErrShortLease = errors.New("a lease of less than 2s leaves no time to renew it")
	ErrNoDoor     = errors.New("a cluster needs host:port of a listener for the other nodes")
	ErrNoAddress  = errors.New("must say host:port at which the other nodes reach this one, unless cluster.listen names a host")
)
