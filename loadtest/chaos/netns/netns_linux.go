package netns

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// inside tells the program that Enter has begun again where it is.
const inside = "CHAOS_OWN_NETWORK"

// Inside tells whether this process has a network of its own.
func Inside() bool { return os.Getenv(inside) != "" }

// Enter begins this program again, from its first line, with a network of its own in which there is nothing yet. It returns
// only with an error: it wraps ErrUnable where the machine doesn't have what it takes.
func Enter() error {
	for _, name := range []string{"ip", "nsenter"} {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("%w: %w (Debian: apt-get install iproute2 util-linux)", ErrUnable, err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	runtime.LockOSThread() // the namespace is the thread's, and the program's that it becomes
	if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread() // nothing has changed
		return fmt.Errorf("%w: %w (it takes root)", ErrUnable, err)
	}
	if err := syscall.Exec(self, os.Args, append(os.Environ(), inside+"=1")); err != nil { //nolint:gosec // this very program
		return fmt.Errorf("begin again: %w", err)
	}
	return nil
}

// keep starts the process that keeps a namespace, until it is killed or this process ends.
func keep() (*exec.Cmd, error) {
	cmd := exec.Command("sleep", "infinity") //nolint:noctx // until it is killed
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnable, err)
	}
	return cmd, nil
}

// forward lets the hub route.
func forward() error {
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644); err != nil { //nolint:gosec // the kernel's file, of this namespace
		return fmt.Errorf("%w: %w", ErrUnable, err)
	}
	return nil
}
