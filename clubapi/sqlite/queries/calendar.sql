-- name: FeedOf :one
SELECT secret FROM calendar_feeds WHERE user_id = ? AND club_id = ?;

-- name: FeedBySecret :one
SELECT * FROM calendar_feeds WHERE secret = ?;

-- name: InsertFeed :exec
INSERT INTO calendar_feeds (secret, user_id, club_id) VALUES (?, ?, ?);

-- name: DeleteFeed :exec
DELETE FROM calendar_feeds WHERE user_id = ? AND club_id = ?;
