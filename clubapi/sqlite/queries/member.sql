-- name: InsertMember :exec
INSERT INTO members (club_id, user_id, joined_at) VALUES (?, ?, ?);

-- name: DeleteMember :exec
DELETE FROM members WHERE club_id = ? AND user_id = ?;

-- name: IsMember :one
SELECT EXISTS (SELECT 1 FROM members WHERE club_id = ? AND user_id = ?);

-- name: MemberByID :one
SELECT m.joined_at, u.id, u.nickname, u.user_img
FROM members m
JOIN users u ON u.id = m.user_id
WHERE m.club_id = ? AND m.user_id = ?;

-- name: MembersAfter :many
SELECT m.id, m.user_id, m.joined_at, u.nickname, u.user_img, c.owner_id
FROM members m
JOIN users u ON u.id = m.user_id
JOIN clubs c ON c.id = m.club_id
WHERE m.club_id = sqlc.arg(club_id) AND m.id > sqlc.arg(after)
ORDER BY m.id
LIMIT sqlc.arg(most);

-- name: InsertWaiting :exec
INSERT INTO waiting (club_id, user_id, state, since) VALUES (?, ?, ?, ?);

-- name: SetWaitingState :exec
UPDATE waiting SET state = sqlc.arg(state) WHERE club_id = sqlc.arg(club_id) AND user_id = sqlc.arg(user_id);

-- name: AcceptAllAsked :exec
UPDATE waiting SET state = 'waiting' WHERE club_id = ? AND state = 'asked';

-- name: DeleteWaiting :execrows
DELETE FROM waiting WHERE club_id = ? AND user_id = ?;

-- name: DeleteAllWaiting :exec
DELETE FROM waiting WHERE club_id = ?;

-- name: WaitingByID :one
SELECT sqlc.embed(w), u.nickname, u.user_img,
  (SELECT count(*) FROM waiting x WHERE x.club_id = w.club_id AND x.id <= w.id) AS place
FROM waiting w
JOIN users u ON u.id = w.user_id
WHERE w.club_id = ? AND w.user_id = ?;

-- name: WaitingAfter :many
SELECT sqlc.embed(w), u.nickname, u.user_img,
  (SELECT count(*) FROM waiting x WHERE x.club_id = w.club_id AND x.id <= w.id) AS place
FROM waiting w
JOIN users u ON u.id = w.user_id
WHERE w.club_id = sqlc.arg(club_id) AND w.id > sqlc.arg(after)
ORDER BY w.id
LIMIT sqlc.arg(most);

-- name: FirstForASeat :many
SELECT user_id FROM waiting WHERE club_id = sqlc.arg(club_id) AND state = 'waiting' ORDER BY id LIMIT sqlc.arg(most);
