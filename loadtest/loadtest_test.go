package loadtest

import (
	"errors"
	"testing"
)

func TestConfigsThatCantWorkAreRefused(t *testing.T) {
	good := Config{URLs: []string{"ws://localhost:7880"}, Key: "k", Secret: "s"}
	if err := good.validate(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"no scheme": func(c *Config) { c.URLs = []string{"localhost:7880"} },
		"no host":   func(c *Config) { c.URLs = []string{"ws://"} },
		"no url":    func(c *Config) { c.URLs = []string{""} },
		"no urls":   func(c *Config) { c.URLs = nil },
		"no key":    func(c *Config) { c.Key = "" },
		"no secret": func(c *Config) { c.Secret = "" },
	} {
		c := good
		change(&c)
		if err := c.validate(); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
