package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"salon/sfu"
	"salon/sfu/room"
	"salon/sfu/udp"
	"salon/signaling"
)

// scrapePatience bounds how long a scrape waits for the rooms to say how many are in.
const scrapePatience = 2 * time.Second

// A figure is one series: how it is called and where in the counters it stands.
type figure struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(*reading) float64
	label []string
}

// A reading is one look at the media server.
type reading struct {
	sfu.Stats
	door                             signaling.Stats
	participants, publishers, tracks int
}

// media is what a collector asks of the media server.
type media interface {
	Stats() sfu.Stats
	Rooms(ctx context.Context) []room.State
}

// door is what a collector asks of signalling.
type door interface{ Stats() signaling.Stats }

// A collector turns the media server's own counters into series at each scrape: the data
// path counts without knowing of metrics. No series carries the name of a room or person.
type collector struct {
	media   media
	door    door
	figures []figure
	latency *prometheus.Desc
}

func newCollector(m media, d door) *collector {
	c := &collector{media: m, door: d}
	c.latency = prometheus.NewDesc("salon_forward_latency_seconds",
		"Time from the read that brought a burst to the system call that sent what it caused, per datagram sent.", nil, nil)
	c.rooms()
	c.packets()
	c.sealed()
	c.repairs()
	c.legs()
	c.datagrams()
	c.streams()
	c.sessions()
	return c
}

// Describe names all series.
func (c *collector) Describe(out chan<- *prometheus.Desc) {
	for _, f := range c.figures {
		out <- f.desc
	}
	out <- c.latency
}

// Collect reads the counters once and gives all series.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapePatience)
	defer cancel()
	r := reading{Stats: c.media.Stats(), door: c.door.Stats()}
	for _, st := range c.media.Rooms(ctx) {
		r.participants += st.Participants
		r.publishers += st.Publishers
		r.tracks += st.Tracks
	}
	for _, f := range c.figures {
		out <- prometheus.MustNewConstMetric(f.desc, f.kind, f.value(&r), f.label...)
	}
	out <- c.histogram(&r.UDP.Latency)
}

// histogram makes the counts cumulative, as Prometheus wants them.
func (c *collector) histogram(l *udp.Latency) prometheus.Metric {
	buckets := map[float64]uint64{}
	var count uint64
	for i, bound := range udp.LatencyBounds() {
		count += l.Counts[i]
		buckets[bound.Seconds()] = count
	}
	return prometheus.MustNewConstHistogram(c.latency, count+l.Over, l.Sum.Seconds(), buckets)
}

// A family is a set of series that differ in one label.
type family struct {
	c     *collector
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	named bool // has a label
}

func (c *collector) gauge(name, help string, label ...string) family {
	return family{c, prometheus.NewDesc("salon_"+name, help, label, nil), prometheus.GaugeValue, len(label) > 0}
}

func (c *collector) counter(name, help string, label ...string) family {
	return family{c, prometheus.NewDesc("salon_"+name+"_total", help, label, nil), prometheus.CounterValue, len(label) > 0}
}

// is adds the series of the family whose label has the given value, "" if it has none.
func (f family) is(label string, value func(*reading) float64) family {
	one := figure{desc: f.desc, kind: f.kind, value: value}
	if f.named {
		one.label = []string{label}
	}
	f.c.figures = append(f.c.figures, one)
	return f
}

func (c *collector) rooms() {
	c.gauge("rooms", "Rooms on this node.").
		is("", func(r *reading) float64 { return float64(r.Rooms) })
	c.gauge("participants", "Participants in the rooms of this node.").
		is("", func(r *reading) float64 { return float64(r.participants) })
	c.gauge("publishers", "Participants that publish at least one track.").
		is("", func(r *reading) float64 { return float64(r.publishers) })
	c.counter("visits_dropped", "Comings and goings of participants that the attendance had to find out by asking the rooms.").
		is("", func(r *reading) float64 { return float64(r.VisitsDropped) })
	c.gauge("tracks", "Tracks published in the rooms of this node.").
		is("", func(r *reading) float64 { return float64(r.tracks) })
}

func (c *collector) packets() {
	c.counter("rtp_packets", "RTP packets received (opened) and forwarded (before sealing).", "direction").
		is("in", func(r *reading) float64 { return float64(r.Forward.PacketsIn) }).
		is("out", func(r *reading) float64 { return float64(r.Forward.PacketsOut) })
	c.counter("rtp_bytes", "Bytes of those packets, without SRTP, UDP and IP.", "direction").
		is("in", func(r *reading) float64 { return float64(r.Forward.BytesIn) }).
		is("out", func(r *reading) float64 { return float64(r.Forward.BytesOut) })
	c.counter("rtp_dropped_packets", "RTP packets received and not forwarded, by cause.", "cause").
		is("malformed", func(r *reading) float64 { return float64(r.Forward.DroppedMalformed) }).
		is("unknown_stream", func(r *reading) float64 { return float64(r.Forward.DroppedUnknown) }).
		is("repeated", func(r *reading) float64 { return float64(r.Forward.DroppedRepeated) }).
		is("too_many_streams", func(r *reading) float64 { return float64(r.Forward.DroppedBound) })
}

