-- +goose Up
-- Times are unix milliseconds, UTC; days are "2006-01-02". version grows with every edit and serves as an ETag.

ALTER TABLE users ADD COLUMN admin INTEGER NOT NULL DEFAULT 0 CHECK (admin IN (0, 1));
ALTER TABLE users ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- Grows when all sessions of the user end; a session of an earlier epoch counts for nothing.
ALTER TABLE users ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;

-- Pictures lie on disk under their name, which is the hash of what they show.
CREATE TABLE pictures (
  name       TEXT    PRIMARY KEY,
  owner_id   INTEGER NOT NULL REFERENCES users (id),
  width      INTEGER NOT NULL,
  height     INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  unused_since INTEGER -- when nothing was seen to refer to it; NULL while something does, or nobody has looked
) STRICT, WITHOUT ROWID;
CREATE INDEX pictures_of_owner ON pictures (owner_id, bytes);

CREATE TABLE books (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  added_by   INTEGER NOT NULL REFERENCES users (id),
  title      TEXT    NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  author     TEXT    NOT NULL,
  book_img   TEXT    NOT NULL,
  pub_date   TEXT    NOT NULL, -- a day, or empty
  category   TEXT    NOT NULL,
  pages      INTEGER NOT NULL DEFAULT 0, -- 0: unknown
  -- What follows from user_books, kept with every change there: each reader's latest rating counts.
  rating_sum   INTEGER NOT NULL DEFAULT 0,
  rating_count INTEGER NOT NULL DEFAULT 0,
  review_count INTEGER NOT NULL DEFAULT 0,
  version    INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  UNIQUE (title, author, pub_date)
) STRICT;

-- A reading log: one row each time somebody has read a book.
CREATE TABLE user_books (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  book_id    INTEGER NOT NULL REFERENCES books (id),
  read_on    TEXT    NOT NULL,
  rating     INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5), -- 0: none
  review     TEXT    NOT NULL DEFAULT '',
  version    INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  UNIQUE (user_id, book_id, read_on)
) STRICT;
CREATE INDEX user_books_by_day ON user_books (user_id, read_on, id);
CREATE INDEX user_books_of_book ON user_books (book_id, id);

ALTER TABLE clubs ADD COLUMN category TEXT NOT NULL DEFAULT 'other';
ALTER TABLE clubs ADD COLUMN thumbnail TEXT NOT NULL DEFAULT '';
ALTER TABLE clubs ADD COLUMN join_rule TEXT NOT NULL DEFAULT 'free' CHECK (join_rule IN ('free', 'ask'));
ALTER TABLE clubs ADD COLUMN book_id INTEGER REFERENCES books (id);
ALTER TABLE clubs ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE clubs ADD COLUMN closed_at INTEGER; -- a closed club is gone for everybody
-- How often it meets is told by its schedule; what founders wrote about it in their own words goes to the detail.
UPDATE clubs SET detail = trim(detail || char(10) || char(10) || trim(time_freq || ' ' || time), char(10))
WHERE time_freq <> '' OR time <> '';
ALTER TABLE clubs DROP COLUMN time_freq;
ALTER TABLE clubs DROP COLUMN time;
CREATE INDEX clubs_open ON clubs (id) WHERE closed_at IS NULL;
CREATE INDEX clubs_of_book ON clubs (book_id) WHERE closed_at IS NULL;
CREATE INDEX clubs_of_owner ON clubs (owner_id) WHERE closed_at IS NULL;
CREATE INDEX members_of_club ON members (club_id, id);

-- Who has asked for a seat, in the order of id; state says whether the owner's word is still needed.
CREATE TABLE waiting (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  club_id  INTEGER NOT NULL REFERENCES clubs (id),
  user_id  INTEGER NOT NULL REFERENCES users (id),
  state    TEXT    NOT NULL CHECK (state IN ('asked', 'waiting')),
  since    INTEGER NOT NULL,
  UNIQUE (club_id, user_id)
) STRICT;
CREATE INDEX waiting_of_club ON waiting (club_id, id);

