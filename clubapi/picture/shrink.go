package picture

import (
	"image"

	"golang.org/x/image/draw"
)

// fit draws src, smaller where it is larger than Side. What is much larger is averaged
// over whole blocks first, which is many times cheaper than a filter over all of it and
// looks the same.
func fit(src image.Image) *image.RGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	longest := max(w, h)
	if block := longest / Side; block > 1 {
		src = shrink(src, block)
	}
	if longest > Side {
		w, h = max(1, (w*Side+longest/2)/longest), max(1, (h*Side+longest/2)/longest)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if dst.Bounds().Size() == src.Bounds().Size() {
		draw.Draw(dst, dst.Bounds(), src, src.Bounds().Min, draw.Src)
	} else {
		draw.CatmullRom.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
	}
	return dst
}

// shrink averages blocks of that many pixels in either direction; those at the right and
// the lower edge may be smaller.
func shrink(src image.Image, block int) *image.RGBA {
	b := src.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, (b.Dx()+block-1)/block, (b.Dy()+block-1)/block))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), block))
	for y := range dst.Rect.Dy() {
		rows := min(block, b.Dy()-y*block)
		draw.Draw(strip, image.Rect(0, 0, b.Dx(), rows), src, image.Pt(b.Min.X, b.Min.Y+y*block), draw.Src)
		for x := range dst.Rect.Dx() {
			area := image.Rect(x*block, 0, min((x+1)*block, b.Dx()), rows)
			average(dst.Pix[dst.PixOffset(x, y):][:4], strip, area)
		}
	}
	return dst
}

// average writes the mean of an area into four bytes.
func average(into []byte, m *image.RGBA, area image.Rectangle) {
	var r, g, b, a uint32
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := m.Pix[m.PixOffset(area.Min.X, y):m.PixOffset(area.Max.X, y)]
		for ; len(row) >= 4; row = row[4:] {
			r, g, b, a = r+uint32(row[0]), g+uint32(row[1]), b+uint32(row[2]), a+uint32(row[3])
		}
	}
	n := uint32(area.Dx() * area.Dy())
	into[0], into[1], into[2], into[3] = byte((r+n/2)/n), byte((g+n/2)/n), byte((b+n/2)/n), byte((a+n/2)/n)
}
