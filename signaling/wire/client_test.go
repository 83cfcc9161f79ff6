package wire_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"salon/signaling/wire"
)

// The files in testdata/client were written by the protocol library that livekit-client 2.23.0 is built on:
// each message once as protobuf and once as proto-JSON.

func TestWhatBrowsersWriteIsRead(t *testing.T) {
	files, err := filepath.Glob("testdata/client/*.json")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			text := read(t, file)
			binary := read(t, strings.TrimSuffix(file, ".json")+".bin")

			m := empty(name)
			if err := wire.Unmarshal(wire.Binary, binary, m); err != nil {
				t.Fatal(err)
			}
			if n := unknown(m.ProtoReflect()); n != 0 {
				t.Errorf("%d bytes of undeclared fields", n)
			}
			fromText := empty(name)
			if err := wire.Unmarshal(wire.Text, text, fromText); err != nil {
				t.Fatal(err)
			}
			if !proto.Equal(m, fromText) {
				t.Errorf("binary and text differ:\n%v\n%v", m, fromText)
			}
			ours, err := wire.Marshal(wire.Text, m)
			if err != nil {
				t.Fatal(err)
			}
			if !sameJSON(t, ours, text) {
				t.Errorf("we write\n%s\nthe client's library writes\n%s", ours, text)
			}
			back, err := wire.Marshal(wire.Binary, m)
			if err != nil {
				t.Fatal(err)
			}
			if len(back) != len(binary) {
				t.Errorf("%d bytes became %d", len(binary), len(back))
			}
		})
	}
}

// Whoever reads messages uses the bytes again.
func TestMessagesHoldNothingOfTheBytesTheyWereReadFrom(t *testing.T) {
	files, err := filepath.Glob("testdata/client/*.json")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		for form, b := range map[wire.Form][]byte{
			wire.Text:   read(t, file),
			wire.Binary: append(read(t, strings.TrimSuffix(file, ".json")+".bin"), 0xfa, 0x7f, 2, 'm', 'e'), // and an unknown field
		} {
			m, same := empty(name), empty(name)
			for m, b := range map[proto.Message][]byte{m: b, same: bytes.Clone(b)} {
				if err := wire.Unmarshal(form, b, m); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
			for i := range b {
				b[i] = '#'
			}
			if !proto.Equal(m, same) {
				t.Errorf("%s changed with its bytes: %v", name, m)
			}
		}
	}
}

func empty(name string) proto.Message {
	switch {
	case strings.HasPrefix(name, "req_"):
		return &wire.SignalRequest{}
	case strings.HasPrefix(name, "res_"):
		return &wire.SignalResponse{}
	default:
		return &wire.JoinRequest{}
	}
}

func TestPacketsTravelUnchanged(t *testing.T) {
	files, err := filepath.Glob("testdata/client/packet_*.bin")
	if err != nil || len(files) != 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			in := read(t, file)
			var m wire.DataPacket
			if err := wire.Unmarshal(wire.Binary, in, &m); err != nil {
				t.Fatal(err)
			}
			if m.GetValue() == nil {
				t.Error("the packet's arm isn't declared")
			}
			out, err := wire.Marshal(wire.Binary, &m)
			if err != nil {
				t.Fatal(err)
			}
			counts := func(b []byte) []int {
				n := make([]int, 256)
				for _, c := range b {
					n[c]++
				}
				return n
			}
			// Fields may change places, nothing else may change.
			if !reflect.DeepEqual(counts(in), counts(out)) {
				t.Errorf("% x\nbecame\n% x", in, out)
			}
		})
	}
}

func TestJoinRequestsOfBrowsersAreUnpacked(t *testing.T) {
	for _, file := range []string{"join_gzip.txt", "join_plain.txt"} {
		t.Run(file, func(t *testing.T) {
			param := string(bytes.TrimSpace(read(t, "testdata/client/"+file)))
			for _, p := range []string{param, strings.TrimRight(param, "="), strings.NewReplacer("-", "+", "_", "/").Replace(param)} {
				r, err := wire.UnpackJoin(p)
				if err != nil {
					t.Fatal(err)
				}
				if r.GetClientInfo().GetProtocol() != 17 || r.GetPublisherOffer().GetId() != 1 {
					t.Errorf("got %v", r)
				}
			}
		})
	}
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sameJSON(t testing.TB, a, b []byte) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal(a, &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &y); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

// unknown counts the bytes of undeclared fields in m and in all it holds.
func unknown(m protoreflect.Message) int {
	n := len(m.GetUnknown())
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.IsMap() || f.Message() == nil:
		case f.IsList():
			for i := range v.List().Len() {
				n += unknown(v.List().Get(i).Message())
			}
		default:
			n += unknown(v.Message())
		}
		return true
	})
	return n
}
