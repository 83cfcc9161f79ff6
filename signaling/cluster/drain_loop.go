package cluster

import (
	"context"
	"errors"
	"time"
)

// Drain satisfies Cluster.
func (m *Member) Drain(ctx context.Context, within time.Duration) error {
	if err := m.do(ctx, func(_ time.Time, t *tenure) { t.drain() }); err != nil {
		return err
	}
	return errors.ErrUnsupported
}
