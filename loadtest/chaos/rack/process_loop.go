package rack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	askEvery  = 50 * time.Millisecond
	killAfter = 5 * time.Second // a process that was killed is gone by then
)

// errEnded tells that a process ended by itself.
var errEnded = errors.New("the process has ended")

// A process is a program that is started and ended many times. All its lives write into one log.
type process struct {
	name          string
	dir           string
	args, environ []string

	cmd   *exec.Cmd
	ended chan struct{} // closed at the end of the present life
	how   error         // it ended; to be read behind ended
	pid   atomic.Int32
}

// Name of the process, as its log is called.
func (p *process) Name() string { return p.name }

// PID of the present life; 0: there is none. Any goroutine may ask.
func (p *process) PID() int { return int(p.pid.Load()) }

// Start begins a life. It must have none.
func (p *process) Start() error {
	log, err := os.OpenFile(filepath.Join(p.dir, p.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644) //nolint:gosec // for people to read
	if err != nil {
		return fmt.Errorf("open log of %s: %w", p.name, err)
	}
	defer func() { _ = log.Close() }()            // the process has it
	cmd := exec.Command(p.args[0], p.args[1:]...) //nolint:gosec,noctx // what the command line of this very program says; it ends by signals
	cmd.Env = append(os.Environ(), p.environ...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = tether()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	p.cmd = cmd
	ended := make(chan struct{})
	p.ended = ended
	p.pid.Store(int32(cmd.Process.Pid)) //nolint:gosec // a process id
	go func() {
		p.how = cmd.Wait()
		p.pid.Store(0)
		close(ended)
	}()
	return nil
}

// signal sends one to the present life; without one it does nothing.
func (p *process) signal(s syscall.Signal) error {
	if p.PID() == 0 {
		return nil
	}
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal %s: %w", p.name, err)
	}
	return nil
}

// Pause stops the process without a word; Resume lets it go on.
func (p *process) Pause() error { return p.signal(syscall.SIGSTOP) }

// Resume lets a paused process go on.
func (p *process) Resume() error { return p.signal(syscall.SIGCONT) }

// Kill ends the process without a word, and waits until it is gone.
func (p *process) Kill() error {
	if p.cmd == nil {
		return nil
	}
	if err := p.signal(syscall.SIGKILL); err != nil {
		return err
	}
	select {
	case <-p.ended:
		return nil
	case <-time.After(killAfter):
		return fmt.Errorf("kill %s: %w", p.name, context.DeadlineExceeded)
	}
}

// Terminate asks the process to end.
func (p *process) Terminate() error { return p.signal(syscall.SIGTERM) }

// Wait waits for the process's end and says how it ended: nil is exit code 0.
func (p *process) Wait(ctx context.Context) error {
	select {
	case <-p.ended:
		if p.how != nil {
			return fmt.Errorf("%s: %w", p.name, p.how)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s does not end: %w", p.name, ctx.Err())
	}
}

// until asks again and again until the answer is yes, or there will be none.
func (p *process) until(ctx context.Context, ask func(context.Context) error) error {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", p.name, err)
		case <-p.ended:
			return fmt.Errorf("%s: %w; see %s", p.name, errEnded, filepath.Join(p.dir, p.name+".log"))
		case <-tick.C:
		}
	}
}
