package clubapi

import "time"

const maxReason = 1000

// ReportState says what became of a report.
type ReportState string

// States of a report.
const (
	ReportOpen      ReportState = "open"
	ReportUpheld    ReportState = "upheld"
	ReportDismissed ReportState = "dismissed"
)

// Report says that something is wrong with a user, or with a post of theirs. Who
// reported it is not told to those who read it.
type Report struct {
	ID        int64
	Reporter  int64
	User      Person
	PostID    int64 // 0: about the user
	Reason    string
	State     ReportState
	CreatedAt time.Time
	SettledAt time.Time // zero while open
}

// NewReport returns a report without id about a user or a post (0: not given); the store
// fills in who wrote the post. An InvalidError says what is wrong with it.
func (Rules) NewReport(user, post int64, reason string, reporter int64, now time.Time) (Report, error) {
	var c check
	switch {
	case user == 0 && post == 0:
		c.add("user_id", CodeRequired, 0)
	case user != 0 && post != 0:
		c.add("post_id", CodeExclusive, 0)
	case user == reporter:
		c.add("user_id", CodeOneself, 0)
	}
	reason = c.prose("reason", reason, maxReason, false)
	return Report{
		Reporter: reporter, User: Person{ID: user}, PostID: post, Reason: reason, State: ReportOpen, CreatedAt: moment(now),
	}, c.err()
}
