-- name: InsertReport :one
INSERT INTO reports (reporter_id, user_id, post_id, reason, created_at)
VALUES (?, ?, ?, ?, ?)
RETURNING id;

-- name: AuthorOfPost :one
SELECT author_id FROM posts WHERE id = ?;

-- name: HasOpenReport :one
SELECT EXISTS (
  SELECT 1 FROM reports
  WHERE user_id = sqlc.arg(user_id) AND state = 'open' AND reporter_id = sqlc.arg(reporter_id) AND post_id IS sqlc.narg(post_id)
);

-- name: ReportByID :one
SELECT sqlc.embed(r), u.nickname, u.user_img FROM reports r JOIN users u ON u.id = r.user_id WHERE r.id = ?;

-- name: ReportsBefore :many
SELECT sqlc.embed(r), u.nickname, u.user_img
FROM reports r
JOIN users u ON u.id = r.user_id
WHERE r.id < sqlc.arg(before)
  AND (CAST(sqlc.arg(state) AS TEXT) = '' OR r.state = CAST(sqlc.arg(state) AS TEXT))
  AND r.user_id <> sqlc.arg(viewer)
ORDER BY r.id DESC
LIMIT sqlc.arg(most);

-- name: ReportsOfMembersBefore :many
-- Those about members of the clubs of one owner, from the members on: the plus keeps the order of ids from leading.
SELECT sqlc.embed(r), u.nickname, u.user_img
FROM reports r
JOIN users u ON u.id = r.user_id
WHERE +r.id < sqlc.arg(before)
  AND (CAST(sqlc.arg(state) AS TEXT) = '' OR r.state = CAST(sqlc.arg(state) AS TEXT))
  AND r.user_id <> sqlc.arg(viewer)
  AND r.user_id IN (
    SELECT m.user_id FROM clubs c JOIN members m ON m.club_id = c.id WHERE c.owner_id = sqlc.arg(viewer) AND c.closed_at IS NULL
  )
ORDER BY +r.id DESC
LIMIT sqlc.arg(most);

-- name: SettleReport :exec
UPDATE reports SET state = ?, settled_by = ?, settled_at = ? WHERE id = ?;

-- name: AuditSettlement :exec
INSERT INTO audit (club_id, actor_id, action, user_id, subject, at)
SELECT c.id, sqlc.arg(actor), 'report_settled', m.user_id, sqlc.arg(subject), sqlc.arg(at)
FROM members m
JOIN clubs c ON c.id = m.club_id
WHERE m.user_id = sqlc.arg(user) AND c.closed_at IS NULL AND (CAST(sqlc.arg(all_of_them) AS INTEGER) <> 0 OR c.owner_id = sqlc.arg(actor));
