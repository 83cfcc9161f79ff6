package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how the camera was held, 1 to 8, as Exif (CIPA DC-008, tag 0x0112)
// tells it; 1, upright, when it does not. Hostile bytes are upright.
func orientation(upload []byte, format string) int {
	switch format {
	case "jpeg":
		return jpegOrientation(upload)
	case "png":
		return pngOrientation(upload)
	case "webp":
		return webpOrientation(upload)
	}
	return 1
}

// jpegOrientation walks the segments before the scan (ITU-T T.81, annex B): FF, marker,
// length of two bytes that counts itself.
func jpegOrientation(b []byte) int {
	const (
		app1 = 0xe1
		sos  = 0xda
	)
	for b = b[min(2, len(b)):]; len(b) >= 4 && b[0] == 0xff; {
		if b[1] == 0xff { // fill
			b = b[1:]
			continue
		}
		size := int(binary.BigEndian.Uint16(b[2:]))
		if b[1] == sos || size < 2 || len(b) < 2+size {
			return 1
		}
		if tiff, ok := bytes.CutPrefix(b[4:2+size], []byte("Exif\x00\x00")); ok && b[1] == app1 {
			return tiffOrientation(tiff)
		}
		b = b[2+size:]
	}
	return 1
}

// pngOrientation looks for the eXIf chunk: length, type, content, checksum.
func pngOrientation(b []byte) int {
	const signature, frame = 8, 12
	for b = b[min(signature, len(b)):]; len(b) >= frame; {
		size := int64(binary.BigEndian.Uint32(b))
		if int64(len(b)) < frame+size {
			return 1
		}
		if string(b[4:8]) == "eXIf" {
			return tiffOrientation(b[8 : 8+size])
		}
		b = b[frame+size:]
	}
	return 1
}

// webpOrientation looks for the EXIF chunk: type, length, content, padded to two bytes.
func webpOrientation(b []byte) int {
	const riff, frame = 12, 8
	for b = b[min(riff, len(b)):]; len(b) >= frame; {
		size := int64(binary.LittleEndian.Uint32(b[4:]))
		if int64(len(b)) < frame+size {
			return 1
		}
		if string(b[:4]) == "EXIF" {
			return tiffOrientation(bytes.TrimPrefix(b[frame:frame+size], []byte("Exif\x00\x00")))
		}
		b = b[min(int64(len(b)), frame+size+size%2):]
	}
	return 1
}

// tiffOrientation reads the tag from the first directory: byte order, the number 42,
// where the directory is; its count, and entries of tag, type, count and value.
func tiffOrientation(b []byte) int {
	const tag, short, entry = 0x0112, 3, 12
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("MM\x00*")):
		order = binary.BigEndian
	}
	if order == nil || len(b) < 8 {
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	entries := int(order.Uint16(b[at:]))
	for b = b[at+2:]; entries > 0 && len(b) >= entry; entries-- {
		if order.Uint16(b) == tag && order.Uint16(b[2:]) == short {
			if o := int(order.Uint16(b[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		b = b[entry:]
	}
	return 1
}

// upright turns and mirrors m as the orientation asks for. From 5 on, width and height
// change places.
func upright(m *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := turned(x, y, w, h, orientation)
			copy(out.Pix[out.PixOffset(tx, ty):][:4], m.Pix[m.PixOffset(x, y):])
		}
	}
	return out
}

// turned is where the pixel x, y of a picture of w by h belongs.
func turned(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
