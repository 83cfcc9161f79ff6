package sqlite

import (
	"context"
	"database/sql"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// RecordStays stores what node tells at seen: stays that began and stays that ended (those with LeftAt), and that all
// its open ones were seen then. Telling the same twice does no harm, and a stay that was given up for lost goes on
// when it is told of again. Conferences and users that are not there are passed over. Only Participant, ConferenceID,
// User.ID and the times count.
func (s *Store) RecordStays(ctx context.Context, node string, stays []clubapi.Stay, seen time.Time) error {
	return s.write(ctx, "record stays", func(q *db.Queries) error {
		for _, one := range stays {
			err := q.OpenStay(ctx, db.OpenStayParams{
				Participant: one.Participant, Node: node, JoinedAt: millis(one.JoinedAt),
				ConferenceID: one.ConferenceID, UserID: one.User.ID,
			})
			if err != nil {
				return err
			}
			if one.LeftAt.IsZero() {
				if err := q.ResumeStay(ctx, db.ResumeStayParams{Participant: one.Participant, Seen: millis(seen)}); err != nil {
					return err
				}
				continue
			}
			left := max(millis(one.LeftAt), millis(one.JoinedAt)) // clocks may be set back
			err = q.EndStay(ctx, db.EndStayParams{Participant: one.Participant, LeftAt: sql.NullInt64{Int64: left, Valid: true}, SeenAt: left})
			if err != nil {
				return err
			}
		}
		return q.SeeStays(ctx, db.SeeStaysParams{At: millis(seen), Node: node})
	})
}

// EndForgottenStays ends all open stays when they were last seen, and tells how many: for the
// start of a process, after one that could not say goodbye.
func (s *Store) EndForgottenStays(ctx context.Context) (n int64, err error) {
	err = s.write(ctx, "end forgotten stays", func(q *db.Queries) (err error) {
		n, err = q.EndForgottenStays(ctx)
		return err
	})
	return n, err
}

// EndStaysBut ends the open stays of node when they were last seen, but for those of participants who are present, and
// tells how many.
func (s *Store) EndStaysBut(ctx context.Context, node string, present []string) (n int, err error) {
	err = s.write(ctx, "end stays", func(q *db.Queries) error {
		n = 0
		open, err := q.OpenStaysOf(ctx, node)
		if err != nil {
			return err
		}
		there := make(map[string]bool, len(present))
		for _, p := range present {
			there[p] = true
		}
		for _, p := range open {
			if there[p] {
				continue
			}
			if err := q.ForgetStay(ctx, p); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// NodesOfOpenStays returns the nodes that have told of stays and not of their end.
func (s *Store) NodesOfOpenStays(ctx context.Context) (nodes []string, err error) {
	err = s.read(ctx, "list nodes of stays", func(q *db.Queries) (err error) {
		nodes, err = q.NodesOfOpenStays(ctx)
		return err
	})
	return nodes, err
}

// Attendance tells who was in a conference for how long, up to now. Refusals:
// clubapi.ErrNotFound, ErrNotMember.
func (s *Store) Attendance(ctx context.Context, conference, viewer int64, now time.Time) (all []clubapi.Attendance, err error) {
	err = s.read(ctx, "read attendance", func(q *db.Queries) error {
		if _, err := notesFor(ctx, q, conference, viewer); err != nil {
			return err
		}
		all, err = attendance(ctx, q, conference, now)
		return err
	})
	return all, err
}

// History lists the conferences of a club that took place, the latest first. Refusals:
// clubapi.ErrNotFound, ErrNotMember.
func (s *Store) History(ctx context.Context, club, viewer int64, now time.Time, at clubapi.Span) (page clubapi.Page[clubapi.HistoryEntry], err error) {
	err = s.read(ctx, "list history", func(q *db.Queries) error {
		c, err := clubByID(ctx, q, club, viewer)
		if err != nil {
			return err
		}
		if !c.Role.Member() {
			return clubapi.ErrNotMember
		}
		from := before(at)
		rows, err := q.HistoryBefore(ctx, db.HistoryBeforeParams{
			Viewer: viewer, ClubID: optional(club), Now: millis(now), BeforeStart: from.Key, BeforeID: from.ID, Most: oneMore(at),
		})
		entries := make([]clubapi.HistoryEntry, len(rows))
		for i, r := range rows {
			entries[i] = clubapi.HistoryEntry{Conference: seenConference(conferenceOf(r), viewer), Notes: int(r.Notes)}
		}
		if err != nil {
			return err
		}
		page = clubapi.PageOf(entries, at.Limit, func(e clubapi.HistoryEntry) clubapi.Cursor { return conferenceCursor(e.Conference) })
		return withAttendance(ctx, q, page.Items, now)
	})
	return page, err
}

// conferenceOf is the conference of a row of the history.
func conferenceOf(r db.HistoryBeforeRow) db.ConferenceByIDRow {
	return db.ConferenceByIDRow{
		Conference: r.Conference, ClubTitle: r.ClubTitle, ClubOwnerID: r.ClubOwnerID, BookTitle: r.BookTitle, BookAuthor: r.BookAuthor,
		BookImg: r.BookImg, Taken: r.Taken, Present: r.Present, IsMember: r.IsMember,
	}
}

// withAttendance adds to the entries who was there.
func withAttendance(ctx context.Context, q *db.Queries, entries []clubapi.HistoryEntry, now time.Time) error {
	if len(entries) == 0 {
		return nil
	}
	ids := make([]int64, len(entries))
	for i, e := range entries {
		ids[i] = e.Conference.ID
	}
	all, err := attendances(ctx, q, ids, now)
	for i, e := range entries {
		entries[i].Attendance = all[e.Conference.ID]
	}
	return err
}

// Minutes returns all that is known of a conference on one snapshot. Refusals:
// clubapi.ErrNotFound, ErrNotMember.
func (s *Store) Minutes(ctx context.Context, conference, viewer int64, now time.Time) (m clubapi.Minutes, err error) {
	err = s.read(ctx, "read minutes", func(q *db.Queries) error {
		of, err := notesFor(ctx, q, conference, viewer)
		if err != nil {
			return err
		}
		if m.Conference, err = conferenceByID(ctx, q, conference, viewer); err != nil {
			return err
		}
		if of.club != 0 {
			c, err := clubByID(ctx, q, of.club, viewer)
			if err != nil {
				return err
			}
			m.TimeZone = c.TimeZone
		}
		if m.Attendance, err = attendance(ctx, q, conference, now); err != nil {
			return err
		}
		rows, err := q.NotesAsSpoken(ctx, conference)
		for _, r := range rows {
			m.Notes = append(m.Notes, of.note(db.NoteByIDRow(r)))
		}
		return err
	})
	return m, err
}

func attendance(ctx context.Context, q *db.Queries, conference int64, now time.Time) ([]clubapi.Attendance, error) {
	all, err := attendances(ctx, q, []int64{conference}, now)
	return all[conference], err
}

// attendances tells of each conference who was there up to now.
func attendances(ctx context.Context, q *db.Queries, conferences []int64, now time.Time) (map[int64][]clubapi.Attendance, error) {
	rows, err := q.StaysOf(ctx, conferences)
	if err != nil {
		return nil, err
	}
	stays := map[int64][]clubapi.Stay{}
	for _, r := range rows {
		id := r.Stay.ConferenceID
		one := clubapi.Stay{
			Participant: r.Stay.Participant, ConferenceID: id, User: person(r.Stay.UserID, r.Nickname, r.UserImg), JoinedAt: moment(r.Stay.JoinedAt),
		}
		if r.Stay.LeftAt.Valid {
			one.LeftAt = moment(r.Stay.LeftAt.Int64)
		}
		stays[id] = append(stays[id], one)
	}
	all := make(map[int64][]clubapi.Attendance, len(stays))
	for id, s := range stays {
		all[id] = clubapi.Attend(s, now)
	}
	return all, nil
}
