-- name: InsertUser :one
INSERT INTO users (nickname, nickname_key, password_hash, user_img, created_at)
VALUES (?, ?, ?, ?, ?)
RETURNING id;

-- name: UserByID :one
SELECT * FROM users WHERE id = ?;

-- name: UserByKey :one
SELECT * FROM users WHERE nickname_key = ?;
