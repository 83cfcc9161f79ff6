-- name: SessionByToken :one
SELECT data FROM sessions WHERE token = ? AND expires_at > sqlc.arg(now);

-- name: PutSession :exec
INSERT INTO sessions (token, data, expires_at) VALUES (?, ?, ?)
ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at;

-- name: DeleteSession :exec
DELETE FROM sessions WHERE token = ?;

-- name: DeleteExpiredSessions :exec
DELETE FROM sessions WHERE token IN (
  SELECT s.token FROM sessions s WHERE s.expires_at <= sqlc.arg(now) LIMIT 10
);
