package redistest_test

import (
	"errors"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"salon/signaling/cluster/redistest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServerForgetsWithItsEndAndPausesWithoutOne(t *testing.T) {
	s, err := redistest.Start(t.TempDir(), "--requirepass", "secret")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Kill() }()
	if _, err := s.Do("SET", "k", "v"); !errors.Is(err, redistest.ErrReply) {
		t.Errorf("without the password: %v", err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}

	s, err = redistest.Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Kill() }()
	do := func(want string, words ...string) {
		t.Helper()
		if got, err := s.Do(words...); err != nil || got != want {
			t.Errorf("%v: %q %v, want %q", words, got, err, want)
		}
	}
	do("OK", "SET", "k", "v")
	if err := s.Pause(); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Do("GET", "k"); err == nil {
		t.Errorf("paused, it says %q", got)
	}
	if err := s.Resume(); err != nil {
		t.Fatal(err)
	}
	do("v", "GET", "k")
	if err := errors.Join(s.Kill(), s.Kill(), s.Restart()); err != nil {
		t.Fatal(err)
	}
	do("", "GET", "k")
	if err := errors.Join(s.Pause(), s.Stop()); err != nil {
		t.Errorf("stop a paused one: %v", err)
	}
}

func TestStartSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", "")
	if _, err := redistest.Start(t.TempDir()); !errors.Is(err, redistest.ErrMissing) || !strings.Contains(err.Error(), "apt-get install redis-server") {
		t.Error(err)
	}
}

func TestStartSaysWhyNot(t *testing.T) {
	if _, err := redistest.Start(t.TempDir(), "--no-such-setting", "x"); !errors.Is(err, redistest.ErrSilent) {
		t.Error(err)
	}
}
