package media

import "errors"

// ErrBounds tells that media of this kind can't be made.
var ErrBounds = errors.New("media out of bounds")
