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

-- name: InsertMember :exec
INSERT INTO members (club_id, user_id, joined_at) VALUES (?, ?, ?);

-- name: DeleteMember :exec
DELETE FROM members WHERE club_id = ? AND user_id = ?;

-- name: IsMember :one
SELECT EXISTS (SELECT 1 FROM members WHERE club_id = ? AND user_id = ?);

-- name: MembersAfter :many
SELECT m.id, m.user_id, m.joined_at, u.nickname, u.user_img, c.owner_id
FROM members m
JOIN users u ON u.id = m.user_id
JOIN clubs c ON c.id = m.club_id
WHERE m.club_id = sqlc.arg(club_id) AND m.id > sqlc.arg(after)
ORDER BY m.id
LIMIT sqlc.arg(most);
