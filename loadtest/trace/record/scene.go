package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A scene is what the browser publishes. The page reads it as JSON.
type scene struct {
	Name      string     `json:"name"`
	Codec     string     `json:"codec"` // of the video, as in a MIME type
	Screen    bool       `json:"screen"`
	Hint      string     `json:"hint"` // content hint of the video track
	Encodings []encoding `json:"encodings"`

	// Full is the rate at which the largest layer has all it wants, bit/s; 0: whatever it sends.
	Full int `json:"-"`
	// Speech says that the microphone is to be kept as a trace of its own, under this name.
	Speech string `json:"-"`
}

// An encoding is an RTCRtpEncodingParameters.
type encoding struct {
	RID     string  `json:"rid,omitempty"`
	Scale   float64 `json:"scaleResolutionDownBy,omitempty"`
	Bitrate int     `json:"maxBitrate,omitempty"`
	Rate    int     `json:"maxFramerate,omitempty"`
	Mode    string  `json:"scalabilityMode,omitempty"`
}

// ladder is what conferences send of a camera of 720p: three layers of three frame rates.
func ladder() []encoding {
	return []encoding{
		{RID: "q", Scale: 4, Bitrate: 150_000, Mode: "L1T3"},
		{RID: "h", Scale: 2, Bitrate: 500_000, Mode: "L1T3"},
		{RID: "f", Scale: 1, Bitrate: 2_500_000, Mode: "L1T3"},
	}
}

func scenes() []scene {
	return []scene{
		{Name: "camera-vp8", Codec: "VP8", Encodings: ladder(), Full: 2_500_000, Speech: "speech-opus"},
		{Name: "camera-h264", Codec: "H264", Encodings: ladder(), Full: 2_500_000},
		{Name: "camera-vp9", Codec: "VP9", Encodings: []encoding{{Bitrate: 2_500_000, Mode: "L3T3_KEY"}}, Full: 2_000_000},
		{Name: "camera-av1", Codec: "AV1", Encodings: []encoding{{Bitrate: 2_500_000, Mode: "L3T3_KEY"}}, Full: 2_000_000},
		{Name: "screen-vp8", Codec: "VP8", Screen: true, Hint: "detail", Encodings: []encoding{
			{RID: "h", Scale: 2, Bitrate: 500_000, Rate: 15, Mode: "L1T3"},
			{RID: "f", Scale: 1, Bitrate: 2_500_000, Rate: 15, Mode: "L1T3"},
		}},
	}
}

// Files of a scene in the working folder.
const (
	cameraFile     = "camera.y4m"
	microphoneFile = "microphone.wav"
)

// prepare makes what camera and microphone see and hear, once.
func (s scene) prepare(ctx context.Context, work string) error {
	for name, args := range map[string][]string{cameraFile: camera(), microphoneFile: microphone()} {
		file := filepath.Join(work, name)
		if _, err := os.Stat(file); err == nil || s.Screen && name == cameraFile {
			continue
		}
		args = append([]string{"-hide_banner", "-loglevel", "error", "-y"}, append(args, file)...)
		if out, err := exec.CommandContext(ctx, "ffmpeg", args...).CombinedOutput(); err != nil { //nolint:gosec // our own arguments
			return fmt.Errorf("make %s: %w: %s", name, err, out)
		}
	}
	return nil
}

// camera is a picture with something of everything: fine structure that grows, sharp shapes that move, and the noise
// of a sensor. It runs forth and back, so that repeating it makes no cut.
func camera() []string {
	return []string{
		"-f", "lavfi", "-i", "mandelbrot=size=1280x720:rate=30:end_pts=900:inner=period",
		"-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30",
		"-filter_complex", "[0]gblur=sigma=2[wall];" +
			"[wall][1]overlay=x='480+400*sin(t*1.3)':y='270+220*cos(t*0.9)',noise=alls=5:allf=t,trim=duration=5,split[a][b];" +
			"[b]reverse[c];[a][c]concat=n=2:v=1:a=0,format=yuv420p",
		"-r", "30",
	}
}

// microphone is somebody who speaks in a quiet room, stops to think, and speaks again.
func microphone() []string {
	said := []string{
		"I read the last chapter twice, and I still do not know what she meant by the letter on the table.",
		"Yes.",
		"Let us hear the others first. Then I would like to come back to the garden, because it is where everything begins.",
	}
	silences := []float64{2.5, 1.2, 4}
	var args []string
	var graph strings.Builder
	var order strings.Builder
	for i, text := range said {
		args = append(args, "-f", "lavfi", "-i", "flite=voice=slt:text='"+text+"'")
		fmt.Fprintf(&graph, "[%d]aresample=48000,aformat=channel_layouts=mono,apad=pad_dur=%.1f[s%d];", i, silences[i], i)
		fmt.Fprintf(&order, "[s%d]", i)
	}
	args = append(args, "-f", "lavfi", "-i", "anoisesrc=color=pink:amplitude=0.0006:sample_rate=48000")
	fmt.Fprintf(&graph, "%sconcat=n=%d:v=0:a=1[voice];[voice][%d]amix=inputs=2:duration=first:normalize=0", &order, len(said), len(said))
	return append(args, "-filter_complex", graph.String(), "-ac", "1", "-ar", "48000", "-c:a", "pcm_s16le")
}
