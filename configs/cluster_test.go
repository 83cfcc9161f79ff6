package configs

import (
	"errors"
	"strings"
	"testing"
	"time"

	"salon/signaling/cluster"
)

// TestClustersLackNothing loads clusters from text and says which are refused, and why.
func TestClustersLackNothing(t *testing.T) {
	const keys = "api: {key: k, secret: s}\n"
	for name, c := range map[string]struct {
		file string
		want error
		says string
	}{
		"alone":            {"", nil, ""},
		"of one host":      {keys + "cluster: {redis: {addresses: [r:6379]}, listen: \"10.0.0.1:7890\"}", nil, ""},
		"of a name":        {keys + "cluster: {redis: {addresses: [r:6379]}, listen: \"node1:7890\"}", nil, ""},
		"behind NAT":       {keys + "cluster: {redis: {addresses: [r:6379]}, listen: \":7890\", address: \"node1:7890\"}", nil, ""},
		"without keys":     {"cluster: {redis: {addresses: [r:6379]}, listen: \"10.0.0.1:7890\"}", ErrClusterKeys, "api.key"},
		"without a door":   {keys + "cluster: {redis: {addresses: [r:6379]}}", ErrNoDoor, "cluster.listen"},
		"anywhere":         {keys + "cluster: {redis: {addresses: [r:6379]}, listen: \":7890\"}", ErrNoAddress, "cluster.address"},
		"anywhere in IPv6": {keys + "cluster: {redis: {addresses: [r:6379]}, listen: \"[::]:7890\"}", ErrNoAddress, "cluster.address"},
		"no port": {
			keys + "cluster: {redis: {addresses: [r:6379]}, listen: \":7890\", address: \"node1:\"}", ErrNoAddress, "cluster.address",
		},
		"short lease": {
			keys + "cluster: {redis: {addresses: [r:6379]}, listen: \"h:1\", lease: 1s}", ErrShortLease, "cluster.lease",
		},
		"unknown role":   {"cluster: {roles: [media, cook]}", ErrUnknownRole, "cook"},
		"half and alone": {"cluster: {roles: [media]}", ErrAlone, "cluster.roles"},
		"door and alone": {"cluster: {listen: \":7890\"}", ErrAlone, "cluster.listen"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := Load(write(t, c.file), nil)
			if err != nil {
				t.Fatal(err)
			}
			err = l.Config.ValidateCluster()
			if !errors.Is(err, c.want) || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want %v that says %q", err, c.want, c.says)
			}
		})
	}
}

func TestClusterByVariables(t *testing.T) {
	l, err := Load("", []string{
		"SALON_CLUSTER_REDIS_ADDRESSES=a:1, b:2", "SALON_CLUSTER_ROLES=media", "SALON_CLUSTER_REDIS_TLS=true",
		"SALON_CLUSTER_REDIS_PASSWORD=quiet", "SALON_CLUSTER_LEASE=6s",
	})
	if err != nil {
		t.Fatal(err)
	}
	c := l.Config.Cluster
	if !c.Many() || len(c.Redis.Addresses) != 2 || !c.Redis.TLS || c.Lease != 6*time.Second || c.Has(cluster.API) || !c.Has(cluster.Media) {
		t.Errorf("loaded %+v", c)
	}
	for _, v := range l.Values() {
		if strings.Contains(v.Text, "quiet") {
			t.Errorf("%s shows the password", v.Key)
		}
	}
}
