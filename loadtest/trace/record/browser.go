package main

import (
	"context"
	_ "embed" // the page
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

//go:embed page.html
var page []byte

// A guest is a Chromium of its own with the page that publishes, and the door through which they speak.
type guest struct {
	scene   scene
	command *exec.Cmd
	log     *slog.Logger
	server  *http.Server
	serving sync.WaitGroup

	report layersReport // guarded by mu
	mu     sync.Mutex
}

// layersReport is what the page tells each second of what it sends.
type layersReport struct {
	Error  string `json:"error,omitempty"`
	Layers []struct {
		Kind    string  `json:"kind"`
		RID     string  `json:"rid,omitempty"`
		Bits    float64 `json:"bits"` // per second
		Rate    float64 `json:"rate"` // frames/s
		Width   int     `json:"width,omitempty"`
		Limited string  `json:"limited,omitempty"`
		Encoder string  `json:"encoder,omitempty"`
		Mode    string  `json:"mode,omitempty"`
	} `json:"layers"`
}

// openGuest starts the browser. Its page finds everything else by itself.
func openGuest(ctx context.Context, browser string, s scene, work string, r *receiver, log *slog.Logger) (*guest, error) {
	g := &guest{scene: s, log: log}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open page: %w", err)
	}
	g.server = &http.Server{Handler: g.routes(r), ReadHeaderTimeout: 10 * time.Second}
	g.serving.Go(func() { _ = g.server.Serve(listener) }) // ends by Close
	profile := filepath.Join(work, "profile-"+s.Name)
	g.command = exec.CommandContext(ctx, browser, //nolint:gosec // what the person named
		"--headless=new", "--no-sandbox", "--no-first-run", "--mute-audio", "--disable-background-networking",
		"--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--autoplay-policy=no-user-gesture-required",
		"--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
		"--use-file-for-fake-video-capture="+filepath.Join(work, cameraFile),
		"--use-file-for-fake-audio-capture="+filepath.Join(work, microphoneFile),
		"--user-data-dir="+profile, "--window-size=1280,720", "http://"+listener.Addr().String()+"/")
	g.command.Env = append(os.Environ(), "HOME="+work)
	if err := g.command.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start browser: %w", err), g.server.Close())
	}
	return g, nil
}

// versionOf is what a browser says of itself: its name and version.
func versionOf(ctx context.Context, browser string) (string, error) {
	out, err := exec.CommandContext(ctx, browser, "--version").Output() //nolint:gosec // what the person named
	if err != nil {
		return "", fmt.Errorf("start browser: %w", err)
	}
	words := strings.Fields(string(out))
	return strings.Join(words[:min(2, len(words))], " "), nil
}

func (g *guest) routes(r *receiver) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page) // the page asks again
	})
	mux.HandleFunc("GET /scene", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(g.scene) // the page asks again
	})
	mux.HandleFunc("POST /offer", func(w http.ResponseWriter, req *http.Request) {
		offer, err := io.ReadAll(http.MaxBytesReader(w, req.Body, 1<<20))
		if err == nil {
			var answer string
			if answer, err = r.answer(string(offer)); err == nil {
				_, err = io.WriteString(w, answer)
			}
		}
		if err != nil {
			g.log.Error("no answer", "err", err)
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	mux.HandleFunc("POST /report", func(w http.ResponseWriter, req *http.Request) {
		var report layersReport
		if err := json.NewDecoder(http.MaxBytesReader(w, req.Body, 1<<20)).Decode(&report); err != nil {
			g.log.Error("report not readable", "err", err)
			return
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		g.report = report
	})
	return mux
}

// last is the page's last report.
func (g *guest) last() layersReport {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.report
}

// settleFor is how long a browser must have been at its rate before it is recorded.
const settleFor = 4 * time.Second

// settle waits until the browser sends at its full rate, and some seconds more. The error tells what it came to
// instead.
func (g *guest) settle(ctx context.Context, within time.Duration) error {
	since := time.Now()
	for end := since.Add(within); ; {
		if err := pause(ctx, 500*time.Millisecond); err != nil {
			return err
		}
		now, report := time.Now(), g.last()
		if report.Error != "" {
			return fmt.Errorf("%w: %s", errBrowser, report.Error)
		}
		if !report.full(g.scene.Full) {
			since = now
		}
		if now.Sub(since) >= settleFor {
			return nil
		}
		if now.After(end) {
			return fmt.Errorf("%w: not at its rate within %s: %+v", errBrowser, within, report)
		}
	}
}

// full tells whether the largest encoding has nine tenths of the rate; 0: whether anything is sent.
func (r layersReport) full(rate int) bool {
	for _, l := range r.Layers {
		if l.Kind == "video" && l.Bits >= 0.9*float64(rate) && l.Rate > 0 {
			return true
		}
	}
	return false
}

func (g *guest) close() {
	_ = g.command.Process.Kill() // it may have gone by itself
	_ = g.command.Wait()         // killed
	_ = g.server.Close()         // its listener is gone either way
	g.serving.Wait()
}
