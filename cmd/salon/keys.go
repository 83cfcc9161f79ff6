package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"salon/configs"
)

// Errors about the pair that signs tokens.
var (
	errHalfPair     = errors.New("api.key and api.secret must be set together")
	errReadable     = errors.New("readable by others: run chmod 600 on it")
	errNoPair       = errors.New("holds no key and secret")
	errShortSecret  = errors.New("api.secret must have at least 32 characters")
	errNotGenerated = errors.New("no API key yet: run `salon serve` once, or set SALON_API_KEY and SALON_API_SECRET")
)

const (
	keysFile     = "keys.yaml"
	secretLength = 32 // characters; HS256 wants no key shorter than its hash (RFC 7518 section 3.2)
)

// A keyPair signs join tokens.
type keyPair struct {
	Key    string `yaml:"key"`
	Secret string `yaml:"secret"`
}

// configuredPair gives the pair of the configuration; ok is false if there is none.
func configuredPair(cfg configs.API) (pair keyPair, ok bool, err error) {
	switch {
	case cfg.Key == "" && cfg.Secret == "":
		return keyPair{}, false, nil
	case cfg.Key == "" || cfg.Secret == "":
		return keyPair{}, false, errHalfPair
	case len(cfg.Secret) < secretLength:
		return keyPair{}, false, errShortSecret
	}
	return keyPair{Key: cfg.Key, Secret: cfg.Secret}, true, nil
}

// findPair gives the pair in force: the configured one, else the one of the data folder.
func findPair(cfg configs.Config) (keyPair, error) {
	if pair, ok, err := configuredPair(cfg.API); ok || err != nil {
		return pair, err
	}
	pair, err := readPair(filepath.Join(cfg.Data.Dir, keysFile))
	if errors.Is(err, fs.ErrNotExist) {
		return keyPair{}, errNotGenerated
	}
	return pair, err
}

// ensurePair is findPair that generates the pair on the first start.
func ensurePair(cfg configs.Config) (keyPair, error) {
	pair, err := findPair(cfg)
	if !errors.Is(err, errNotGenerated) {
		return pair, err
	}
	// A base-32 text of 128 bits; twice for the secret.
	pair = keyPair{Key: "API" + rand.Text()[:12], Secret: rand.Text() + rand.Text()}
	return pair, writePair(filepath.Join(cfg.Data.Dir, keysFile), pair)
}

// readPair refuses a file that others on the machine can read.
func readPair(path string) (keyPair, error) {
	info, err := os.Stat(path)
	if err != nil {
		return keyPair{}, fmt.Errorf("read keys: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return keyPair{}, fmt.Errorf("%s (mode %04o): %w", path, info.Mode().Perm(), errReadable)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return keyPair{}, fmt.Errorf("read keys: %w", err)
	}
	var pair keyPair
	if err := yaml.Unmarshal(text, &pair); err != nil {
		return keyPair{}, fmt.Errorf("%s: %w", path, err)
	}
	if pair.Key == "" || len(pair.Secret) < secretLength {
		return keyPair{}, fmt.Errorf("%s: %w", path, errNoPair)
	}
	return pair, nil
}

// writePair makes the file appear whole, with mode 0600 from its first byte on.
func writePair(path string, pair keyPair) error {
	text, err := yaml.Marshal(pair)
	if err != nil {
		return fmt.Errorf("encode keys: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), keysFile+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write keys: %w", errors.Join(err, os.Remove(f.Name())))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	return nil
}
