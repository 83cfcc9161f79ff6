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

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key, secret = "key", "a secret of thirty-two characters"

// measure puts a load on a baseline of its own.
func measure(t *testing.T, name string, size scenario.Size) *report.Report {
	t.Helper()
	b, err := baseline.New(baseline.Config{
		Keys: token.Keys{key: secret}, Host: netip.MustParseAddr("127.0.0.1"), Now: time.Now,
	}, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	door := httptest.NewServer(b)
	t.Cleanup(func() {
		b.Close()
		door.Close()
	})
	s, err := scenario.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	r, err := loadtest.Run(t.Context(), s, loadtest.Config{
		URL: strings.Replace(door.URL, "http", "ws", 1), Key: key, Secret: secret, Size: size,
		Duration: time.Second, Ramp: 200 * time.Millisecond,
	}, progress.New(t.Output()), slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEverybodyGetsEverythingInARoomOfThree(t *testing.T) {
	c := measure(t, "club", scenario.Size{Rooms: 1, Participants: 3}).Client
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
}
