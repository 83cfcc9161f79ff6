package httpapi_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"salon/clubapi/httpapi"
)

// noisy is a PNG that can hardly be packed.
func noisy(t *testing.T, seed uint64, side int) string {
	t.Helper()
	m, r := image.NewNRGBA(image.Rect(0, 0, side, side)), rand.New(rand.NewPCG(seed, 1))
	for i := range m.Pix {
		m.Pix[i] = uint8(r.Uint32())
	}
	m.SetNRGBA(0, 0, color.NRGBA{A: 128})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (b *browser) upload(content string) reply {
	b.t.Helper()
	return b.call("POST", "/api/v1/pictures", content, "Content-Type", "image/png")
}

func TestPictureIsShownToEverybody(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	made := b.upload(noisy(t, 1, 20)).want(201)
	if made.num("width") != 20 || made.num("height") != 20 {
		t.Errorf("%s", made.raw)
	}
	url := made.str("url")
	if again := b.upload(noisy(t, 1, 20)).want(201); again.str("url") != url {
		t.Errorf("the second time it is at %s", again.str("url"))
	}
	got := h.browser(t).call("GET", url, nil).want(200)
	for name, want := range map[string]string{
		"Content-Type": "image/png", "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	} {
		if v := got.header.Values(name); !slices.Equal(v, []string{want}) {
			t.Errorf("%s is %q", name, v)
		}
	}
	if v := got.header.Get("Vary"); v != "" {
		t.Errorf("varies by %s", v)
	}
	if m, err := png.Decode(bytes.NewReader(got.raw)); err != nil || m.Bounds().Dx() != 20 {
		t.Error(err)
	}
	b.call("PATCH", "/api/v1/me", m{"user_img": url}).want(200)
	b.call("POST", "/api/v1/clubs", m{"title": "t", "thumbnail": url}).want(201)
}

func TestPicturesThatAreRefused(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	h.browser(t).upload(noisy(t, 1, 4)).refused(401, "unauthenticated")
	b.upload("").refused(422, "bad_picture")
	b.upload("<script>alert(1)</script>").refused(422, "bad_picture")
	b.upload("\x89PNG\r\n\x1a\n").refused(422, "bad_picture")
	b.upload("GIF89a"+strings.Repeat("\xff", 100)).refused(422, "bad_picture")
	b.upload(strings.Repeat("x", 5<<20)).refused(422, "bad_picture")
	b.upload(strings.Repeat("x", 5<<20+1)).refused(413, "too_large")
	b.upload(strings.Repeat("x", 10<<20)).refused(413, "too_large")
	for _, kind := range []string{"", "application/json", "text/html", "multipart/form-data; boundary=x"} {
		b.call("POST", "/api/v1/pictures", noisy(t, 1, 4), "Content-Type", kind).refused(415, "unsupported_media_type")
	}
	b.call("POST", "/api/v1/pictures", noisy(t, 1, 4), "Content-Type", "image/png", "Origin", "https://evil.example").refused(403, "cross_origin")
	b.call("POST", "/api/v1/pictures", nil).refused(415, "unsupported_media_type")
	for _, name := range []string{"x", "x.jpg", strings.Repeat("a", 52) + ".jpg", strings.Repeat("a", 52) + ".svg", "..%2f..%2fclub.db", "%00"} {
		b.call("GET", "/api/v1/pictures/"+name, nil).refused(404, "not_found")
	}
}

func TestUploadsAreLimited(t *testing.T) {
	h := open(t, func(c *httpapi.Config) { c.UploadAttempts = httpapi.Attempts{Burst: 2, Every: 10 * time.Second} })
	b := h.person(t, "지은")
	b.upload("x").refused(422, "bad_picture")
	b.upload("x").refused(422, "bad_picture")
	b.upload(noisy(t, 1, 4)).refused(429, "too_many_requests")
	h.person(t, "Mina").upload(noisy(t, 1, 4)).want(201)
	h.wait(10 * time.Second)
	b.upload(noisy(t, 1, 4)).want(201)
}

func TestPicturesOfOnePersonAreBounded(t *testing.T) {
	h := open(t) // 100,000 bytes
	b := h.person(t, "지은")
	b.upload(noisy(t, 1, 120)).want(201)
	b.upload(noisy(t, 2, 120)).refused(409, "pictures_full")
	b.upload(noisy(t, 1, 120)).want(201)
	b.upload(noisy(t, 3, 20)).want(201)
	h.person(t, "Mina").upload(noisy(t, 2, 120)).want(201)
}
