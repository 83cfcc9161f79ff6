package loadtest

import "errors"

// ErrConfig tells that the caller wants a load that can't be made.
var ErrConfig = errors.New("the load can't be made")

// errNobody tells that there is nothing to measure.
var errNobody = errors.New("nobody could join")
