-- name: InsertConference :one
INSERT INTO conferences (club_id, owner_id, book_id, title, description, thumbnail, call_start_time, call_end_time, max_user,
  occurrence, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
RETURNING id;

-- name: UpdateConference :exec
UPDATE conferences
SET owner_id = ?, book_id = ?, title = ?, description = ?, thumbnail = ?, call_start_time = ?, call_end_time = ?, cancelled = ?,
  touched = ?, updated_at = ?, version = version + 1
WHERE id = ?;

-- name: Overlapping :one
SELECT id FROM conferences
WHERE club_id = sqlc.arg(club_id) AND cancelled = 0 AND id <> sqlc.arg(except)
  AND call_start_time < sqlc.arg(before) AND call_end_time > sqlc.arg(after)
ORDER BY call_start_time, id
LIMIT 1;

-- name: ConferenceByID :one
SELECT sqlc.embed(f), CAST(coalesce(c.title, '') AS TEXT) AS club_title, CAST(coalesce(c.owner_id, f.owner_id) AS INTEGER) AS club_owner_id,
  b.title AS book_title, b.author AS book_author, b.book_img AS book_img,
  (SELECT count(*) FROM seats t WHERE t.conference_id = f.id) AS taken,
  (SELECT count(DISTINCT p.user_id) FROM stays p WHERE p.conference_id = f.id AND p.left_at IS NULL) AS present,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = f.club_id AND m.user_id = sqlc.arg(viewer)
    UNION ALL SELECT 1 FROM seats t WHERE t.conference_id = f.id AND t.user_id = sqlc.arg(viewer)) AS is_member
FROM conferences f
LEFT JOIN clubs c ON c.id = f.club_id
LEFT JOIN books b ON b.id = f.book_id
WHERE f.id = sqlc.arg(id) AND c.closed_at IS NULL;

-- name: UpcomingOfClub :many
SELECT sqlc.embed(f), CAST(coalesce(c.title, '') AS TEXT) AS club_title, CAST(coalesce(c.owner_id, f.owner_id) AS INTEGER) AS club_owner_id,
  b.title AS book_title, b.author AS book_author, b.book_img AS book_img,
  (SELECT count(*) FROM seats t WHERE t.conference_id = f.id) AS taken,
  (SELECT count(DISTINCT p.user_id) FROM stays p WHERE p.conference_id = f.id AND p.left_at IS NULL) AS present,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = f.club_id AND m.user_id = sqlc.arg(viewer)
    UNION ALL SELECT 1 FROM seats t WHERE t.conference_id = f.id AND t.user_id = sqlc.arg(viewer)) AS is_member
FROM conferences f
LEFT JOIN clubs c ON c.id = f.club_id
LEFT JOIN books b ON b.id = f.book_id
WHERE f.club_id = sqlc.arg(club_id) AND c.closed_at IS NULL AND f.cancelled = 0 AND f.call_end_time > sqlc.arg(now)
  AND (f.call_start_time > sqlc.arg(after_start) OR (f.call_start_time = sqlc.arg(after_start) AND f.id > sqlc.arg(after_id)))
ORDER BY f.call_start_time, f.id
LIMIT sqlc.arg(most);

-- name: PastOfClub :many
SELECT sqlc.embed(f), CAST(coalesce(c.title, '') AS TEXT) AS club_title, CAST(coalesce(c.owner_id, f.owner_id) AS INTEGER) AS club_owner_id,
  b.title AS book_title, b.author AS book_author, b.book_img AS book_img,
  (SELECT count(*) FROM seats t WHERE t.conference_id = f.id) AS taken,
  (SELECT count(DISTINCT p.user_id) FROM stays p WHERE p.conference_id = f.id AND p.left_at IS NULL) AS present,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = f.club_id AND m.user_id = sqlc.arg(viewer)
    UNION ALL SELECT 1 FROM seats t WHERE t.conference_id = f.id AND t.user_id = sqlc.arg(viewer)) AS is_member
FROM conferences f
LEFT JOIN clubs c ON c.id = f.club_id
LEFT JOIN books b ON b.id = f.book_id
WHERE f.club_id = sqlc.arg(club_id) AND c.closed_at IS NULL AND (f.cancelled = 1 OR f.call_end_time <= sqlc.arg(now))
  AND (f.call_start_time < sqlc.arg(before_start) OR (f.call_start_time = sqlc.arg(before_start) AND f.id < sqlc.arg(before_id)))
ORDER BY f.call_start_time DESC, f.id DESC
LIMIT sqlc.arg(most);