-- When a club meets: at most one recurrence each.
CREATE TABLE schedules (
  club_id          INTEGER PRIMARY KEY REFERENCES clubs (id),
  rrule            TEXT    NOT NULL,
  time             TEXT    NOT NULL,
  time_zone        TEXT    NOT NULL,
  starts_on        TEXT    NOT NULL,
  duration_minutes INTEGER NOT NULL,
  title            TEXT    NOT NULL,
  time_freq        TEXT    NOT NULL,
  weekdays         INTEGER NOT NULL, -- bits, Monday is 1
  filled_until     INTEGER NOT NULL, -- occurrences before this moment have their conference
  version          INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE notices (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  club_id        INTEGER NOT NULL REFERENCES clubs (id),
  notice_content TEXT    NOT NULL,
  version        INTEGER NOT NULL DEFAULT 1,
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_of_club ON notices (club_id, id);

CREATE TABLE rules (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  club_id      INTEGER NOT NULL REFERENCES clubs (id),
  rule_content TEXT    NOT NULL,
  position     INTEGER NOT NULL,
  version      INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX rules_of_club ON rules (club_id, position);

CREATE TABLE posts (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  author_id  INTEGER NOT NULL REFERENCES users (id),
  title      TEXT    NOT NULL CHECK (length(title) BETWEEN 1 AND 150),
  content    TEXT    NOT NULL,
  version    INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE reports (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  reporter_id INTEGER NOT NULL REFERENCES users (id),
  user_id     INTEGER NOT NULL REFERENCES users (id), -- of a post, its author
  post_id     INTEGER REFERENCES posts (id) ON DELETE SET NULL,
  reason      TEXT    NOT NULL,
  state       TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'upheld', 'dismissed')),
  settled_by  INTEGER REFERENCES users (id),
  settled_at  INTEGER,
  created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX reports_about ON reports (user_id, state);
CREATE INDEX reports_of_post ON reports (post_id) WHERE post_id IS NOT NULL;

-- A conference without a club is a lightning meeting: max_user seats, open to anyone signed in. occurrence is the start
-- that the club's schedule gave it; touched: changed by hand since.
CREATE TABLE meetings (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  club_id         INTEGER REFERENCES clubs (id),
  owner_id        INTEGER NOT NULL REFERENCES users (id),
  book_id         INTEGER REFERENCES books (id),
  title           TEXT    NOT NULL CHECK (length(title) BETWEEN 1 AND 100),
  description     TEXT    NOT NULL,
  thumbnail       TEXT    NOT NULL,
  call_start_time INTEGER NOT NULL,
  call_end_time   INTEGER NOT NULL,
  cancelled       INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1)),
  max_user        INTEGER NOT NULL DEFAULT 0,
  occurrence      INTEGER,
  touched         INTEGER NOT NULL DEFAULT 0 CHECK (touched IN (0, 1)),
  -- Grows with every change to the notes; never shrinks, so it can serve as an ETag.
  notes_version   INTEGER NOT NULL DEFAULT 0,
  version         INTEGER NOT NULL DEFAULT 1,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  CHECK (call_end_time > call_start_time),
  CHECK (club_id IS NOT NULL OR max_user > 0)
) STRICT;
INSERT INTO meetings (id, club_id, owner_id, title, description, thumbnail, call_start_time, call_end_time, cancelled,
  notes_version, created_at, updated_at)
SELECT id, club_id, owner_id, title, description, thumbnail, call_start_time, call_end_time, cancelled, notes_version,
  created_at, created_at FROM conferences;
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'conferences') WHERE name = 'meetings'
  AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'conferences');

