package httpapi

import "context"

// SearchNotes implements StrictServerInterface.
func (s *server) SearchNotes(context.Context, SearchNotesRequestObject) (SearchNotesResponseObject, error) {
	return nil, errUnbuilt
}

// ListRelatedNotes implements StrictServerInterface.
func (s *server) ListRelatedNotes(context.Context, ListRelatedNotesRequestObject) (ListRelatedNotesResponseObject, error) {
	return nil, errUnbuilt
}

// Search implements StrictServerInterface.
func (s *server) Search(context.Context, SearchRequestObject) (SearchResponseObject, error) {
	return nil, errUnbuilt
}
