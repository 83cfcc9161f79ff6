package gallery_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"salon/clubapi"
	"salon/clubapi/gallery"
	"salon/clubapi/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// wing is a gallery over a real store, with one person in it.
type wing struct {
	*gallery.Gallery
	store  *sqlite.Store
	folder string
	owner  int64
}

func open(t *testing.T, quota int64) *wing {
	t.Helper()
	w := &wing{folder: filepath.Join(t.TempDir(), "pictures")}
	var err error
	if w.store, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "club.db"), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if w.Gallery, err = gallery.New(gallery.Config{Quota: quota}, w.folder, w.store); err != nil {
		t.Fatal(err)
	}
	u, err := w.store.CreateUser(t.Context(), clubapi.User{Nickname: "지은", PasswordHash: "h", CreatedAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	w.owner = u.ID
	return w
}

// grey is a small picture, another one for each shade.
func grey(t *testing.T, shade uint8) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range m.Pix {
		m.Pix[i] = shade
	}
	m.SetGray(0, 0, color.Gray{Y: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (w *wing) keep(t *testing.T, shade uint8, now time.Time) clubapi.Picture {
	t.Helper()
	p, err := w.Keep(t.Context(), grey(t, shade), w.owner, now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w *wing) there(t *testing.T, p clubapi.Picture) bool {
	t.Helper()
	f, err := w.Open(p.Name)
	if errors.Is(err, clubapi.ErrNotFound) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil || int64(len(content)) != p.Bytes {
		t.Fatalf("%d bytes, %v; want %d", len(content), err, p.Bytes)
	}
	return true
}

func (w *wing) files(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir(w.folder)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// wear makes the person's picture that one; none for an empty name.
func (w *wing) wear(t *testing.T, url string) {
	t.Helper()
	_, err := w.store.UpdateUser(t.Context(), w.owner, func(u clubapi.User) (clubapi.User, error) {
		u.UserImg = url
		return u, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPictureIsKeptOnce(t *testing.T) {
	w := open(t, 0)
	now := time.Now()
	first, again := w.keep(t, 1, now), w.keep(t, 1, now.Add(time.Hour))
	if first.Name != again.Name || w.files(t) != 1 || !w.there(t, first) {
		t.Errorf("%s and %s, %d files", first.Name, again.Name, w.files(t))
	}
	info, err := os.Stat(filepath.Join(w.folder, first.Name))
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if info, err = os.Stat(w.folder); err != nil || info.Mode() != 0o700|fs.ModeDir {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(w.folder, first.Name), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if w.keep(t, 1, now); !w.there(t, first) {
		t.Error("a torn file was not mended")
	}
}

func TestQuotaIsEachPersons(t *testing.T) {
	w := open(t, 1500)
	now := time.Now()
	var kept []clubapi.Picture
	for shade := range uint8(100) {
		p, err := w.Keep(t.Context(), grey(t, shade), w.owner, now)
		if errors.Is(err, clubapi.ErrPicturesFull) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, p)
	}
	if n := len(kept); n == 0 || n == 100 || w.files(t) != n {
		t.Fatalf("%d kept, %d files", n, w.files(t))
	}
	w.keep(t, 0, now) // kept already
	u, err := w.store.CreateUser(t.Context(), clubapi.User{Nickname: "둘째", PasswordHash: "h", CreatedAt: now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Keep(t.Context(), grey(t, 200), u.ID, now); err != nil {
		t.Error(err)
	}
}

func TestUnusedPicturesGoAfterADay(t *testing.T) {
	w := open(t, 0)
	start := time.Now()
	worn, unused := w.keep(t, 1, start), w.keep(t, 2, start)
	w.wear(t, "https://salon.example"+worn.URL())
	stray := filepath.Join(w.folder, "new-123")
	late := start.Add(time.Minute) // file systems take the time from a clock some milliseconds behind
	if err := errors.Join(os.WriteFile(stray, nil, 0o600), os.Chtimes(stray, late, late)); err != nil {
		t.Fatal(err)
	}
	sweep := func(after time.Duration, want int, left ...clubapi.Picture) {
		t.Helper()
		if n, err := w.Sweep(t.Context(), start.Add(after)); err != nil || n != want {
			t.Errorf("after %s %d went, %v; want %d", after, n, err, want)
		}
		for _, p := range left {
			if !w.there(t, p) {
				t.Errorf("after %s %s is gone", after, p.Name)
			}
		}
	}
	sweep(time.Hour, 0, worn, unused)
	sweep(24*time.Hour, 0, worn, unused)
	sweep(25*time.Hour, 2, worn) // and the stray
	if w.there(t, unused) || w.files(t) != 1 {
		t.Errorf("unused is there, or a stray: %d files", w.files(t))
	}
	w.wear(t, "")
	sweep(48*time.Hour, 0, worn)
	w.keep(t, 1, start) // looked at again: another day
	sweep(72*time.Hour, 0, worn)
	w.wear(t, worn.URL())
	sweep(100*time.Hour, 0, worn)
	w.wear(t, "")
	sweep(101*time.Hour, 0, worn)
	sweep(125*time.Hour, 1)
	if w.files(t) != 0 {
		t.Errorf("%d files", w.files(t))
	}
}

// TestKeepingWhileSweeping uploads the same pictures over and over while they are swept:
// what was kept last is there.
func TestKeepingWhileSweeping(t *testing.T) {
	w := open(t, 0)
	now := time.Now()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := w.Sweep(t.Context(), now.Add(time.Duration(i)*25*time.Hour)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for i := range 60 {
		p := w.keep(t, uint8(i%3), now)
		var rows int
		left, err := w.store.ForgetPictures(t.Context(), now, time.Time{})
		if rows = len(left); err != nil || rows > 3 {
			t.Fatal(rows, err)
		}
		_ = p
	}
	close(stop)
	wg.Wait()
	var last []clubapi.Picture
	for i := range 3 {
		last = append(last, w.keep(t, uint8(i), now))
	}
	for _, p := range last {
		if !w.there(t, p) {
			t.Errorf("%s has a row and no file", p.Name)
		}
	}
}

func TestWhatIsNoPictureIsNotKept(t *testing.T) {
	w := open(t, 0)
	for _, upload := range []string{"", "words", "\x89PNG\r\n\x1a\n"} {
		if _, err := w.Keep(t.Context(), []byte(upload), w.owner, time.Now()); !errors.Is(err, clubapi.ErrPicture) {
			t.Errorf("%q: %v", upload, err)
		}
	}
	if w.files(t) != 0 {
		t.Errorf("%d files", w.files(t))
	}
	for _, name := range []string{"", ".", "..", "../club.db", fmt.Sprintf("%052d.jpg", 0)} {
		if f, err := w.Open(name); !errors.Is(err, clubapi.ErrNotFound) {
			t.Errorf("%q: %v, %v", name, f, err)
		}
	}
	if _, err := gallery.Put(w.folder, "../x.jpg", []byte("x")); err == nil {
		t.Error("a name that is not the hash was taken")
	}
}