-- name: UpcomingOfUser :many
SELECT sqlc.embed(f), CAST(coalesce(c.title, '') AS TEXT) AS club_title, CAST(coalesce(c.owner_id, f.owner_id) AS INTEGER) AS club_owner_id,
  b.title AS book_title, b.author AS book_author, b.book_img AS book_img,
  (SELECT count(*) FROM seats t WHERE t.conference_id = f.id) AS taken,
  (SELECT count(DISTINCT p.user_id) FROM stays p WHERE p.conference_id = f.id AND p.left_at IS NULL) AS present,
  EXISTS (SELECT 1 FROM users u WHERE u.id = sqlc.arg(user_id)) AS is_member
FROM conferences f
LEFT JOIN clubs c ON c.id = f.club_id
LEFT JOIN books b ON b.id = f.book_id
WHERE f.id IN (
    SELECT x.id FROM conferences x JOIN members m ON m.club_id = x.club_id
    WHERE m.user_id = sqlc.arg(user_id) AND x.call_end_time > sqlc.arg(now)
    UNION SELECT t.conference_id FROM seats t WHERE t.user_id = sqlc.arg(user_id))
  AND c.closed_at IS NULL AND f.cancelled = 0 AND f.call_end_time > sqlc.arg(now)
  AND (f.call_start_time > sqlc.arg(after_start) OR (f.call_start_time = sqlc.arg(after_start) AND f.id > sqlc.arg(after_id)))
ORDER BY f.call_start_time, f.id
LIMIT sqlc.arg(most);

-- name: OpenLightning :many
SELECT sqlc.embed(f), CAST(coalesce(c.title, '') AS TEXT) AS club_title, CAST(coalesce(c.owner_id, f.owner_id) AS INTEGER) AS club_owner_id,
  b.title AS book_title, b.author AS book_author, b.book_img AS book_img,
  (SELECT count(*) FROM seats t WHERE t.conference_id = f.id) AS taken,
  (SELECT count(DISTINCT p.user_id) FROM stays p WHERE p.conference_id = f.id AND p.left_at IS NULL) AS present,
  EXISTS (SELECT 1 FROM seats t WHERE t.conference_id = f.id AND t.user_id = sqlc.arg(viewer)) AS is_member
FROM conferences f
LEFT JOIN clubs c ON c.id = f.club_id
LEFT JOIN books b ON b.id = f.book_id
WHERE f.club_id IS NULL AND f.cancelled = 0 AND f.call_start_time <= sqlc.arg(now) AND f.call_end_time > sqlc.arg(now)
  AND f.max_user > (SELECT count(*) FROM seats t WHERE t.conference_id = f.id)
  AND f.id < sqlc.arg(before)
ORDER BY f.id DESC
LIMIT sqlc.arg(most);

-- name: LightningOf :one
SELECT id FROM conferences
WHERE club_id IS NULL AND owner_id = sqlc.arg(owner_id) AND cancelled = 0 AND call_end_time > sqlc.arg(now)
LIMIT 1;

-- name: TakeSeat :exec
INSERT INTO seats (conference_id, user_id, taken_at) VALUES (?, ?, ?);

-- name: ConferencesOfFeed :many
SELECT sqlc.embed(f), CAST(coalesce(c.title, '') AS TEXT) AS club_title, CAST(coalesce(c.owner_id, f.owner_id) AS INTEGER) AS club_owner_id,
  b.title AS book_title, b.author AS book_author, b.book_img AS book_img,
  (SELECT count(*) FROM seats t WHERE t.conference_id = f.id) AS taken,
  (SELECT count(DISTINCT p.user_id) FROM stays p WHERE p.conference_id = f.id AND p.left_at IS NULL) AS present,
  EXISTS (SELECT 1 FROM users u WHERE u.id = sqlc.arg(user_id)) AS is_member
FROM conferences f
LEFT JOIN clubs c ON c.id = f.club_id
LEFT JOIN books b ON b.id = f.book_id
WHERE f.id IN (
    SELECT x.id FROM conferences x JOIN members m ON m.club_id = x.club_id
    WHERE m.user_id = sqlc.arg(user_id) AND (CAST(sqlc.arg(club_id) AS INTEGER) = 0 OR m.club_id = CAST(sqlc.arg(club_id) AS INTEGER))
      AND x.call_end_time > sqlc.arg(since)
    UNION SELECT t.conference_id FROM seats t WHERE t.user_id = sqlc.arg(user_id) AND CAST(sqlc.arg(club_id) AS INTEGER) = 0)
  AND c.closed_at IS NULL AND f.call_end_time > sqlc.arg(since)
ORDER BY f.call_start_time DESC, f.id DESC
LIMIT sqlc.arg(most);
