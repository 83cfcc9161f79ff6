package sfutest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rewrite is the flag of golden tests: go test ./sfu/layer -rewrite.
var rewrite = flag.Bool("rewrite", false, "write what golden conversations answer into their files")

// separator stands between a command and its trace.
const separator = "----"

// Command is one step of a golden conversation.
type Command struct {
	// Name is the first word of the first line; Args are the other words without "=", Values those with it.
	Name   string
	Args   []string
	Values map[string]string
	// Input is the lines between the first one and the separator.
	Input string
	// File and Line are where the command stands. File changes when a new conversation begins.
	File string
	Line int
}

// Value is the word key=..., or otherwise if there is none.
func (c Command) Value(key, otherwise string) string {
	if v, ok := c.Values[key]; ok {
		return v
	}
	return otherwise
}

// Golden plays the conversations in the files that match glob, in the order of their names: it calls run with each command and compares
// what it returns with the trace in the file. With the flag -rewrite it puts the answers into the files instead.
//
//	# Comments and empty lines may stand before a command.
//	push seq=5 keyframe
//	more input, if any
//	----
//	the trace, up to the next empty line; an empty line of a trace is written as "."
func Golden(tb testing.TB, glob string, run func(Command) string) {
	tb.Helper()
	files, err := filepath.Glob(glob)
	if err != nil || len(files) == 0 {
		tb.Fatalf("golden conversations %s: none found, %v", glob, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatalf("golden conversation: %v", err)
		}
		steps, tail, err := readSteps(file, string(text))
		if err != nil {
			tb.Fatalf("golden conversation: %v", err)
		}
		play(tb, steps, run)
		if !*rewrite {
			continue
		}
		if err := os.WriteFile(file, []byte(writeSteps(steps, tail)), 0o600); err != nil {
			tb.Fatalf("golden conversation: %v", err)
		}
	}
}

// play runs the steps and compares, or takes the answers over.
func play(tb testing.TB, steps []step, run func(Command) string) {
	tb.Helper()
	for i := range steps {
		s := &steps[i]
		got := toTrace(run(s.command))
		switch {
		case got == s.trace:
		case *rewrite:
			s.trace = got
		default:
			tb.Errorf("%s:%d: %s\ngot:\n%s\nwant:\n%s", s.command.File, s.command.Line, s.command.Name, got, s.trace)
		}
	}
}

// step is a command as it stands in its file. lead is the comments and empty lines before it, lines its own.
type step struct {
	lead, lines []string
	command     Command
	trace       string
}

type goldenError string

func (e goldenError) Error() string { return string(e) }

func readSteps(file, text string) (steps []step, tail []string, err error) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	var lead []string
	for i := 0; i < len(lines); {
		if line := strings.TrimSpace(lines[i]); line == "" || strings.HasPrefix(line, "#") {
			lead = append(lead, lines[i])
			i++
			continue
		}
		s := step{lead: lead, command: readCommand(lines[i])}
		s.command.File, s.command.Line = file, i+1
		lead = nil
		begin := i
		for i < len(lines) && lines[i] != separator {
			i++
		}
		if i == len(lines) {
			return nil, nil, goldenError(fmt.Sprintf("%s:%d: no %s after the command", file, begin+1, separator))
		}
		s.lines = lines[begin:i]
		s.command.Input = strings.Join(s.lines[1:], "\n")
		i++
		begin = i
		for i < len(lines) && lines[i] != "" {
			i++
		}
		s.trace = strings.Join(lines[begin:i], "\n")
		steps = append(steps, s)
	}
	return steps, lead, nil
}

func readCommand(line string) Command {
	words := strings.Fields(line)
	c := Command{Name: words[0], Values: map[string]string{}}
	for _, word := range words[1:] {
		if key, value, ok := strings.Cut(word, "="); ok {
			c.Values[key] = value
		} else {
			c.Args = append(c.Args, word)
		}
	}
	return c
}

func writeSteps(steps []step, tail []string) string {
	var b strings.Builder
	put := func(lines ...string) {
		for _, line := range lines {
			b.WriteString(line)
			b.WriteByte('\n')
		}
	}
	for i, s := range steps {
		if i > 0 && len(s.lead) == 0 {
			put("")
		}
		put(s.lead...)
		put(s.lines...)
		put(separator)
		if s.trace != "" {
			put(s.trace)
		}
	}
	put(tail...)
	return b.String()
}

// toTrace gives an answer the form it has in a file.
func toTrace(answer string) string {
	answer = strings.TrimRight(answer, "\n")
	if answer == "" {
		return ""
	}
	lines := strings.Split(answer, "\n")
	for i, line := range lines {
		if lines[i] = strings.TrimRight(line, " \t"); lines[i] == "" {
			lines[i] = "."
		}
	}
	return strings.Join(lines, "\n")
}
