// Package calendar writes iCalendar objects (RFC 5545) of meetings. It decides how an
// event is told to calendar programs and reads no clock: the same events give the same
// bytes. All times are in UTC, so that no program's idea of a time zone matters.
package calendar

import (
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// Event is one meeting. UID stays the same for the meeting's whole life; Sequence grows
// with every change.
type Event struct {
	UID         string
	Sequence    int64
	Title       string
	Description string
	URL         string
	Start       time.Time
	End         time.Time
	Created     time.Time
	Updated     time.Time
	Cancelled   bool
}

// refresh is how often subscribers may ask again.
const refresh = "PT1H"

// Write returns a calendar of that name with the events, in their order.
func Write(name string, events []Event) string {
	c := ics.NewCalendarFor("salon")
	c.SetProductId("-//salon//clubs//KO")
	c.SetCalscale("GREGORIAN")
	c.SetMethod(ics.MethodPublish)
	if name != "" {
		c.SetName(line(name))
	}
	c.SetRefreshInterval(refresh) // the library says VALUE=DURATION by itself
	c.SetXPublishedTTL(refresh)
	for _, e := range events {
		c.AddVEvent(event(e))
	}
	return c.Serialize(ics.WithNewLine("\r\n"))
}

func event(e Event) *ics.VEvent {
	v := ics.NewEvent(e.UID)
	v.SetDtStampTime(e.Updated)
	v.SetCreatedTime(e.Created)
	v.SetModifiedAt(e.Updated)
	v.SetProperty(ics.ComponentPropertySequence, fmt.Sprint(e.Sequence))
	v.SetStartAt(e.Start)
	v.SetEndAt(e.End)
	v.SetSummary(line(e.Title))
	if e.Description != "" {
		v.SetDescription(prose(e.Description))
	}
	if e.URL != "" {
		v.SetURL(e.URL)
		v.SetLocation(e.URL)
	}
	v.SetStatus(ics.ObjectStatusConfirmed)
	if e.Cancelled {
		v.SetStatus(ics.ObjectStatusCancelled)
	}
	return v
}

// prose leaves line feeds as the only way to end a line, which the format can escape.
func prose(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

func line(s string) string { return strings.ReplaceAll(prose(s), "\n", " ") }
