package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// SetSchedule reads the club as viewer, its owner, sees it, lets edit decide on its
// schedule and stores what it returns with the conferences that follow from it, all in
// one transaction. Refusals: clubapi.ErrNotFound, ErrForbidden.
func (s *Store) SetSchedule(ctx context.Context, club, viewer int64, now time.Time, edit func(clubapi.Club) (clubapi.Schedule, error)) (plan clubapi.Schedule, err error) {
	err = s.write(ctx, "set schedule", func(q *db.Queries) error {
		c, err := ownClub(ctx, q, club, viewer)
		if err != nil {
			return err
		}
		if plan, err = edit(c); err != nil {
			return err
		}
		kept, err := putSchedule(ctx, q, c, plan, now)
		if err != nil {
			return err
		}
		plan = *kept
		return record(ctx, q, clubapi.Deed{
			ClubID: club, Actor: clubapi.Person{ID: viewer}, Action: clubapi.ActionScheduleSet, Subject: plan.TimeFreq + " " + plan.Time, At: now,
		})
	})
	return plan, err
}

// DeleteSchedule ends the club's schedule for viewer, its owner, and takes its untouched
// conferences that have not begun away. Refusals: clubapi.ErrNotFound (also where there is
// no schedule), ErrForbidden.
func (s *Store) DeleteSchedule(ctx context.Context, club, viewer int64, now time.Time) error {
	return s.write(ctx, "delete schedule", func(q *db.Queries) error {
		c, err := ownClub(ctx, q, club, viewer)
		if err != nil {
			return err
		}
		if c.Schedule == nil {
			return clubapi.ErrNotFound
		}
		if _, err := settle(ctx, q, c, *c.Schedule, nil, now); err != nil {
			return err
		}
		if err := q.DeleteSchedule(ctx, club); err != nil {
			return err
		}
		return record(ctx, q, clubapi.Deed{
			ClubID: club, Actor: clubapi.Person{ID: viewer}, Action: clubapi.ActionScheduleEnded,
			Subject: c.Schedule.TimeFreq + " " + c.Schedule.Time, At: now,
		})
	})
}

// fillEarly is how long before its end the stretch that has conferences is continued, so
// that a schedule is looked at once a day, and fillAtOnce how many schedules one
// transaction continues.
const (
	fillEarly  = 24 * time.Hour
	fillAtOnce = 50
)

// Fill continues all schedules: whatever meetings now has come near enough get their
// conference. It returns how many schedules it went through. A schedule that cannot be
// read keeps no other waiting; it is told in the error. Call it at the start and every
// hour.
func (s *Store) Fill(ctx context.Context, now time.Time) (filled int, err error) {
	var broken error
	for last := int64(0); ; {
		var ids []int64
		err := s.write(ctx, "continue schedules", func(q *db.Queries) error {
			ids, err = q.SchedulesToFill(ctx, db.SchedulesToFillParams{
				Before: millis(now.Add(clubapi.Horizon - fillEarly)), After: last, Most: fillAtOnce,
			})
			if err != nil {
				return err
			}
			for _, id := range ids {
				unread, err := fillOne(ctx, q, id, now)
				if err != nil {
					return err
				}
				broken = errors.Join(broken, unread)
			}
			return nil
		})
		if err != nil || len(ids) == 0 {
			return filled, errors.Join(broken, err)
		}
		filled, last = filled+len(ids), ids[len(ids)-1]
	}
}

// fillOne continues the schedule of one club; unread says why it cannot be.
func fillOne(ctx context.Context, q *db.Queries, id int64, now time.Time) (unread, err error) {
	c, err := clubByID(ctx, q, id, 0)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, q.DeleteSchedule(ctx, id) // of a closed club
	}
	if err != nil {
		return nil, err
	}
	starts, until, unread := c.Schedule.Plan(now)
	if unread != nil {
		return unread, nil
	}
	for _, start := range starts {
		if start.Before(c.Schedule.FilledUntil) {
			continue
		}
		if err := meet(ctx, q, c, *c.Schedule, start, now); err != nil {
			return nil, err
		}
	}
	return nil, q.SetFilledUntil(ctx, db.SetFilledUntilParams{ClubID: id, FilledUntil: millis(until)})
}

