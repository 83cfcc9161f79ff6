package transport

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// quiet passes pion's logs on at debug level: what matters to operators we say
// ourselves, and theirs name addresses of participants.
type quiet struct {
	log   *slog.Logger
	scope string
}

func (q quiet) NewLogger(scope string) logging.LeveledLogger {
	return quiet{log: q.log, scope: scope}
}

func (q quiet) say(text string) {
	q.log.Debug("pion", "scope", q.scope, "text", text)
}

// sayf formats only what is wanted.
func (q quiet) sayf(format string, args ...any) {
	if q.log.Enabled(context.Background(), slog.LevelDebug) {
		q.say(fmt.Sprintf(format, args...))
	}
}

func (q quiet) Trace(string)          {}
func (q quiet) Tracef(string, ...any) {}

func (q quiet) Debug(msg string)                  { q.say(msg) }
func (q quiet) Debugf(format string, args ...any) { q.sayf(format, args...) }
func (q quiet) Info(msg string)                   { q.say(msg) }
func (q quiet) Infof(format string, args ...any)  { q.sayf(format, args...) }
func (q quiet) Warn(msg string)                   { q.say(msg) }
func (q quiet) Warnf(format string, args ...any)  { q.sayf(format, args...) }
func (q quiet) Error(msg string)                  { q.say(msg) }
func (q quiet) Errorf(format string, args ...any) { q.sayf(format, args...) }
