-- name: InsertUser :one
INSERT INTO users (nickname, nickname_key, password_hash, user_img, admin, created_at)
VALUES (?, ?, ?, ?, ?, ?)
RETURNING id;

-- name: UserByID :one
SELECT * FROM users WHERE id = ?;

-- name: UserByKey :one
SELECT * FROM users WHERE nickname_key = ?;

-- name: IsReported :one
SELECT EXISTS (SELECT 1 FROM reports WHERE user_id = ? AND state IN ('open', 'upheld'));

-- name: UpdateUser :exec
UPDATE users SET nickname = ?, nickname_key = ?, user_img = ?, admin = ?, version = version + 1 WHERE id = ?;

-- name: ReplacePassword :execrows
UPDATE users SET password_hash = sqlc.arg(new), epoch = epoch + 1 WHERE id = sqlc.arg(id) AND password_hash = sqlc.arg(old);

-- name: SetPassword :exec
UPDATE users SET password_hash = ?, epoch = epoch + 1 WHERE id = ?;

-- name: UsersAfter :many
SELECT sqlc.embed(u), EXISTS (SELECT 1 FROM reports r WHERE r.user_id = u.id AND r.state IN ('open', 'upheld')) AS reported
FROM users u
WHERE u.id > sqlc.arg(after)
ORDER BY u.id
LIMIT sqlc.arg(most);

-- name: BooksRead :one
SELECT count(DISTINCT book_id) FROM user_books WHERE user_id = ?;

-- name: ClubNamesOf :many
SELECT c.id, c.title
FROM members m
JOIN clubs c ON c.id = m.club_id
WHERE m.user_id = ? AND c.closed_at IS NULL
ORDER BY c.id
LIMIT 100;

-- name: OwnsClubOf :one
SELECT EXISTS (
  SELECT 1 FROM members m JOIN clubs c ON c.id = m.club_id
  WHERE m.user_id = ? AND c.owner_id = ? AND c.closed_at IS NULL
);
