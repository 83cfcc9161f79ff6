package loadtest

import (
	"io/fs"
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
