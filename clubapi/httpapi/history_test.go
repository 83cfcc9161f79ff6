package httpapi_test

import (
	"fmt"
	"mime"
	"strings"
	"testing"
	"time"

	"salon/clubapi"
)

// stays tells the store of stays as the media side would: pairs of minutes since the house was
// opened, the second one negative for who is still there.
func (h *house) stays(t *testing.T, conference int64, user int64, fromTo ...int) {
	t.Helper()
	opened := time.Date(2026, 1, 5, 17, 0, 0, 0, time.UTC)
	var all []clubapi.Stay
	for i := 0; i+1 < len(fromTo); i += 2 {
		s := clubapi.Stay{
			Participant: fmt.Sprintf("PA_%d_%d_%d", conference, user, fromTo[i]), ConferenceID: conference, User: clubapi.Person{ID: user},
			JoinedAt: opened.Add(time.Duration(fromTo[i]) * time.Minute),
		}
		if fromTo[i+1] >= 0 {
			s.LeftAt = opened.Add(time.Duration(fromTo[i+1]) * time.Minute)
		}
		all = append(all, s)
	}
	if err := h.store.RecordStays(t.Context(), "ND_1", all, h.now()); err != nil {
		t.Fatal(err)
	}
}

func TestAttendanceIsTold(t *testing.T) {
	h := open(t)
	owner, guest, away := h.person(t, "지은"), h.person(t, "민아"), h.person(t, "늦은")
	club := owner.club("책")
	guest.join(club)
	away.join(club)
	conf := owner.conference(club, 0)
	list := path("/api/v1/conferences/%d/attendance", conf)
	if got := owner.call("GET", list, nil).want(200).list("items"); len(got) != 0 {
		t.Errorf("before: %v", got)
	}
	h.stays(t, conf, guest.id, 1, 11, 21, 31, 25, 41) // two devices for some minutes
	h.stays(t, conf, owner.id, 0, -1)
	h.stays(t, conf, 999, 0, 5)
	h.stays(t, 999, guest.id, 0, 5)
	h.wait(time.Hour)
	got := owner.call("GET", list, nil).want(200).list("items")
	if len(got) != 2 {
		t.Fatalf("attendance %v", got)
	}
	first, second := got[0], got[1]
	if first["user"].(m)["nickname"] != "지은" || first["minutes"] != 60.0 || first["present"] != true || first["left_at"] != nil {
		t.Errorf("who is there still: %v", first)
	}
	if second["minutes"] != 30.0 || second["seconds"] != 1800.0 || second["present"] != false || second["left_at"] != "2026-01-05T17:41:00Z" {
		t.Errorf("who left: %v", second)
	}
	if got := guest.call("GET", path("/api/v1/conferences/%d", conf), nil).want(200).num("present"); got != 1 {
		t.Errorf("%d present", got)
	}
}

func TestForgottenStaysEndWhenTheyWereSeen(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	conf := owner.conference(owner.club("책"), 0)
	h.stays(t, conf, owner.id, 0, -1)
	h.wait(10 * time.Minute)
	h.stays(t, conf, owner.id) // seen now
	h.wait(time.Hour)
	for _, want := range []int64{1, 0} {
		if n, err := h.store.EndForgottenStays(t.Context()); n != want || err != nil {
			t.Fatalf("ended %d: %v", n, err)
		}
	}
	h.stays(t, conf, owner.id, 70, -1) // back in the next process
	h.wait(5 * time.Minute)
	got := owner.call("GET", path("/api/v1/conferences/%d/attendance", conf), nil).want(200).list("items")
	if len(got) != 1 || got[0]["minutes"] != 15.0 || got[0]["present"] != true {
		t.Errorf("attendance %v", got)
	}
}

