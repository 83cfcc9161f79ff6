package clubapi

import "time"

// PicturePath is where pictures are served; a name follows.
const PicturePath = "/api/v1/pictures/"

// Picture is what is remembered of a picture that lies on disk.
type Picture struct {
	Name          string // the hash of what it shows, and what kind it is
	OwnerID       int64  // who uploaded it first
	Width, Height int    // pixels
	Bytes         int64
	CreatedAt     time.Time
}

// URL is what is put into user_img, thumbnail or book_img.
func (p Picture) URL() string { return PicturePath + p.Name }
