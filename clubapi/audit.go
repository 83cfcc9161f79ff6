package clubapi

import "time"

// Action names what was done to a club; clients translate it.
type Action string

// Actions of owners and administrators.
const (
	ActionClubChanged         Action = "club_changed"
	ActionClubClosed          Action = "club_closed"
	ActionClubHandedOver      Action = "club_handed_over"
	ActionMemberAccepted      Action = "member_accepted"
	ActionMemberDeclined      Action = "member_declined"
	ActionMemberRemoved       Action = "member_removed"
	ActionScheduleSet         Action = "schedule_set"
	ActionScheduleEnded       Action = "schedule_ended"
	ActionNoticeCreated       Action = "notice_created"
	ActionNoticeChanged       Action = "notice_changed"
	ActionNoticeDeleted       Action = "notice_deleted"
	ActionRuleCreated         Action = "rule_created"
	ActionRuleChanged         Action = "rule_changed"
	ActionRuleDeleted         Action = "rule_deleted"
	ActionConferenceCancelled Action = "conference_cancelled"
	ActionConferenceMoved     Action = "conference_moved"
	ActionReportSettled       Action = "report_settled"
)

// Deed is one line of a club's audit log: who did what to whom or what.
type Deed struct {
	ID      int64
	ClubID  int64
	Actor   Person
	Action  Action
	User    *Person // to whom, or nil
	Subject string  // to what, in a word or two: a title, the beginning of a text
	At      time.Time
}

// Excerpt is the beginning of a text, as the subject of a Deed: its first line, at most
// 80 code points.
func Excerpt(text string) string {
	const most = 80
	n := 0
	for i, r := range text {
		if r == '\n' || r == '\r' || n == most {
			return text[:i]
		}
		n++
	}
	return text
}
