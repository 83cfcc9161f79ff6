package httpapi

import "context"

// GetCalendarFeed implements StrictServerInterface.
func (s *server) GetCalendarFeed(context.Context, GetCalendarFeedRequestObject) (GetCalendarFeedResponseObject, error) {
	return nil, errUnbuilt
}

// CloseClub implements StrictServerInterface.
func (s *server) CloseClub(context.Context, CloseClubRequestObject) (CloseClubResponseObject, error) {
	return nil, errUnbuilt
}

// ListAudit implements StrictServerInterface.
func (s *server) ListAudit(context.Context, ListAuditRequestObject) (ListAuditResponseObject, error) {
	return nil, errUnbuilt
}

// GetMembership implements StrictServerInterface.
func (s *server) GetMembership(context.Context, GetMembershipRequestObject) (GetMembershipResponseObject, error) {
	return nil, errUnbuilt
}

// RemoveMember implements StrictServerInterface.
func (s *server) RemoveMember(context.Context, RemoveMemberRequestObject) (RemoveMemberResponseObject, error) {
	return nil, errUnbuilt
}

// SearchNotes implements StrictServerInterface.
func (s *server) SearchNotes(context.Context, SearchNotesRequestObject) (SearchNotesResponseObject, error) {
	return nil, errUnbuilt
}

// ListNotices implements StrictServerInterface.
func (s *server) ListNotices(context.Context, ListNoticesRequestObject) (ListNoticesResponseObject, error) {
	return nil, errUnbuilt
}

// CreateNotice implements StrictServerInterface.
func (s *server) CreateNotice(context.Context, CreateNoticeRequestObject) (CreateNoticeResponseObject, error) {
	return nil, errUnbuilt
}

// HandOverClub implements StrictServerInterface.
func (s *server) HandOverClub(context.Context, HandOverClubRequestObject) (HandOverClubResponseObject, error) {
	return nil, errUnbuilt
}

// ListRules implements StrictServerInterface.
func (s *server) ListRules(context.Context, ListRulesRequestObject) (ListRulesResponseObject, error) {
	return nil, errUnbuilt
}

// CreateRule implements StrictServerInterface.
func (s *server) CreateRule(context.Context, CreateRuleRequestObject) (CreateRuleResponseObject, error) {
	return nil, errUnbuilt
}

// DeleteSchedule implements StrictServerInterface.
func (s *server) DeleteSchedule(context.Context, DeleteScheduleRequestObject) (DeleteScheduleResponseObject, error) {
	return nil, errUnbuilt
}

// GetSchedule implements StrictServerInterface.
func (s *server) GetSchedule(context.Context, GetScheduleRequestObject) (GetScheduleResponseObject, error) {
	return nil, errUnbuilt
}

// SetSchedule implements StrictServerInterface.
func (s *server) SetSchedule(context.Context, SetScheduleRequestObject) (SetScheduleResponseObject, error) {
	return nil, errUnbuilt
}

// ListWaiting implements StrictServerInterface.
func (s *server) ListWaiting(context.Context, ListWaitingRequestObject) (ListWaitingResponseObject, error) {
	return nil, errUnbuilt
}

// DeclineWaiting implements StrictServerInterface.
func (s *server) DeclineWaiting(context.Context, DeclineWaitingRequestObject) (DeclineWaitingResponseObject, error) {
	return nil, errUnbuilt
}

// AcceptWaiting implements StrictServerInterface.
func (s *server) AcceptWaiting(context.Context, AcceptWaitingRequestObject) (AcceptWaitingResponseObject, error) {
	return nil, errUnbuilt
}

// GetConferenceEvent implements StrictServerInterface.
func (s *server) GetConferenceEvent(context.Context, GetConferenceEventRequestObject) (GetConferenceEventResponseObject, error) {
	return nil, errUnbuilt
}

// ListRelatedNotes implements StrictServerInterface.
func (s *server) ListRelatedNotes(context.Context, ListRelatedNotesRequestObject) (ListRelatedNotesResponseObject, error) {
	return nil, errUnbuilt
}

// ListLightning implements StrictServerInterface.
func (s *server) ListLightning(context.Context, ListLightningRequestObject) (ListLightningResponseObject, error) {
	return nil, errUnbuilt
}

// StartLightning implements StrictServerInterface.
func (s *server) StartLightning(context.Context, StartLightningRequestObject) (StartLightningResponseObject, error) {
	return nil, errUnbuilt
}

// ResetCalendar implements StrictServerInterface.
func (s *server) ResetCalendar(context.Context, ResetCalendarRequestObject) (ResetCalendarResponseObject, error) {
	return nil, errUnbuilt
}

// GetCalendar implements StrictServerInterface.
func (s *server) GetCalendar(context.Context, GetCalendarRequestObject) (GetCalendarResponseObject, error) {
	return nil, errUnbuilt
}

// DeleteNotice implements StrictServerInterface.
func (s *server) DeleteNotice(context.Context, DeleteNoticeRequestObject) (DeleteNoticeResponseObject, error) {
	return nil, errUnbuilt
}

// GetNotice implements StrictServerInterface.
func (s *server) GetNotice(context.Context, GetNoticeRequestObject) (GetNoticeResponseObject, error) {
	return nil, errUnbuilt
}

// UpdateNotice implements StrictServerInterface.
func (s *server) UpdateNotice(context.Context, UpdateNoticeRequestObject) (UpdateNoticeResponseObject, error) {
	return nil, errUnbuilt
}

// DeleteRule implements StrictServerInterface.
func (s *server) DeleteRule(context.Context, DeleteRuleRequestObject) (DeleteRuleResponseObject, error) {
	return nil, errUnbuilt
}

// GetRule implements StrictServerInterface.
func (s *server) GetRule(context.Context, GetRuleRequestObject) (GetRuleResponseObject, error) {
	return nil, errUnbuilt
}

// UpdateRule implements StrictServerInterface.
func (s *server) UpdateRule(context.Context, UpdateRuleRequestObject) (UpdateRuleResponseObject, error) {
	return nil, errUnbuilt
}

// PreviewSchedule implements StrictServerInterface.
func (s *server) PreviewSchedule(context.Context, PreviewScheduleRequestObject) (PreviewScheduleResponseObject, error) {
	return nil, errUnbuilt
}

// Search implements StrictServerInterface.
func (s *server) Search(context.Context, SearchRequestObject) (SearchResponseObject, error) {
	return nil, errUnbuilt
}
