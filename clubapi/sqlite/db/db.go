// Package db holds the queries of the club's store as sqlc generates them from
// ../queries against the schema of ../migrations. Nothing here is written by hand but
// this comment and words.go, whose queries sqlc does not read; only package sqlite uses it.
package db
