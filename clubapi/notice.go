package clubapi

import "time"

const maxNotice = 4000

// Notice is what the owner of a club tells its members.
type Notice struct {
	ID        int64
	ClubID    int64
	Content   string
	CreatedAt time.Time
	UpdatedAt time.Time

	Role    Role // the viewer's in the club
	Version int64
}

// NewNotice returns a notice without id, or an InvalidError. The store checks that its
// author owns the club.
func (r Rules) NewNotice(content string, club int64, now time.Time) (Notice, error) {
	return r.ChangeNotice(Notice{ClubID: club, CreatedAt: moment(now), Role: RoleOwner, Version: 1}, content, now)
}

// ChangeNotice returns the notice with another content. Refusals: ErrForbidden unless the
// viewer owns the club, an InvalidError.
func (Rules) ChangeNotice(n Notice, content string, now time.Time) (Notice, error) {
	if n.Role != RoleOwner {
		return n, ErrForbidden
	}
	var c check
	n.Content, n.UpdatedAt = c.prose("notice_content", content, maxNotice, false), moment(now)
	return n, c.err()
}
