package baseline_test

import (
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"salon/loadtest"
	"salon/loadtest/baseline"
	"salon/loadtest/progress"
	"salon/loadtest/report"
	"salon/loadtest/scenario"
	"salon/signaling/token"
)

func TestMain(m *testing.M) {
	// Two goroutines of pion may outlive a graceful close: the probe of media that came before its description, and
	// the reader of a track whose receiver starts only after the close has stopped it. Both wait on a stream that
	// nobody closes any more.
	const connection = "github.com/pion/webrtc/v4.(*PeerConnection)."
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction(connection+"handleIncomingSSRC"),
		goleak.IgnoreAnyFunction(connection+"startReceiver.func1"))
}

const key, secret = "key", "a secret of thirty-two characters"

// measure puts a load on a baseline of its own.
func measure(t *testing.T, s scenario.Scenario, size scenario.Size, numbered bool) report.Client {
	t.Helper()
	b, err := baseline.New(baseline.Config{
		Keys: token.Keys{key: secret}, Host: netip.MustParseAddr("127.0.0.1"), Now: time.Now, Numbered: numbered,
	}, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	door := httptest.NewServer(b)
	t.Cleanup(func() {
		b.Close()
		door.Close()
	})
	r, err := loadtest.Run(t.Context(), s, loadtest.Config{
		URLs: []string{strings.Replace(door.URL, "http", "ws", 1)}, Key: key, Secret: secret, Size: size,
		Duration: time.Second, Ramp: 200 * time.Millisecond,
	}, progress.New(t.Output()), slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	return r.Client
}

func find(t *testing.T, name string) scenario.Scenario {
	t.Helper()
	s, err := scenario.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEverybodyGetsEverythingInARoomOfThree(t *testing.T) {
	c := measure(t, find(t, "club"), scenario.Size{Rooms: 1, Participants: 3}, false)
	if c.Connected != 3 || c.Failed != 0 || c.MissingTracks != 0 {
		t.Errorf("connected %d, failed %d, missing tracks %d", c.Connected, c.Failed, c.MissingTracks)
	}
	if c.Packets == 0 || c.Packets != c.Expected || c.Undecryptable+c.Strange+c.Duplicates != 0 {
		t.Errorf("%d packets of %d, undecryptable %d, strange %d, duplicates %d",
			c.Packets, c.Expected, c.Undecryptable, c.Strange, c.Duplicates)
	}
	if c.PlainPackets == 0 || c.PlainPackets == c.Packets {
		t.Errorf("%d of %d packets by the independent stack", c.PlainPackets, c.Packets)
	}
	if c.Feedback.Transport != 0 {
		t.Errorf("%d messages of transport-wide feedback on packets without numbers", c.Feedback.Transport)
	}
}

func TestNumberedPacketsAreAnsweredByFeedback(t *testing.T) {
	c := measure(t, find(t, "fanout"), scenario.Size{Subscribers: 2}, true)
	if c.Feedback.Transport == 0 || c.Packets == 0 || c.Packets != c.Expected {
		t.Errorf("%d messages of feedback, %d packets of %d", c.Feedback.Transport, c.Packets, c.Expected)
	}
}

func TestPeopleComeAndGoWhileOthersStay(t *testing.T) {
	s, err := scenario.Custom{Name: "visits", Groups: []scenario.Group{
		{Seats: 2, Audio: true, Video: true, Subscribe: true},
		{Seats: 4, Audio: true, Video: true, Subscribe: true, Join: 100 * time.Millisecond, Stay: 400 * time.Millisecond},
	}}.Scenario()
	if err != nil {
		t.Fatal(err)
	}
	c := measure(t, s, scenario.Size{}, false)
	if c.Joined != 6 || c.Failed != 0 || c.Undecryptable+c.Strange != 0 {
		t.Errorf("joined %d, failed %d, undecryptable %d, strange %d", c.Joined, c.Failed, c.Undecryptable, c.Strange)
	}
	// Two who stay, for a second: what the visitors sent comes on top.
	if least := uint64(2 * 190); c.Packets <= least {
		t.Errorf("%d packets, want more than %d", c.Packets, least)
	}
}
