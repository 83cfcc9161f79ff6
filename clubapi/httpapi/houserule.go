package httpapi

import (
	"context"
	"strconv"
	"time"

	"salon/clubapi"
)

// HouseRuleStore keeps the rules that clubs give themselves.
type HouseRuleStore interface {
	CreateHouseRule(ctx context.Context, h clubapi.HouseRule, author int64, now time.Time) (clubapi.HouseRule, error)
	HouseRules(ctx context.Context, club int64) ([]clubapi.HouseRule, error)
	HouseRule(ctx context.Context, id, viewer int64) (clubapi.HouseRule, error)
	UpdateHouseRule(ctx context.Context, id, viewer int64, now time.Time, edit func(clubapi.HouseRule) (clubapi.HouseRule, error)) (clubapi.HouseRule, error)
	DeleteHouseRule(ctx context.Context, id, viewer int64, now time.Time) error
}

// ListRules implements StrictServerInterface.
func (s *server) ListRules(ctx context.Context, req ListRulesRequestObject) (ListRulesResponseObject, error) {
	list, err := s.Store.HouseRules(ctx, req.ClubID)
	if err != nil {
		return nil, err
	}
	return ListRules200JSONResponse{Items: bodies(list, houseRuleBody)}, nil
}

// CreateRule implements StrictServerInterface.
func (s *server) CreateRule(ctx context.Context, req CreateRuleRequestObject) (CreateRuleResponseObject, error) {
	change := clubapi.HouseRuleChange{Content: &req.Body.RuleContent, Position: req.Body.Position}
	h, err := s.Rules.NewHouseRule(change, req.ClubID)
	if err != nil {
		return nil, err
	}
	if h, err = s.Store.CreateHouseRule(ctx, h, callerOf(ctx).user.ID, s.Now()); err != nil {
		return nil, err
	}
	location := "/api/v1/rules/" + strconv.FormatInt(h.ID, 10)
	return CreateRule201JSONResponse{RuleCreatedJSONResponse{
		Body: houseRuleBody(h), Headers: RuleCreatedResponseHeaders{ETag: tagOf(h.Version), Location: &location},
	}}, nil
}

// GetRule implements StrictServerInterface.
func (s *server) GetRule(ctx context.Context, req GetRuleRequestObject) (GetRuleResponseObject, error) {
	h, err := s.Store.HouseRule(ctx, req.RuleID, callerOf(ctx).user.ID)
	if err != nil {
		return nil, err
	}
	return GetRule200JSONResponse{houseRuleOne(h)}, nil
}

// UpdateRule implements StrictServerInterface.
func (s *server) UpdateRule(ctx context.Context, req UpdateRuleRequestObject) (UpdateRuleResponseObject, error) {
	change := clubapi.HouseRuleChange{Content: req.Body.RuleContent, Position: req.Body.Position}
	h, err := s.Store.UpdateHouseRule(ctx, req.RuleID, callerOf(ctx).user.ID, s.Now(), func(old clubapi.HouseRule) (clubapi.HouseRule, error) {
		changed, err := s.Rules.ChangeHouseRule(old, change)
		if err != nil {
			return old, err
		}
		return changed, unchanged(req.Params.IfMatch, old.Version)
	})
	if err != nil {
		return nil, err
	}
	return UpdateRule200JSONResponse{houseRuleOne(h)}, nil
}

// DeleteRule implements StrictServerInterface.
func (s *server) DeleteRule(ctx context.Context, req DeleteRuleRequestObject) (DeleteRuleResponseObject, error) {
	if err := s.Store.DeleteHouseRule(ctx, req.RuleID, callerOf(ctx).user.ID, s.Now()); err != nil {
		return nil, err
	}
	return DeleteRule204Response{}, nil
}

func houseRuleOne(h clubapi.HouseRule) RuleOneJSONResponse {
	return RuleOneJSONResponse{Body: houseRuleBody(h), Headers: RuleOneResponseHeaders{ETag: tagOf(h.Version)}}
}

func houseRuleBody(h clubapi.HouseRule) Rule {
	return Rule{ID: h.ID, ClubID: h.ClubID, RuleContent: h.Content, Position: h.Position}
}
