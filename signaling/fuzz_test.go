package signaling

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"salon/sfu/room"
	"salon/signaling/token"
	"salon/signaling/wire"
)

// fuzzSession is a session with somebody else in the room.
func fuzzSession(single bool) (*session, *fakeParticipant) {
	who := &admission{room: "book", join: room.Join{
		Identity: "mina", Single: single, AutoSubscribe: true,
		Grants: room.Grants{Publish: true, Subscribe: true, PublishData: true, UpdateOwnMetadata: true},
	}}
	p := newFakeParticipant("PA_mina")
	s := newSession(Config{Dev: true}.withDefaults(), who, p, slog.New(slog.DiscardHandler), &counters{})
	snap := snapshotFor("book", p.sid, who.join)
	snap.Others = []room.ParticipantState{{SID: "PA_bob", Identity: "bob"}}
	s.begin(context.Background(), snap)
	return s, p
}

func seed(f *testing.F, glob string) {
	f.Helper()
	files, err := filepath.Glob(glob)
	if err != nil || len(files) == 0 {
		f.Fatalf("%s: %d files, %v", glob, len(files), err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, filepath.Ext(file) == ".json")
	}
}

func FuzzSignalRequest(f *testing.F) {
	seed(f, "wire/testdata/client/req_*")
	f.Fuzz(func(t *testing.T, b []byte, text bool) {
		form := wire.Binary
		if text {
			form = wire.Text
		}
		var request wire.SignalRequest
		if err := wire.Unmarshal(form, b, &request); err != nil {
			return
		}
		for _, single := range []bool{true, false} {
			s, _ := fuzzSession(single)
			for range 2 {
				for _, m := range s.request(context.Background(), noon(), &request) {
					if _, err := wire.Marshal(form, m); err != nil {
						t.Fatalf("the answer can't be written: %v", err)
					}
				}
			}
		}
	})
}

// FuzzAdmission takes what comes behind a good token in a URL.
func FuzzAdmission(f *testing.F) {
	good := entry(f, func(c *token.Claims) { yes := true; c.Grant.CanUpdateOwnMetadata = &yes })
	f.Add("protocol=17&auto_subscribe=0&sdk=js", false)
	f.Add("protocol=9&attributes=eyJhIjoiYiJ9&reconnect=1", false)
	f.Add("join_request="+packed(f, &wire.JoinRequest{Metadata: "m"}), true)
	f.Add("join_request=&room=other", true)
	f.Fuzz(func(t *testing.T, query string, mustPack bool) {
		r := &http.Request{URL: &url.URL{Path: "/rtc", RawQuery: query}, Header: http.Header{"Authorization": {"Bearer " + good}}}
		who, err := admit(r, keys(), mustPack, time.Now())
		if err != nil {
			if code, sentence := status(err); code >= 500 || sentence == "" {
				t.Fatalf("%v is answered with %d %q", err, code, sentence)
			}
			return
		}
		if who.room != "book" || who.join.Identity != "mina" || who.join.Protocol < minProtocol {
			t.Fatalf("admitted as %+v", who)
		}
		if tooLarge(who.join.Metadata, who.join.Attributes) {
			t.Fatal("admitted with too much metadata")
		}
	})
}

func FuzzDataPacket(f *testing.F) {
	seed(f, "wire/testdata/client/packet_*")
	f.Fuzz(func(t *testing.T, b []byte, lossy bool) {
		channel := room.Reliable
		if lossy {
			channel = room.Lossy
		}
		s, _ := fuzzSession(true)
		_, payload, err := s.stamp(room.DataReceived{Channel: channel, Payload: b})
		if err != nil {
			return
		}
		var m wire.DataPacket
		if err := wire.Unmarshal(wire.Binary, payload, &m); err != nil {
			t.Fatalf("the stamped packet can't be read: %v", err)
		}
		if m.GetParticipantIdentity() != "mina" || m.GetParticipantSid() != "PA_mina" {
			t.Fatalf("the packet is from %q, %q", m.GetParticipantIdentity(), m.GetParticipantSid())
		}
		if u := m.GetUser(); u != nil && (u.GetParticipantIdentity() != "mina" || u.GetParticipantSid() != "PA_mina") {
			t.Fatalf("the letter is from %q, %q", u.GetParticipantIdentity(), u.GetParticipantSid())
		}
	})
}
