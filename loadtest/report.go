package loadtest

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Schema is the version of Report's JSON; it grows when a field changes its meaning.
const Schema = 1

// A Report is what a run found. Times are in the unit that the name ends in; fractions are 0..1.
type Report struct {
	Schema     int            `json:"schema"`
	Scenario   ScenarioReport `json:"scenario"`
	Commit     string         `json:"commit,omitempty"`
	Began      time.Time      `json:"began"`
	Machine    Machine        `json:"machine"`
	Client     ClientReport   `json:"client"`
	Server     *ServerReport  `json:"server,omitempty"` // nil when no process was named
	Generator  SelfReport     `json:"generator"`
	Timeline   []Sample       `json:"timeline"`
	Void       []string       `json:"void,omitempty"` // why the run must not be believed; empty: it may be
	Notes      []string       `json:"notes,omitempty"`
	Assertions []Outcome      `json:"assertions,omitempty"`
	Runs       []RunSummary   `json:"runs,omitempty"`  // of several, of which this is the median
	Limit      []LimitStep    `json:"limit,omitempty"` // the steps of a search
}

// A ScenarioReport is what was asked for.
type ScenarioReport struct {
	Name         string  `json:"name"`
	About        string  `json:"about"`
	Size         Size    `json:"size"`
	Media        Media   `json:"media"`
	Participants int     `json:"participants"`
	Plain        int     `json:"plain"` // of them by an independent stack
	DurationS    float64 `json:"duration_s"`
	RampS        float64 `json:"ramp_s"`
	Seed         uint64  `json:"seed"`
}

// A Machine is where both ends ran.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Kernel string `json:"kernel"`
	OS     string `json:"os"`
	Arch   string `json:"arch"`
	Go     string `json:"go"`
}

// A ClientReport is what participants measured after decryption.
type ClientReport struct {
	Joined        int `json:"joined"`
	Connected     int `json:"connected"`
	Failed        int `json:"failed"`
	MissingTracks int `json:"missing_tracks"` // subscriptions of which nothing came

	SentPackets     uint64   `json:"sent_packets"`
	Packets         uint64   `json:"packets"` // different ones, sent during the measurement
	Expected        uint64   `json:"expected"`
	Loss            float64  `json:"loss"`
	Duplicates      uint64   `json:"duplicates"`
	Reordered       uint64   `json:"reordered"`
	Repaired        uint64   `json:"repaired"`
	Frames          uint64   `json:"frames"`
	FramesWhole     float64  `json:"frames_whole"`
	Switches        uint64   `json:"layer_switches"`
	Undecryptable   uint64   `json:"undecryptable"`
	Strange         uint64   `json:"strange"` // decrypted, but not made by us
	DroppedOnLinks  uint64   `json:"dropped_on_links,omitempty"`
	PacketsPerS     float64  `json:"packets_per_s"`
	Feedback        Feedback `json:"feedback"`
	PlainPackets    uint64   `json:"plain_packets"` // of Packets, what the independent stack decrypted
	PlainLoss       float64  `json:"plain_loss"`
	PlainLatency    Spread   `json:"plain_latency"` // the queues of that stack included
	BitsPerS        float64  `json:"bits_per_s"`
	Latency         Spread   `json:"latency"` // to the lean peers
	LatencyCurve    []Point  `json:"latency_curve,omitempty"`
	JoinToSession   Spread   `json:"join_to_session"`
	JoinToFirst     Spread   `json:"join_to_first"`    // packet
	JoinToKeyframe  Spread   `json:"join_to_keyframe"` // the first whole one
	JoinToConnected Spread   `json:"join_to_connected"`
}

// Feedback is what the lean subscribers told the server, from their first packet on.
type Feedback struct {
	Reports          uint64 `json:"reports"`           // RTCP receiver reports
	Nacked           uint64 `json:"nacked"`            // packets asked for again, each time
	KeyframeRequests uint64 `json:"keyframe_requests"` // PLI
	Transport        uint64 `json:"transport"`         // transport-wide feedback; 0: the server numbers no packets for it
}

// A Spread is a distribution in milliseconds.
type Spread struct {
	Count uint64  `json:"count"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	P999  float64 `json:"p999_ms"`
	Max   float64 `json:"max_ms"`
}

// A Point of a distribution: a share of all packets took at most so many milliseconds.
type Point struct {
	Share float64 `json:"share"` // 0..1
	MS    float64 `json:"ms"`
}

// A ServerReport is what the server's process used during the measurement, and its counters.
type ServerReport struct {
	PID            int                `json:"pid"`
	UserS          float64            `json:"user_s"`
	SystemS        float64            `json:"system_s"`
	Cores          float64            `json:"cores"` // CPU time by wall time
	PerPacketUS    float64            `json:"per_packet_us"`
	RSSBefore      uint64             `json:"rss_before"` // bytes, before anyone joined
	RSS            uint64             `json:"rss"`        // bytes, at the end
	PerParticipant float64            `json:"rss_per_participant"`
	PerJoinMS      float64            `json:"per_join_ms"` // CPU from first join to the measurement, media included: an upper bound
	Counters       map[string]float64 `json:"counters,omitempty"`
}

// A SelfReport is how the generator did.
type SelfReport struct {
	Cores        float64 `json:"cores"`
	LateSends    uint64  `json:"late_sends"` // frames that left more than 5 ms late
	Frames       uint64  `json:"frames"`
	Late         Spread  `json:"late"`
	SocketDrops  uint64  `json:"socket_drops"` // packets that its sockets had no room for
	RSS          uint64  `json:"rss"`
	ReadPackets  uint64  `json:"read_packets"`
	PacketsPerCS float64 `json:"packets_per_core_s"` // received and decrypted, by its own CPU second
}

// A Sample is one second of a run.
type Sample struct {
	AtS         float64 `json:"at_s"` // since the measurement began; negative while joining
	Joined      int     `json:"joined"`
	PacketsPerS float64 `json:"packets_per_s"`
	P50         float64 `json:"p50_ms"`
	P99         float64 `json:"p99_ms"`
	ServerCores float64 `json:"server_cores"`
	SelfCores   float64 `json:"generator_cores"`
	ServerRSS   uint64  `json:"server_rss"`
}

// spread boils a histogram down.
func (h *histogram) spread() Spread {
	ms := func(q float64) float64 { return milliseconds(h.quantile(q)) }
	return Spread{Count: h.n, P50: ms(0.5), P95: ms(0.95), P99: ms(0.99), P999: ms(0.999), Max: ms(1)}
}

// curve is a histogram as a line to draw, denser towards its end.
func (h *histogram) curve() (list []Point) {
	if h.n == 0 {
		return nil
	}
	for _, q := range []float64{0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999} {
		list = append(list, Point{Share: q, MS: milliseconds(h.quantile(q))})
	}
	return list
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// WriteJSON writes r with indentation.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// ReadReport reads what WriteJSON wrote; the error wraps ErrReport.
func ReadReport(in io.Reader) (*Report, error) {
	var r Report
	if err := json.NewDecoder(in).Decode(&r); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrReport, err)
	}
	if r.Schema != Schema {
		return nil, fmt.Errorf("%w: schema %d, expected %d", ErrReport, r.Schema, Schema)
	}
	return &r, nil
}

// OK tells whether the run may be believed and everything asserted holds.
func (r *Report) OK() bool {
	for _, a := range r.Assertions {
		if !a.Holds {
			return false
		}
	}
	return len(r.Void) == 0
}
