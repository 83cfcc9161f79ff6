package loadtest

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// A usage is what a process has used so far, by proc(5).
type usage struct {
	user, system time.Duration
	rss          uint64 // bytes
}

const (
	clockTicks = 100 // of /proc/PID/stat, per second, on every Linux we know
	// Places in /proc/PID/stat counted behind the command's closing bracket: state is 0.
	statUser, statSystem = 11, 12
)

var errStat = errors.New("unexpected form of /proc")

// readUsage reads what process pid has used; where there is no /proc it fails.
func readUsage(proc fs.FS, pid int) (usage, error) {
	dir := strconv.Itoa(pid)
	stat, err := fs.ReadFile(proc, dir+"/stat")
	if err != nil {
		return usage{}, fmt.Errorf("read cpu time: %w", err)
	}
	u, err := parseStat(string(stat))
	if err != nil {
		return usage{}, err
	}
	status, err := fs.ReadFile(proc, dir+"/status")
	if err != nil {
		return usage{}, fmt.Errorf("read memory: %w", err)
	}
	u.rss = parseRSS(string(status))
	return u, nil
}

func parseStat(stat string) (usage, error) {
	end := strings.LastIndexByte(stat, ')') // the command before it may hold anything
	fields := strings.Fields(stat[end+1:])
	if end < 0 || len(fields) <= statSystem {
		return usage{}, errStat
	}
	user, err1 := strconv.ParseUint(fields[statUser], 10, 63)
	system, err2 := strconv.ParseUint(fields[statSystem], 10, 63)
	if err := errors.Join(err1, err2); err != nil {
		return usage{}, fmt.Errorf("%w: %w", errStat, err)
	}
	tick := time.Second / clockTicks
	return usage{user: time.Duration(user) * tick, system: time.Duration(system) * tick}, nil //nolint:gosec // below 2^63
}

func parseRSS(status string) uint64 {
	lines := bufio.NewScanner(strings.NewReader(status))
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kib, _ := strconv.ParseUint(strings.Fields(rest)[0], 10, 64)
			return kib << 10
		}
	}
	return 0
}

// less returns what was used since an earlier reading.
func (u usage) less(earlier usage) usage {
	return usage{user: u.user - earlier.user, system: u.system - earlier.system, rss: u.rss}
}

func (u usage) cpu() time.Duration { return u.user + u.system }

func proc() fs.FS { return os.DirFS("/proc") }
