-- name: InsertPost :one
INSERT INTO posts (author_id, title, content, created_at, updated_at)
VALUES (?, ?, ?, ?, ?)
RETURNING id;

-- name: UpdatePost :exec
UPDATE posts SET title = ?, content = ?, updated_at = ?, version = version + 1 WHERE id = ?;

-- name: DeletePost :exec
DELETE FROM posts WHERE id = ?;

-- name: PostByID :one
SELECT sqlc.embed(p), u.nickname, u.user_img
FROM posts p
JOIN users u ON u.id = p.author_id
WHERE p.id = ?;

-- name: PostsBefore :many
SELECT sqlc.embed(p), u.nickname, u.user_img
FROM posts p
JOIN users u ON u.id = p.author_id
WHERE p.id < sqlc.arg(before)
ORDER BY p.id DESC
LIMIT sqlc.arg(most);
