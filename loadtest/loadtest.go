// Package loadtest puts a load on a media server and says what it did under it. It is a client among clients: it
// speaks the client protocol over a WebSocket and WebRTC over UDP, and knows nothing of the server's inside, so that
// it measures any server of that protocol.
//
// This package is the run: it takes the seats of a scenario one by one, lets the load stand, watches both processes,
// and settles the account (run_loop.go); it repeats a run (repeat_loop.go) and looks for the limit (limit_loop.go).
// What it never does: adapt to the server, or hide that the generator itself was too slow.
//
// The rooms below, none of which knows this one:
//
//	scenario   who takes part, and when          client    a participant: session, negotiation, pace
//	media      what publishers send; Source      peer      a media connection: ICE, DTLS, RTP, feedback
//	link       an emulated line                  measure   what arrived, by the Stamps in the payloads
//	system     CPU and memory of processes       report    figures, page, comparison, verdict
//	progress   bars and lines
//
// Each packet carries a Stamp with the time it was sent, and both ends share a clock. Most participants are lean peers;
// some in every run are plain ones by pion/webrtc, so that an independent stack confirms what is counted.
package loadtest

import (
	"fmt"
	"net/url"
	"time"

	"salon/loadtest/media"
	"salon/loadtest/scenario"
)

// Config is what a run needs beside its scenario. URLs, Key and Secret must be there.
type Config struct {
	// URLs of the server, one at least, ws:// or wss:// (http works as well). Of several, each participant takes one at random, and
	// another each time it tries again.
	URLs []string
	// Key and Secret sign the participants' tokens.
	Key, Secret string
	// Size overrides the scenario's numbers where it is not zero.
	Size scenario.Size
	// Duration of the measurement, after everyone has joined; 10 s by default.
	Duration time.Duration
	// Ramp is how long the joins are spread over; by default 20 ms for each participant.
	Ramp time.Duration
	// Seed of everything random; equal seeds give equal plans and media.
	Seed uint64
	// Clients says what participants are like.
	Clients Clients
	// Tracks changes what participants publish. The zero value leaves it to the scenario.
	Tracks scenario.Tracks
	// Media is what publishers send where Playback is nil.
	Media media.Shape
	// Playback is other media than synthetic: a recording. nil: none.
	Playback media.Maker
	// Server says where its figures are found.
	Server Target
	// Commit names the build under test in the report. Optional.
	Commit string
}

// Clients is what participants are like. The zero value is as browsers are, one of them by an independent stack.
type Clients struct {
	// Plain is how many of the subscribers are plain pion peers; 0 means 1, negative none.
	Plain int
	// NoData leaves data channels out; browsers always open them.
	NoData bool
	// AESCM offers nothing but AES-CM with HMAC-SHA1 for media, as old clients do.
	AESCM bool
	// Two gives everyone two connections, one for each direction, as older clients have.
	Two bool
	// Return lets those who lose their session come back, as the stock clients do; else they have failed.
	Return bool
	// Waiting reads each lean socket by a goroutine that waits for it, as elsewhere than on 64-bit Linux: see socket.Config.
	Waiting bool
	// Singly takes each datagram by itself, as browsers do: see socket.Config.
	Singly bool
}

// A Target is a server process as seen from outside.
type Target struct {
	// PID of the process on this machine; 0: its CPU and memory stay unknown.
	PID int
	// Metrics is the URL of its Prometheus text; empty: none.
	Metrics string
}

// Defaults of Config; our choices.
const (
	defaultDuration = 10 * time.Second
	rampPerSeat     = 20 * time.Millisecond
	minRamp         = 500 * time.Millisecond
)

func (c Config) withDefaults(seats int) Config {
	if c.Duration <= 0 {
		c.Duration = defaultDuration
	}
	if c.Ramp <= 0 {
		c.Ramp = max(time.Duration(seats)*rampPerSeat, minRamp)
	}
	if c.Clients.Plain == 0 {
		c.Clients.Plain = 1
	}
	c.Media = c.Media.WithDefaults()
	return c
}

// maker is what makes media.
func (c Config) maker() media.Maker {
	if c.Playback != nil {
		return c.Playback
	}
	return c.Media
}

// validate checks what no default can mend.
func (c Config) validate() error {
	if len(c.URLs) == 0 {
		return fmt.Errorf("%w: a url is needed", ErrConfig)
	}
	for _, text := range c.URLs {
		if err := validateURL(text); err != nil {
			return err
		}
	}
	if c.Key == "" || c.Secret == "" {
		return fmt.Errorf("%w: api key and secret are needed", ErrConfig)
	}
	if err := c.Media.Validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return nil
}

func validateURL(text string) error {
	u, err := url.Parse(text)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	switch u.Scheme {
	case "ws", "wss", "http", "https":
	default:
		return fmt.Errorf("%w: the url must begin with ws:// or wss://", ErrConfig)
	}
	if u.Hostname() == "" {
		return fmt.Errorf("%w: the url names no host", ErrConfig)
	}
	return nil
}

// gapSilence is how long a track without pauses is silent before it is a gap: longer than any wait for a repeated packet.
const gapSilence = 300 * time.Millisecond

// silence is what counts as a gap in the media of this run.
func (c Config) silence() time.Duration {
	if !c.Clients.Return || c.Playback != nil || c.Media.DTX {
		return 0
	}
	return gapSilence
}