CREATE TABLE utterances (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  conference_id INTEGER NOT NULL REFERENCES meetings (id),
  speaker_id    INTEGER NOT NULL REFERENCES users (id),
  author_id     INTEGER NOT NULL REFERENCES users (id),
  spoken_at     INTEGER NOT NULL,
  text          TEXT    NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
  source        TEXT    NOT NULL DEFAULT 'typed' CHECK (source IN ('typed', 'caption')),
  version       INTEGER NOT NULL DEFAULT 1,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL
) STRICT;
INSERT INTO utterances (id, conference_id, speaker_id, author_id, spoken_at, text, created_at, updated_at)
SELECT id, conference_id, speaker_id, author_id, spoken_at, text, created_at, updated_at FROM notes;
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'notes') WHERE name = 'utterances'
  AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'notes');

DROP TABLE notes;
DROP TABLE conferences;
ALTER TABLE meetings RENAME TO conferences;
ALTER TABLE utterances RENAME TO notes;
CREATE INDEX conferences_of_club ON conferences (club_id, call_start_time, id);
CREATE INDEX conferences_by_end ON conferences (club_id, call_end_time) WHERE club_id IS NOT NULL;
CREATE INDEX lightning_by_end ON conferences (call_end_time, id) WHERE club_id IS NULL;
CREATE UNIQUE INDEX conferences_of_schedule ON conferences (club_id, occurrence) WHERE occurrence IS NOT NULL;
CREATE INDEX notes_of_conference ON notes (conference_id, id);

-- A taken seat of a lightning meeting.
CREATE TABLE seats (
  conference_id INTEGER NOT NULL REFERENCES conferences (id),
  user_id       INTEGER NOT NULL REFERENCES users (id),
  taken_at      INTEGER NOT NULL,
  PRIMARY KEY (conference_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seats_of_user ON seats (user_id, conference_id);

-- One stay in a conference's room, from the media session. seen_at moves on while it lasts, so that a stay whose end
-- nobody reported ends there.
CREATE TABLE stays (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  conference_id INTEGER NOT NULL REFERENCES conferences (id),
  user_id       INTEGER NOT NULL REFERENCES users (id),
  participant   TEXT    NOT NULL UNIQUE, -- the media side's name of this stay
  joined_at     INTEGER NOT NULL,
  seen_at       INTEGER NOT NULL,
  left_at       INTEGER,
  CHECK (seen_at >= joined_at)
) STRICT;
CREATE INDEX stays_of_conference ON stays (conference_id, joined_at);
CREATE INDEX stays_open ON stays (id) WHERE left_at IS NULL;

CREATE TABLE calendar_feeds (
  secret  TEXT    PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  club_id INTEGER NOT NULL DEFAULT 0, -- 0: all clubs of the user
  UNIQUE (user_id, club_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  club_id  INTEGER NOT NULL REFERENCES clubs (id),
  actor_id INTEGER NOT NULL REFERENCES users (id),
  action   TEXT    NOT NULL,
  user_id  INTEGER REFERENCES users (id), -- whom it was done to
  subject  TEXT    NOT NULL,
  at       INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_of_club ON audit (club_id, id);

-- What was answered to a request that its client may repeat. The row is written with the request's effect; the answer
-- follows. status 0: not answered yet.
CREATE TABLE idempotency (
  user_id   INTEGER NOT NULL, -- 0: nobody was signed in
  key       TEXT    NOT NULL,
  request   BLOB    NOT NULL, -- SHA-256 of method, path and body
  status    INTEGER NOT NULL,
  headers   TEXT    NOT NULL, -- a JSON object
  body      BLOB    NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (at);

-- Words to find things by, as clubapi/search cuts them; rowid is the id of what holds them. head: what it is called;
-- scope: whose notes these are. prefix: words of one syllable are looked up by it.
CREATE VIRTUAL TABLE club_words USING fts5 (head, body, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1');
CREATE VIRTUAL TABLE book_words USING fts5 (head, body, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1');
CREATE VIRTUAL TABLE post_words USING fts5 (head, body, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1');
CREATE VIRTUAL TABLE note_words USING fts5 (scope, words, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1');

-- +goose Down
-- A step back loses what only the whole club can hold: restore the backup that was made before this step instead.
SELECT raise_without_a_way_back();
