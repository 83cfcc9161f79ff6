package httpapi

import "strconv"

// tagOf is the ETag of something in its nth version.
func tagOf(version int64) *string {
	tag := `"v` + strconv.FormatInt(version, 10) + `"`
	return &tag
}

// unchanged refuses an edit that is based on another version than the stored one.
// Without If-Match every edit is welcome.
func unchanged(ifMatch *string, version int64) error {
	if ifMatch == nil || sameTag(*ifMatch, *tagOf(version)) {
		return nil
	}
	return errStale
}