func TestHistoryTellsWhatTookPlace(t *testing.T) {
	h := open(t)
	owner, guest := h.person(t, "지은"), h.person(t, "민아")
	club := owner.club("책")
	guest.join(club)
	book := owner.book("소년이 온다")
	first := owner.conference(club, 0)
	owner.call("PATCH", path("/api/v1/conferences/%d", first), m{"book_id": book}).want(200)
	owner.note(first, "말")
	guest.note(first, "또 말")
	cancelled := owner.conference(club, 3*time.Hour)
	owner.call("POST", path("/api/v1/conferences/%d/cancel", cancelled), nil).want(200)
	empty := owner.conference(club, 6*time.Hour)
	owner.conference(club, 24*time.Hour) // not yet
	list := path("/api/v1/clubs/%d/history", club)

	if got := guest.call("GET", list, nil).want(200).list("items"); len(got) != 0 {
		t.Errorf("before anybody came: %v", got)
	}
	h.stays(t, first, guest.id, 0, -1)
	if got := guest.call("GET", list, nil).want(200).list("items"); len(got) != 1 || got[0]["conference"].(m)["status"] != "live" {
		t.Errorf("while it is on: %v", got)
	}
	h.stays(t, first, guest.id, 0, 50)
	h.wait(12 * time.Hour)
	page := guest.call("GET", list+"?limit=1", nil).want(200)
	if got := page.list("items"); len(got) != 1 || got[0]["conference"].(m)["id"] != float64(empty) || len(got[0]["attendance"].([]any)) != 0 {
		t.Errorf("the latest: %v", got)
	}
	page = guest.call("GET", list+"?limit=1&cursor="+page.str("next_cursor"), nil).want(200)
	got := page.list("items")
	if len(got) != 1 || page.header.Get("Link") != "" {
		t.Fatalf("page %s", page.raw)
	}
	conf, who := got[0]["conference"].(m), got[0]["attendance"].([]any)
	if conf["id"] != float64(first) || conf["book"].(m)["title"] != "소년이 온다" || got[0]["note_count"] != 2.0 || len(who) != 1 || who[0].(m)["minutes"] != 50.0 {
		t.Errorf("history %v", got[0])
	}
}

func TestMinutesAreExported(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	conf := owner.conference(owner.club("책 읽는 저녁"), 0)
	file := path("/api/v1/conferences/%d/minutes", conf)
	h.stays(t, conf, owner.id, 2, 62)
	h.wait(5 * time.Minute)
	owner.call("POST", path("/api/v1/conferences/%d/notes", conf), m{"text": "<b>첫</b> --> 말", "source": "caption"}).want(201)

	for format, want := range map[string]struct{ kind, name, says string }{
		"markdown": {"text/markdown", "2026-01-06 첫 모임.md", "# 첫 모임\n\n- 모임: 책 읽는 저녁\n- 일시: 2026년 1월 6일 (화) 02:00–04:00 (Asia/Seoul)\n\n## 참석\n\n- 지은: 60분\n"},
		"vtt":      {"text/vtt", "2026-01-06 첫 모임.vtt", "00:03:00.000 --> 00:03:02.000\n<v 지은>&lt;b&gt;첫&lt;/b&gt; --&gt; 말\n"},
		"json":     {"application/json", "2026-01-06 첫 모임.json", `"source":"caption"`},
	} {
		got := owner.call("GET", file+"?format="+format, nil).want(200)
		_, parts, err := mime.ParseMediaType(got.header.Get("Content-Disposition"))
		if err != nil || parts["filename"] != want.name || !strings.HasPrefix(got.header.Get("Content-Type"), want.kind) {
			t.Errorf("%s: %q %q %v", format, got.header.Get("Content-Type"), got.header.Get("Content-Disposition"), err)
		}
		if !strings.Contains(string(got.raw), want.says) {
			t.Errorf("%s: %s", format, got.raw)
		}
	}
	if got := owner.call("GET", file+"?format=markdown&lang=en", nil).want(200); !strings.Contains(string(got.raw), "## Attendance\n\n- 지은: 60 minutes\n") {
		t.Errorf("%s", got.raw)
	}
	owner.call("GET", file, nil).wrong("/query/format", clubapi.CodeRequired)
	owner.call("GET", file+"?format=pdf", nil).wrong("/query/format", clubapi.CodeEnum)
	owner.call("GET", file+"?format=vtt&lang=fr", nil).wrong("/query/lang", clubapi.CodeEnum)
}

func TestMinutesOfALightningMeeting(t *testing.T) {
	h := open(t)
	host, guest, other := h.person(t, "지은"), h.person(t, "민아"), h.person(t, "남")
	conf := host.call("POST", "/api/v1/lightning", m{"title": "번개"}).want(201).num("id")
	notes := path("/api/v1/conferences/%d/notes", conf)
	guest.call("GET", notes, nil).refused(403, "not_a_member")
	guest.call("POST", path("/api/v1/conferences/%d/join", conf), nil).want(200)
	said := guest.call("POST", notes, m{"text": "번쩍", "speaker_id": host.id}).want(201)
	host.call("POST", notes, m{"text": "t", "speaker_id": other.id}).wrong("/speaker_id", clubapi.CodeNotAMember)
	host.call("PATCH", path("/api/v1/notes/%d", said.num("id")), m{"text": "우르릉"}).want(200)
	other.call("GET", path("/api/v1/notes/%d", said.num("id")), nil).refused(403, "not_a_member")
	if got := guest.call("GET", path("/api/v1/conferences/%d/minutes?format=markdown", conf), nil).want(200); !strings.Contains(string(got.raw), "(Asia/Seoul)") || !strings.Contains(string(got.raw), "우르릉") {
		t.Errorf("%s", got.raw)
	}
	other.call("GET", path("/api/v1/conferences/%d/minutes?format=markdown", conf), nil).refused(403, "not_a_member")
}
