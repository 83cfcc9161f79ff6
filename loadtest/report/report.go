// Package report is what a run found, and how people read it: JSON, a table for terminals, a page that opens offline,
// two runs side by side, and assertions for scripts.
//
// What it decides: the names and units of figures (figure.go), whether a run may be believed (verdict.go), what is
// better and what is worse. What it never does: measure. A Report is a value; whoever holds it owns it.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"salon/loadtest/measure"
	"salon/loadtest/media"
	"salon/loadtest/scenario"
	"salon/loadtest/system"
)

// Schema is the version of Report's JSON; it grows when a field changes its meaning.
const Schema = 1

// A Report is what a run found. Times are in the unit that the name ends in; fractions are 0..1.
type Report struct {
	Schema     int            `json:"schema"`
	Scenario   Scenario       `json:"scenario"`
	Commit     string         `json:"commit,omitempty"`
	Began      time.Time      `json:"began"`
	Machine    system.Machine `json:"machine"`
	Client     Client         `json:"client"`
	API        *API           `json:"api,omitempty"`    // instead of what participants measured
	Server     *Server        `json:"server,omitempty"` // nil when no process was named
	Generator  Generator      `json:"generator"`
	Timeline   []Sample       `json:"timeline"`
	Void       []string       `json:"void,omitempty"` // why the run must not be believed; empty: it may be
	Notes      []string       `json:"notes,omitempty"`
	Assertions []Outcome      `json:"assertions,omitempty"`
	Runs       []RunSummary   `json:"runs,omitempty"`  // of several, of which this is the median
	Limit      []LimitStep    `json:"limit,omitempty"` // the steps of a search
}

// A Scenario is what was asked for.
type Scenario struct {
	Name         string          `json:"name"`
	About        string          `json:"about"`
	Size         scenario.Size   `json:"size"`
	Media        media.Shape     `json:"media"`
	Source       string          `json:"source"` // of media: synthetic, or the recording that was played; Media says nothing then
	Tracks       scenario.Tracks `json:"tracks,omitzero"`
	Participants int             `json:"participants"`
	Plain        int             `json:"plain"` // of them by an independent stack
	DurationS    float64         `json:"duration_s"`
	RampS        float64         `json:"ramp_s"`
	Seed         uint64          `json:"seed"`
}

// A Client is what participants measured after decryption.
type Client struct {
	Joined        int `json:"joined"`
	Connected     int `json:"connected"`
	Failed        int `json:"failed"`
	MissingTracks int `json:"missing_tracks"` // subscriptions of which nothing came

	SentPackets     uint64          `json:"sent_packets"`
	Packets         uint64          `json:"packets"` // different ones, sent during the measurement
	Expected        uint64          `json:"expected"`
	Loss            float64         `json:"loss"`
	Duplicates      uint64          `json:"duplicates"`
	Reordered       uint64          `json:"reordered"`
	Repaired        uint64          `json:"repaired"`
	Frames          uint64          `json:"frames"`
	FramesWhole     float64         `json:"frames_whole"`
	Switches        uint64          `json:"layer_switches"`
	Undecryptable   uint64          `json:"undecryptable"`
	Strange         uint64          `json:"strange"` // decrypted, but not made by us
	DroppedOnLinks  uint64          `json:"dropped_on_links,omitempty"`
	PacketsPerS     float64         `json:"packets_per_s"`
	Feedback        Feedback        `json:"feedback"`
	PlainPackets    uint64          `json:"plain_packets"` // of Packets, what the independent stack decrypted
	PlainLoss       float64         `json:"plain_loss"`
	PlainLatency    measure.Spread  `json:"plain_latency"` // the queues of that stack included
	BitsPerS        float64         `json:"bits_per_s"`
	Latency         measure.Spread  `json:"latency"` // to the lean peers: until the kernel received it, not until it was read
	LatencyCurve    []measure.Point `json:"latency_curve,omitempty"`
	JoinToSession   measure.Spread  `json:"join_to_session"`
	JoinToFirst     measure.Spread  `json:"join_to_first"`    // packet
	JoinToKeyframe  measure.Spread  `json:"join_to_keyframe"` // the first whole one
	JoinToConnected measure.Spread  `json:"join_to_connected"`
	Returns         *Returns        `json:"returns,omitempty"` // nil where nobody who loses the session comes back
}

// Returns are how participants came back who had lost their session.
type Returns struct {
	Reconnects int            `json:"reconnects"`
	GaveUp     int            `json:"gave_up"` // after all tries
	Back       measure.Spread `json:"back"`    // from the loss to the next session
	Gap        measure.Spread `json:"gap"`     // of each subscription, from the last packet before to the first after; also without a loss, where media has no pauses
}

// Feedback is what the lean subscribers told the server, from their first packet on.
type Feedback struct {
	Reports          uint64 `json:"reports"`           // RTCP receiver reports
	Nacked           uint64 `json:"nacked"`            // packets asked for again, each time
	KeyframeRequests uint64 `json:"keyframe_requests"` // PLI
	Transport        uint64 `json:"transport"`         // transport-wide feedback; 0: the server numbers no packets for it
}

// A Server is what the server's process used during the measurement, and its counters.
type Server struct {
	PID            int                `json:"pid"`
	UserS          float64            `json:"user_s"`
	SystemS        float64            `json:"system_s"`
	Cores          float64            `json:"cores"`         // CPU time by wall time
	Allowed        int                `json:"cores_allowed"` // that it may use; 0: unknown
	PerPacketUS    float64            `json:"per_packet_us"`
	RSSBefore      uint64             `json:"rss_before"` // bytes, before anyone joined
	RSS            uint64             `json:"rss"`        // bytes, at the end
	PerParticipant float64            `json:"rss_per_participant"`
	PerJoinMS      float64            `json:"per_join_ms"` // CPU from before the first join until everyone hears everything, media and all
	Counters       map[string]float64 `json:"counters,omitempty"`
}

// A Generator is how the generator did.
type Generator struct {
	Cores        float64        `json:"cores"`
	Allowed      int            `json:"cores_allowed"` // that it may use; 0: unknown
	LateSends    uint64         `json:"late_sends"`    // frames that left more than 5 ms late
	Frames       uint64         `json:"frames"`
	Late         measure.Spread `json:"late"`
	SocketDrops  uint64         `json:"socket_drops"` // packets that its sockets had no room for
	RSS          uint64         `json:"rss"`
	ReadPackets  uint64         `json:"read_packets"`
	PacketsPerCS float64        `json:"packets_per_core_s"` // received and decrypted, by its own CPU second
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

// WriteJSON writes r with indentation.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// Read reads what WriteJSON wrote; the error wraps ErrReport.
func Read(in io.Reader) (*Report, error) {
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

// Take writes what came of the packets of a measurement that took so long.
func (r *Client) Take(t measure.Tally, measured time.Duration) {
	r.Packets, r.Expected, r.Loss = t.Packets, t.Expected, t.Loss()
	r.Duplicates, r.Reordered, r.Repaired = t.Duplicates, t.Reordered, t.Repaired
	r.Frames, r.FramesWhole, r.Switches = t.Frames, t.Wholeness(), t.Switches
	if s := measured.Seconds(); s > 0 {
		r.PacketsPerS = float64(t.Packets) / s
		r.BitsPerS = float64(t.Bytes) * 8 / s
	}
}
