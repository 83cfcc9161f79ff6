//go:build !linux

package rack

import "syscall"

// tether has no way here to end a process with the one that started it.
func tether() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
