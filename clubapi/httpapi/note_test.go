package httpapi_test

import (
	"testing"
	"time"

	"salon/clubapi"
)

func TestNotesAreFollowed(t *testing.T) {
	h := open(t)
	owner, guest := h.person(t, "지은"), h.person(t, "민아")
	club := owner.club("책")
	guest.join(club)
	conf := owner.conference(club, time.Minute)
	list := path("/api/v1/conferences/%d/notes", conf)

	empty := owner.call("GET", list, nil).want(200)
	tag := empty.header.Get("ETag")
	if tag == "" || empty.body["has_more"] != false {
		t.Fatalf("empty list: %s with ETag %q", empty.raw, tag)
	}
	same := owner.call("GET", list, nil, "If-None-Match", tag).want(304)
	if len(same.raw) != 0 || same.header.Get("ETag") != tag {
		t.Errorf("304 with %q, ETag %q", same.raw, same.header.Get("ETag"))
	}
	for _, header := range []string{"W/" + tag, `"other", ` + tag, "*"} {
		owner.call("GET", list, nil, "If-None-Match", header).want(304)
	}

	first := guest.note(conf, "첫 번째")
	guest.call("POST", list, m{"text": "두 번째", "spoken_at": "2026-01-05T01:02:03.456+09:00", "speaker_id": owner.id}).want(201)
	all := owner.call("GET", list, nil, "If-None-Match", tag).want(200)
	items := all.list("items")
	if len(items) != 2 || items[0]["text"] != "첫 번째" || items[1]["spoken_at"] != "2026-01-04T16:02:03.456Z" {
		t.Fatalf("notes: %s", all.raw)
	}
	if who := items[1]["speaker"].(m); who["nickname"] != "지은" || items[1]["author"].(m)["nickname"] != "민아" {
		t.Errorf("second note: %v", items[1])
	}

	cursor := all.str("cursor")
	after := owner.call("GET", list+"?after="+cursor, nil).want(200)
	if len(after.list("items")) != 0 || after.str("cursor") != cursor {
		t.Errorf("after the last: %s", after.raw)
	}
	guest.note(conf, "세 번째")
	if got := owner.call("GET", list+"?after="+cursor, nil).want(200).list("items"); len(got) != 1 || got[0]["text"] != "세 번째" {
		t.Errorf("after the second: %v", got)
	}
	// A change of an earlier note wakes up whoever follows from the last one.
	tag = owner.call("GET", list+"?after="+cursor, nil).want(200).header.Get("ETag")
	guest.call("PATCH", path("/api/v1/notes/%d", first), m{"text": "고침"}).want(200)
	owner.call("GET", list+"?after="+cursor, nil, "If-None-Match", tag).want(200)
	tag = owner.call("GET", list, nil).want(200).header.Get("ETag")
	guest.call("DELETE", path("/api/v1/notes/%d", first), nil).want(204)
	if got := owner.call("GET", list, nil, "If-None-Match", tag).want(200).list("items"); len(got) != 2 {
		t.Errorf("after deleting: %v", got)
	}

	var texts []any
	for page := owner.call("GET", list+"?limit=1", nil).want(200); ; page = owner.call("GET", list+"?limit=1&after="+page.str("cursor"), nil).want(200) {
		for _, n := range page.list("items") {
			texts = append(texts, n["text"])
		}
		if (page.header.Get("Link") != "") != (page.body["has_more"] == true) {
			t.Errorf("link %q with %s", page.header.Get("Link"), page.raw)
		}
		if page.body["has_more"] == false {
			break
		}
	}
	if len(texts) != 2 || texts[0] != "두 번째" || texts[1] != "세 번째" {
		t.Errorf("page by page: %v", texts)
	}
}

func TestNotesBeforeDuringAndAfterTheMeeting(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	conf := owner.conference(owner.club("책"), time.Hour)
	for _, text := range []string{"전", "중", "후"} {
		owner.note(conf, text)
		h.wait(90 * time.Minute)
	}
	h.wait(1000 * time.Hour)
	owner.note(conf, "한참 후")
}

