package system

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

// A Usage is what a process has used so far, by proc(5).
type Usage struct {
	User, System time.Duration
	RSS          uint64 // bytes
	Allowed      int    // cores that it may run on; 0: unknown
}

const (
	clockTicks = 100 // of /proc/PID/stat, per second, on every Linux we know
	// Places in /proc/PID/stat counted behind the command's closing bracket: state is 0.
	statUser, statSystem = 11, 12
)

var errStat = errors.New("unexpected form of /proc")

// ReadUsage reads what process pid has used; where there is no /proc it fails.
func ReadUsage(proc fs.FS, pid int) (Usage, error) {
	dir := strconv.Itoa(pid)
	stat, err := fs.ReadFile(proc, dir+"/stat")
	if err != nil {
		return Usage{}, fmt.Errorf("read cpu time: %w", err)
	}
	u, err := parseStat(string(stat))
	if err != nil {
		return Usage{}, err
	}
	status, err := fs.ReadFile(proc, dir+"/status")
	if err != nil {
		return Usage{}, fmt.Errorf("read memory: %w", err)
	}
	u.RSS, u.Allowed = parseRSS(string(status)), parseCores(string(status))
	return u, nil
}

func parseStat(stat string) (Usage, error) {
	end := strings.LastIndexByte(stat, ')') // the command before it may hold anything
	fields := strings.Fields(stat[end+1:])
	if end < 0 || len(fields) <= statSystem {
		return Usage{}, errStat
	}
	user, err1 := strconv.ParseUint(fields[statUser], 10, 63)
	system, err2 := strconv.ParseUint(fields[statSystem], 10, 63)
	if err := errors.Join(err1, err2); err != nil {
		return Usage{}, fmt.Errorf("%w: %w", errStat, err)
	}
	tick := time.Second / clockTicks
	return Usage{User: time.Duration(user) * tick, System: time.Duration(system) * tick}, nil //nolint:gosec // below 2^63
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

// parseCores counts the cores in a list such as 0-3,8.
func parseCores(status string) (n int) {
	for line := range strings.Lines(status) {
		list, ok := strings.CutPrefix(line, "Cpus_allowed_list:")
		if !ok {
			continue
		}
		for part := range strings.SplitSeq(strings.TrimSpace(list), ",") {
			from, to, isRange := strings.Cut(part, "-")
			if !isRange {
				to = from
			}
			a, err1 := strconv.Atoi(from)
			b, err2 := strconv.Atoi(to)
			if errors.Join(err1, err2) == nil && b >= a {
				n += b - a + 1
			}
		}
	}
	return n
}

// Less returns what was used since an earlier reading.
func (u Usage) Less(earlier Usage) Usage {
	return Usage{User: u.User - earlier.User, System: u.System - earlier.System, RSS: u.RSS, Allowed: u.Allowed}
}

// CPU is user and system time together.
func (u Usage) CPU() time.Duration { return u.User + u.System }

// Proc is the system's own /proc.
func Proc() fs.FS { return os.DirFS("/proc") }

// SelfPID is the generator's own.
func SelfPID() int { return os.Getpid() }
