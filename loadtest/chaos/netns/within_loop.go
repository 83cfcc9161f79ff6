//go:build linux

package netns

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// within runs f on a thread that is in the namespace of a process, and ends with it.
func within(pid string, f func()) error {
	ns, err := os.Open("/proc/" + pid + "/ns/net")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnable, err)
	}
	defer func() { _ = ns.Close() }() // nothing was written
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread is of no use elsewhere any more
		err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET)
		if err == nil {
			f()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		return fmt.Errorf("%w: %w", ErrUnable, err)
	}
	return nil
}
