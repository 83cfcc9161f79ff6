package report

import "errors"

// What can be wrong with what the caller wants of reports.
var (
	ErrAssertion = errors.New("the assertion can't be read")
	ErrReport    = errors.New("the report can't be read")
)
