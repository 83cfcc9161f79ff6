package httpapi

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"salon/clubapi"
	"salon/clubapi/calendar"
)

// CalendarStore keeps secret addresses of calendars and tells what they show.
type CalendarStore interface {
	Feed(ctx context.Context, user, club int64, fresh string) (string, error)
	EndFeed(ctx context.Context, user, club int64) error
	FeedConferences(ctx context.Context, secret string, since time.Time) (title string, fs []clubapi.Conference, err error)
}

// calendarPath begins the path of a feed; its secret follows.
const calendarPath = "/api/v1/calendars/"

// feedMonths is how far back a feed reaches.
const feedMonths = 3

// GetCalendar implements StrictServerInterface.
func (s *server) GetCalendar(ctx context.Context, req GetCalendarRequestObject) (GetCalendarResponseObject, error) {
	secret, err := s.Store.Feed(ctx, callerOf(ctx).user.ID, given(req.Params.ClubID), strings.ToLower(rand.Text()))
	if err != nil {
		return nil, err
	}
	return GetCalendar200JSONResponse{URL: calendarPath + secret + ".ics"}, nil
}

// ResetCalendar implements StrictServerInterface.
func (s *server) ResetCalendar(ctx context.Context, req ResetCalendarRequestObject) (ResetCalendarResponseObject, error) {
	if err := s.Store.EndFeed(ctx, callerOf(ctx).user.ID, given(req.Params.ClubID)); err != nil {
		return nil, err
	}
	return ResetCalendar204Response{}, nil
}

// GetCalendarFeed implements StrictServerInterface.
func (s *server) GetCalendarFeed(ctx context.Context, req GetCalendarFeedRequestObject) (GetCalendarFeedResponseObject, error) {
	title, fs, err := s.Store.FeedConferences(ctx, strings.TrimSuffix(req.Feed, ".ics"), s.Now().AddDate(0, -feedMonths, 0))
	if err != nil {
		return nil, err
	}
	if title == "" {
		title = "salon"
	}
	text := calendar.Write(title, bodies(fs, eventAt(callerOf(ctx).baseURL)))
	sum := sha256.Sum256([]byte(text))
	etag := `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
	if match := req.Params.IfNoneMatch; match != nil && sameTag(*match, etag) {
		return GetCalendarFeed304Response{Headers: GetCalendarFeed304ResponseHeaders{ETag: &etag}}, nil
	}
	return GetCalendarFeed200TextCalendarResponse{
		Body: strings.NewReader(text), ContentLength: int64(len(text)), Headers: GetCalendarFeed200ResponseHeaders{ETag: &etag},
	}, nil
}

// GetConferenceEvent implements StrictServerInterface.
func (s *server) GetConferenceEvent(ctx context.Context, req GetConferenceEventRequestObject) (GetConferenceEventResponseObject, error) {
	conf, err := s.Store.Conference(ctx, req.ConferenceID, callerOf(ctx).user.ID)
	if err != nil {
		return nil, err
	}
	text := calendar.Write("", []calendar.Event{eventAt(callerOf(ctx).baseURL)(conf)})
	return GetConferenceEvent200TextCalendarResponse{Body: strings.NewReader(text), ContentLength: int64(len(text))}, nil
}

// eventAt writes conferences for a calendar; base is that of the media server, which
// shares its host with the web app.
func eventAt(base string) func(clubapi.Conference) calendar.Event {
	site := "http" + strings.TrimPrefix(base, "ws")
	return func(c clubapi.Conference) calendar.Event {
		title := c.Title
		if c.ClubTitle != "" && c.ClubTitle != c.Title {
			title = c.ClubTitle + ": " + c.Title
		}
		about := c.Description
		if c.Book != nil {
			about = strings.TrimSpace(strings.TrimSpace(c.Book.Title+" — "+c.Book.Author) + "\n\n" + about)
		}
		return calendar.Event{
			// The second number tells two databases with the same first one apart.
			UID:      fmt.Sprintf("conference-%d-%d@salon", c.ID, c.CreatedAt.UnixMilli()),
			Sequence: c.Version - 1, Title: title, Description: about, URL: fmt.Sprintf("%s/conferences/%d", site, c.ID),
			Start: c.Start, End: c.End, Created: c.CreatedAt, Updated: c.UpdatedAt, Cancelled: c.Cancelled,
		}
	}
}