// putSchedule stores the club's schedule, makes its conferences and returns it as stored.
func putSchedule(ctx context.Context, q *db.Queries, c clubapi.Club, plan clubapi.Schedule, now time.Time) (*clubapi.Schedule, error) {
	plan.ClubID = c.ID
	err := q.PutSchedule(ctx, db.PutScheduleParams{
		ClubID: c.ID, Rrule: plan.RRule, Time: plan.Time, TimeZone: plan.TimeZone, StartsOn: string(plan.StartsOn),
		DurationMinutes: int64(plan.DurationMinutes), Title: plan.Title, TimeFreq: plan.TimeFreq,
		Weekdays: int64(plan.Frequency.Weekdays), FilledUntil: 0,
		Version: millis(now), // so that the ETag of a schedule that was ended is never that of the next one
	})
	if err != nil {
		return nil, err
	}
	if err := refill(ctx, q, c, plan, now); err != nil {
		return nil, err
	}
	clubs := []clubapi.Club{{ID: c.ID}}
	err = withSchedules(ctx, q, clubs)
	return clubs[0].Schedule, err
}

// refill brings the conferences of a schedule in line with it.
func refill(ctx context.Context, q *db.Queries, c clubapi.Club, plan clubapi.Schedule, now time.Time) error {
	starts, until, err := plan.Plan(now)
	if err != nil {
		return err
	}
	there, err := settle(ctx, q, c, plan, starts, now)
	if err != nil {
		return err
	}
	for _, start := range starts {
		if there[millis(start)] {
			continue
		}
		if err := meet(ctx, q, c, plan, start, now); err != nil {
			return err
		}
	}
	return q.SetFilledUntil(ctx, db.SetFilledUntilParams{ClubID: c.ID, FilledUntil: millis(until)})
}

// settle goes through the untouched conferences of a schedule that have not begun: those
// at one of starts take over what the schedule says of them, the others are deleted. It
// returns the moments, in milliseconds, of those that stay.
func settle(ctx context.Context, q *db.Queries, c clubapi.Club, plan clubapi.Schedule, starts []time.Time, now time.Time) (map[int64]bool, error) {
	fits := map[int64]bool{}
	for _, start := range starts {
		fits[millis(start)] = true
	}
	rows, err := q.UntouchedOccurrences(ctx, db.UntouchedOccurrencesParams{ClubID: optional(c.ID), Now: millis(now)})
	if err != nil {
		return nil, err
	}
	there := map[int64]bool{}
	for _, r := range rows {
		if !fits[r.Occurrence.Int64] {
			if err := q.DeleteConference(ctx, r.ID); err != nil {
				return nil, err
			}
			continue
		}
		there[r.Occurrence.Int64] = true
		f := plan.Conference(c, moment(r.Occurrence.Int64), now)
		if f.Title == r.Title && optional(f.BookID) == r.BookID && millis(f.End) == r.CallEndTime && f.OwnerID == r.OwnerID {
			continue
		}
		other, err := overlapping(ctx, q, f, r.ID)
		if err != nil {
			return nil, err
		}
		if other != 0 { // longer than the gap to the next meeting: keeps its length
			f.End = moment(r.CallEndTime)
		}
		f.ID, f.Description, f.Thumbnail = r.ID, r.Description, r.Thumbnail
		if err := updateConference(ctx, q, f); err != nil {
			return nil, err
		}
	}
	return there, nil
}

// meet makes the conference of one meeting, unless it was made before or the club meets
// at that time already.
func meet(ctx context.Context, q *db.Queries, c clubapi.Club, plan clubapi.Schedule, start, now time.Time) error {
	f := plan.Conference(c, start, now)
	made, err := q.HasOccurrence(ctx, db.HasOccurrenceParams{ClubID: optional(c.ID), Occurrence: optionalMillis(f.Occurrence)})
	if err != nil || made {
		return err
	}
	other, err := overlapping(ctx, q, f, 0)
	if err != nil || other != 0 {
		return err
	}
	_, err = insertConference(ctx, q, f)
	return err
}

// withSchedules adds to the clubs the schedules of those that have one.
func withSchedules(ctx context.Context, q *db.Queries, clubs []clubapi.Club) error {
	if len(clubs) == 0 {
		return nil
	}
	ids := make([]int64, len(clubs))
	at := map[int64]int{}
	for i, c := range clubs {
		ids[i], at[c.ID] = c.ID, i
	}
	rows, err := q.SchedulesOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		kept := scheduleOf(r)
		clubs[at[r.ClubID]].Schedule = &kept
	}
	return nil
}

func scheduleOf(r db.Schedule) clubapi.Schedule {
	return clubapi.Schedule{
		ClubID: r.ClubID, RRule: r.Rrule, Time: r.Time, TimeZone: r.TimeZone, StartsOn: clubapi.Day(r.StartsOn),
		DurationMinutes: int(r.DurationMinutes), Title: r.Title, TimeFreq: r.TimeFreq,
		FilledUntil: moment(r.FilledUntil), Version: r.Version,
	}.Restored()
}
