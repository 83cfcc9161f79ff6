package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// kills is how often TestWhatIsAcknowledgedSurvives kills the node.
func kills() int {
	if testing.Short() {
		return 10
	}
	return 50
}

// A ledger is what a node has acknowledged: what was told 2xx, to the end of the answer.
type ledger struct {
	mu     sync.Mutex
	notes  map[int64]string
	detail map[int64]int // by club, the last number written into its detail
}

// TestWhatIsAcknowledgedSurvives writes to a node over HTTP, kills it in the middle and
// starts it again, over and over: the file is whole, and every acknowledged write is there.
func TestWhatIsAcknowledgedSurvives(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	dir, binary := t.TempDir(), build(t)
	v := newVisitor(t, launchFrom(t, binary, dir))
	v.call("POST", "/api/v1/users", map[string]any{"nickname": "지은", "password": "read!books"})
	club := int64(v.call("POST", "/api/v1/clubs", map[string]any{"title": "책"})["id"].(float64))
	start := time.Now().Add(time.Hour)
	conference := int64(v.call("POST", fmt.Sprintf("/api/v1/clubs/%d/conferences", club), map[string]any{
		"title": "첫 모임", "call_start_time": start.Format(time.RFC3339), "call_end_time": start.Add(time.Hour).Format(time.RFC3339),
	})["id"].(float64))
	l := &ledger{notes: map[int64]string{}, detail: map[int64]int{}}
	for kill := range kills() {
		l.writeUntilKilled(t, v, club, conference, 1+random.IntN(25))
		whole(t, binary, dir)
		v.moveTo(launchFrom(t, binary, dir))
		l.compare(t, v, club, conference)
		if t.Failed() {
			t.Fatalf("after kill %d", kill+1)
		}
	}
	v.p.kill()
	t.Logf("%d notes, detail written %d times", len(l.notes), l.detail[club])
}

// build makes the binary as it is shipped: with the race detector, which this test's own may
// have, a start takes five times as long.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "salon")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", binary, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build salon: %v\n%s", err, out)
	}
	return binary
}

// writeUntilKilled lets four people write until the node has acknowledged so many writes
// and been killed, in the middle of others.
func (l *ledger) writeUntilKilled(t *testing.T, v *visitor, club, conference int64, writes int) {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Jar: v.jar, Transport: transport}
	acknowledged := make(chan struct{}, 10000)
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := l.first(w, club); ; i++ {
				text := fmt.Sprintf("말 %d %d", w, i)
				method, path, body := "POST", fmt.Sprintf("/api/v1/conferences/%d/notes", conference), map[string]any{"text": text}
				if w == 0 {
					method, path, body = "PATCH", fmt.Sprintf("/api/v1/clubs/%d", club), map[string]any{"detail": fmt.Sprint(i)}
				}
				answer, err := send(t, client, method, "http://"+v.p.addr+path, body)
				if err != nil {
					return // it is dead
				}
				l.mu.Lock()
				if w == 0 {
					l.detail[club] = i
				} else {
					l.notes[int64(answer["id"].(float64))] = text
				}
				l.mu.Unlock()
				acknowledged <- struct{}{}
			}
		})
	}
	for range writes {
		<-acknowledged
	}
	v.p.kill()
	all.Wait()
}

// first is the number a writer begins with.
func (l *ledger) first(writer int, club int64) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if writer == 0 {
		return l.detail[club] + 2 // the one in between may be written or not
	}
	return len(l.notes)
}

var errRefused = errors.New("refused")

func send(t *testing.T, client *http.Client, method, url string, body map[string]any) (map[string]any, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		t.Error(err)
		return nil, err
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(raw))
	if err != nil {
		t.Error(err)
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if raw, err = io.ReadAll(res.Body); err != nil {
		return nil, err
	}
	var answer map[string]any
	if err := json.Unmarshal(raw, &answer); err != nil || res.StatusCode >= http.StatusBadRequest {
		t.Errorf("%s %s: %d %s", method, url, res.StatusCode, raw)
		return nil, errRefused
	}
	return answer, nil
}

// compare holds what a node that was started again tells against the ledger.
func (l *ledger) compare(t *testing.T, v *visitor, club, conference int64) {
	t.Helper()
	stored := map[int64]string{}
	for after, more := "", true; more; {
		page := v.call("GET", fmt.Sprintf("/api/v1/conferences/%d/notes?limit=500&after=%s", conference, after), nil)
		for _, it := range page["items"].([]any) {
			note := it.(map[string]any)
			stored[int64(note["id"].(float64))] = note["text"].(string)
		}
		after, more = page["cursor"].(string), page["has_more"].(bool)
	}
	for id, text := range l.notes {
		if stored[id] != text {
			t.Errorf("note %d is %q, acknowledged as %q", id, stored[id], text)
		}
	}
	// The four writers had at most one write each under way at every kill.
	if most := len(l.notes) + 3*kills(); len(stored) > most {
		t.Errorf("%d notes, at most %d were sent", len(stored), most)
	}
	text := v.call("GET", fmt.Sprintf("/api/v1/clubs/%d", club), nil)["detail"].(string)
	if detail, err := strconv.Atoi("0" + text); err != nil || detail < l.detail[club] || detail > l.detail[club]+2 {
		t.Errorf("the detail is %q, acknowledged was %d", text, l.detail[club])
	}
}

// whole asks the program whether what a killed node has left is whole.
func whole(t *testing.T, binary, dir string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, "check")
	cmd.Env = []string{"SALON_DATA_DIR=" + dir}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("salon check: %v: %s", err, out)
	}
}

// TestRestoreUnderLoad backs a node up and restores it from another process while four
// people write to it: it answers everything, and goes on with what was restored.
func TestRestoreUnderLoad(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "house.tar")
	v := newVisitor(t, launch(t, dir))
	v.call("POST", "/api/v1/users", map[string]any{"nickname": "지은", "password": "read!books"})
	operator := []string{"SALON_DATA_DIR=" + dir, "SALON_LOG_LEVEL=error"}
	acknowledged := make(chan struct{}, 10000)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for signedIn := true; signedIn; {
				body := strings.NewReader(`{"title":"책"}`)
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+v.p.addr+"/api/v1/clubs", body)
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("Content-Type", "application/json")
				res, err := (&http.Client{Jar: v.jar, Transport: transport}).Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				answer, err := io.ReadAll(res.Body)
				signedIn = res.StatusCode != http.StatusUnauthorized
				if err := errors.Join(err, res.Body.Close()); err != nil || signedIn && res.StatusCode != http.StatusCreated {
					t.Errorf("%d %s, %v", res.StatusCode, answer, err)
					return
				}
				acknowledged <- struct{}{}
			}
		})
	}
	for _, command := range []string{"backup", "restore"} {
		for range 20 {
			<-acknowledged
		}
		if code, _, errs := call(operator, command, file); code != 0 {
			t.Errorf("%s: %s", command, errs)
		}
	}
	all.Wait() // everybody is signed out
	v.call("POST", "/api/v1/session", map[string]any{"nickname": "지은", "password": "read!books"})
	v.call("POST", "/api/v1/clubs", map[string]any{"title": "그 다음 책"})
	v.p.kill()
	if code, _, errs := call(operator, "check"); code != 0 {
		t.Error(errs)
	}
}
