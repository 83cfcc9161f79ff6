-- name: InsertClub :one
INSERT INTO clubs (owner_id, title, summary, detail, max_user, time_zone, time_freq, time, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
RETURNING id;

-- name: UpdateClub :exec
UPDATE clubs
SET title = ?, summary = ?, detail = ?, max_user = ?, time_zone = ?, time_freq = ?, time = ?
WHERE id = ?;

-- name: ClubByID :one
SELECT sqlc.embed(c),
  (SELECT count(*) FROM members n WHERE n.club_id = c.id) AS member_count,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = c.id AND m.user_id = sqlc.arg(viewer)) AS is_member
FROM clubs c
WHERE c.id = sqlc.arg(id);

-- name: ClubsBefore :many
SELECT sqlc.embed(c),
  (SELECT count(*) FROM members n WHERE n.club_id = c.id) AS member_count,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = c.id AND m.user_id = sqlc.arg(viewer)) AS is_member
FROM clubs c
WHERE c.id < sqlc.arg(before)
ORDER BY c.id DESC
LIMIT sqlc.arg(most);

-- name: ClubsOfUserBefore :many
SELECT sqlc.embed(c),
  (SELECT count(*) FROM members n WHERE n.club_id = c.id) AS member_count
FROM clubs c
JOIN members m ON m.club_id = c.id
WHERE m.user_id = sqlc.arg(user_id) AND m.club_id < sqlc.arg(before)
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
