package trace

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// A trace in a file is gzip around this, numbers as varints of encoding/binary, d being signed and what has changed
// since the frame or packet before:
//
//	magic "SLTR" | version u8 | name | origin | codec | clock | ticks | layers
//	layer  = rid | width | height | frames | frame... | keys | frame...
//	frame  = flags u8 | temporal + spatial*16 u8 | level u8 | d ticks | d at in µs | packets | packet...
//	packet = µs since the packet before | d size
//	name, origin, codec, rid = length | bytes
const (
	magic   = "SLTR"
	version = 1
)

const (
	flagKey = 1 << iota
	flagSync
	flagMarked
	flagVoice
	flagsKnown = flagKey | flagSync | flagMarked | flagVoice
)

// Bounds of what is read; our choices, far above what browsers send.
const (
	maxText    = 64
	maxLayers  = 4
	maxFrames  = 1 << 16
	maxPackets = 1 << 10
	maxSize    = 1500
	maxClock   = 1 << 20
	maxFile    = 8 << 20
	minLength  = 100 * time.Millisecond
	maxLength  = 10 * time.Minute
	maxDelay   = 2 * time.Second // of a frame behind its RTP timestamp
)

// Write writes t in its compressed form.
func (t *Trace) Write(w io.Writer) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(t.plain())
		err = errors.Join(err, z.Close())
	}
	if err != nil {
		return fmt.Errorf("write trace %s: %w", t.Name, err)
	}
	return nil
}