// sealed counts what SRTP stands for: a packet that is not authentic is an attack, or a fault of one of the two ends.
func (c *collector) sealed() {
	c.counter("srtp_refused_packets", "RTP and RTCP packets received and not opened, by cause.", "cause").
		is("early", func(r *reading) float64 { return float64(r.Transport.Early) }).
		is("malformed", func(r *reading) float64 { return float64(r.Transport.Malformed) }).
		is("unauthentic", func(r *reading) float64 { return float64(r.Transport.Unauthentic) }).
		is("replayed", func(r *reading) float64 { return float64(r.Transport.Replayed) })
	c.counter("srtp_unsent_packets", "RTP and RTCP packets of our own for peers without a way or keys.").
		is("", func(r *reading) float64 { return float64(r.Transport.Unsent) })
}

func (c *collector) repairs() {
	c.counter("rtp_nacked_packets", "Packets asked for again: of us (in) and by us (out).", "direction").
		is("in", func(r *reading) float64 { return float64(r.Forward.NACKsIn) }).
		is("out", func(r *reading) float64 { return float64(r.Forward.NACKsOut) })
	c.counter("rtp_resent_packets", "Packets asked for again: sent, or no longer kept.", "outcome").
		is("sent", func(r *reading) float64 { return float64(r.Forward.Resent) }).
		is("missed", func(r *reading) float64 { return float64(r.Forward.ResendMissed) })
	c.counter("keyframe_requests", "Keyframe requests: from subscribers (in), to publishers (out).", "direction").
		is("in", func(r *reading) float64 { return float64(r.Forward.KeyframesWanted) }).
		is("out", func(r *reading) float64 { return float64(r.Forward.KeyframesAsked) })
	c.counter("keyframes", "Keyframes received from publishers.").
		is("", func(r *reading) float64 { return float64(r.Forward.Keyframes) })
	c.counter("transport_feedback_packets", "Transport-wide feedback from subscribers.").
		is("", func(r *reading) float64 { return float64(r.Forward.TransportFeedback) })
	c.counter("rtcp_malformed_packets", "RTCP packets that could not be read.").
		is("", func(r *reading) float64 { return float64(r.Forward.RTCPMalformed) })
	c.counter("rtcp_unsent_packets", "RTCP packets of our own that were too long to send.").
		is("", func(r *reading) float64 { return float64(r.Forward.RTCPUnsent) })
}

func (c *collector) legs() {
	c.gauge("legs", "Subscriptions by what they get: a spatial layer, audio, nothing wanted, or waiting for a keyframe.", "gets").
		is("audio", func(r *reading) float64 { return float64(r.Forward.Legs.Audio) }).
		is("layer_0", func(r *reading) float64 { return float64(r.Forward.Legs.Layers[0]) }).
		is("layer_1", func(r *reading) float64 { return float64(r.Forward.Legs.Layers[1]) }).
		is("layer_2", func(r *reading) float64 { return float64(r.Forward.Legs.Layers[2]) }).
		is("paused", func(r *reading) float64 { return float64(r.Forward.Legs.Paused) }).
		is("waiting", func(r *reading) float64 { return float64(r.Forward.Legs.Waits) })
}

func (c *collector) datagrams() {
	c.counter("udp_datagrams", "Datagrams of the media port, of all kinds.", "direction").
		is("in", func(r *reading) float64 { return float64(r.UDP.DatagramsIn) }).
		is("out", func(r *reading) float64 { return float64(r.UDP.DatagramsOut) })
	c.counter("udp_bytes", "Bytes of those datagrams, without UDP and IP headers.", "direction").
		is("in", func(r *reading) float64 { return float64(r.UDP.BytesIn) }).
		is("out", func(r *reading) float64 { return float64(r.UDP.BytesOut) })
	c.counter("udp_system_calls", "System calls that moved them.", "direction").
		is("in", func(r *reading) float64 { return float64(r.UDP.ReadCalls) }).
		is("out", func(r *reading) float64 { return float64(r.UDP.WriteCalls) })
	c.counter("udp_joined_messages", "Messages that carried several datagrams (GRO, GSO).", "direction").
		is("in", func(r *reading) float64 { return float64(r.UDP.JoinedIn) }).
		is("out", func(r *reading) float64 { return float64(r.UDP.JoinedOut) })
	c.counter("udp_dropped_datagrams", "Datagrams dropped, by cause.", "cause").
		is("send_full", func(r *reading) float64 { return float64(r.UDP.DropSendFull) }).
		is("send_error", func(r *reading) float64 { return float64(r.UDP.DropSendError) }).
		is("no_socket", func(r *reading) float64 { return float64(r.UDP.DropNoSocket) }).
		is("garbage", func(r *reading) float64 { return float64(r.UDP.DropGarbage) }).
		is("malformed_stun", func(r *reading) float64 { return float64(r.UDP.DropMalformedSTUN) }).
		is("unknown_ufrag", func(r *reading) float64 { return float64(r.UDP.DropUnknownUfrag) }).
		is("unknown_answer", func(r *reading) float64 { return float64(r.UDP.DropUnknownAnswer) }).
		is("unknown_address", func(r *reading) float64 { return float64(r.UDP.DropUnknownAddress) }).
		is("no_handler", func(r *reading) float64 { return float64(r.UDP.DropNoHandler) }).
		is("queue_full", func(r *reading) float64 { return float64(r.UDP.DropQueueFull) })
	c.gauge("udp_remembered", "What the media port remembers of its peers.", "what").
		is("ufrags", func(r *reading) float64 { return float64(r.UDP.Ufrags) }).
		is("addresses", func(r *reading) float64 { return float64(r.UDP.Addresses) }).
		is("questions", func(r *reading) float64 { return float64(r.UDP.Questions) })
	c.counter("udp_refused_addresses", "Claims to an address that another live peer holds.").
		is("", func(r *reading) float64 { return float64(r.UDP.AddressesRefused) })
}

