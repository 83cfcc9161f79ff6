-- +goose Up
-- Times are unix milliseconds, UTC.

CREATE TABLE users (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  nickname      TEXT    NOT NULL CHECK (length(nickname) BETWEEN 1 AND 20),
  nickname_key  TEXT    NOT NULL UNIQUE,
  password_hash TEXT    NOT NULL,
  user_img      TEXT    NOT NULL,
  created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE clubs (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  owner_id   INTEGER NOT NULL REFERENCES users (id),
  title      TEXT    NOT NULL CHECK (length(title) BETWEEN 1 AND 100),
  summary    TEXT    NOT NULL CHECK (length(summary) <= 150),
  detail     TEXT    NOT NULL,
  max_user   INTEGER NOT NULL CHECK (max_user >= 1),
  time_zone  TEXT    NOT NULL,
  time_freq  TEXT    NOT NULL,
  time       TEXT    NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- A taken seat. The owner holds one too; who owns a club stands in clubs.
CREATE TABLE members (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  club_id   INTEGER NOT NULL REFERENCES clubs (id),
  user_id   INTEGER NOT NULL REFERENCES users (id),
  joined_at INTEGER NOT NULL,
  UNIQUE (club_id, user_id)
) STRICT;
CREATE INDEX members_of_user ON members (user_id, club_id);

CREATE TABLE conferences (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  club_id         INTEGER NOT NULL REFERENCES clubs (id),
  owner_id        INTEGER NOT NULL REFERENCES users (id),
  title           TEXT    NOT NULL CHECK (length(title) BETWEEN 1 AND 100),
  description     TEXT    NOT NULL,
  thumbnail       TEXT    NOT NULL,
  call_start_time INTEGER NOT NULL,
  call_end_time   INTEGER NOT NULL,
  cancelled       INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1)),
  -- Grows with every change to the notes; never shrinks, so it can serve as an ETag.
  notes_version   INTEGER NOT NULL DEFAULT 0,
  created_at      INTEGER NOT NULL,
  CHECK (call_end_time > call_start_time)
) STRICT;
CREATE INDEX conferences_of_club ON conferences (club_id, call_start_time, id);

CREATE TABLE notes (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  conference_id INTEGER NOT NULL REFERENCES conferences (id),
  speaker_id    INTEGER NOT NULL REFERENCES users (id),
  author_id     INTEGER NOT NULL REFERENCES users (id),
  spoken_at     INTEGER NOT NULL,
  text          TEXT    NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_of_conference ON notes (conference_id, id);

-- token is the hash of what the browser holds.
CREATE TABLE sessions (
  token      TEXT    PRIMARY KEY,
  data       BLOB    NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- +goose Down
DROP TABLE sessions;
DROP TABLE notes;
DROP TABLE conferences;
DROP TABLE members;
DROP TABLE clubs;
DROP TABLE users;
