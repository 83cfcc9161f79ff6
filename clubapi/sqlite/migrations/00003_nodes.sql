-- Which media node told of a stay: one that is unheard of has its stays ended, and the others' go on. A node's name is
-- its process's, so that stays of before belong to nobody who could still tell of them.

-- +goose Up
ALTER TABLE stays ADD COLUMN node TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE stays DROP COLUMN node;