func (c *collector) streams() {
	c.gauge("tcp_connections", "TCP connections of the media port open at the moment.").
		is("", func(r *reading) float64 { return float64(r.TCP.Open) })
	c.counter("tcp_accepted_connections", "TCP connections taken.").
		is("", func(r *reading) float64 { return float64(r.TCP.Accepted) })
	c.counter("tcp_ended_connections", "TCP connections ended or not taken, by cause.", "cause").
		is("refused", func(r *reading) float64 { return float64(r.TCP.Refused) }).
		is("unproven", func(r *reading) float64 { return float64(r.TCP.Unproven) }).
		is("silent", func(r *reading) float64 { return float64(r.TCP.Silent) }).
		is("malformed", func(r *reading) float64 { return float64(r.TCP.Malformed) }).
		is("broken", func(r *reading) float64 { return float64(r.TCP.Broken) })
	c.counter("tcp_datagrams", "Datagrams over TCP; they are among those of the media port, too.", "direction").
		is("in", func(r *reading) float64 { return float64(r.TCP.DatagramsIn) }).
		is("out", func(r *reading) float64 { return float64(r.TCP.DatagramsOut) })
	c.counter("tcp_dropped_datagrams", "Datagrams for a TCP connection that did not drain.").
		is("", func(r *reading) float64 { return float64(r.TCP.Dropped) })
}

func (c *collector) sessions() {
	c.gauge("sessions", "Signalling connections open at the moment.").
		is("", func(r *reading) float64 { return float64(r.door.Sessions) })
	c.counter("sessions_joined", "Participants let in.").
		is("", func(r *reading) float64 { return float64(r.door.Joined) })
	c.gauge("sessions_led", "Requests whose room is looked for, or that another node answers at the moment.").
		is("", func(r *reading) float64 { return float64(r.door.Led) })
	c.counter("sessions_passed", "Requests to join that another node has answered.").
		is("", func(r *reading) float64 { return float64(r.door.Passed) })
	c.counter("sessions_astray", "Looks for a room that was not where it should have been.").
		is("", func(r *reading) float64 { return float64(r.door.Astray) })
	c.counter("sessions_refused", "Requests refused before they became a session.").
		is("", func(r *reading) float64 { return float64(r.door.Refused) })
	c.counter("sessions_ended", "Sessions ended by the server, by cause.", "cause").
		is("oversized_message", func(r *reading) float64 { return float64(r.door.Oversized) }).
		is("slow", func(r *reading) float64 { return float64(r.door.Slow) }).
		is("silent", func(r *reading) float64 { return float64(r.door.Silent) })
	c.counter("signal_messages", "Messages of the client protocol.", "direction").
		is("in", func(r *reading) float64 { return float64(r.door.MessagesIn) }).
		is("out", func(r *reading) float64 { return float64(r.door.MessagesOut) })
	c.counter("signal_malformed_messages", "Messages of clients that could not be read.").
		is("", func(r *reading) float64 { return float64(r.door.Malformed) })
	c.counter("signal_refused_requests", "Requests within a session answered with a refusal.").
		is("", func(r *reading) float64 { return float64(r.door.RequestsRefused) })
	c.counter("signal_dropped_packets", "Data packets that could not be read or were not allowed.").
		is("", func(r *reading) float64 { return float64(r.door.PacketsDropped) })
}

// metrics serves the series of the media server, the Go runtime and the process, and more.
func metrics(m media, d door, more ...prometheus.Collector) http.Handler {
	reg := prometheus.NewRegistry()
	reg.MustRegister(newCollector(m, d), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	reg.MustRegister(more...)
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}
