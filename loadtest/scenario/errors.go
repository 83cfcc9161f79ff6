package scenario

import "errors"

// ErrScenario tells that there is no such scenario, or that what should be one is none.
var ErrScenario = errors.New("no such scenario")
