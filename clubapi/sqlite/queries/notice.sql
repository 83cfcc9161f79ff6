-- name: InsertNotice :one
INSERT INTO notices (club_id, notice_content, created_at, updated_at) VALUES (?, ?, ?, ?) RETURNING id;

-- name: UpdateNotice :exec
UPDATE notices SET notice_content = ?, updated_at = ?, version = version + 1 WHERE id = ?;

-- name: DeleteNotice :exec
DELETE FROM notices WHERE id = ?;

-- name: NoticeByID :one
SELECT sqlc.embed(n), c.owner_id AS club_owner_id,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = n.club_id AND m.user_id = sqlc.arg(viewer)) AS is_member
FROM notices n
JOIN clubs c ON c.id = n.club_id AND c.closed_at IS NULL
WHERE n.id = sqlc.arg(id);

-- name: NoticesBefore :many
SELECT * FROM notices WHERE club_id = sqlc.arg(club_id) AND id < sqlc.arg(before) ORDER BY id DESC LIMIT sqlc.arg(most);
