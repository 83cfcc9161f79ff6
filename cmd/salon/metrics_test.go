package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"salon/sfu"
	"salon/sfu/room"
	"salon/signaling"
)

// counted is a media server that has been somewhere.
type counted struct{}

func (counted) Stats() sfu.Stats {
	st := sfu.Stats{Rooms: 2}
	st.Forward.PacketsIn, st.Forward.PacketsOut = 10, 50
	st.Forward.DroppedRepeated = 3
	st.Forward.Legs.Layers[1] = 4
	st.UDP.DropUnknownUfrag = 7
	st.Transport.Unauthentic = 8
	st.UDP.Latency.Counts[0], st.UDP.Latency.Counts[1], st.UDP.Latency.Over = 5, 6, 1
	st.UDP.Latency.Sum = 2 * time.Second
	return st
}

func (counted) Rooms(context.Context) []room.State {
	return []room.State{{Name: "secret-room", Participants: 3, Publishers: 1, Tracks: 6}, {Participants: 2, Publishers: 2}}
}

// visited is a door that people went through.
type visited struct{}

func (visited) Stats() signaling.Stats { return signaling.Stats{Sessions: 4, Silent: 1} }

func TestMetricsTellWhatTheServerCounted(t *testing.T) {
	w := httptest.NewRecorder()
	metrics(counted{}, visited{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	text := w.Body.String()
	for _, want := range []string{
		"salon_rooms 2",
		"salon_participants 5",
		"salon_publishers 3",
		"salon_tracks 6",
		`salon_rtp_packets_total{direction="in"} 10`,
		`salon_rtp_packets_total{direction="out"} 50`,
		`salon_rtp_dropped_packets_total{cause="repeated"} 3`,
		`salon_legs{gets="layer_1"} 4`,
		`salon_udp_dropped_datagrams_total{cause="unknown_ufrag"} 7`,
		`salon_srtp_refused_packets_total{cause="unauthentic"} 8`,
		`salon_forward_latency_seconds_bucket{le="2e-05"} 5`,
		`salon_forward_latency_seconds_bucket{le="5e-05"} 11`,
		`salon_forward_latency_seconds_bucket{le="+Inf"} 12`,
		"salon_forward_latency_seconds_sum 2",
		"salon_sessions 4",
		`salon_sessions_ended_total{cause="silent"} 1`,
		"go_goroutines ",
		"process_cpu_seconds_total ",
	} {
		if !strings.Contains(text, want+"\n") && !strings.Contains(text, "\n"+want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(text, "secret-room") {
		t.Error("a room is named")
	}
}
