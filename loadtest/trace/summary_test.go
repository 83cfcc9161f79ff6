package trace

import (
	"testing"
	"time"
)

func TestRecordingsShowWhatThePackageSays(t *testing.T) {
	for _, name := range []string{"camera-vp8", "camera-vp9", "camera-h264", "screen-vp8"} {
		for _, l := range Summarize(load(t, name)).Layers {
			if l.Uneven > 0 || l.Rising != l.Even {
				t.Errorf("%s %s: %d frames with uneven packets, %d of %d rising", name, l.RID, l.Uneven, l.Rising, l.Even)
			}
			if l.Keys == 0 || l.KeyBytes.P50 <= l.Sizes.P50 {
				t.Errorf("%s %s: %d keyframes of %d bytes", name, l.RID, l.Keys, l.KeyBytes.P50)
			}
		}
	}
	for _, l := range Summarize(load(t, "camera-av1")).Layers {
		if n := l.Even + l.Uneven - l.Tailed; n > 5 {
			t.Errorf("camera-av1: %d frames are not of one size but for a shorter last packet", n)
		}
	}
	camera := Summarize(load(t, "camera-vp8")).Layers
	if n := len(camera); n != 3 {
		t.Fatalf("%d layers", n)
	}
	for i, rate := range []float64{150e3, 500e3, 2500e3} {
		if got := camera[i].BitsPerS; got < 0.9*rate || got > 1.1*rate {
			t.Errorf("layer %d: %.0f bit/s", i, got)
		}
		if k := camera[i].Temporal; k[0] == 0 || k[1] == 0 || k[2] < k[0]+k[1]-1 || k[2] > k[0]+k[1]+1 {
			t.Errorf("layer %d: temporal layers %v", i, k)
		}
		if camera[i].Spans.P90 > 2000 {
			t.Errorf("layer %d: nine of ten frames within %d µs", i, camera[i].Spans.P90)
		}
	}
	speech := Summarize(load(t, "speech-opus")).Layers[0]
	if speech.Pauses == 0 || speech.Gaps.P50 != (400*time.Millisecond).Microseconds() || speech.PacketsPerS > 45 {
		t.Errorf("speech: %+v", speech)
	}
}
