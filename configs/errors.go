package configs

import "errors"

// Errors of Load, wrapped with the place that caused them.
var (
	ErrUnknownKey      = errors.New("unknown key")
	ErrUnknownVariable = errors.New("unknown variable")
	ErrNotMapping      = errors.New("expected a mapping of keys")
	ErrDuplicateKey    = errors.New("key given twice")
	ErrBadValue        = errors.New("bad value")
	ErrUnknownFormat   = errors.New("neither text nor json")
)