// plain returns the uncompressed form.
func (t *Trace) plain() []byte {
	b := append([]byte(magic), version)
	b = appendText(appendText(appendText(b, t.Name), t.Origin), t.Codec)
	b = binary.AppendUvarint(b, uint64(t.Clock))
	b = binary.AppendUvarint(b, uint64(t.Ticks))
	b = binary.AppendUvarint(b, uint64(len(t.Layers)))
	for _, l := range t.Layers {
		b = appendText(b, l.RID)
		b = binary.AppendUvarint(b, uint64(l.Width))
		b = binary.AppendUvarint(b, uint64(l.Height))
		b = appendFrames(appendFrames(b, l.Frames), l.Keys)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendFrames(b []byte, frames []Frame) []byte {
	b = binary.AppendUvarint(b, uint64(len(frames)))
	var ticks, at int64
	for _, f := range frames {
		flags := byte(0)
		for flag, set := range map[byte]bool{flagKey: f.Key, flagSync: f.Sync, flagMarked: f.Marked, flagVoice: f.Voice} {
			if set {
				flags |= flag
			}
		}
		b = append(b, flags, f.Temporal&0xf|f.Spatial<<4, f.Level)
		b = binary.AppendVarint(b, int64(f.Ticks)-ticks)
		b = binary.AppendVarint(b, f.At.Microseconds()-at)
		ticks, at = int64(f.Ticks), f.At.Microseconds()
		b = binary.AppendUvarint(b, uint64(len(f.Packets)))
		var after, size int64
		for _, p := range f.Packets {
			b = binary.AppendUvarint(b, uint64(p.After.Microseconds()-after)) //nolint:gosec // packets are in order
			b = binary.AppendVarint(b, int64(p.Size)-size)
			after, size = p.After.Microseconds(), int64(p.Size)
		}
	}
	return b
}

// Read reads what Write wrote. The error wraps ErrFormat for anything else; what it returns without one can be played.
func Read(r io.Reader) (*Trace, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	raw, err := io.ReadAll(io.LimitReader(z, maxFile))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return parse(raw)
}

// parse reads the uncompressed form.
func parse(raw []byte) (*Trace, error) {
	rest, ok := bytes.CutPrefix(raw, append([]byte(magic), version))
	if !ok {
		return nil, fmt.Errorf("%w: it begins with something else", ErrFormat)
	}
	c := cursor{rest: rest}
	t := &Trace{Name: c.text(), Origin: c.text(), Codec: c.text(), Clock: uint32(c.number(maxClock)), Ticks: uint32(c.number(1<<32 - 1))}
	for range c.number(maxLayers) {
		t.Layers = append(t.Layers, Layer{
			RID: c.text(), Width: uint16(c.number(1<<16 - 1)), Height: uint16(c.number(1<<16 - 1)),
			Frames: c.frames(), Keys: c.frames(),
		})
	}
	if c.broken || len(c.rest) > 0 {
		return nil, fmt.Errorf("%w: it breaks off or goes on too long", ErrFormat)
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	return t, nil
}

// A cursor reads the uncompressed form from its beginning. Behind a fault it reads zeros, and says so in broken.
type cursor struct {
	rest   []byte
	broken bool
}

func (c *cursor) fail() {
	c.rest, c.broken = nil, true
}

// number reads a number from 0 to most.
func (c *cursor) number(most uint64) uint64 {
	n, size := binary.Uvarint(c.rest)
	if size <= 0 || n > most {
		c.fail()
		return 0
	}
	c.rest = c.rest[size:]
	return n
}

// change reads a signed number, no further from zero than most.
func (c *cursor) change(most int64) int64 {
	n, size := binary.Varint(c.rest)
	if size <= 0 || n > most || n < -most {
		c.fail()
		return 0
	}
	c.rest = c.rest[size:]
	return n
}

func (c *cursor) octet() byte {
	if len(c.rest) == 0 {
		c.fail()
		return 0
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return b
}

func (c *cursor) text() string {
	n := c.number(maxText)
	if uint64(len(c.rest)) < n {
		c.fail()
		return ""
	}
	s := string(c.rest[:n])
	c.rest = c.rest[n:]
	return s
}

func (c *cursor) frames() (list []Frame) {
	var ticks, at int64
	for range c.number(maxFrames) {
		flags, layer, level := c.octet(), c.octet(), c.octet()
		ticks += c.change(1 << 32)
		at += c.change(maxLength.Microseconds())
		f := Frame{
			Ticks: uint32(ticks), At: time.Duration(at) * time.Microsecond, //nolint:gosec // checked below
			Key: flags&flagKey != 0, Sync: flags&flagSync != 0, Marked: flags&flagMarked != 0, Voice: flags&flagVoice != 0,
			Temporal: layer & 0xf, Spatial: layer >> 4, Level: level, Packets: c.packets(),
		}
		if flags&^flagsKnown != 0 || ticks < 0 || ticks >= 1<<32 || len(f.Packets) == 0 {
			c.fail()
		}
		if c.broken {
			return nil
		}
		list = append(list, f)
	}
	return list
}

func (c *cursor) packets() (list []Packet) {
	var after, size int64
	for range c.number(maxPackets) {
		after += int64(c.number(uint64(maxDelay.Microseconds()))) //nolint:gosec // bounded
		if size += c.change(maxSize); size < 1 || size > maxSize {
			c.fail()
		}
		if c.broken {
			return nil
		}
		list = append(list, Packet{After: time.Duration(after) * time.Microsecond, Size: int(size)})
	}
	return list
}

// check tells whether t can be played: a round of sensible length, in every layer frames in order within it.
func (t *Trace) check() error {
	if t.Clock == 0 || t.Length() < minLength || t.Length() > maxLength || len(t.Layers) == 0 {
		return fmt.Errorf("%w: no round to play", ErrFormat)
	}
	for _, l := range t.Layers {
		var ticks uint32
		var at time.Duration
		for _, f := range l.Frames {
			if f.Ticks < ticks || f.Ticks >= t.Ticks || f.At < at || f.At > t.Length()+maxDelay || f.Span() > maxDelay {
				return fmt.Errorf("%w: frames out of order", ErrFormat)
			}
			ticks, at = f.Ticks, f.At
		}
		for _, f := range l.Keys {
			if !f.Key || f.Span() > maxDelay {
				return fmt.Errorf("%w: keyframes that are none", ErrFormat)
			}
		}
		if len(l.Frames) == 0 {
			return fmt.Errorf("%w: a layer without frames", ErrFormat)
		}
	}
	return nil
}
