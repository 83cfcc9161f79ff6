// Command contract tries a server of the club API by its own openapi.yaml: see package
// clubapi/contract. Without --url it starts one for itself, with an empty data folder, and
// ends it afterwards.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/alecthomas/kong"

	"salon/clubapi/contract"
)

// errServer tells that the server under test could not be started.
var errServer = errors.New("server under test")

// errFailed tells that the server does not do what its document says.
var errFailed = errors.New("cases failed")

type flags struct {
	URL    string `help:"A running server to try instead; it gets users, clubs and more." placeholder:"http://HOST:PORT"`
	Binary string `help:"The server to start." default:"build/salon"`
	Seed   uint64 `help:"Repeats a run; 0 draws one." env:"SEED"`
	Cases  int    `help:"Least number of cases." default:"7500" env:"CASES"`
	Only   string `help:"Name of the only operation to try." env:"ONLY" placeholder:"OPERATION"`
}

func main() {
	var f flags
	kong.Parse(&f, kong.Description("Tries a server of the club API by its own openapi.yaml."))
	if err := f.run(context.Background()); err != nil {
		if !errors.Is(err, errFailed) {
			fmt.Fprintln(os.Stderr, "contract:", err)
		}
		os.Exit(1)
	}
}

func (f flags) run(ctx context.Context) error {
	if f.Seed == 0 {
		f.Seed = uint64(time.Now().UnixNano()) //nolint:gosec // any number will do
	}
	url := f.URL
	if url == "" {
		s, err := start(ctx, f.Binary)
		if err != nil {
			return err
		}
		defer s.stop()
		url = s.url
	}
	fmt.Printf("SEED=%d CASES=%d\n", f.Seed, f.Cases)
	began := time.Now()
	result, err := contract.Run(ctx, contract.Config{URL: url, Seed: f.Seed, Cases: f.Cases, Only: f.Only, Now: time.Now, Out: os.Stdout})
	if err != nil {
		return err
	}
	fmt.Printf("%.1f s\n%s\n", time.Since(began).Seconds(), result)
	if result.Failed > 0 {
		return errFailed
	}
	return nil
}

// server is a process of its own.
type server struct {
	url    string
	folder string
	cmd    *exec.Cmd
	log    *bytes.Buffer
}

// settings of the server: hashes and limits that do not slow a thousand people down who
// all come from here.
const settings = `
club:
  http:
    address_attempts: {burst: 1000000, every: 1ms}
    nickname_attempts: {burst: 1000000, every: 1ms}
    report_attempts: {burst: 1000000, every: 1ms}
    password_cost: {memory_kib: 64, iterations: 1}
`

func start(ctx context.Context, binary string) (*server, error) {
	folder, err := os.MkdirTemp("", "salon-contract-")
	if err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	s := &server{folder: folder, log: &bytes.Buffer{}}
	file := filepath.Join(folder, "salon.yaml")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		return nil, fmt.Errorf("write settings: %w", err)
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	s.url = "http://" + address
	s.cmd = exec.CommandContext(ctx, binary, "serve", "--config", file)
	s.cmd.Env = append(os.Environ(),
		"SALON_HTTP_LISTEN="+address, "SALON_DATA_DIR="+filepath.Join(folder, "data"), "SALON_MEDIA_PORT=-1", "SALON_MEDIA_TCP_PORT=-1")
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", binary, err)
	}
	for range 200 {
		if s.ready(ctx) {
			return s, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.stop()
	return nil, fmt.Errorf("%w: not ready in time: %s", errServer, s.log)
}

func (s *server) ready(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/readyz", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close() // nothing was read
	return resp.StatusCode == http.StatusOK
}

// stop ends the process and takes its folder away.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(os.Interrupt) // it may be gone
	_ = s.cmd.Wait()                       // its log has what it says
	_ = os.RemoveAll(s.folder)
}

func freeAddress(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}
