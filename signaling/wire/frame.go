package wire

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// ErrMalformed tells that bytes are no message of the expected type.
var ErrMalformed = errors.New("the message can't be read")

// Form is how a message is written into a WebSocket frame.
type Form uint8

// Forms. Browsers and most others speak Binary.
const (
	Binary Form = iota // protobuf, in a binary frame
	Text               // proto-JSON, in a text frame
)

// Marshal writes m in form f.
func Marshal(f Form, m proto.Message) ([]byte, error) {
	var b []byte
	var err error
	if f == Text {
		b, err = protojson.Marshal(m)
	} else {
		b, err = proto.Marshal(m)
	}
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", m.ProtoReflect().Descriptor().Name(), err)
	}
	return b, nil
}

// Unmarshal reads b, written in form f, into m. In Binary, fields that we don't declare are kept for the next
// Marshal; in Text they are dropped. Any error wraps ErrMalformed.
func Unmarshal(f Form, b []byte, m proto.Message) error {
	var err error
	if f == Text {
		err = protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(b, m)
	} else {
		err = proto.Unmarshal(b, m)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}
