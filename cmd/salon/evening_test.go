package main

import (
	"fmt"
	"io"
	"math"
	"testing"
	"time"
)

// TestHistoryOfAnEvening has six people meet about a book in a running node. Some say things
// by caption, some type; the history knows all of it.
func TestHistoryOfAnEvening(t *testing.T) {
	cfg := testConfig(t)
	cfg.Club.HTTP.PasswordCost.MemoryKiB, cfg.Club.HTTP.PasswordCost.Iterations = 64, 1
	n, stop := serve(t, cfg)
	p := &process{t: t, addr: n.listener.Addr().String()}

	people := make([]*visitor, 6)
	for i := range people {
		people[i] = newVisitor(t, p)
		people[i].call("POST", "/api/v1/users", map[string]any{"nickname": fmt.Sprintf("회원 %d", i+1), "password": "book-club!"})
	}
	owner := people[0]
	book := owner.call("POST", "/api/v1/books", map[string]any{"title": "소년이 온다", "author": "한강"})
	club := owner.call("POST", "/api/v1/clubs", map[string]any{"title": "여섯 사람"})["id"]
	for _, v := range people[1:] {
		v.call("POST", fmt.Sprintf("/api/v1/clubs/%v/members", club), nil)
	}
	now := time.Now()
	conf := owner.call("POST", fmt.Sprintf("/api/v1/clubs/%v/conferences", club), map[string]any{
		"title": "첫 모임", "book_id": book["id"],
		"call_start_time": now.Format(time.RFC3339), "call_end_time": now.Add(time.Hour).Format(time.RFC3339),
	})
	path := fmt.Sprintf("/api/v1/conferences/%v", conf["id"])

	var came, left [6]time.Time
	var doors [6]io.Closer
	for i, v := range people {
		came[i] = time.Now()
		doors[i] = v.enter(path)
		source := []string{"typed", "caption"}[i%2]
		v.call("POST", path+"/notes", map[string]any{"text": fmt.Sprintf("%d번째 말", i+1), "source": source})
	}
	owner.until(path, func(list []any) bool { return len(list) == 6 })
	pause := time.NewTicker(500 * time.Millisecond)
	defer pause.Stop()
	for i, door := range doors {
		<-pause.C
		left[i] = time.Now()
		if err := door.Close(); err != nil {
			t.Error(err)
		}
	}
	owner.until(path, func(list []any) bool {
		for _, a := range list {
			if isPresent(a.(map[string]any)) {
				return false
			}
		}
		return true
	})

	items := people[5].call("GET", fmt.Sprintf("/api/v1/clubs/%v/history", club), nil)["items"].([]any)
	if len(items) != 1 {
		t.Fatalf("history %v", items)
	}
	entry := items[0].(map[string]any)
	if entry["note_count"] != 6.0 || entry["conference"].(map[string]any)["book"].(map[string]any)["title"] != "소년이 온다" {
		t.Errorf("history %v", entry)
	}
	who := entry["attendance"].([]any)
	if len(who) != 6 {
		t.Fatalf("attendance %v", who)
	}
	for i, a := range who {
		a := a.(map[string]any)
		owner.near(fmt.Sprintf("coming of %v", a["user"]), a["joined_at"], came[i])
		owner.near(fmt.Sprintf("leaving of %v", a["user"]), a["left_at"], left[i])
		if want := left[i].Sub(came[i]).Seconds(); math.Abs(a["seconds"].(float64)-want) > truth.Seconds() {
			t.Errorf("%v stayed %v s, want %.1f", a["user"], a["seconds"], want)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// until waits for the attendance to be as wanted, which must be within truth.
func (v *visitor) until(conference string, wanted func([]any) bool) {
	v.t.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for end := time.Now().Add(truth); ; <-again.C {
		list := v.call("GET", conference+"/attendance", nil)["items"].([]any)
		if wanted(list) {
			return
		}
		if time.Now().After(end) {
			v.t.Fatalf("attendance %v", list)
		}
	}
}
