package httpapi

import "strconv"

// tagOf is the ETag of something in its nth version.
func tagOf(version int64) *string {
	tag := `"v` + strconv.FormatInt(version, 10) + `"`
	return &tag
}
