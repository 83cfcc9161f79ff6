package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite"
)

// kills is how often TestWhatIsAcknowledgedSurvives kills the node.
const kills = 50

// A ledger is what a node has acknowledged: what was told 2xx, to the end of the answer.
type ledger struct {
	mu     sync.Mutex
	notes  map[int64]string
	detail map[int64]int // by club, the last number written into its detail
}

// TestWhatIsAcknowledgedSurvives writes to a node over HTTP, kills it in the middle, and
// looks into its database, over and over: every acknowledged write is there, nothing is
// half there, and the file is whole.
func TestWhatIsAcknowledgedSurvives(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	p := launch(t, dir)
	v := newVisitor(t, p)
	v.call("POST", "/api/v1/users", map[string]any{"nickname": "지은", "password": "read!books"})
	club := int64(v.call("POST", "/api/v1/clubs", map[string]any{"title": "책"})["id"].(float64))
	start := time.Now().Add(time.Hour)
	conference := int64(v.call("POST", fmt.Sprintf("/api/v1/clubs/%d/conferences", club), map[string]any{
		"title": "첫 모임", "call_start_time": start.Format(time.RFC3339), "call_end_time": start.Add(time.Hour).Format(time.RFC3339),
	})["id"].(float64))
	l := &ledger{notes: map[int64]string{}, detail: map[int64]int{}}
	for round := range kills {
		if round > 0 {
			p = launch(t, dir)
		}
		v.moveTo(p)
		l.writeUntilKilled(t, v, club, conference, 1+random.IntN(25))
		l.compare(t, filepath.Join(dir, databaseFile), club, conference)
		if t.Failed() {
			t.Fatalf("after kill %d", round+1)
		}
	}
	t.Logf("%d notes, detail written %d times", len(l.notes), l.detail[club])
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

// compare holds the database against the ledger.
func (l *ledger) compare(t *testing.T, path string, club, conference int64) {
	t.Helper()
	s, err := sqlite.OpenBeside(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	const owner, many = 1, 100_000
	page, version, err := s.Notes(t.Context(), conference, owner, clubapi.Span{Limit: many})
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(page.Items)) != version {
		t.Errorf("%d notes after %d writes: half a write", len(page.Items), version)
	}
	stored := map[int64]string{}
	for _, n := range page.Items {
		stored[n.ID] = n.Text
	}
	for id, text := range l.notes {
		if stored[id] != text {
			t.Errorf("note %d is %q, acknowledged as %q", id, stored[id], text)
		}
	}
	c, err := s.Club(t.Context(), club, owner)
	if err != nil {
		t.Fatal(err)
	}
	if detail, err := strconv.Atoi("0" + c.Detail); err != nil || detail < l.detail[club] || detail > l.detail[club]+2 {
		t.Errorf("the detail is %q, acknowledged was %d", c.Detail, l.detail[club])
	}
}
