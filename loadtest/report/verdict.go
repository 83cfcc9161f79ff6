package report

import (
	"fmt"
	"time"
)

// Where the generator itself is to blame. Our choices: below them its part in a figure is lost in the noise.
const (
	LateSend     = 5 * time.Millisecond
	maxLate      = 0.01 // of all frames
	maxSelfShare = 0.9  // of the cores it may use
	plainMore    = 0.01 // loss of the independent stack beyond that of all, from which it is worth a word
)

// Verdict says in words why a run must not be believed, if so. cores is how many the generator may use.
func Verdict(r *Report, cores int) (why []string) {
	g := &r.Generator
	if g.Frames > 0 && float64(g.LateSends) > maxLate*float64(g.Frames) {
		why = append(why, fmt.Sprintf("%d of %d frames left the generator more than %d ms late: what was measured is in part its own hesitation",
			g.LateSends, g.Frames, LateSend.Milliseconds()))
	}
	if g.Cores > maxSelfShare*float64(cores) {
		why = append(why, fmt.Sprintf("the generator used %.2f of its %d cores: it had no room to read in time", g.Cores, cores))
	}
	if g.SocketDrops > 0 {
		why = append(why, fmt.Sprintf("the generator's own sockets overflowed and lost %d packets that the server had sent", g.SocketDrops))
	}
	if r.Scenario.Plain > 0 && r.Client.PlainPackets == 0 && r.Client.Packets > 0 {
		why = append(why, "the independent stack decrypted nothing, so that the count rests on one implementation alone")
	}
	return why
}

// Notes are what a reader should know although the run may be believed.
func Notes(r *Report) (list []string) {
	if r.Client.Failed > 0 {
		list = append(list, fmt.Sprintf("%d participants did not join or were thrown out", r.Client.Failed))
	}
	if r.Client.MissingTracks > 0 {
		list = append(list, fmt.Sprintf("nothing came of %d subscriptions", r.Client.MissingTracks))
	}
	if r.Client.Undecryptable > 0 {
		list = append(list, fmt.Sprintf("%d packets did not decrypt", r.Client.Undecryptable))
	}
	if c := &r.Client; c.PlainLoss > c.Loss+plainMore {
		list = append(list, fmt.Sprintf("the independent stack lost %.2f %%, all together %.2f %%", 100*c.PlainLoss, 100*c.Loss))
	}
	if f := r.Client.Feedback; f.Reports > 0 && f.Transport == 0 {
		list = append(list, "no transport-wide feedback was sent: the server does not number its packets for it")
	}
	return list
}
