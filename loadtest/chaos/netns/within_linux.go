package netns

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// within runs f on a thread that is in the namespace of a process meanwhile. The thread must live on: processes that it once
// started would end with it.
func within(pid string, f func()) error {
	runtime.LockOSThread()
	own, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("%w: %w", ErrUnable, err)
	}
	defer func() { _ = own.Close() }() // nothing was written
	there, err := os.Open("/proc/" + pid + "/ns/net")
	if err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("%w: %w", ErrUnable, err)
	}
	defer func() { _ = there.Close() }() // likewise
	if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("%w: %w", ErrUnable, err)
	}
	f()
	if err := unix.Setns(int(own.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("%w: the way back: %w", ErrUnable, err) // locked for good: nobody else may run there
	}
	runtime.UnlockOSThread()
	return nil
}
