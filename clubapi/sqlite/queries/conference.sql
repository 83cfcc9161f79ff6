-- name: InsertConference :one
INSERT INTO conferences (club_id, owner_id, title, description, thumbnail, call_start_time, call_end_time, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
RETURNING id;

-- name: UpdateConference :exec
UPDATE conferences
SET title = ?, description = ?, thumbnail = ?, call_start_time = ?, call_end_time = ?, cancelled = ?
WHERE id = ?;

-- name: ConferenceByID :one
SELECT sqlc.embed(f), c.title AS club_title, c.owner_id AS club_owner_id,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = f.club_id AND m.user_id = sqlc.arg(viewer)) AS is_member
FROM conferences f
JOIN clubs c ON c.id = f.club_id AND c.closed_at IS NULL
WHERE f.id = sqlc.arg(id);

-- name: UpcomingOfClub :many
SELECT sqlc.embed(f), c.title AS club_title
FROM conferences f
JOIN clubs c ON c.id = f.club_id AND c.closed_at IS NULL
WHERE f.club_id = sqlc.arg(club_id) AND f.cancelled = 0 AND f.call_end_time > sqlc.arg(now)
  AND (f.call_start_time > sqlc.arg(after_start) OR (f.call_start_time = sqlc.arg(after_start) AND f.id > sqlc.arg(after_id)))
ORDER BY f.call_start_time, f.id
LIMIT sqlc.arg(most);

-- name: PastOfClub :many
SELECT sqlc.embed(f), c.title AS club_title
FROM conferences f
JOIN clubs c ON c.id = f.club_id AND c.closed_at IS NULL
WHERE f.club_id = sqlc.arg(club_id) AND (f.cancelled = 1 OR f.call_end_time <= sqlc.arg(now))
  AND (f.call_start_time < sqlc.arg(before_start) OR (f.call_start_time = sqlc.arg(before_start) AND f.id < sqlc.arg(before_id)))
ORDER BY f.call_start_time DESC, f.id DESC
LIMIT sqlc.arg(most);

-- name: UpcomingOfUser :many
SELECT sqlc.embed(f), c.title AS club_title
FROM members m
JOIN conferences f ON f.club_id = m.club_id
JOIN clubs c ON c.id = f.club_id AND c.closed_at IS NULL
WHERE m.user_id = sqlc.arg(user_id) AND f.cancelled = 0 AND f.call_end_time > sqlc.arg(now)
  AND (f.call_start_time > sqlc.arg(after_start) OR (f.call_start_time = sqlc.arg(after_start) AND f.id > sqlc.arg(after_id)))
ORDER BY f.call_start_time, f.id
LIMIT sqlc.arg(most);
