package clubapi

const maxHouseRule = 500

// MaxHouseRules is how many rules a club may have.
const MaxHouseRules = 50

// HouseRule is one rule that a club gives itself. The rules of a club stand at the
// positions 1 to n without gaps.
type HouseRule struct {
	ID       int64
	ClubID   int64
	Content  string
	Position int

	Role    Role // the viewer's in the club
	Version int64
}

// HouseRuleChange says which fields of a rule to set; nil leaves a field as it is.
type HouseRuleChange struct {
	Content  *string
	Position *int // behind the last rule means the last
}

// NewHouseRule returns a rule without id, or an InvalidError; its position is 0 unless
// the change names one. The store checks that the caller owns the club and finds the
// position.
func (r Rules) NewHouseRule(change HouseRuleChange, club int64) (HouseRule, error) {
	blank := HouseRule{ClubID: club, Role: RoleOwner, Version: 1}
	if change.Content == nil {
		return blank, Invalid("rule_content", CodeRequired)
	}
	return r.ChangeHouseRule(blank, change)
}

// ChangeHouseRule returns the rule with the change applied. Refusals: ErrForbidden unless
// the viewer owns the club, an InvalidError.
func (Rules) ChangeHouseRule(h HouseRule, change HouseRuleChange) (HouseRule, error) {
	if h.Role != RoleOwner {
		return h, ErrForbidden
	}
	set(&h.Content, change.Content)
	set(&h.Position, change.Position)
	var c check
	h.Content = c.prose("rule_content", h.Content, maxHouseRule, false)
	return h, c.err()
}
