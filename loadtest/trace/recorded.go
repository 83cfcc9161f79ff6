package trace

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed recorded
var recorded embed.FS

const suffix = ".trace.gz"

// Names returns the embedded traces, in order.
func Names() (list []string) {
	entries, err := recorded.ReadDir("recorded")
	if err != nil {
		return nil // the folder is embedded
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), suffix); ok {
			list = append(list, name)
		}
	}
	return list
}

// Load reads an embedded trace; load once and share. The error wraps ErrUnknown and names what there is.
func Load(name string) (*Trace, error) {
	f, err := recorded.Open("recorded/" + name + suffix)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, fmt.Errorf("%w: %q; there are %s", ErrUnknown, name, strings.Join(Names(), ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("load trace: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	t, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("load trace %s: %w", name, err)
	}
	return t, nil
}
