-- name: InsertBook :one
INSERT INTO books (added_by, title, author, book_img, pub_date, category, pages, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
RETURNING id;

-- name: UpdateBook :exec
UPDATE books SET title = ?, author = ?, book_img = ?, pub_date = ?, category = ?, pages = ?, version = version + 1
WHERE id = ?;

-- name: RateBook :exec
UPDATE books SET
  (rating_sum, rating_count) = (
    SELECT coalesce(sum(r.rating), 0), count(*) FROM user_books r
    WHERE r.book_id = books.id AND r.rating > 0 AND NOT EXISTS (
      SELECT 1 FROM user_books l
      WHERE l.book_id = r.book_id AND l.user_id = r.user_id AND l.rating > 0 AND (l.read_on, l.id) > (r.read_on, r.id)
    )
  ),
  review_count = (SELECT count(*) FROM user_books r WHERE r.book_id = books.id AND r.review <> '')
WHERE books.id = ?;

-- name: BookByID :one
SELECT * FROM books WHERE id = ?;

-- name: BookNamed :one
SELECT id FROM books WHERE title = ? AND author = ? AND pub_date = ?;

-- name: BooksBefore :many
SELECT * FROM books
WHERE id < sqlc.arg(before) AND (CAST(sqlc.arg(category) AS TEXT) = '' OR category = sqlc.arg(category))
ORDER BY id DESC
LIMIT sqlc.arg(most);

-- name: ReviewsBefore :many
SELECT sqlc.embed(r), u.nickname, u.user_img, b.title, b.author, b.book_img, b.pages
FROM user_books r
JOIN users u ON u.id = r.user_id
JOIN books b ON b.id = r.book_id
WHERE r.book_id = sqlc.arg(book_id) AND r.review <> '' AND r.id < sqlc.arg(before)
ORDER BY r.id DESC
LIMIT sqlc.arg(most);

-- name: InsertReading :one
INSERT INTO user_books (user_id, book_id, read_on, rating, review, created_at)
VALUES (?, ?, ?, ?, ?, ?)
RETURNING id;

-- name: UpdateReading :exec
UPDATE user_books SET read_on = ?, rating = ?, review = ?, version = version + 1 WHERE id = ?;

-- name: DeleteReading :exec
DELETE FROM user_books WHERE id = ?;

-- name: ReadOn :one
SELECT id FROM user_books WHERE user_id = ? AND book_id = ? AND read_on = ?;

-- name: ReadingByID :one
SELECT sqlc.embed(r), u.nickname, u.user_img, b.title, b.author, b.book_img, b.pages
FROM user_books r
JOIN users u ON u.id = r.user_id
JOIN books b ON b.id = r.book_id
WHERE r.id = sqlc.arg(id) AND r.user_id = sqlc.arg(user_id);

-- name: ReadingsBefore :many
SELECT sqlc.embed(r), u.nickname, u.user_img, b.title, b.author, b.book_img, b.pages
FROM user_books r
JOIN users u ON u.id = r.user_id
JOIN books b ON b.id = r.book_id
WHERE r.user_id = sqlc.arg(user_id) AND r.read_on >= sqlc.arg(first) AND r.read_on <= sqlc.arg(last)
  AND (r.read_on < sqlc.arg(before_day) OR r.id < sqlc.arg(before_id))
ORDER BY r.read_on DESC, r.id DESC
LIMIT sqlc.arg(most);

-- name: PilesOf :many
SELECT CAST(iif(substr(r.read_on, 1, 4) = sqlc.arg(year), substr(r.read_on, 6, 2), '0') AS INTEGER) AS month,
  count(*) AS books, CAST(sum(b.pages) AS INTEGER) AS pages, count(iif(b.pages = 0, 1, NULL)) AS unknown
FROM user_books r
JOIN books b ON b.id = r.book_id
WHERE r.user_id = sqlc.arg(user_id)
GROUP BY month;
