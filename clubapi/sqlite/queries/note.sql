-- name: InsertNote :one
INSERT INTO notes (conference_id, speaker_id, author_id, spoken_at, text, source, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
RETURNING id;

-- name: UpdateNote :exec
UPDATE notes SET speaker_id = ?, spoken_at = ?, text = ?, updated_at = ?, version = version + 1 WHERE id = ?;

-- name: DeleteNote :exec
DELETE FROM notes WHERE id = ?;

-- name: TouchNotes :exec
UPDATE conferences SET notes_version = notes_version + 1 WHERE id = ?;

-- name: NotesOwner :one
-- Whose the notes of a conference are: the club's, or of whoever has a seat in a lightning meeting.
SELECT f.notes_version, f.club_id, f.owner_id, c.owner_id AS club_owner_id,
  EXISTS (
    SELECT 1 FROM members m WHERE m.club_id = f.club_id AND m.user_id = sqlc.arg(viewer)
    UNION ALL SELECT 1 FROM seats s WHERE s.conference_id = f.id AND s.user_id = sqlc.arg(viewer)
  ) AS is_member
FROM conferences f
LEFT JOIN clubs c ON c.id = f.club_id
WHERE f.id = sqlc.arg(id) AND c.closed_at IS NULL;

-- name: NoteByID :one
SELECT sqlc.embed(n), s.nickname AS speaker_nickname, s.user_img AS speaker_img,
  a.nickname AS author_nickname, a.user_img AS author_img
FROM notes n
JOIN users s ON s.id = n.speaker_id
JOIN users a ON a.id = n.author_id
WHERE n.id = sqlc.arg(id);

-- name: NotesAfter :many
SELECT sqlc.embed(n), s.nickname AS speaker_nickname, s.user_img AS speaker_img,
  a.nickname AS author_nickname, a.user_img AS author_img
FROM notes n
JOIN users s ON s.id = n.speaker_id
JOIN users a ON a.id = n.author_id
WHERE n.conference_id = sqlc.arg(conference_id) AND n.id > sqlc.arg(after)
ORDER BY n.id
LIMIT sqlc.arg(most);

-- name: NotesAsSpoken :many
SELECT sqlc.embed(n), s.nickname AS speaker_nickname, s.user_img AS speaker_img,
  a.nickname AS author_nickname, a.user_img AS author_img
FROM notes n
JOIN users s ON s.id = n.speaker_id
JOIN users a ON a.id = n.author_id
WHERE n.conference_id = sqlc.arg(conference_id)
ORDER BY n.spoken_at, n.id;
