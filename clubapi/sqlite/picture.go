package sqlite

import (
	"context"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// KeepPicture stores the row unless it is there already, and lets it count as used. A
// new one beyond quota bytes of its owner is refused with clubapi.ErrPicturesFull.
func (s *Store) KeepPicture(ctx context.Context, p clubapi.Picture, quota int64) error {
	return s.write(ctx, "keep picture", func(q *db.Queries) error {
		if n, err := q.UsePicture(ctx, p.Name); err != nil || n > 0 {
			return err
		}
		taken, err := q.BytesOfOwner(ctx, p.OwnerID)
		if err != nil {
			return err
		}
		if taken+p.Bytes > quota {
			return clubapi.ErrPicturesFull
		}
		return q.InsertPicture(ctx, db.InsertPictureParams{
			Name: p.Name, OwnerID: p.OwnerID, Width: int64(p.Width), Height: int64(p.Height), Bytes: p.Bytes, CreatedAt: millis(p.CreatedAt),
		})
	})
}

// ForgetPictures deletes the rows that nothing has referred to since before, marks those
// that nothing refers to at now, and returns the names that are left.
func (s *Store) ForgetPictures(ctx context.Context, now, before time.Time) (left map[string]bool, err error) {
	left = map[string]bool{}
	err = s.write(ctx, "forget pictures", func(q *db.Queries) error {
		if err := q.MarkUsedPictures(ctx); err != nil {
			return err
		}
		if err := q.MarkUnusedPictures(ctx, optionalMillis(now)); err != nil {
			return err
		}
		if err := q.DeleteUnusedPictures(ctx, optionalMillis(before)); err != nil {
			return err
		}
		names, err := q.PictureNames(ctx)
		for _, n := range names {
			left[n] = true
		}
		return err
	})
	return left, err
}
