package wire_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"salon/signaling/wire"
)

func wrap(t testing.TB, c wire.WrappedJoinRequest_Compression, inner []byte) string {
	t.Helper()
	b, err := proto.Marshal(&wire.WrappedJoinRequest{Compression: c, JoinRequest: inner})
	if err != nil {
		t.Fatal(err)
	}
	return base64.URLEncoding.EncodeToString(b)
}

func zip(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPackedJoinRequestIsUnpacked(t *testing.T) {
	in := &wire.JoinRequest{ParticipantSid: "PA_x", Reconnect: true}
	param, err := wire.PackJoin(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := wire.UnpackJoin(param)
	if err != nil || !proto.Equal(in, out) {
		t.Errorf("got %v, %v", out, err)
	}
}

func TestBadJoinRequestsAreRefused(t *testing.T) {
	bomb := zip(t, make([]byte, 8<<20))
	if len(bomb) > 128<<10 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	for name, c := range map[string]struct {
		param string
		want  error
	}{
		"no base64":           {"!!!!", wire.ErrJoinRequest},
		"no protobuf":         {base64.URLEncoding.EncodeToString([]byte("hello")), wire.ErrJoinRequest},
		"no gzip":             {wrap(t, wire.WrappedJoinRequest_GZIP, []byte("hello")), wire.ErrJoinRequest},
		"gzip cut off":        {wrap(t, wire.WrappedJoinRequest_GZIP, zip(t, []byte("hello"))[:12]), wire.ErrJoinRequest},
		"gzip of no protobuf": {wrap(t, wire.WrappedJoinRequest_GZIP, zip(t, []byte("hello"))), wire.ErrJoinRequest},
		"unknown compression": {wrap(t, 7, nil), wire.ErrJoinRequest},
		"gzip bomb":           {wrap(t, wire.WrappedJoinRequest_GZIP, bomb), wire.ErrJoinTooLarge},
		"too long":            {strings.Repeat("A", 2*wire.MaxJoinRequest), wire.ErrJoinTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := wire.UnpackJoin(c.param); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestMalformedMessagesAreRefused(t *testing.T) {
	for form, b := range map[wire.Form]string{wire.Binary: "\x0a\xff", wire.Text: "{"} {
		if err := wire.Unmarshal(form, []byte(b), &wire.SignalRequest{}); !errors.Is(err, wire.ErrMalformed) {
			t.Errorf("form %d: %v", form, err)
		}
	}
}

func FuzzJoinRequest(f *testing.F) {
	f.Add(wrap(f, wire.WrappedJoinRequest_NONE, nil))
	f.Add(string(bytes.TrimSpace(read(f, "testdata/client/join_gzip.txt"))))
	f.Add(string(bytes.TrimSpace(read(f, "testdata/client/join_plain.txt"))))
	f.Add(wrap(f, wire.WrappedJoinRequest_GZIP, zip(f, make([]byte, 2<<20))))
	f.Fuzz(func(t *testing.T, param string) {
		r, err := wire.UnpackJoin(param)
		if err != nil {
			return
		}
		if n := proto.Size(r); n > 2*wire.MaxJoinRequest {
			t.Fatalf("unpacked to %d bytes", n)
		}
		if _, err := wire.PackJoin(r); err != nil && !errors.Is(err, proto.Error) {
			t.Fatal(err)
		}
	})
}
