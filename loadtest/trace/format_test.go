package trace

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"
)

// small is a trace that has everything once.
func small() *Trace {
	return &Trace{Name: "small", Origin: "nobody", Codec: "VP8", Clock: 90000, Ticks: 18000, Layers: []Layer{{
		RID: "f", Width: 1280, Height: 720,
		Frames: []Frame{
			{At: time.Millisecond, Marked: true, Packets: []Packet{{Size: 1100}, {After: 40 * time.Microsecond, Size: 1101}}},
			{Ticks: 9000, At: 99 * time.Millisecond, Temporal: 2, Spatial: 1, Sync: true, Level: 30, Voice: true, Packets: []Packet{{Size: 3}}},
		},
		Keys: []Frame{{Key: true, Packets: []Packet{{Size: 1178}}}},
	}}}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	var b bytes.Buffer
	if err := small().Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if want := small(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

func TestATraceThatNobodyCouldPlayIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*Trace){
		"no clock":        func(t *Trace) { t.Clock = 0 },
		"no round":        func(t *Trace) { t.Ticks = 10 },
		"no layers":       func(t *Trace) { t.Layers = nil },
		"no frames":       func(t *Trace) { t.Layers[0].Frames = nil },
		"no packets":      func(t *Trace) { t.Layers[0].Frames[0].Packets = nil },
		"empty packet":    func(t *Trace) { t.Layers[0].Frames[0].Packets[0].Size = 0 },
		"huge packet":     func(t *Trace) { t.Layers[0].Frames[0].Packets[1].Size = 1501 },
		"backwards":       func(t *Trace) { slices.Reverse(t.Layers[0].Frames) },
		"behind its end":  func(t *Trace) { t.Layers[0].Frames[1].Ticks = 18000 },
		"endless frame":   func(t *Trace) { t.Layers[0].Frames[0].Packets[1].After = time.Minute },
		"key that isn't":  func(t *Trace) { t.Layers[0].Keys[0].Key = false },
		"nameless length": func(t *Trace) { t.Name = string(make([]byte, 100)) },
	} {
		tr := small()
		spoil(tr)
		var b bytes.Buffer
		if err := tr.Write(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(&b); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(bytes.NewReader([]byte("no gzip"))); !errors.Is(err, ErrFormat) {
		t.Error(err)
	}
}

func TestAnUnknownTraceIsNamedWithWhatThereIs(t *testing.T) {
	for _, name := range []string{"nothing", "", "../trace"} {
		if _, err := Load(name); !errors.Is(err, ErrUnknown) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if names := Names(); !slices.Contains(names, "camera-vp8") || !slices.Contains(names, "speech-opus") {
		t.Errorf("%v", names)
	}
}

func TestTracesAreSmall(t *testing.T) {
	total := 0
	for _, name := range Names() {
		raw, err := recorded.ReadFile("recorded/" + name + suffix)
		if err != nil {
			t.Fatal(err)
		}
		total += len(raw)
	}
	if total > 300<<10 {
		t.Errorf("%d bytes are embedded", total)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range Names() {
		t, err := Load(name)
		if err != nil {
			f.Fatal(err)
		}
		for i := range t.Layers { // long ones only slow the search down
			t.Layers[i].Frames, t.Layers[i].Keys = t.Layers[i].Frames[:5], t.Layers[i].Keys[:min(len(t.Layers[i].Keys), 1)]
		}
		f.Add(t.plain())
	}
	f.Add(small().plain())
	f.Fuzz(func(t *testing.T, raw []byte) {
		tr, err := parse(raw)
		if err != nil {
			return
		}
		for _, reel := range NewPlayer(tr, 0).Reels() {
			last := reel.Due()
			for range 100 {
				r := reel.Next()
				if r.At < last || r.To <= r.From {
					t.Fatalf("run %+v after %s", r, last)
				}
				last = r.At
			}
		}
		if again, err := parse(tr.plain()); err != nil || len(again.Layers) != len(tr.Layers) {
			t.Fatal(err)
		}
	})
}
