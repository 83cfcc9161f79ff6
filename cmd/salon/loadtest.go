package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"salon/loadtest"
	"salon/loadtest/api"
	payload "salon/loadtest/media"
	"salon/loadtest/progress"
	"salon/loadtest/report"
	"salon/loadtest/scenario"
	"salon/loadtest/trace"
)

// errNotHeld tells that a run is void or that an assertion does not hold.
var errNotHeld = errors.New("the run does not pass")

// loadCommand groups what can be done with load.
type loadCommand struct {
	Run     loadRun     `cmd:"" default:"withargs" help:"Put a load on a server and report."`
	Compare loadCompare `cmd:"" help:"Lay two reports side by side."`
}

type loadRun struct {
	URL       []string `help:"Server, such as ws://localhost:7880. Repeated, for the nodes of a cluster: each participant takes one at random." name:"url" required:"" sep:"none"`
	APIKey    string   `help:"Key that signs the participants' tokens." name:"api-key" env:"SALON_API_KEY"`
	APISecret string   `help:"Its secret." name:"api-secret" env:"SALON_API_SECRET"`

	Scenario     string        `help:"fanout, club, hall, churn, signal, squeeze, or a YAML file; api: the club's API, which needs no key." default:"fanout"`
	Rooms        int           `help:"Rooms; 0: as the scenario says, here and below."`
	Participants int           `help:"Participants of each room."`
	Publishers   int           `help:"Publishers of each room."`
	Subscribers  int           `help:"Subscribers of each room."`
	Duration     time.Duration `help:"How long to measure." default:"10s"`
	Ramp         time.Duration `help:"How long the joins are spread over; 0: 20 ms for each."`
	Seed         uint64        `help:"Of everything random."`
	Plain        int           `help:"Subscribers by an independent WebRTC stack; negative: none." default:"1"`

	Clubs  int     `help:"Scenario api: fill up to so many clubs. Runs with the same server take what is there." default:"100"`
	Notes  int     `help:"Scenario api: and share so many notes out among them." default:"1000"`
	People int     `help:"Scenario api: people who do it all." default:"40"`
	Rate   float64 `help:"Scenario api: visits a second while measuring, some of several requests." default:"100"`

	Source       string  `help:"synthetic: frames of nearly one size, as the flags below say, for figures that compare. trace: what Chromium sent when it was recorded, in its own sizes, times and keyframes: a camera of 2.5 Mbit/s, speech with pauses, and of the flags below codec, layers (vp9 and av1 have theirs in one stream), screen (vp8), no-audio and no-video." name:"media" enum:"synthetic,trace" default:"synthetic"`
	FPS          int     `help:"Video frames a second." name:"fps" default:"30"`
	FramePackets float64 `help:"Packets of a frame, on average." default:"5.1"`
	PacketBytes  int     `help:"Payload of a video packet." default:"980"`
	Codec        string  `help:"Codec of video: vp8, vp9, h264 or av1." default:"vp8"`
	Layers       int     `help:"Simulcast layers of video, 1 to 3." default:"1"`
	Simulcast    bool    `help:"Three layers of video."`
	DTX          bool    `help:"Speakers pause, and hardly anything is sent meanwhile." name:"dtx"`
	Screen       bool    `help:"One camera's owner in each room shares a screen as well."`
	NoAudio      bool    `help:"Publish no audio."`
	NoVideo      bool    `help:"Publish no video."`

	Connections int  `help:"Media connections of each participant: 1, or 2 as older clients have." enum:"1,2" default:"1"`
	Return      bool `help:"Let those who lose their session come back as the stock clients do, and measure how. So it is with several --url."`
	NoData      bool `help:"Open no data channels." name:"no-data"`
	AESCM       bool `help:"Offer only AES-CM for media, as old clients do." name:"aes-cm"`

	Waiting bool `help:"Let a goroutine wait for each socket, as elsewhere than on Linux."`
	Singly  bool `help:"Take each datagram by itself, as browsers do. Else those that the sender's kernel joined arrive whole, so that a server on this machine is not charged for taking them apart, as it would not be with a card that segments."`

	ServerPID  int      `help:"Process of the server on this machine, for its CPU and memory." name:"server-pid"`
	MetricsURL string   `help:"Prometheus metrics of the server." name:"metrics-url"`
	Assert     []string `help:"Bound on a figure, such as 'loss<0.1%' or 'latency.p99<20ms'; repeatable, and others may follow by themselves." sep:"none"`
	Bounds     []string `arg:"" optional:"" help:"Further bounds." name:"bound"`
	Repeat     int      `help:"Runs, of which the median is reported." default:"1"`
	FindLimit  bool     `help:"Repeat with ever more until it breaks."`
	JSON       string   `help:"Write the report here." name:"json" placeholder:"FILE"`
	HTML       string   `help:"Write it as a page here." name:"html" placeholder:"FILE"`
	Profile    string   `help:"Write a CPU profile of the generator itself here." placeholder:"FILE"`
	Commit     string   `help:"What the report calls the server's build."`
	Verbose    bool     `help:"Say what goes wrong with single participants." short:"v"`
}