func TestSpeakerMustBeAMember(t *testing.T) {
	h := open(t)
	owner, guest, stranger := h.person(t, "지은"), h.person(t, "민아"), h.person(t, "남")
	club := owner.club("책")
	guest.join(club)
	conf := owner.conference(club, time.Hour)
	list := path("/api/v1/conferences/%d/notes", conf)
	owner.call("POST", list, m{"text": "t", "speaker_id": stranger.id}).wrong("/speaker_id", clubapi.CodeNotAMember)
	owner.call("POST", list, m{"text": "t", "speaker_id": 999}).wrong("/speaker_id", clubapi.CodeNotAMember)
	note := owner.call("POST", list, m{"text": "t", "speaker_id": guest.id}).want(201)
	one := path("/api/v1/notes/%d", note.num("id"))
	owner.call("PATCH", one, m{"speaker_id": stranger.id}).wrong("/speaker_id", clubapi.CodeNotAMember)
	// What somebody said stays theirs when they have left, and can still be corrected.
	guest.call("DELETE", path("/api/v1/clubs/%d/members/me", club), nil).want(204)
	got := owner.call("PATCH", one, m{"text": "고침", "speaker_id": guest.id}).want(200)
	if got.body["speaker"].(m)["nickname"] != "민아" || got.str("text") != "고침" {
		t.Errorf("note: %s", got.raw)
	}
	guest.call("GET", list, nil).refused(403, "not_a_member")
	guest.call("GET", one, nil).refused(403, "not_a_member")
}

func TestAuthorWhoLeftMayNotEdit(t *testing.T) {
	h := open(t)
	owner, guest := h.person(t, "지은"), h.person(t, "민아")
	club := owner.club("책")
	guest.join(club)
	conf := owner.conference(club, time.Hour)
	note := path("/api/v1/notes/%d", guest.note(conf, "말"))
	guest.call("DELETE", path("/api/v1/clubs/%d/members/me", club), nil).want(204)
	guest.call("PATCH", note, m{"text": "u"}).refused(403, "not_a_member")
	guest.call("DELETE", note, nil).refused(403, "not_a_member")
	owner.call("DELETE", note, nil).want(204)
	owner.call("DELETE", note, nil).refused(404, "not_found")
}

func TestSpeakerMayEditWhatTheySaid(t *testing.T) {
	h := open(t)
	owner, writer, speaker, other := h.person(t, "지은"), h.person(t, "민아"), h.person(t, "수아"), h.person(t, "하준")
	club := owner.club("책")
	for _, b := range []*browser{writer, speaker, other} {
		b.join(club)
	}
	conf := owner.conference(club, 0)
	list := path("/api/v1/conferences/%d/notes", conf)
	note := path("/api/v1/notes/%d", writer.call("POST", list, m{"text": "말", "speaker_id": speaker.id, "source": "caption"}).want(201).num("id"))
	for who, may := range map[*browser]bool{owner: true, writer: true, speaker: true, other: false} {
		got := who.call("GET", note, nil).want(200)
		if got.body["editable"] != may || got.str("source") != "caption" {
			t.Errorf("editable to %d: %s", who.id, got.raw)
		}
		if items := who.call("GET", list, nil).want(200).list("items"); items[0]["editable"] != may {
			t.Errorf("editable in the list: %v", items)
		}
	}
	speaker.call("PATCH", note, m{"text": "고침"}).want(200)
	other.call("PATCH", note, m{"text": "u"}).refused(403, "forbidden")
	speaker.call("DELETE", note, nil).want(204)
}

// TestEditsAtTheSameTimeLoseNothing has two people begin from the same version.
func TestEditsAtTheSameTimeLoseNothing(t *testing.T) {
	h := open(t)
	owner := h.person(t, "지은")
	conf := owner.conference(owner.club("책"), 0)
	made := owner.call("POST", path("/api/v1/conferences/%d/notes", conf), m{"text": "말"}).want(201)
	note, tag := path("/api/v1/notes/%d", made.num("id")), made.header.Get("ETag")

	type end struct {
		text   string
		status int
	}
	ends := make(chan end)
	for _, text := range []string{"하나", "둘", "셋", "넷"} {
		go func() { ends <- end{text, owner.call("PATCH", note, m{"text": text}, "If-Match", tag).status} }()
	}
	won := ""
	for range 4 {
		switch e := <-ends; {
		case e.status == 200 && won == "":
			won = e.text
		case e.status != 412:
			t.Errorf("%q: %d", e.text, e.status)
		}
	}
	got := owner.call("GET", note, nil).want(200)
	if got.str("text") != won || got.header.Get("ETag") == tag {
		t.Errorf("%q won and there is %s, ETag %s", won, got.raw, got.header.Get("ETag"))
	}
	// Whoever was too late reads again, and puts both together.
	again := owner.call("PATCH", note, m{"text": won + "와 하나 더"}, "If-Match", got.header.Get("ETag")).want(200)
	if read := owner.call("GET", note, nil).want(200); read.header.Get("ETag") != again.header.Get("ETag") {
		t.Errorf("ETag %s after an edit that answered %s", read.header.Get("ETag"), again.header.Get("ETag"))
	}
	owner.call("PATCH", note, m{"text": "u"}, "If-Match", tag).refused(412, "stale")
	owner.call("PATCH", note, m{"text": "u"}, "If-Match", "*").want(200)
	owner.call("PATCH", note, m{"text": "u"}).want(200)
}
