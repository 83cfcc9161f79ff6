package main

import (
	"fmt"
	"os"
	"text/tabwriter"

	"salon/configs"
)

// configFlag is shared by the commands that read the configuration.
type configFlag struct {
	Config string `help:"YAML file with settings." type:"path" env:"SALON_CONFIG" placeholder:"FILE"`
}

// load merges defaults, file and environment.
func (f configFlag) load(con *console) (*configs.Loaded, error) {
	l, err := configs.Load(f.Config, con.environ)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return l, nil
}

type configCommand struct{ configFlag }

// Run prints one line per setting: key, value, origin. Secrets are masked.
func (c configCommand) Run(con *console) error {
	l, err := c.load(con)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(con.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "KEY\tVALUE\tORIGIN")
	for _, v := range l.Values() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", v.Key, v.Text, v.Origin)
	}
	return w.Flush()
}

// ensureDir makes the data folder; others on the machine need not look into it.
func ensureDir(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	return nil
}
