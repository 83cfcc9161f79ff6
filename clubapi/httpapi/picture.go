package httpapi

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
	"strings"
	"time"

	"salon/clubapi"
	"salon/clubapi/picture"
)

// uploadTimeout bounds an upload: 5 MB over a slow line.
const uploadTimeout = time.Minute

// Pictures keeps pictures.
type Pictures interface {
	Keep(ctx context.Context, upload []byte, owner int64, now time.Time) (clubapi.Picture, error)
	Open(name string) (*os.File, error)
}

// isUpload reports whether the request brings a picture, which has bounds of its own.
func isUpload(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == strings.TrimSuffix(clubapi.PicturePath, "/")
}

// isShown reports whether the request asks for a picture, which anybody may see: it costs
// no session.
func isShown(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, clubapi.PicturePath)
}

// unlessShown lets requests for pictures past the sessions.
func unlessShown(sessions, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isShown(r) {
			next.ServeHTTP(w, r)
			return
		}
		sessions.ServeHTTP(w, r)
	})
}

// UploadPicture implements StrictServerInterface. What the header calls the picture is
// of no account, but that it calls it one keeps forms of other sites out.
func (s *server) UploadPicture(ctx context.Context, req UploadPictureRequestObject) (UploadPictureResponseObject, error) {
	if kind, _, err := mime.ParseMediaType(req.ContentType); err != nil || !strings.HasPrefix(kind, "image/") {
		return nil, errPictureType
	}
	me := callerOf(ctx).user.ID
	if err := s.gate.admitUpload(me); err != nil {
		return nil, err
	}
	upload, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	p, err := s.Pictures.Keep(ctx, upload, me, s.Now())
	if err != nil {
		return nil, err
	}
	return UploadPicture201JSONResponse{URL: p.URL(), Width: p.Width, Height: p.Height}, nil
}

// GetPicture implements StrictServerInterface.
func (s *server) GetPicture(_ context.Context, req GetPictureRequestObject) (GetPictureResponseObject, error) {
	f, err := s.Pictures.Open(req.Picture)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open picture: %w", err)
	}
	forever := "public, max-age=31536000, immutable"
	if path.Ext(req.Picture) == ".png" {
		return GetPicture200ImagePngResponse{
			Body: f, ContentLength: info.Size(), Headers: GetPicture200ResponseHeaders{CacheControl: &forever},
		}, nil
	}
	return GetPicture200ImageJpegResponse{
		Body: f, ContentLength: info.Size(), Headers: GetPicture200ResponseHeaders{CacheControl: &forever},
	}, nil
}

// most is how many bytes of body a request may bring, patience how long it may take.
func (c Config) most(r *http.Request) (bytes int64, patience time.Duration) {
	if isUpload(r) {
		return picture.MaxBytes, max(uploadTimeout, c.RequestTimeout)
	}
	return c.MaxBody, c.RequestTimeout
}
