package chaos

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// diary writes every life of the crowd as a line, for people who look for what happened: when it began, how long that took since
// the one before was lost and at which try, by which door, on which node, and how it ended.
func (j *judge) diary(w io.Writer, began time.Time, l look) error {
	b := bufio.NewWriter(w)
	for _, p := range l.people {
		for _, life := range p.lives {
			door, owner := j.places(life)
			after := time.Duration(0)
			if !life.Lost.IsZero() {
				after = life.Joined.Sub(life.Lost)
			}
			fmt.Fprintf(b, "%9.3f s  %-6s %-10s after %7.3f s  try %d  by node %d  on node %d  epoch %d", life.Joined.Sub(began).Seconds(),
				p.Identity, p.Room, after.Seconds(), life.Tries, door, owner, life.Epoch)
			if !life.Connected.IsZero() {
				fmt.Fprintf(b, "  media after %.3f s", life.Connected.Sub(life.Joined).Seconds())
			}
			if !life.Ended.IsZero() {
				fmt.Fprintf(b, "  until %.3f s: %v", life.Ended.Sub(began).Seconds(), life.Cause)
			}
			fmt.Fprintln(b)
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write diary: %w", err)
	}
	return nil
}
