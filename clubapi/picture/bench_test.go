package picture_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"testing"

	"salon/clubapi/picture"
)

// BenchmarkConvert is what the largest photo costs.
func BenchmarkConvert(b *testing.B) {
	m, r := image.NewYCbCr(image.Rect(0, 0, 6000, 4166), image.YCbCrSubsampleRatio420), rand.New(rand.NewPCG(1, 1))
	for i := range m.Y {
		m.Y[i] = uint8(i/64%200) + uint8(r.Uint32()%4)
	}
	var upload bytes.Buffer
	if err := jpeg.Encode(&upload, m, &jpeg.Options{Quality: 50}); err != nil || upload.Len() > picture.MaxBytes {
		b.Fatal(upload.Len(), err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := picture.Convert(upload.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}
