package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"salon/clubapi/picture"
)

// corners paints a picture whose quarters are red, green, blue and white, clockwise from
// the upper left.
func corners(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	quarters := [2][2]color.NRGBA{{{R: 255, A: 255}, {G: 255, A: 255}}, {{R: 255, G: 255, B: 255, A: 255}, {B: 255, A: 255}}}
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, quarters[2*y/h][2*x/w])
		}
	}
	return m
}

// clockwise names the corners of m from the upper left, by their strongest colours.
func clockwise(m image.Image) string {
	b := m.Bounds()
	names := ""
	for _, at := range []image.Point{{b.Min.X + 1, b.Min.Y + 1}, {b.Max.X - 2, b.Min.Y + 1}, {b.Max.X - 2, b.Max.Y - 2}, {b.Min.X + 1, b.Max.Y - 2}} {
		r, g, bl, _ := m.At(at.X, at.Y).RGBA()
		const half = 0x5000 // of 0xffff; half-transparent colours are premultiplied
		switch {
		case r > half && g > half && bl > half:
			names += "w"
		case r > half:
			names += "r"
		case g > half:
			names += "g"
		case bl > half:
			names += "b"
		}
	}
	return names
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asGIF(t testing.TB, frames ...image.Image) []byte {
	t.Helper()
	g := &gif.GIF{}
	for _, f := range frames {
		p := image.NewPaletted(f.Bounds(), color.Palette{color.Black, color.White, color.NRGBA{R: 255, A: 255}, color.NRGBA{G: 255, A: 255}, color.NRGBA{B: 255, A: 255}})
		for y := range f.Bounds().Dy() {
			for x := range f.Bounds().Dx() {
				p.Set(x, y, f.At(x, y))
			}
		}
		g.Image, g.Delay = append(g.Image, p), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const place = "37.5665 N 126.9780 E"

// exif is a TIFF with an orientation, and a place after it.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	mark := "II"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		mark = "MM"
	}
	b := order.AppendUint16([]byte(mark), 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(b, 0x010f) // the maker, two letters in place
	b = append(order.AppendUint32(order.AppendUint16(b, 2), 2), "ab\x00\x00"...)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(order.AppendUint32(order.AppendUint16(b, 3), 1), orientation)
	return append(append(b, 0, 0), place...)
}

func jpegWith(t testing.TB, m image.Image, tiff []byte) []byte {
	t.Helper()
	raw := asJPEG(t, m)
	segment := append([]byte("\xff\xe1"), binary.BigEndian.AppendUint16(nil, uint16(2+6+len(tiff)))...)
	segment = append(append(segment, "Exif\x00\x00"...), tiff...)
	return bytes.Join([][]byte{raw[:2], []byte("\xff\xff\xe0\x00\x04ab"), segment, raw[2:]}, nil)
}

func chunk(kind string, content []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, kind...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func pngWith(t testing.TB, m image.Image, tiff []byte) []byte {
	t.Helper()
	raw := asPNG(t, m)
	const afterHeader = 8 + 12 + 13
	return bytes.Join([][]byte{raw[:afterHeader], chunk("tEXt", []byte("Comment\x00"+place)), chunk("eXIf", tiff), raw[afterHeader:]}, nil)
}

func webpWith(t testing.TB, file string, tiff []byte) []byte {
	t.Helper()
	raw := stored(t, file)
	raw = append(raw, "EXIF"...)
	raw = binary.LittleEndian.AppendUint32(raw, uint32(len(tiff)))
	raw = append(raw, tiff...)
	raw = append(raw, make([]byte, len(tiff)%2)...)
	binary.LittleEndian.PutUint32(raw[4:], uint32(len(raw)-8))
	return raw
}

func stored(t testing.TB, file string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func convert(t testing.TB, upload []byte) (picture.Picture, image.Image) {
	t.Helper()
	p, err := picture.Convert(upload)
	if err != nil {
		t.Fatal(err)
	}
	return p, shown(t, p)
}

// shown decodes p and holds what p says against it.
func shown(t testing.TB, p picture.Picture) image.Image {
	t.Helper()
	m, format, err := image.Decode(bytes.NewReader(p.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	kind := map[string]string{"jpeg": ".jpg", "png": ".png"}[format]
	if filepath.Ext(p.Name) != kind || !picture.ValidName(p.Name) || len(p.Name) != picture.NameLength || !picture.Intact(p.Name, p.Bytes) {
		t.Fatalf("%s is called %s", format, p.Name)
	}
	if m.Bounds().Dx() != p.Width || m.Bounds().Dy() != p.Height || p.Width > picture.Side || p.Height > picture.Side {
		t.Fatalf("%v is told to be %d by %d", m.Bounds(), p.Width, p.Height)
	}
	return m
}

func TestEveryFormatIsShownAsItWas(t *testing.T) {
	m := corners(64, 48)
	glass := corners(64, 48)
	for i := 3; i < len(glass.Pix); i += 4 {
		glass.Pix[i] = 128
	}
	for name, c := range map[string]struct {
		upload []byte
		kind   string
	}{
		"jpeg":             {asJPEG(t, m), ".jpg"},
		"png":              {asPNG(t, m), ".jpg"},
		"png of glass":     {asPNG(t, glass), ".png"},
		"gif":              {asGIF(t, m, corners(20, 20)), ".jpg"},
		"webp":             {stored(t, "lossy.webp"), ".jpg"},
		"webp, lossless":   {stored(t, "lossless.webp"), ".jpg"},
		"webp of glass":    {stored(t, "glass.webp"), ".png"},
		"with more behind": {append(asPNG(t, m), "<script>alert(1)</script>"...), ".jpg"},
	} {
		t.Run(name, func(t *testing.T) {
			p, got := convert(t, c.upload)
			if p.Width != 64 || p.Height != 48 || clockwise(got) != "rgbw" || filepath.Ext(p.Name) != c.kind {
				t.Errorf("%s, %d by %d, corners %s", p.Name, p.Width, p.Height, clockwise(got))
			}
			if again, _ := convert(t, c.upload); again.Name != p.Name {
				t.Errorf("%s the second time", again.Name)
			}
			if bytes.Contains(p.Bytes, []byte("script")) {
				t.Error("more than the picture was kept")
			}
		})
	}
}

func TestPicturesAreTurnedUprightAndForgetTheirPlace(t *testing.T) {
	// What upright looks like when a picture of rgbw, 64 by 48, was held in each way.
	for o, want := range []string{"rgbw", "rgbw", "grwb", "bwrg", "wbgr", "rwbg", "wrgb", "bgrw", "gbwr", "rgbw"} {
		for name, upload := range map[string][]byte{
			"jpeg, big-endian":    jpegWith(t, corners(64, 48), exif(binary.BigEndian, uint16(o))),
			"jpeg, little-endian": jpegWith(t, corners(64, 48), exif(binary.LittleEndian, uint16(o))),
			"png":                 pngWith(t, corners(64, 48), exif(binary.BigEndian, uint16(o))),
			"webp":                webpWith(t, "glass.webp", exif(binary.LittleEndian, uint16(o))),
		} {
			t.Run(fmt.Sprint(name, " held ", o), func(t *testing.T) {
				p, got := convert(t, upload)
				lying := o >= 5 && o <= 8
				if clockwise(got) != want || (p.Width == 48) != lying {
					t.Errorf("corners %s, want %s; %d by %d", clockwise(got), want, p.Width, p.Height)
				}
				if bytes.Contains(p.Bytes, []byte(place)) || bytes.Contains(p.Bytes, []byte("Exif")) {
					t.Error("the place is kept")
				}
			})
		}
	}
}

func TestLargePicturesAreMadeSmaller(t *testing.T) {
	for _, c := range [][4]int{{1024, 64, 1024, 64}, {1025, 10, 1024, 10}, {3000, 150, 1024, 51}, {10, 5000, 2, 1024}, {6000, 1, 1024, 1}, {1, 1, 1, 1}} {
		m := image.NewGray(image.Rect(0, 0, c[0], c[1]))
		if p, _ := convert(t, asPNG(t, m)); p.Width != c[2] || p.Height != c[3] {
			t.Errorf("%d by %d became %d by %d", c[0], c[1], p.Width, p.Height)
		}
	}
}

func TestMuchLargerPicturesKeepTheirCorners(t *testing.T) {
	glass := corners(2100, 60)
	for i := 3; i < len(glass.Pix); i += 4 {
		glass.Pix[i] = 128
	}
	for name, upload := range map[string][]byte{"jpeg": asJPEG(t, corners(3100, 80)), "png": asPNG(t, glass), "lying": jpegWith(t, corners(60, 2100), exif(binary.BigEndian, 3))} {
		_, m := convert(t, upload)
		want := "rgbw"
		if name == "lying" {
			want = "bwrg"
		}
		if got := clockwise(m); got != want {
			t.Errorf("%s: corners %s, want %s", name, got, want)
		}
		if _, _, _, a := m.At(5, 5).RGBA(); (a>>8 == 128) != (name == "png") {
			t.Errorf("%s: one sees through it by %d", name, a>>8)
		}
	}
}

// header is the beginning of a PNG that says it is w by h, and nothing behind it.
func header(w, h uint32) []byte {
	b := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(b, 8, 6, 0, 0, 0))...)
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	whole := asPNG(t, corners(64, 48))
	small := stored(t, "glass.webp")
	lying := bytes.Clone(small) // says 64 by 48 in front, unpacks to more
	binary.LittleEndian.PutUint16(lying[bytes.Index(lying, []byte("\x9d\x01\x2a"))+3:], 16383)
	for name, c := range map[string]struct {
		upload []byte
		want   error
	}{
		"nothing":             {nil, picture.ErrFormat},
		"words":               {[]byte("Dear reader"), picture.ErrFormat},
		"a page":              {[]byte("<!DOCTYPE html><script>alert(1)</script>"), picture.ErrFormat},
		"a drawing":           {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), picture.ErrFormat},
		"a signature":         {whole[:8], picture.ErrBroken},
		"half a PNG":          {whole[:len(whole)/2], picture.ErrBroken},
		"half a JPEG":         {asJPEG(t, corners(64, 48))[:300], picture.ErrBroken},
		"half a GIF":          {asGIF(t, corners(64, 48))[:100], picture.ErrBroken},
		"half a WebP":         {small[:len(small)/2], picture.ErrBroken},
		"a bomb":              {header(6001, 1), picture.ErrLarge},
		"a high bomb":         {header(1, 6001), picture.ErrLarge},
		"a square bomb":       {header(5001, 5000), picture.ErrLarge},
		"a bomb of all":       {header(1<<31-1, 1), picture.ErrLarge},
		"no width":            {header(0, 1), picture.ErrBroken},
		"a WebP that lies":    {lying, picture.ErrBroken},
		"too many bytes":      {append(whole, make([]byte, picture.MaxBytes)...), picture.ErrLarge},
		"a header and no end": {header(5000, 5000), picture.ErrBroken},
	} {
		t.Run(name, func(t *testing.T) {
			if p, err := picture.Convert(c.upload); !errors.Is(err, c.want) {
				t.Errorf("%s, %v; want %v", p.Name, err, c.want)
			}
		})
	}
}

func TestNamesStayInTheirFolder(t *testing.T) {
	p, _ := convert(t, asPNG(t, corners(4, 4)))
	if picture.Intact(p.Name, append(p.Bytes, 0)) {
		t.Error("other bytes are taken for it")
	}
	for _, name := range []string{"", ".", "../" + p.Name, p.Name + "/x", p.Name + "\n", "x" + p.Name, p.Name[:52] + ".svg", "../../../../etc/passwd"} {
		if picture.ValidName(name) {
			t.Errorf("%q is a name", name)
		}
	}
}

// FuzzConvert feeds bytes: whatever comes out must be a picture within bounds.
func FuzzConvert(f *testing.F) {
	m := corners(8, 6)
	for _, seed := range [][]byte{
		jpegWith(f, m, exif(binary.BigEndian, 6)), pngWith(f, m, exif(binary.LittleEndian, 8)), asGIF(f, m), asPNG(f, image.NewNRGBA(image.Rect(0, 0, 3, 3))),
		stored(f, "lossy.webp"), stored(f, "lossless.webp"), webpWith(f, "glass.webp", exif(binary.BigEndian, 3)), header(5000, 5000), header(1<<31-1, 1<<31-1),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, upload []byte) {
		p, err := picture.Convert(upload)
		switch {
		case err == nil:
			shown(t, p)
		case !errors.Is(err, picture.ErrBroken) && !errors.Is(err, picture.ErrFormat) && !errors.Is(err, picture.ErrLarge):
			t.Errorf("refused with %v", err)
		}
	})
}
