-- name: InsertDeed :exec
INSERT INTO audit (club_id, actor_id, action, user_id, subject, at) VALUES (?, ?, ?, ?, ?, ?);

-- name: DeedsBefore :many
SELECT sqlc.embed(d), a.nickname AS actor_nickname, a.user_img AS actor_img, u.nickname AS user_nickname, u.user_img AS user_img
FROM audit d
JOIN users a ON a.id = d.actor_id
LEFT JOIN users u ON u.id = d.user_id
WHERE d.club_id = sqlc.arg(club_id) AND d.id < sqlc.arg(before)
ORDER BY d.id DESC
LIMIT sqlc.arg(most);
