-- name: TakeKey :execrows
INSERT INTO idempotency (user_id, key, request, status, headers, body, at)
VALUES (?, ?, ?, 0, '{}', x'', ?)
ON CONFLICT (user_id, key) DO NOTHING;

-- name: DeleteExpiredKey :exec
DELETE FROM idempotency WHERE user_id = sqlc.arg(user_id) AND key = sqlc.arg(key) AND at <= sqlc.arg(expired);

-- name: KeepAnswer :exec
UPDATE idempotency SET status = ?, headers = ?, body = ? WHERE user_id = ? AND key = ?;

-- name: AnswerByKey :one
SELECT request, status, headers, body FROM idempotency
WHERE user_id = sqlc.arg(user_id) AND key = sqlc.arg(key) AND at > sqlc.arg(expired);

-- name: DeleteExpiredKeys :exec
DELETE FROM idempotency WHERE (user_id, key) IN (
  SELECT i.user_id, i.key FROM idempotency i WHERE i.at <= sqlc.arg(expired) ORDER BY i.at LIMIT 10
);
