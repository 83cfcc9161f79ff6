//go:build !linux

package netns

import (
	"fmt"
	"os/exec"
	"runtime"
)

// Inside tells whether this process has a network of its own.
func Inside() bool { return false }

// Enter fails: there are no network namespaces on this system.
func Enter() error { return fmt.Errorf("%w on %s", ErrUnable, runtime.GOOS) }

func keep() (*exec.Cmd, error) { return nil, Enter() }

func within(string, func()) error { return Enter() }

func forward() error { return Enter() }
