package system

import (
	"io/fs"
	"runtime"
	"strings"
)

// cpuName returns the processor's name as Linux tells it, empty elsewhere.
func cpuName(proc fs.FS) string {
	text, err := fs.ReadFile(proc, "cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// kernel returns the kernel's release, empty elsewhere than on Linux.
func kernel(proc fs.FS) string {
	text, err := fs.ReadFile(proc, "sys/kernel/osrelease")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// ThisMachine is where this process runs. Names are empty where the system does not tell them.
func ThisMachine() Machine {
	return Machine{
		CPU: cpuName(Proc()), Cores: runtime.NumCPU(), Kernel: kernel(Proc()),
		OS: runtime.GOOS, Arch: runtime.GOARCH, Go: runtime.Version(),
	}
}

// A Machine is where both ends ran.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Kernel string `json:"kernel"`
	OS     string `json:"os"`
	Arch   string `json:"arch"`
	Go     string `json:"go"`
}
