// Package picture makes of what somebody uploads a picture that can be shown to anyone:
// upright, at most Side pixels wide and high, written anew as JPEG or (where one can see
// through it) PNG, so that nothing of the upload is left but what it shows. It decides
// what is taken (JPEG, PNG, the first frame of a GIF, WebP) and how large it may be, and
// looks at sizes before it unpacks anything. It is pure: bytes in, bytes out; it keeps
// nothing and starts nothing.
package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // registers the format
	"image/jpeg"
	"image/png"
	"regexp"
	"slices"
	"strings"

	_ "golang.org/x/image/webp" // registers the format
)

// Bounds of what is taken. The worst that 25 million pixels can do is a progressive JPEG
// in three full planes: 15 bytes a pixel while it is unpacked, 375 MB in all.
const (
	MaxBytes  = 5 << 20 // of an upload
	maxSide   = 6000
	maxPixels = 25_000_000
)

// Side is the most pixels a converted picture has in either direction.
const Side = 1024

// quality of a JPEG: where edges of text in screenshots stop showing halos.
const quality = 85

// What Convert refuses.
var (
	ErrFormat = errors.New("neither JPEG, PNG, GIF nor WebP")
	ErrBroken = errors.New("cannot be unpacked")
	ErrLarge  = errors.New("too many bytes or pixels")
)

// Picture is a converted picture.
type Picture struct {
	Name          string // the hash of Bytes and what kind they are, as ValidName accepts
	Width, Height int
	Bytes         []byte
}

// Convert makes a Picture of an upload. Its errors wrap ErrFormat, ErrBroken or ErrLarge.
// The same upload gives the same bytes. It may take a second and, for a hostile upload,
// 400 MB: bound how many run at once.
func Convert(upload []byte) (Picture, error) {
	if len(upload) > MaxBytes {
		return Picture{}, fmt.Errorf("%w: %d bytes", ErrLarge, len(upload))
	}
	size, format, err := image.DecodeConfig(bytes.NewReader(upload))
	switch {
	case errors.Is(err, image.ErrFormat), err == nil && !slices.Contains([]string{"jpeg", "png", "gif", "webp"}, format):
		return Picture{}, ErrFormat
	case err != nil:
		return Picture{}, fmt.Errorf("%w: %w", ErrBroken, err)
	case size.Width < 1 || size.Height < 1:
		return Picture{}, fmt.Errorf("%w: no pixels", ErrBroken)
	case size.Width > maxSide, size.Height > maxSide, size.Width*size.Height > maxPixels:
		return Picture{}, fmt.Errorf("%w: %d by %d pixels", ErrLarge, size.Width, size.Height)
	}
	src, _, err := image.Decode(bytes.NewReader(upload))
	if err != nil {
		return Picture{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if src.Bounds().Empty() {
		return Picture{}, fmt.Errorf("%w: no pixels", ErrBroken)
	}
	return encode(upright(fit(src), orientation(upload, format)))
}

func encode(m *image.RGBA) (Picture, error) {
	var out bytes.Buffer
	kind, err := ".jpg", error(nil)
	if m.Opaque() {
		err = jpeg.Encode(&out, m, &jpeg.Options{Quality: quality})
	} else {
		kind = ".png"
		err = png.Encode(&out, m)
	}
	if err != nil {
		return Picture{}, fmt.Errorf("encode picture: %w", err)
	}
	return Picture{
		Name: hash(out.Bytes()) + kind, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Bytes: out.Bytes(),
	}, nil
}

// hash is SHA-256 in 52 characters that may stand in a path.
func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]))
}

// NameLength is the length of every name.
const NameLength = 56

// ValidName reports whether name is one that Convert could have given.
func ValidName(name string) bool {
	return regexp.MustCompile(`^[a-z2-7]{52}\.(jpg|png)$`).MatchString(name)
}

// Intact reports whether name is the name of these bytes.
func Intact(name string, content []byte) bool {
	return ValidName(name) && strings.HasPrefix(name, hash(content))
}
