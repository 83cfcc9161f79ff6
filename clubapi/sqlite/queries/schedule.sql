-- name: PutSchedule :exec
INSERT INTO schedules (club_id, rrule, time, time_zone, starts_on, duration_minutes, title, time_freq, weekdays, filled_until,
  version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (club_id) DO UPDATE SET rrule = excluded.rrule, time = excluded.time, time_zone = excluded.time_zone,
  starts_on = excluded.starts_on, duration_minutes = excluded.duration_minutes, title = excluded.title,
  time_freq = excluded.time_freq, weekdays = excluded.weekdays, filled_until = excluded.filled_until, version = version + 1;

-- name: DeleteSchedule :exec
DELETE FROM schedules WHERE club_id = ?;

-- name: SchedulesOf :many
SELECT * FROM schedules WHERE club_id IN (sqlc.slice(club_ids));

-- name: SchedulesToFill :many
SELECT club_id FROM schedules WHERE filled_until < sqlc.arg(before) AND club_id > sqlc.arg(after) ORDER BY club_id LIMIT sqlc.arg(most);

-- name: SetFilledUntil :exec
UPDATE schedules SET filled_until = ? WHERE club_id = ?;

-- name: UntouchedOccurrences :many
SELECT f.* FROM conferences f
WHERE f.club_id = sqlc.arg(club_id) AND f.occurrence IS NOT NULL AND f.touched = 0 AND f.call_start_time > sqlc.arg(now)
  AND NOT EXISTS (SELECT 1 FROM notes n WHERE n.conference_id = f.id)
  AND NOT EXISTS (SELECT 1 FROM stays s WHERE s.conference_id = f.id)
ORDER BY f.occurrence;

-- name: HasOccurrence :one
SELECT EXISTS (SELECT 1 FROM conferences WHERE club_id = sqlc.arg(club_id) AND occurrence = sqlc.arg(occurrence));

-- name: DeleteConference :exec
DELETE FROM conferences WHERE id = ?;
