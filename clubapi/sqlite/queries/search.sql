-- name: ReadableClubs :many
SELECT m.club_id FROM members m
JOIN clubs c ON c.id = m.club_id
WHERE m.user_id = ? AND c.closed_at IS NULL
ORDER BY m.club_id DESC
LIMIT ?;

-- name: ReadableLightning :many
SELECT s.conference_id FROM seats s WHERE s.user_id = ? ORDER BY s.conference_id DESC LIMIT ?;

-- name: ClubsByIDs :many
SELECT sqlc.embed(c), o.nickname AS owner_nickname, o.user_img AS owner_img,
  b.title AS book_title, b.author AS book_author, b.book_img AS book_img,
  (SELECT count(*) FROM waiting w WHERE w.club_id = c.id) AS waiting_count,
  (SELECT count(*) FROM members n WHERE n.club_id = c.id) AS member_count,
  EXISTS (SELECT 1 FROM members m WHERE m.club_id = c.id AND m.user_id = sqlc.arg(viewer)) AS is_member
FROM clubs c
JOIN users o ON o.id = c.owner_id
LEFT JOIN books b ON b.id = c.book_id
WHERE c.id IN (sqlc.slice(ids)) AND c.closed_at IS NULL;

-- name: BooksByIDs :many
SELECT * FROM books WHERE id IN (sqlc.slice(ids));

-- name: PostsByIDs :many
SELECT sqlc.embed(p), u.nickname, u.user_img
FROM posts p
JOIN users u ON u.id = p.author_id
WHERE p.id IN (sqlc.slice(ids));

-- name: FoundNotes :many
SELECT sqlc.embed(n), s.nickname AS speaker_nickname, s.user_img AS speaker_img,
  a.nickname AS author_nickname, a.user_img AS author_img, f.club_id, f.title, f.call_start_time,
  CAST(coalesce(c.owner_id, f.owner_id) AS INTEGER) AS club_owner_id
FROM notes n
JOIN users s ON s.id = n.speaker_id
JOIN users a ON a.id = n.author_id
JOIN conferences f ON f.id = n.conference_id
LEFT JOIN clubs c ON c.id = f.club_id
WHERE n.id IN (sqlc.slice(ids));

-- name: NotesToIndex :many
SELECT n.id, n.conference_id, n.speaker_id, n.text, f.club_id
FROM notes n JOIN conferences f ON f.id = n.conference_id
WHERE n.id > sqlc.arg(after) ORDER BY n.id LIMIT sqlc.arg(most);

-- name: LatestTexts :many
SELECT text FROM notes WHERE conference_id = sqlc.arg(conference_id) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: ClubsToIndex :many
SELECT c.id, c.title, c.summary, c.detail, b.title AS book_title, b.author AS book_author
FROM clubs c LEFT JOIN books b ON b.id = c.book_id
WHERE c.id > sqlc.arg(after) AND c.closed_at IS NULL AND (CAST(sqlc.arg(book_id) AS INTEGER) = 0 OR c.book_id = CAST(sqlc.arg(book_id) AS INTEGER))
ORDER BY c.id LIMIT sqlc.arg(most);

-- name: BooksToIndex :many
SELECT id, title, author FROM books WHERE id > sqlc.arg(after) ORDER BY id LIMIT sqlc.arg(most);

-- name: PostsToIndex :many
SELECT id, title, content FROM posts WHERE id > sqlc.arg(after) ORDER BY id LIMIT sqlc.arg(most);

-- name: ReadableNotes :many
-- The slice must come last: the places of its values are counted on from the parameter before.
SELECT n.id FROM notes n
JOIN conferences f ON f.id = n.conference_id
WHERE (
  EXISTS (
    SELECT 1 FROM members m JOIN clubs c ON c.id = m.club_id
    WHERE m.club_id = f.club_id AND m.user_id = sqlc.arg(viewer) AND c.closed_at IS NULL
  )
  OR f.club_id IS NULL AND EXISTS (SELECT 1 FROM seats s WHERE s.conference_id = f.id AND s.user_id = sqlc.arg(viewer))
) AND n.id IN (sqlc.slice(ids))
ORDER BY n.id DESC;
