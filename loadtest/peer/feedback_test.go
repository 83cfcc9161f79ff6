package peer

import (
	"testing"
	"time"

	"github.com/pion/rtcp"

	"salon/loadtest/media"
)

// kinds writes a list of packets as it travels and reads it back.
func kinds(t *testing.T, list []rtcp.Packet) []rtcp.Packet {
	t.Helper()
	raw, err := rtcp.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	back, err := rtcp.Unmarshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func of[T rtcp.Packet](list []rtcp.Packet) (found []T) {
	for _, p := range list {
		if m, ok := p.(T); ok {
			found = append(found, m)
		}
	}
	return found
}

func TestWhatIsMissingIsAskedForUntilItComes(t *testing.T) {
	f := newFeedback(1)
	now := time.Unix(50, 0)
	f.packet(now, 7, 65534, 0, media.VP8, true)
	f.packet(now, 7, 1, 0, media.VP8, false) // 65535 and 0 are missing
	asked := of[*rtcp.TransportLayerNack](kinds(t, f.due(now)))
	if len(asked) != 1 || asked[0].MediaSSRC != 7 || len(asked[0].Nacks) != 1 {
		t.Fatalf("asked %v", asked)
	}
	if numbers := asked[0].Nacks[0].PacketList(); len(numbers) != 2 || numbers[0] != 65535 || numbers[1] != 0 {
		t.Fatalf("asked for %v", numbers)
	}
	if again := of[*rtcp.TransportLayerNack](f.due(now.Add(time.Millisecond))); len(again) != 0 {
		t.Error("asked again at once")
	}
	f.repaired(65535)
	asked = of[*rtcp.TransportLayerNack](f.due(now.Add(nackEvery)))
	if len(asked) != 1 || asked[0].Nacks[0].PacketID != 0 {
		t.Fatalf("asked %v after one came", asked)
	}
	for range nackTries + 1 {
		now = now.Add(nackEvery)
		f.due(now)
	}
	if of[*rtcp.TransportLayerNack](f.due(now.Add(nackEvery))) != nil {
		t.Error("never gives up")
	}
	if f.counts.keyframes.Load() == 0 {
		t.Error("gave up, and wants no keyframe")
	}
}

func TestReportsTellOfLoss(t *testing.T) {
	f := newFeedback(1)
	now := time.Unix(50, 0)
	f.due(now)
	for n := range uint16(100) {
		if n%4 != 3 {
			f.packet(now, 9, n, uint32(n)*960, media.Opus, false)
			now = now.Add(20 * time.Millisecond)
		}
	}
	f.senderReport(now.Add(-time.Second), &rtcp.SenderReport{SSRC: 9, NTPTime: 0x0001_0002_0003_0004})
	reports := of[*rtcp.ReceiverReport](kinds(t, f.due(now)))
	if len(reports) != 1 || len(reports[0].Reports) != 1 {
		t.Fatalf("reports %v", reports)
	}
	r := reports[0].Reports[0]
	if r.SSRC != 9 || r.LastSequenceNumber != 98 || r.TotalLost != 24 || r.FractionLost != 24*256/99 {
		t.Errorf("report %+v", r)
	}
	if r.LastSenderReport != 0x0002_0003 || r.Delay != 65536 {
		t.Errorf("echo %x after %d", r.LastSenderReport, r.Delay)
	}
	if len(of[*rtcp.ReceiverReport](f.due(now.Add(reportEvery/4)))) != 0 {
		t.Error("reports too often")
	}
}

func TestTransportFeedbackTellsWhenWhatArrived(t *testing.T) {
	var a arrivals
	began := time.Unix(9, 0)
	at := map[uint16]time.Duration{65533: 0, 65535: 3 * time.Millisecond, 0: 3250 * time.Microsecond, 4: 90 * time.Millisecond, 3: 80 * time.Millisecond}
	for _, n := range []uint16{65533, 65535, 0, 3, 4} {
		a.note(began.Add(at[n]), n)
	}
	m := a.feedback(1, 2)
	back := of[*rtcp.TransportLayerCC](kinds(t, []rtcp.Packet{m}))
	if len(back) != 1 || back[0].BaseSequenceNumber != 65533 || back[0].PacketStatusCount != 8 {
		t.Fatalf("feedback %v", back)
	}
	got, clock := map[uint16]time.Duration{}, time.Duration(back[0].ReferenceTime)*twccReference
	i, n := 0, back[0].BaseSequenceNumber
	for _, chunk := range back[0].PacketChunks {
		for _, symbol := range chunk.(*rtcp.StatusVectorChunk).SymbolList {
			if symbol != rtcp.TypeTCCPacketNotReceived {
				clock += time.Duration(back[0].RecvDeltas[i].Delta) * time.Microsecond
				got[n] = clock
				i++
			}
			n++
		}
	}
	for n, want := range at {
		if got[n] != want {
			t.Errorf("packet %d arrived after %v, told %v", n, want, got[n])
		}
	}
	if len(got) != len(at) {
		t.Errorf("told %v", got)
	}
	if a.feedback(1, 2) != nil {
		t.Error("tells twice")
	}
	a.note(began.Add(time.Second), 6)
	a.note(began.Add(time.Minute), 7) // further away than a delta can tell
	for i, want := range []uint16{6, 7} {
		m := of[*rtcp.TransportLayerCC](kinds(t, []rtcp.Packet{a.feedback(1, 2)}))
		if len(m) != 1 || m[0].BaseSequenceNumber != want || int(m[0].FbPktCount) != i+1 || m[0].PacketStatusCount != 1 {
			t.Errorf("feedback %d: %v", i+1, m)
		}
	}
	for n := range uint16(60_000) { // more than may wait
		a.note(began.Add(time.Hour), 8+n)
	}
	if m := of[*rtcp.TransportLayerCC](kinds(t, []rtcp.Packet{a.feedback(1, 2)})); m[0].PacketStatusCount != twccMax {
		t.Errorf("%d packets in a message", m[0].PacketStatusCount)
	}
}

func TestFeedbackCostsNoMemoryForEachPacket(t *testing.T) {
	var a arrivals
	now, n := time.Unix(9, 0), uint16(0)
	if allocs := testing.AllocsPerRun(100, func() {
		for range 150 {
			a.note(now, n)
			n++
		}
		now = now.Add(twccEvery)
		a.feedback(1, 2)
	}); allocs > 0 {
		t.Errorf("%g allocations for each message", allocs)
	}
}

func TestSubscribersTellInPhasesOfTheirOwn(t *testing.T) {
	const subscribers = 50
	at := map[time.Duration]int{} // how many told when, within the interval
	for i := range uint32(subscribers) {
		f := newFeedback(i * (1 << 32 / subscribers))
		f.twcc = true
		told, reported := 0, 0
		for d := time.Duration(0); d < 10*time.Second; d += time.Millisecond {
			now := time.Unix(50, 0).Add(d)
			if d%(20*time.Millisecond) == 0 { // all get media at once
				f.packet(now, 7, uint16(d/(20*time.Millisecond)), 0, media.Opus, false)
				f.arrivals.note(now, uint16(d/(20*time.Millisecond)))
			}
			due := f.due(now)
			if len(due) == 0 {
				continue
			}
			for _, p := range kinds(t, due) {
				switch p.(type) {
				case *rtcp.TransportLayerCC:
					told++
					at[d%twccEvery]++
				case *rtcp.ReceiverReport:
					reported++
				}
			}
		}
		if told < 99 || told > 100 || reported < 9 || reported > 10 {
			t.Errorf("told %d times and reported %d times in 10 s", told, reported)
		}
	}
	for d, n := range at {
		if n > 2*100 {
			t.Errorf("%d of %d subscribers' messages at %v of the interval", n, subscribers*100, d)
		}
	}
}

func TestALateReaderKeepsItsPhase(t *testing.T) {
	var r rhythm
	start := time.Unix(50, 0)
	if r.due(start) {
		t.Error("due before it began")
	}
	r.begin(start, time.Second, 1<<31)
	if r.take(start.Add(499*time.Millisecond), time.Second) || !r.take(start.Add(3700*time.Millisecond), time.Second) {
		t.Error("not due at half a second, and once later on")
	}
	if r.due(start.Add(4499*time.Millisecond)) || !r.due(start.Add(4500*time.Millisecond)) {
		t.Error("the phase moved")
	}
}
