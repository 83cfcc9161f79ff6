-- name: UsePicture :execrows
UPDATE pictures SET unused_since = NULL WHERE name = ?;

-- name: BytesOfOwner :one
SELECT CAST(coalesce(sum(bytes), 0) AS INTEGER) FROM pictures WHERE owner_id = ?;

-- name: InsertPicture :exec
INSERT INTO pictures (name, owner_id, width, height, bytes, created_at) VALUES (?, ?, ?, ?, ?, ?);

-- name: PictureNames :many
SELECT name FROM pictures;

-- A picture is referred to by its name at the end of a link, 56 characters.

-- name: MarkUsedPictures :exec
UPDATE pictures SET unused_since = NULL WHERE unused_since IS NOT NULL AND name IN (
  SELECT substr(user_img, -56) FROM users
  UNION ALL SELECT substr(thumbnail, -56) FROM clubs WHERE closed_at IS NULL
  UNION ALL SELECT substr(thumbnail, -56) FROM conferences
  UNION ALL SELECT substr(book_img, -56) FROM books
);

-- name: MarkUnusedPictures :exec
UPDATE pictures SET unused_since = sqlc.arg(now) WHERE unused_since IS NULL AND name NOT IN (
  SELECT substr(user_img, -56) FROM users
  UNION ALL SELECT substr(thumbnail, -56) FROM clubs WHERE closed_at IS NULL
  UNION ALL SELECT substr(thumbnail, -56) FROM conferences
  UNION ALL SELECT substr(book_img, -56) FROM books
);

-- name: DeleteUnusedPictures :exec
DELETE FROM pictures WHERE unused_since <= ?;
