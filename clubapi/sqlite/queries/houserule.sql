-- name: InsertHouseRule :one
INSERT INTO rules (club_id, rule_content, position) VALUES (?, ?, ?) RETURNING id;

-- name: UpdateHouseRule :exec
UPDATE rules SET rule_content = ?, position = ?, version = version + 1 WHERE id = ?;

-- name: ShiftHouseRules :exec
UPDATE rules SET position = position + sqlc.arg(by), version = version + 1
WHERE club_id = sqlc.arg(club_id) AND id <> sqlc.arg(except) AND position >= sqlc.arg(first) AND position <= sqlc.arg(last);

-- name: DeleteHouseRule :exec
DELETE FROM rules WHERE id = ?;

-- name: CountHouseRules :one
SELECT count(*) FROM rules WHERE club_id = ?;

-- name: HouseRuleByID :one
SELECT sqlc.embed(r), c.owner_id AS club_owner_id,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = r.club_id AND m.user_id = sqlc.arg(viewer)) AS is_member
FROM rules r
JOIN clubs c ON c.id = r.club_id AND c.closed_at IS NULL
WHERE r.id = sqlc.arg(id);

-- name: HouseRules :many
SELECT * FROM rules WHERE club_id = ? ORDER BY position;
