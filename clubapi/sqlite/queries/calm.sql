-- name: DeleteAllSessions :exec
DELETE FROM sessions;

-- name: EndAllStays :exec
UPDATE stays SET left_at = seen_at WHERE left_at IS NULL;

-- name: DeleteAllAnswers :exec
DELETE FROM idempotency;
