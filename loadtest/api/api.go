// Package api puts a load on the club's API, over HTTP and nothing else: it signs people in, fills the place with clubs
// and notes up to a size (fill_loop.go), then asks and writes as people do, at a rate, and times every kind of request
// (run_loop.go, mix.go). It decides what people do; it never looks into the store, and never slows down when the server
// does: a request that had to wait for its turn counts from when it was due.
package api

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// ErrAPI tells that no load could be put on the API.
var ErrAPI = errors.New("load on the club API")

// Config says how much. URL must be there; zero fields mean their default.
type Config struct {
	// URL of the node; ws:// and wss:// mean http and https.
	URL string
	// People who sign in, each with a browser. Those of an earlier run are taken again. Default 40; sign-ups from one
	// address are limited by the server (club.http.address_attempts).
	People int
	// Clubs to fill up to, owned by these people. Default 100.
	Clubs int
	// Notes to share out among the clubs that are new. Default 1000.
	Notes int
	// Rate of visits a second while measuring; most are one request. Default 100.
	Rate float64
	// Duration of the measurement. Default 10 s.
	Duration time.Duration
	// Workers bounds how many requests are under way. Default 32.
	Workers int
	// Seed of everything random.
	Seed uint64
	// PID of the server on this machine, for its CPU and memory; 0: unknown.
	PID int
	// Commit names the build under test in the report. Optional.
	Commit string
}

func (c Config) withDefaults() Config {
	c.People, c.Clubs, c.Notes = orElse(c.People, 40), orElse(c.Clubs, 100), orElse(c.Notes, 1000)
	c.Rate, c.Duration, c.Workers = orElse(c.Rate, 100), orElse(c.Duration, 10*time.Second), orElse(c.Workers, 32)
	return c
}

func orElse[T int | float64 | time.Duration](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}

// base is the address that paths are put behind.
func (c Config) base() (string, error) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrAPI, err)
	}
	scheme, ok := map[string]string{"ws": "http", "http": "http", "wss": "https", "https": "https"}[u.Scheme]
	if !ok || u.Host == "" {
		return "", fmt.Errorf("%w: the url must begin with ws:// or http:// and name a host", ErrAPI)
	}
	return strings.TrimSuffix(scheme+"://"+u.Host+u.Path, "/"), nil
}
