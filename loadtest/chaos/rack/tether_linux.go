package rack

import "syscall"

// tether lets a process die with the one that started it, however that ends.
func tether() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
