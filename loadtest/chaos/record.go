package chaos

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"salon/loadtest/measure"
)

// Schema is the version of Record's JSON; it grows when a field changes its meaning.
const Schema = 1

// A Record is what a run found. Times are in the unit that the name ends in.
type Record struct {
	Schema    int       `json:"schema"`
	Scene     string    `json:"scene"` // chaos, spread, outage or drain
	Began     time.Time `json:"began"`
	Seed      uint64    `json:"seed"`
	DurationS float64   `json:"duration_s"`
	Nodes     int       `json:"nodes"`
	Rooms     int       `json:"rooms"`
	Seats     int       `json:"seats"` // of each room
	Media     int       `json:"rooms_with_media"`
	// Namespaces tells that nodes had networks of their own; otherwise links were cut by valves, and no node was unplugged.
	Namespaces bool    `json:"namespaces"`
	LeaseS     float64 `json:"lease_s"`

	Faults          map[Kind]int   `json:"faults"` // by kind
	SplitRooms      int            `json:"split_rooms"`
	RoomsBack       measure.Spread `json:"rooms_back"` // after a node's death, until everybody was in again
	Gaps            measure.Spread `json:"gaps"`       // of subscriptions that a fault met, longer than 300 ms or between two sessions
	GapsUnexplained int            `json:"gaps_unexplained"`
	Ghosts          int            `json:"ghosts"`
	Leaks           int            `json:"leaks"`
	Disconnects     int            `json:"disconnects"`             // sessions lost
	Unexplained     int            `json:"disconnects_unexplained"` // of them, by no fault
	Void            int            `json:"void"`                    // faults after which only the epochs could be judged: this machine hesitated for half a lease or more
	Visits          int            `json:"visits"`
	RoomsByNode     []int          `json:"rooms_by_node,omitempty"` // before the first fault

	Each     []Suffered `json:"each"`
	Breaches []Breach   `json:"breaches"`
}

// Suffered is what came of one fault.
type Suffered struct {
	AtS         float64        `json:"at_s"`
	Fault       string         `json:"fault"`
	Kind        Kind           `json:"kind"`
	TookS       float64        `json:"took_s"`                // until it was mended
	WholeS      float64        `json:"whole_s"`               // from then until all saw all
	HesitatedS  float64        `json:"hesitated_s,omitempty"` // for so long this machine let nobody run; it is added to what is allowed
	Void        bool           `json:"void,omitempty"`
	Disconnects int            `json:"disconnects"`
	Last        string         `json:"last,omitempty"` // who was back last, of a dead node's rooms
	RoomsBack   measure.Spread `json:"rooms_back"`     // of the fault's nodes, from its beginning
	Gaps        measure.Spread `json:"gaps"`           // of subscriptions that the fault met
	Hiccups     measure.Spread `json:"hiccups"`        // of others, longer than 300 ms
	Returns     measure.Spread `json:"returns"`        // of participants, from losing the session to the next
	LostPackets uint64         `json:"lost_packets"`
	Breaches    int            `json:"breaches"`
}

// add takes what came of a fault.
func (r *Record) add(s Suffered) {
	r.Each = append(r.Each, s)
	r.Faults[s.Kind]++
}

// OK tells that every promise was kept.
func (r *Record) OK() bool { return len(r.Breaches) == 0 }

// WriteJSON writes r with indentation.
func (r *Record) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("write record: %w", err)
	}
	return nil
}

// line is a fault and what came of it, for people.
func (s Suffered) line() string {
	text := fmt.Sprintf("%6.1f s  %-44s", s.AtS, s.Fault)
	if s.RoomsBack.Count > 0 {
		text += fmt.Sprintf("  %d rooms back: p95 %.1f s, max %.1f s;", s.RoomsBack.Count, s.RoomsBack.P95/1000, s.RoomsBack.Max/1000)
	}
	text += fmt.Sprintf("  %d sessions lost", s.Disconnects)
	if s.Returns.Count > 0 {
		text += fmt.Sprintf(", back p95 %.1f s", s.Returns.P95/1000)
	}
	if s.Gaps.Count > 0 {
		text += fmt.Sprintf(", %d gaps p95 %.1f s, max %.1f s", s.Gaps.Count, s.Gaps.P95/1000, s.Gaps.Max/1000)
	}
	text += fmt.Sprintf(", whole after %.1f s", s.WholeS)
	if s.Hiccups.Count > 0 {
		text += fmt.Sprintf(", %d hiccups max %.1f s", s.Hiccups.Count, s.Hiccups.Max/1000)
	}
	if s.HesitatedS > 0 {
		text += fmt.Sprintf(" (this machine hesitated for %.1f s)", s.HesitatedS)
	}
	if s.Void {
		text += "  void"
	}
	if s.Breaches > 0 {
		return text + fmt.Sprintf("  BREACHES: %d", s.Breaches)
	}
	return text + "  ok"
}

// summary is the run for people.
func (r *Record) summary(w io.Writer) {
	fmt.Fprintf(w, "\n%s: %.0f s, seed %d, %d nodes, %d rooms of %d, %d with media, %d visits\n", r.Scene, r.DurationS, r.Seed, r.Nodes, r.Rooms, r.Seats, r.Media, r.Visits)
	fmt.Fprint(w, "faults:")
	for _, k := range kinds() {
		if r.Faults[k] > 0 {
			fmt.Fprintf(w, " %s %d", k, r.Faults[k])
		}
	}
	fmt.Fprintln(w)
	if b := r.RoomsBack; b.Count > 0 {
		fmt.Fprintf(w, "rooms back after a node's death: %d, p50 %.1f s, p95 %.1f s, max %.1f s\n", b.Count, b.P50/1000, b.P95/1000, b.Max/1000)
	}
	fmt.Fprintf(w, "split rooms %d, gaps unexplained %d, ghosts %d, leaks %d, sessions lost %d, without a cause %d\n",
		r.SplitRooms, r.GapsUnexplained, r.Ghosts, r.Leaks, r.Disconnects, r.Unexplained)
	if r.Void > 0 {
		fmt.Fprintf(w, "void: %d of %d faults, because this machine let nobody run for half a lease or more\n", r.Void, len(r.Each))
	}
	byWhat := map[string]int{}
	for _, b := range r.Breaches {
		if byWhat[b.What]++; byWhat[b.What] <= 3 {
			fmt.Fprintf(w, "BREACH at %.1f s (%s): %s: %s\n", b.AtS, b.Fault, b.What, b.Detail)
		}
	}
	if r.OK() {
		fmt.Fprintln(w, "every promise was kept")
	}
}
