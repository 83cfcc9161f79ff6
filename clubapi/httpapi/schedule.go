package httpapi

import (
	"context"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"salon/clubapi"
	"salon/clubapi/schedule"
)

// ScheduleStore keeps when clubs meet.
type ScheduleStore interface {
	SetSchedule(ctx context.Context, club, viewer int64, now time.Time, edit func(clubapi.Club) (clubapi.Schedule, error)) (clubapi.Schedule, error)
	DeleteSchedule(ctx context.Context, club, viewer int64, now time.Time) error
}

// GetSchedule implements StrictServerInterface.
func (s *server) GetSchedule(ctx context.Context, req GetScheduleRequestObject) (GetScheduleResponseObject, error) {
	club, err := s.Store.Club(ctx, req.ClubID, callerOf(ctx).user.ID)
	if err != nil {
		return nil, err
	}
	if club.Schedule == nil {
		return nil, clubapi.ErrNotFound
	}
	return GetSchedule200JSONResponse{scheduleOne(*club.Schedule)}, nil
}

// SetSchedule implements StrictServerInterface.
func (s *server) SetSchedule(ctx context.Context, req SetScheduleRequestObject) (SetScheduleResponseObject, error) {
	now := s.Now()
	plan, err := s.Store.SetSchedule(ctx, req.ClubID, callerOf(ctx).user.ID, now, func(c clubapi.Club) (clubapi.Schedule, error) {
		plan, err := s.Rules.Schedule(*scheduleChange(req.Body), c.TimeZone, now)
		if err != nil {
			return plan, err
		}
		var version int64 // of no schedule
		if c.Schedule != nil {
			version = c.Schedule.Version
		}
		return plan, unchanged(req.Params.IfMatch, version)
	})
	if err != nil {
		return nil, err
	}
	return SetSchedule200JSONResponse{scheduleOne(plan)}, nil
}

// DeleteSchedule implements StrictServerInterface.
func (s *server) DeleteSchedule(ctx context.Context, req DeleteScheduleRequestObject) (DeleteScheduleResponseObject, error) {
	if err := s.Store.DeleteSchedule(ctx, req.ClubID, callerOf(ctx).user.ID, s.Now()); err != nil {
		return nil, err
	}
	return DeleteSchedule204Response{}, nil
}

// PreviewSchedule implements StrictServerInterface.
func (s *server) PreviewSchedule(_ context.Context, req PreviewScheduleRequestObject) (PreviewScheduleResponseObject, error) {
	now := s.Now()
	plan, err := s.Rules.Schedule(*scheduleChange(req.Body), s.Rules.TimeZone(), now)
	if err != nil {
		return nil, err
	}
	starts, err := plan.Preview(now)
	if err != nil {
		return nil, err
	}
	for i := range starts {
		starts[i] = starts[i].UTC()
	}
	return PreviewSchedule200JSONResponse{TimeFreq: plan.TimeFreq, Frequency: frequencyBody(plan.Frequency), Starts: starts}, nil
}

// scheduleChange is nil for none.
func scheduleChange(b *NewSchedule) *clubapi.ScheduleChange {
	if b == nil {
		return nil
	}
	return &clubapi.ScheduleChange{
		RRule: b.Rrule, Time: b.Time, TimeZone: b.TimeZone, StartsOn: dayOf(b.StartsOn), DurationMinutes: b.DurationMinutes, Title: b.Title,
	}
}

func scheduleOne(s clubapi.Schedule) ScheduleOneJSONResponse {
	return ScheduleOneJSONResponse{Body: scheduleBody(s), Headers: ScheduleOneResponseHeaders{ETag: tagOf(s.Version)}}
}

func scheduleBody(s clubapi.Schedule) Schedule {
	return Schedule{
		Rrule: s.RRule, Time: s.Time, TimeZone: s.TimeZone, StartsOn: openapi_types.Date{Time: s.StartsOn.Time()},
		DurationMinutes: s.DurationMinutes, Title: s.Title, TimeFreq: s.TimeFreq, Frequency: frequencyBody(s.Frequency),
	}
}

func frequencyBody(f schedule.Frequency) Frequency {
	body := Frequency{Times: f.Times, Every: f.Every, Unit: FrequencyUnit(f.Unit), Weekdays: []Weekday{}}
	for _, d := range f.Weekdays.List() {
		body.Weekdays = append(body.Weekdays, weekdayNames()[d])
	}
	if len(f.MonthDays) > 0 {
		body.MonthDays = &f.MonthDays
	}
	return body
}

// weekdayNames is indexed by time.Weekday.
func weekdayNames() [7]Weekday { return [7]Weekday{Sun, Mon, Tue, Wed, Thu, Fri, Sat} }

// onWeekday is the set of that day; of none for nil.
func onWeekday(name *Weekday) (days schedule.Weekdays) {
	for d, n := range weekdayNames() {
		if name != nil && n == *name {
			days |= schedule.On(time.Weekday(d))
		}
	}
	return days
}
