package clubapi

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// DemoStore is what Demo needs of a store.
type DemoStore interface {
	UserByNickname(ctx context.Context, nickname string) (User, error)
	CreateUser(ctx context.Context, u User) (User, error)
	ClubsOf(ctx context.Context, user int64, at Span) (Page[Club], error)
	CreateClub(ctx context.Context, c Club) (Club, error)
	JoinClub(ctx context.Context, club, user int64, now time.Time) (Membership, error)
	UpcomingOfClub(ctx context.Context, club, viewer int64, now time.Time, at Span) (Page[Conference], error)
	ScheduleConference(ctx context.Context, c Conference) (Conference, error)
	UpdateConference(ctx context.Context, id, viewer int64, edit func(Conference) (Conference, error)) (Conference, error)
}

// Demo makes sure that the members exist (the first owns a club, the others are in it)
// and that the club has a conference that may be joined now and lasts at least another
// hour. Call it at start, as often as you like: what is there stays, and so does the
// password of a member who is there already. Members must satisfy the rules.
func (r Rules) Demo(ctx context.Context, store DemoStore, now time.Time, members []NewUser) (Conference, error) {
	if len(members) == 0 {
		return Conference{}, configError("a demo needs members")
	}
	users := make([]User, len(members))
	for i, m := range members {
		var err error
		if users[i], err = r.demoUser(ctx, store, now, m); err != nil {
			return Conference{}, fmt.Errorf("demo member %s: %w", m.Nickname, err)
		}
	}
	club, err := r.demoClub(ctx, store, now, users)
	if err != nil {
		return Conference{}, fmt.Errorf("demo club: %w", err)
	}
	conf, err := r.demoConference(ctx, store, now, club)
	if err != nil {
		return Conference{}, fmt.Errorf("demo conference: %w", err)
	}
	return conf, nil
}

func (r Rules) demoUser(ctx context.Context, store DemoStore, now time.Time, m NewUser) (User, error) {
	u, err := store.UserByNickname(ctx, m.Nickname)
	if !errors.Is(err, ErrNotFound) {
		return u, err
	}
	if m, err = r.User(m); err != nil {
		return u, err
	}
	hash, err := HashPassword(m.Password, PasswordCost{})
	if err != nil {
		return u, err
	}
	return store.CreateUser(ctx, User{Nickname: m.Nickname, UserImg: m.UserImg, PasswordHash: hash, CreatedAt: moment(now)})
}

func (r Rules) demoClub(ctx context.Context, store DemoStore, now time.Time, users []User) (Club, error) {
	const many = 100
	owner := users[0].ID
	clubs, err := store.ClubsOf(ctx, owner, Span{Limit: many})
	if err != nil {
		return Club{}, err
	}
	var club Club
	for _, c := range clubs.Items {
		if c.OwnerID == owner {
			club = c // the oldest one comes last
		}
	}
	if club.ID == 0 {
		title, summary := "함께 읽는 저녁", "한 달에 두 번, 책 한 권을 함께 이야기합니다."
		detail := "처음 오신 분도 편하게 들어오세요. 이번 책은 한강의 『소년이 온다』입니다."
		club, err = r.NewClub(ClubChange{Title: &title, Summary: &summary, Detail: &detail}, owner, now)
		if err != nil {
			return club, err
		}
		if club, err = store.CreateClub(ctx, club); err != nil {
			return club, err
		}
	}
	for _, u := range users[1:] {
		if _, err := store.JoinClub(ctx, club.ID, u.ID, now); err != nil && !errors.Is(err, ErrAlreadyMember) {
			return club, err
		}
	}
	return club, nil
}

func (r Rules) demoConference(ctx context.Context, store DemoStore, now time.Time, club Club) (Conference, error) {
	const many = 100
	upcoming, err := store.UpcomingOfClub(ctx, club.ID, club.OwnerID, now, Span{Limit: many})
	if err != nil {
		return Conference{}, err
	}
	for _, c := range upcoming.Items {
		opens, _ := r.JoinWindow(c)
		switch {
		case now.Before(opens):
		case c.End.Sub(now) >= time.Hour:
			return c, nil
		default:
			return r.prolong(ctx, store, c, now)
		}
	}
	title := "『소년이 온다』 첫 번째 모임"
	start := now.Add(min(5*time.Minute, r.cfg.JoinEarly)).Truncate(time.Second)
	end := start.Add(min(2*time.Hour, r.cfg.LongestCall))
	for _, next := range upcoming.Items {
		if next.Start.After(end) {
			break
		}
		if !next.Start.After(start) {
			return next, nil
		}
		end = next.Start // a club meets once at a time
	}
	conf, err := r.NewConference(ConferenceChange{Title: &title, Start: &start, End: &end}, club.ID, club.OwnerID, now)
	if err != nil {
		return conf, err
	}
	return store.ScheduleConference(ctx, conf)
}

// prolong lets a demo's conference last another two hours, or as long as it may.
func (r Rules) prolong(ctx context.Context, store DemoStore, c Conference, now time.Time) (Conference, error) {
	end := now.Add(2 * time.Hour)
	longer, err := store.UpdateConference(ctx, c.ID, c.OwnerID, func(c Conference) (Conference, error) {
		return r.ChangeConference(c, ConferenceChange{End: &end}, c.OwnerID, now)
	})
	var overlap *OverlapError
	var invalid *InvalidError
	if errors.As(err, &overlap) || errors.As(err, &invalid) {
		return c, nil
	}
	return longer, err
}
