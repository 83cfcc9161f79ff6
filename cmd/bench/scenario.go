package main

// A scenario is one row of the table: what the generator is asked for, and what was promised of the answer.
type scenario struct {
	name     string
	about    string
	args     []string // of `salon loadtest`
	search   bool     // for the limit, not a steady load
	baseline bool     // also measured
	promises []promise
}

// A promise bounds one figure. A bound of zero is none, but for a figure whose bound is exactly zero.
type promise struct {
	figure    figure
	must, aim float64
	isZero    bool // nothing but zero will do
}

// ratioPromise bounds how many times dearer the baseline is.
func ratioPromise(must float64) promise { return promise{figure: ratio, must: must} }

// scenarios is the table. A publisher sends 203 packets a second, 50 of Opus and 153 of VP8 in 30 frames, unless the
// row says otherwise.
func scenarios() []scenario {
	const manyPackets = "8.3333" // of a frame: 250 packets of video a second, 300 with those of audio
	return []scenario{
		{
			name: "fanout-50", about: "1 publisher, 50 subscribers", baseline: true,
			args: []string{"--scenario", "fanout", "--publishers", "1", "--subscribers", "50"},
			promises: []promise{
				{figure: cpu, must: 6, aim: 4}, ratioPromise(5), {figure: p50, must: 0.7}, {figure: p99, must: 3},
				{figure: rss, must: 0.4, aim: 0.2}, {figure: loss},
			},
		},
		{
			name: "fanout-100", about: "1 publisher, 100 subscribers",
			args: []string{"--scenario", "fanout", "--publishers", "1", "--subscribers", "100"},
			promises: []promise{
				{figure: cpu, must: 4.5, aim: 3}, {figure: p50}, {figure: p99}, {figure: rss, must: 0.4, aim: 0.2}, {figure: loss},
			},
		},
		{
			name: "fanout-5x50", about: "5 publishers of 300 packets/s, 50 subscribers",
			args: []string{"--scenario", "fanout", "--publishers", "5", "--subscribers", "50", "--frame-packets", manyPackets},
			promises: []promise{
				{figure: cpu, must: 3, aim: 2}, {figure: p50}, {figure: p99}, {figure: rss, must: 0.4, aim: 0.2},
				{figure: loss, isZero: true},
			},
		},
		{
			name: "club-3x6", about: "3 rooms of 6, everybody publishes and receives", baseline: true,
			args: []string{"--scenario", "club", "--rooms", "3", "--participants", "6"},
			promises: []promise{
				{figure: cpu, must: 7.5, aim: 5}, ratioPromise(3.5), {figure: firstPacket, must: 150}, {figure: joinCPU, must: 20},
				{figure: p50}, {figure: p99}, {figure: rss, must: 0.8, aim: 0.4}, {figure: loss},
			},
		},
		{
			name: "hall-100", about: "3 talkers, 100 listeners, audio alone",
			args: []string{"--scenario", "hall", "--publishers", "3", "--subscribers", "100"},
			promises: []promise{
				{figure: cpu, must: 9, aim: 6}, {figure: p50}, {figure: p99}, {figure: rss}, {figure: loss},
			},
		},
		{
			name: "limit", about: "5 publishers of 300 packets/s, ever more subscribers", search: true,
			args: []string{
				"--scenario", "fanout", "--publishers", "5", "--subscribers", "50", "--frame-packets", manyPackets,
				"--find-limit", "--duration", "4s",
			},
			promises: []promise{{figure: limit, must: 150_000, aim: 300_000}},
		},
	}
}

// quick tells whether a scenario belongs to the short table.
func (s scenario) quick() bool { return s.baseline }
