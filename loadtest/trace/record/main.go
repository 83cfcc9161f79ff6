// Command record makes the traces that package trace embeds. It shows a real Chromium moving pictures and recorded
// speech, lets it publish them to a peer of its own over loopback, and writes down when each packet came, how large it
// was and where it stands in its frame. What the packets carry is not kept.
//
//	go run ./loadtest/trace/record -scenes camera-vp8,screen-vp8
//	go run ./loadtest/trace/record -show
//
// The second line says what the embedded traces show, and records nothing.
//
// It needs chromium and ffmpeg (with flite, for the speech), and a machine that has nothing else to do meanwhile: each
// scene takes under a minute.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"salon/loadtest/trace"
)

// A plan is what to record and where to put it.
type plan struct {
	scenes  []scene
	folder  string
	browser string
	ramp    time.Duration
	length  time.Duration
	show    bool // what there is; record nothing
	log     *slog.Logger
}

func main() {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	p, err := parse(log)
	switch {
	case err != nil:
	case p.show:
		err = show(os.Stdout)
	default:
		err = p.run(ctx)
	}
	stop()
	if err != nil {
		log.Error("recording ended", "err", err)
		os.Exit(1)
	}
}

func parse(log *slog.Logger) (plan, error) {
	p := plan{log: log}
	var names []string
	for _, s := range scenes() {
		names = append(names, s.Name)
	}
	wanted := flag.String("scenes", strings.Join(names, ","), "scenes to record")
	flag.StringVar(&p.folder, "out", filepath.Join("loadtest", "trace", "recorded"), "folder of the traces")
	flag.StringVar(&p.browser, "browser", "chromium", "Chromium to start")
	flag.DurationVar(&p.ramp, "ramp", 20*time.Second, "how long the browser may take to reach its rate")
	flag.DurationVar(&p.length, "length", 20*time.Second, "length of a trace")
	flag.BoolVar(&p.show, "show", false, "say what the embedded traces show, and record nothing")
	flag.Parse()
	for name := range strings.SplitSeq(*wanted, ",") {
		i := slices.IndexFunc(scenes(), func(s scene) bool { return s.Name == name })
		if i < 0 {
			return p, fmt.Errorf("%w: %q; there are %s", errScene, name, strings.Join(names, ", "))
		}
		p.scenes = append(p.scenes, scenes()[i])
	}
	return p, nil
}

func (p plan) run(ctx context.Context) error {
	origin, err := versionOf(ctx, p.browser)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "salon-record-")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(work) }() // a temporary folder
	for _, s := range p.scenes {
		if err := s.prepare(ctx, work); err != nil {
			return fmt.Errorf("prepare %s: %w", s.Name, err)
		}
		made, err := p.record(ctx, s, work)
		if err != nil {
			return fmt.Errorf("record %s: %w", s.Name, err)
		}
		for _, t := range made {
			t.Origin = origin
			if err := p.save(t); err != nil {
				return err
			}
			fmt.Println(trace.Summarize(t))
		}
	}
	return nil
}

// record plays one scene and returns its traces.
func (p plan) record(ctx context.Context, s scene, work string) ([]*trace.Trace, error) {
	r, err := newReceiver(s, p.log)
	if err != nil {
		return nil, err
	}
	defer r.close()
	g, err := openGuest(ctx, p.browser, s, work, r, p.log)
	if err != nil {
		return nil, err
	}
	defer g.close()
	if err := g.settle(ctx, p.ramp); err != nil {
		return nil, err
	}
	var c cut
	c.from = time.Now()
	if err := pause(ctx, p.length+time.Second); err != nil {
		return nil, err
	}
	c.to = c.from.Add(p.length)
	for i := range keyframes {
		r.wantKey(i)
		if err := pause(ctx, keyframeEvery); err != nil {
			return nil, err
		}
	}
	p.log.Info("recorded", "scene", s.Name, "browser", g.last())
	return r.assemble(c)
}

// How many keyframes are asked for behind the trace's round, layer by layer, and how often: often enough to be quick,
// seldom enough that the browser has its rate back.
const (
	keyframes     = 6
	keyframeEvery = 1500 * time.Millisecond
)

func (p plan) save(t *trace.Trace) error {
	if err := os.MkdirAll(p.folder, 0o755); err != nil { //nolint:gosec // a folder of the repository
		return fmt.Errorf("make folder: %w", err)
	}
	f, err := os.Create(filepath.Join(p.folder, t.Name+".trace.gz"))
	if err != nil {
		return fmt.Errorf("save trace: %w", err)
	}
	return errors.Join(t.Write(f), f.Close())
}

// show writes what the embedded traces show.
func show(w io.Writer) error {
	for _, name := range trace.Names() {
		t, err := trace.Load(name)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, trace.Summarize(t))
	}
	return nil
}

// pause waits for d; the error is ctx's when that ends first.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
