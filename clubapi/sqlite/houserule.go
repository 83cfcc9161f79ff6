package sqlite

import (
	"context"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// CreateHouseRule stores the rule at its position (0: the end) for the club's owner and
// returns it with its id; those behind move on. Refusals: clubapi.ErrNotFound,
// ErrForbidden, ErrTooManyRules.
func (s *Store) CreateHouseRule(ctx context.Context, h clubapi.HouseRule, author int64, now time.Time) (clubapi.HouseRule, error) {
	err := s.write(ctx, "create rule", func(q *db.Queries) error {
		if _, err := ownClub(ctx, q, h.ClubID, author); err != nil {
			return err
		}
		n, err := q.CountHouseRules(ctx, h.ClubID)
		if err != nil {
			return err
		}
		if n >= clubapi.MaxHouseRules {
			return clubapi.ErrTooManyRules
		}
		if h.Position == 0 || int64(h.Position) > n+1 {
			h.Position = int(n) + 1
		}
		if err := shift(ctx, q, h, h.Position, int(n), +1); err != nil {
			return err
		}
		h.ID, err = q.InsertHouseRule(ctx, db.InsertHouseRuleParams{ClubID: h.ClubID, RuleContent: h.Content, Position: int64(h.Position)})
		if err != nil {
			return err
		}
		return houseRuleDeed(ctx, q, h, author, clubapi.ActionRuleCreated, now)
	})
	return h, err
}

// shift moves the rules of h's club at positions first to last, h itself excepted.
func shift(ctx context.Context, q *db.Queries, h clubapi.HouseRule, first, last, by int) error {
	return q.ShiftHouseRules(ctx, db.ShiftHouseRulesParams{
		By: int64(by), ClubID: h.ClubID, Except: h.ID, First: int64(first), Last: int64(last),
	})
}

// HouseRules lists all rules of a club in their order, or returns clubapi.ErrNotFound.
func (s *Store) HouseRules(ctx context.Context, club int64) (list []clubapi.HouseRule, err error) {
	err = s.read(ctx, "list rules", func(q *db.Queries) error {
		if _, err := clubByID(ctx, q, club, 0); err != nil {
			return err
		}
		rows, err := q.HouseRules(ctx, club)
		for _, r := range rows {
			list = append(list, houseRule(r, clubapi.RoleNone))
		}
		return err
	})
	return list, err
}

// HouseRule returns one rule as viewer (0 for nobody) sees it, or clubapi.ErrNotFound.
func (s *Store) HouseRule(ctx context.Context, id, viewer int64) (h clubapi.HouseRule, err error) {
	err = s.read(ctx, "read rule", func(q *db.Queries) error {
		h, err = houseRuleByID(ctx, q, id, viewer)
		return err
	})
	return h, err
}

// UpdateHouseRule reads the rule as viewer sees it, lets edit decide and stores what it
// returns, all in one transaction. At another position, those between move up or down.
func (s *Store) UpdateHouseRule(ctx context.Context, id, viewer int64, now time.Time, edit func(clubapi.HouseRule) (clubapi.HouseRule, error)) (h clubapi.HouseRule, err error) {
	err = s.write(ctx, "update rule", func(q *db.Queries) error {
		old, err := houseRuleByID(ctx, q, id, viewer)
		if err != nil {
			return err
		}
		if h, err = edit(old); err != nil {
			return err
		}
		n, err := q.CountHouseRules(ctx, h.ClubID)
		if err != nil {
			return err
		}
		h.Position = min(h.Position, int(n))
		if h.Position < old.Position {
			err = shift(ctx, q, h, h.Position, old.Position, +1)
		} else if h.Position > old.Position {
			err = shift(ctx, q, h, old.Position, h.Position, -1)
		}
		if err != nil {
			return err
		}
		err = q.UpdateHouseRule(ctx, db.UpdateHouseRuleParams{RuleContent: h.Content, Position: int64(h.Position), ID: id})
		if err != nil {
			return err
		}
		h.Version++
		return houseRuleDeed(ctx, q, h, viewer, clubapi.ActionRuleChanged, now)
	})
	return h, err
}

// DeleteHouseRule strikes the rule, for the club's owner; those behind move up. Refusals:
// clubapi.ErrNotFound, ErrForbidden.
func (s *Store) DeleteHouseRule(ctx context.Context, id, viewer int64, now time.Time) error {
	return s.write(ctx, "delete rule", func(q *db.Queries) error {
		h, err := houseRuleByID(ctx, q, id, viewer)
		if err != nil {
			return err
		}
		if h.Role != clubapi.RoleOwner {
			return clubapi.ErrForbidden
		}
		if err := q.DeleteHouseRule(ctx, id); err != nil {
			return err
		}
		if err := shift(ctx, q, h, h.Position, clubapi.MaxHouseRules, -1); err != nil {
			return err
		}
		return houseRuleDeed(ctx, q, h, viewer, clubapi.ActionRuleDeleted, now)
	})
}

func houseRuleDeed(ctx context.Context, q *db.Queries, h clubapi.HouseRule, actor int64, action clubapi.Action, at time.Time) error {
	return record(ctx, q, clubapi.Deed{ClubID: h.ClubID, Actor: clubapi.Person{ID: actor}, Action: action, Subject: h.Content, At: at})
}

func houseRuleByID(ctx context.Context, q *db.Queries, id, viewer int64) (clubapi.HouseRule, error) {
	r, err := q.HouseRuleByID(ctx, db.HouseRuleByIDParams{ID: id, Viewer: viewer})
	return houseRule(r.Rule, role(viewer, r.ClubOwnerID, r.IsMember)), err
}

func houseRule(r db.Rule, viewer clubapi.Role) clubapi.HouseRule {
	return clubapi.HouseRule{ID: r.ID, ClubID: r.ClubID, Content: r.RuleContent, Position: int(r.Position), Role: viewer, Version: r.Version}
}
