package sqlite

import "errors"

// What is wrong with a file as a whole.
var (
	ErrNewer   = errors.New("the database is of a newer version than this program")
	ErrOlder   = errors.New("the database is of an older version than this program")
	ErrDamaged = errors.New("the database is damaged")
	ErrNoStore = errors.New("not a database of clubs")
)
