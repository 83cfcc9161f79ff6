// Package speaker turns the audio levels of packets (RFC 6464) into who is speaking, how loudly, and who dominates the room.
//
// Activity is per participant: enough loud moments within 400 ms start it, a second without any ends it. Dominance follows the idea
// of I. Volfin and I. Cohen, "Dominant speaker identification for multipoint videoconferencing" (2013): activity is judged on an
// immediate, a medium and a long window, and a new speaker takes over only by beating the current one on all three.
//
// A Detector reads no clock and sends nothing: the room that owns it calls Update a few times a second and tells the changes to those
// whom they concern. Not safe for concurrent use.
package speaker

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Our choices.
const (
	defaultThreshold = 40 // -dBov: speech at a microphone with gain control lies between -40 and -15
	defaultHold      = time.Second

	slotTime    = 20 * time.Millisecond // the usual length of an audio packet
	slots       = 50                    // kept: 1 s
	maxStretch  = 6                     // slots that one packet may speak for: 120 ms, the longest Opus packet
	startWindow = 20                    // slots looked at for the start of speech: 400 ms
	startLoud   = 6                     // of these must be loud

	silent   = 127 // -dBov, RFC 6464
	quietest = 60  // -dBov shown as level 0
	loudest  = 10  // -dBov shown as level 1
	steps    = 8   // of the level shown
)

// Config tunes a Detector. Zero means default.
type Config struct {
	// Threshold is the level in -dBov from which on a moment counts as loud: smaller is less sensitive. Default 40.
	Threshold uint8
	// Hold is how long somebody stays active after the last loud moment. Default 1 s, which is also the longest.
	Hold time.Duration
}

// Change is what is different about one participant since the Update before.
type Change struct {
	Who string
	// Level is the loudness for display, from 0 to 1 in steps of 1/8; 0 if and only if not Active.
	Level  float32
	Active bool
}

// Detector follows the audio of one room.
type Detector struct {
	cfg      Config
	epoch    time.Time // of the first call; slots count from here
	scores   scores
	talkers  []*talker // in order of their names
	dominant *talker
	changes  []Change // the last result, reused
}

// talker is one participant. levels[n % slots] is the level in slot n, for the last slots up to newest; silent where there was no packet.
type talker struct {
	who    string
	levels [slots]uint8
	newest int64
	smooth float32 // level before quantising
	active bool
	shown  float32
}

// New returns a Detector that knows nobody.
func New(cfg Config) *Detector {
	if cfg.Threshold == 0 {
		cfg.Threshold = defaultThreshold
	}
	if cfg.Hold <= 0 || cfg.Hold > defaultHold {
		cfg.Hold = defaultHold
	}
	return &Detector{cfg: cfg, scores: newScores()}
}

// Observe notes the level, in -dBov, of an audio packet of who. The first one makes who known. Several tracks of a participant may be
// observed under one name: the louder counts.
func (d *Detector) Observe(now time.Time, who string, level uint8) {
	n := d.slot(now)
	i, ok := d.find(who)
	if !ok {
		t := &talker{who: who, newest: n - slots}
		t.advance(n-1, silent)
		d.talkers = slices.Insert(d.talkers, i, t)
	}
	d.talkers[i].observe(n, min(level, silent))
}

// Remove forgets who. No Change tells of it: whoever removes a participant has told the others.
func (d *Detector) Remove(who string) {
	i, ok := d.find(who)
	if !ok {
		return
	}
	if d.dominant == d.talkers[i] {
		d.dominant = nil
	}
	d.talkers = slices.Delete(d.talkers, i, i+1)
}

// Update looks at all participants and returns those whose level or activity is different from what the last Update said, in order of
// their names. Call it every 300 ms or so. The result is borrowed until the next Update.
func (d *Detector) Update(now time.Time) []Change {
	n := d.slot(now)
	d.changes = d.changes[:0]
	for _, t := range d.talkers {
		if t.newest < n-maxStretch {
			t.advance(n, silent)
		}
		if t.update(d.cfg) {
			d.changes = append(d.changes, Change{Who: t.who, Level: t.shown, Active: t.active})
		}
	}
	d.elect()
	return d.changes
}

// Dominant is who dominates the room as of the last Update: the last one who did, even through silence; false if nobody spoke yet or
// that participant was removed.
func (d *Detector) Dominant() (who string, ok bool) {
	if d.dominant == nil {
		return "", false
	}
	return d.dominant.who, true
}

func (d *Detector) find(who string) (int, bool) {
	return slices.BinarySearchFunc(d.talkers, who, func(t *talker, who string) int { return cmp.Compare(t.who, who) })
}

func (d *Detector) slot(now time.Time) int64 {
	if d.epoch.IsZero() {
		d.epoch = now
	}
	return int64(now.Sub(d.epoch) / slotTime)
}

// observe puts level into slot n and, if the time since the packet before is that of a long packet, into those between.
func (t *talker) observe(n int64, level uint8) {
	switch gap := n - t.newest; {
	case gap <= -slots:
		return
	case gap <= 0:
		at := index(n)
		t.levels[at] = min(t.levels[at], level)
		return
	case gap > maxStretch:
		t.advance(n-1, silent)
	}
	t.advance(n, level)
}

// advance fills the slots after newest up to n.
func (t *talker) advance(n int64, level uint8) {
	for s := max(t.newest+1, n-slots+1); s <= n; s++ {
		t.levels[index(s)] = level
	}
	t.newest = max(t.newest, n)
}

func index(slot int64) int { return int((slot%slots + slots) % slots) }

// back is the level k slots ago.
func (t *talker) back(k int) uint8 { return t.levels[index(t.newest-int64(k))] }

// update judges activity and level, and tells whether one of them is different.
func (t *talker) update(cfg Config) bool {
	lately, last, sum := 0, slots, 0
	for k := slots - 1; k >= 0; k-- {
		level := t.back(k)
		if level > cfg.Threshold {
			continue
		}
		last = k
		if k < startWindow {
			lately++
			sum += int(level)
		}
	}
	active := lately >= startLoud
	if t.active && time.Duration(last)*slotTime < cfg.Hold && last < slots {
		active = true
	}
	t.follow(active, lately, sum)
	shown := float32(math.Ceil(float64(t.smooth)*steps) / steps)
	different := active != t.active || shown != t.shown
	t.active, t.shown = active, shown
	return different
}

// follow moves the smoothed level half the way to the mean of the loud moments, of which there are count with levels that add up to sum.
func (t *talker) follow(active bool, count, sum int) {
	if !active {
		t.smooth = 0
		return
	}
	target := float32(1.0 / steps)
	if count > 0 {
		target = max(target, (quietest-float32(sum)/float32(count))/(quietest-loudest))
	}
	target = min(target, 1)
	if !t.active {
		t.smooth = target
		return
	}
	t.smooth += (target - t.smooth) / 2
}
