package wire

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"google.golang.org/protobuf/proto"
)

// MaxJoinRequest bounds a join request in bytes, packed and unpacked. A browser's is 20 kB, most of it an offer.
const MaxJoinRequest = 1 << 20

// What can be wrong with a join_request, in sentences that a stranger may read.
var (
	ErrJoinRequest  = errors.New("the join request can't be read")
	ErrJoinTooLarge = errors.New("the join request is too large")
)

// PackJoin returns the join_request of a URL: URL-safe base64 with padding of a WrappedJoinRequest, compressed.
func PackJoin(r *JoinRequest) (string, error) {
	inner, err := proto.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("pack join request: %w", err)
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write(inner); err != nil {
		return "", fmt.Errorf("pack join request: %w", err)
	}
	if err := zip.Close(); err != nil {
		return "", fmt.Errorf("pack join request: %w", err)
	}
	outer, err := proto.Marshal(&WrappedJoinRequest{
		Compression: WrappedJoinRequest_GZIP,
		JoinRequest: packed.Bytes(),
	})
	if err != nil {
		return "", fmt.Errorf("pack join request: %w", err)
	}
	return base64.URLEncoding.EncodeToString(outer), nil
}

// UnpackJoin reads the join_request of a URL. It takes both base64 alphabets, with padding or without, and never
// holds more than MaxJoinRequest bytes of what a compressed request unfolds to. The error wraps ErrJoinRequest or
// ErrJoinTooLarge.
func UnpackJoin(param string) (*JoinRequest, error) {
	if len(param) > base64.URLEncoding.EncodedLen(MaxJoinRequest) {
		return nil, ErrJoinTooLarge
	}
	outer, err := base64.RawURLEncoding.DecodeString(alphabet().Replace(strings.TrimRight(param, "=")))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJoinRequest, err)
	}
	var wrapped WrappedJoinRequest
	if err := proto.Unmarshal(outer, &wrapped); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJoinRequest, err)
	}
	inner, err := inflate(&wrapped)
	if err != nil {
		return nil, err
	}
	var request JoinRequest
	if err := proto.Unmarshal(inner, &request); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJoinRequest, err)
	}
	return &request, nil
}

// alphabet turns standard base64 into the URL-safe one. A plus sign that a sloppy client left unescaped arrives
// as a space.
func alphabet() *strings.Replacer { return strings.NewReplacer("+", "-", "/", "_", " ", "-") }

func inflate(w *WrappedJoinRequest) ([]byte, error) {
	switch w.GetCompression() {
	case WrappedJoinRequest_NONE:
		return w.GetJoinRequest(), nil
	case WrappedJoinRequest_GZIP:
	default:
		return nil, fmt.Errorf("%w: unknown compression %d", ErrJoinRequest, w.GetCompression())
	}
	zip, err := gzip.NewReader(bytes.NewReader(w.GetJoinRequest()))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJoinRequest, err)
	}
	inner, err := io.ReadAll(io.LimitReader(zip, MaxJoinRequest+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJoinRequest, err)
	}
	if len(inner) > MaxJoinRequest {
		return nil, ErrJoinTooLarge
	}
	return inner, nil
}