// Run measures, writes the reports, and fails if the run is void or an assertion does not hold.
func (c loadRun) Run(con *console) error {
	var asserted []report.Assertion
	for _, text := range slices.Concat(c.Assert, c.Bounds) {
		a, err := report.ParseAssertion(text)
		if err != nil {
			return err
		}
		asserted = append(asserted, a)
	}
	measure, err := c.measuring()
	if err != nil {
		return err
	}
	level := slog.LevelError
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(con.err, &slog.HandlerOptions{Level: level}))
	ctx, stop := untilSignal(log)
	profiled, err := profileInto(c.Profile)
	if err != nil {
		return err
	}
	r, err := measure(ctx, con.err, log)
	stop()
	if err = errors.Join(err, profiled()); err != nil {
		return fmt.Errorf("load test: %w", err)
	}
	for _, a := range asserted {
		r.Assertions = append(r.Assertions, a.Check(r))
	}
	if err := c.write(r, con.out); err != nil {
		return err
	}
	if !r.OK() {
		return errNotHeld
	}
	return nil
}

// measuring is what the scenario is measured by.
func (c loadRun) measuring() (func(context.Context, io.Writer, *slog.Logger) (*report.Report, error), error) {
	if c.Scenario == "api" {
		return c.measureAPI, nil
	}
	plan, err := findScenario(c.Scenario)
	return func(ctx context.Context, out io.Writer, log *slog.Logger) (*report.Report, error) {
		return c.measureMedia(ctx, plan, out, log)
	}, err
}

func (c loadRun) measureAPI(ctx context.Context, out io.Writer, _ *slog.Logger) (*report.Report, error) {
	return api.Run(ctx, api.Config{
		URL: c.URL[0], People: c.People, Clubs: c.Clubs, Notes: c.Notes, Rate: c.Rate, Duration: c.Duration, Seed: c.Seed,
		PID: c.ServerPID, Commit: c.Commit,
	}, progress.New(out))
}

func (c loadRun) measureMedia(ctx context.Context, s scenario.Scenario, out io.Writer, log *slog.Logger) (*report.Report, error) {
	codec, err := payload.ParseCodec(c.Codec)
	if err != nil {
		return nil, err
	}
	if c.Simulcast {
		c.Layers = payload.MaxLayers
	}
	cfg := loadtest.Config{
		URLs: c.URL, Key: c.APIKey, Secret: c.APISecret,
		Size:     scenario.Size{Rooms: c.Rooms, Participants: c.Participants, Publishers: c.Publishers, Subscribers: c.Subscribers},
		Duration: c.Duration, Ramp: c.Ramp, Seed: c.Seed,
		Clients: loadtest.Clients{Plain: c.Plain, Return: c.Return || len(c.URL) > 1, NoData: c.NoData, AESCM: c.AESCM, Two: c.Connections == 2, Waiting: c.Waiting, Singly: c.Singly},
		Tracks:  scenario.Tracks{NoAudio: c.NoAudio, NoVideo: c.NoVideo, Screen: c.Screen},
		Media: payload.Shape{
			Codec: codec, FPS: c.FPS, FramePackets: c.FramePackets, PacketBytes: c.PacketBytes, Layers: c.Layers, DTX: c.DTX,
		},
		Server: loadtest.Target{PID: c.ServerPID, Metrics: c.MetricsURL},
		Commit: c.Commit,
	}
	if c.Source == "trace" {
		if cfg.Playback, err = trace.NewPlayback(codec, c.Layers, c.Screen); err != nil {
			return nil, err
		}
	}
	show := progress.New(out)
	switch {
	case c.FindLimit:
		return loadtest.FindLimit(ctx, s, cfg, show, log)
	case c.Repeat > 1:
		return loadtest.Repeat(ctx, c.Repeat, s, cfg, show, log)
	default:
		return loadtest.Run(ctx, s, cfg, show, log)
	}
}

// write prints the summary and fills the files that were asked for.
func (c loadRun) write(r *report.Report, out io.Writer) error {
	if err := r.WriteText(out); err != nil {
		return err
	}
	return errors.Join(writeFile(c.JSON, r.WriteJSON), writeFile(c.HTML, r.WriteHTML))
}

// writeFile lets write fill the file of that name; no name, no file.
func writeFile(name string, write func(io.Writer) error) error {
	if name == "" {
		return nil
	}
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return errors.Join(write(f), f.Close())
}

// profileInto begins a CPU profile of this process; the function it returns ends it. No name, no profile.
func profileInto(name string) (end func() error, err error) {
	if name == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("write profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(fmt.Errorf("write profile: %w", err), f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

// findScenario takes a built-in name or a YAML file.
func findScenario(name string) (scenario.Scenario, error) {
	if ext := filepath.Ext(name); ext != ".yaml" && ext != ".yml" {
		return scenario.Find(name)
	}
	f, err := os.Open(name)
	if err != nil {
		return scenario.Scenario{}, fmt.Errorf("read scenario: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	var custom scenario.Custom
	strict := yaml.NewDecoder(f)
	strict.KnownFields(true)
	if err := strict.Decode(&custom); err != nil {
		return scenario.Scenario{}, fmt.Errorf("read scenario %s: %w", name, err)
	}
	return custom.Scenario()
}

type loadCompare struct {
	A string `arg:"" help:"Report of the run before (JSON)."`
	B string `arg:"" help:"Report of the run after (JSON)."`
}

// Run prints both runs' figures and how they differ.
func (c loadCompare) Run(con *console) error {
	a, err := readReport(c.A)
	if err != nil {
		return err
	}
	b, err := readReport(c.B)
	if err != nil {
		return err
	}
	return report.Compare(con.out, a, b)
}

func readReport(name string) (*report.Report, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	r, err := report.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}
