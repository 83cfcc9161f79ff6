-- name: OpenStay :exec
-- Rooms and people that the club does not know are none of its business.
INSERT INTO stays (conference_id, user_id, participant, node, joined_at, seen_at)
SELECT f.id, u.id, sqlc.arg(participant), sqlc.arg(node), sqlc.arg(joined_at), sqlc.arg(joined_at)
FROM conferences f, users u WHERE f.id = sqlc.arg(conference_id) AND u.id = sqlc.arg(user_id)
ON CONFLICT (participant) DO NOTHING;

-- name: ResumeStay :exec
-- One that was given up for lost goes on: they were seen after its end.
UPDATE stays SET left_at = NULL WHERE participant = sqlc.arg(participant) AND left_at IS NOT NULL AND seen_at < sqlc.arg(seen);

-- name: EndStay :exec
UPDATE stays SET left_at = sqlc.arg(left_at), seen_at = sqlc.arg(seen_at) WHERE participant = sqlc.arg(participant);

-- name: SeeStays :exec
UPDATE stays SET seen_at = sqlc.arg(at) WHERE left_at IS NULL AND seen_at < sqlc.arg(at) AND node = sqlc.arg(node);

-- name: EndForgottenStays :execrows
UPDATE stays SET left_at = seen_at WHERE left_at IS NULL;

-- name: OpenStaysOf :many
SELECT participant FROM stays WHERE left_at IS NULL AND node = sqlc.arg(node);

-- name: ForgetStay :exec
UPDATE stays SET left_at = seen_at WHERE participant = sqlc.arg(participant) AND left_at IS NULL;

-- name: NodesOfOpenStays :many
SELECT DISTINCT node FROM stays WHERE left_at IS NULL;

-- name: StaysOf :many
SELECT sqlc.embed(s), u.nickname, u.user_img
FROM stays s
JOIN users u ON u.id = s.user_id
WHERE s.conference_id IN (sqlc.slice(conference_ids))
ORDER BY s.joined_at, s.id;

-- name: HistoryBefore :many
-- What is over and was not cancelled, and whatever somebody came to.
SELECT sqlc.embed(f), CAST(coalesce(c.title, '') AS TEXT) AS club_title, CAST(coalesce(c.owner_id, f.owner_id) AS INTEGER) AS club_owner_id,
  b.title AS book_title, b.author AS book_author, b.book_img AS book_img,
  (SELECT count(*) FROM seats t WHERE t.conference_id = f.id) AS taken,
  (SELECT count(DISTINCT p.user_id) FROM stays p WHERE p.conference_id = f.id AND p.left_at IS NULL) AS present,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = f.club_id AND m.user_id = sqlc.arg(viewer)) AS is_member,
  (SELECT count(*) FROM notes n WHERE n.conference_id = f.id) AS notes
FROM conferences f
LEFT JOIN clubs c ON c.id = f.club_id
LEFT JOIN books b ON b.id = f.book_id
WHERE f.club_id = sqlc.arg(club_id)
  AND ((f.cancelled = 0 AND f.call_end_time <= sqlc.arg(now)) OR EXISTS (SELECT 1 FROM stays s WHERE s.conference_id = f.id))
  AND (f.call_start_time < sqlc.arg(before_start) OR (f.call_start_time = sqlc.arg(before_start) AND f.id < sqlc.arg(before_id)))
ORDER BY f.call_start_time DESC, f.id DESC
LIMIT sqlc.arg(most);
