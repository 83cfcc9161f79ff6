-- name: InsertClub :one
INSERT INTO clubs (owner_id, title, summary, detail, category, thumbnail, max_user, join_rule, book_id, time_zone, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
RETURNING id;

-- name: UpdateClub :exec
UPDATE clubs
SET title = ?, summary = ?, detail = ?, category = ?, thumbnail = ?, max_user = ?, join_rule = ?, book_id = ?, time_zone = ?,
  owner_id = ?, closed_at = ?, version = version + 1
WHERE id = ?;

-- name: ClubByID :one
SELECT sqlc.embed(c), o.nickname AS owner_nickname, o.user_img AS owner_img,
  b.title AS book_title, b.author AS book_author, b.book_img AS book_img,
  (SELECT count(*) FROM waiting w WHERE w.club_id = c.id) AS waiting_count,
  (SELECT count(*) FROM members n WHERE n.club_id = c.id) AS member_count,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = c.id AND m.user_id = sqlc.arg(viewer)) AS is_member
FROM clubs c
JOIN users o ON o.id = c.owner_id
LEFT JOIN books b ON b.id = c.book_id
WHERE c.id = sqlc.arg(id) AND c.closed_at IS NULL;

-- name: ClubsBefore :many
SELECT sqlc.embed(c), o.nickname AS owner_nickname, o.user_img AS owner_img,
  b.title AS book_title, b.author AS book_author, b.book_img AS book_img,
  (SELECT count(*) FROM waiting w WHERE w.club_id = c.id) AS waiting_count,
  (SELECT count(*) FROM members n WHERE n.club_id = c.id) AS member_count,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = c.id AND m.user_id = sqlc.arg(viewer)) AS is_member
FROM clubs c
JOIN users o ON o.id = c.owner_id
LEFT JOIN books b ON b.id = c.book_id
WHERE c.id < sqlc.arg(before) AND c.closed_at IS NULL
  AND (CAST(sqlc.arg(category) AS TEXT) = '' OR c.category = CAST(sqlc.arg(category) AS TEXT))
  AND (CAST(sqlc.arg(book_id) AS INTEGER) = 0 OR c.book_id = CAST(sqlc.arg(book_id) AS INTEGER))
  AND (CAST(sqlc.arg(weekdays) AS INTEGER) = 0
    OR EXISTS (SELECT 1 FROM schedules s WHERE s.club_id = c.id AND s.weekdays & CAST(sqlc.arg(weekdays) AS INTEGER) <> 0))
  AND (CAST(sqlc.arg(free_seats) AS INTEGER) = 0 OR c.max_user > (SELECT count(*) FROM members n WHERE n.club_id = c.id))
ORDER BY c.id DESC
LIMIT sqlc.arg(most);

-- name: ClubsOfUserBefore :many
SELECT sqlc.embed(c), o.nickname AS owner_nickname, o.user_img AS owner_img,
  b.title AS book_title, b.author AS book_author, b.book_img AS book_img,
  (SELECT count(*) FROM waiting w WHERE w.club_id = c.id) AS waiting_count,
  (SELECT count(*) FROM members n WHERE n.club_id = c.id) AS member_count,
  EXISTS (SELECT 1 FROM members n WHERE n.club_id = c.id AND n.user_id = sqlc.arg(viewer)) AS is_member
FROM clubs c
JOIN members m ON m.club_id = c.id
JOIN users o ON o.id = c.owner_id
LEFT JOIN books b ON b.id = c.book_id
WHERE m.user_id = sqlc.arg(viewer) AND c.closed_at IS NULL AND m.club_id < sqlc.arg(before)
ORDER BY m.club_id DESC
LIMIT sqlc.arg(most);

-- name: BookNameByID :one
SELECT id, title, author, book_img FROM books WHERE id = ?;
