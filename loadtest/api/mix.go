package api

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
)

// A visit is one thing that somebody does: one request, or a few that belong together.
type visit struct {
	*run
	who   *person
	club  club
	rand  *rand.Rand
	words *speech
}

// A habit is a kind of visit and how often it happens, of a hundred.
type habit struct {
	often int
	do    func(*visit, context.Context)
}

// habits add up to a hundred. Four of five requests read.
func habits() []habit {
	return []habit{
		{18, (*visit).browse},
		{20, (*visit).lookAtClub},
		{8, (*visit).searchEverything},
		{8, (*visit).searchClubs},
		{8, (*visit).searchNotes},
		{4, (*visit).related},
		{6, (*visit).readBooks},
		{4, (*visit).readBoard},
		{7, (*visit).readNotes},
		{4, (*visit).joinAndLeave},
		{8, (*visit).writeNote},
		{3, (*visit).editClub},
		{2, (*visit).editNote},
	}
}

// choose picks a habit by a number below a hundred.
func choose(n int) habit {
	list := habits()
	for _, h := range list {
		if n -= h.often; n < 0 {
			return h
		}
	}
	return list[0]
}

// ask sends one request and books it under a name. What is no success and not among the fine ones is an error.
func (v *visit) ask(ctx context.Context, name, method, path string, body any, header []string, fine ...int) answer {
	due := v.now()
	a, err := v.who.call(ctx, method, path, body, header...)
	if ctx.Err() == nil {
		v.book(name, v.now().Sub(due), err == nil && (a.ok() || slices.Contains(fine, a.status)), a.server)
	}
	return a
}

func (v *visit) get(ctx context.Context, name, path string) answer {
	return v.ask(ctx, name, http.MethodGet, path, nil, nil)
}

func (v *visit) browse(ctx context.Context) {
	path := "/api/v1/clubs"
	if v.rand.IntN(3) == 0 {
		path += "?category=novel&free_seats=true"
	}
	v.get(ctx, "clubs", path)
}

func (v *visit) lookAtClub(ctx context.Context) {
	at := fmt.Sprintf("/api/v1/clubs/%d", v.club.id)
	v.get(ctx, "club", at)
	v.get(ctx, "club.members", at+"/members")
	v.get(ctx, "club.conferences", at+"/conferences")
}

func (v *visit) question() string { return "q=" + url.QueryEscape(v.words.ask()) }

func (v *visit) searchEverything(ctx context.Context) {
	v.get(ctx, "search", "/api/v1/search?"+v.question())
}

func (v *visit) searchClubs(ctx context.Context) {
	v.get(ctx, "search.clubs", "/api/v1/clubs?"+v.question())
}

func (v *visit) searchNotes(ctx context.Context) {
	v.who = v.club.owner
	v.get(ctx, "search.notes", fmt.Sprintf("/api/v1/clubs/%d/notes?%s", v.club.id, v.question()))
}

func (v *visit) related(ctx context.Context) {
	if !v.inConference(ctx) {
		return
	}
	v.get(ctx, "search.related", fmt.Sprintf("/api/v1/conferences/%d/related-notes?text=%s", v.club.conference, url.QueryEscape(v.words.say(8))))
}

func (v *visit) readBooks(ctx context.Context) { v.get(ctx, "books", "/api/v1/books") }

func (v *visit) readBoard(ctx context.Context) { v.get(ctx, "posts", "/api/v1/posts") }

func (v *visit) readNotes(ctx context.Context) {
	if v.inConference(ctx) {
		v.get(ctx, "notes", fmt.Sprintf("/api/v1/conferences/%d/notes", v.club.conference))
	}
}

// joinAndLeave takes a seat and gives it back; others may be faster, or have gone.
func (v *visit) joinAndLeave(ctx context.Context) {
	at := fmt.Sprintf("/api/v1/clubs/%d/members", v.club.id)
	if v.ask(ctx, "join", http.MethodPost, at, nil, nil, http.StatusConflict).ok() {
		v.ask(ctx, "leave", http.MethodDelete, at+"/me", nil, nil, http.StatusConflict, http.StatusForbidden)
	}
}

func (v *visit) writeNote(ctx context.Context) {
	if v.inConference(ctx) {
		v.ask(ctx, "note.write", http.MethodPost, fmt.Sprintf("/api/v1/conferences/%d/notes", v.club.conference), map[string]any{"text": v.words.say(10)}, nil)
	}
}

// editClub changes what it has read; whoever was faster wins.
func (v *visit) editClub(ctx context.Context) {
	v.who = v.club.owner
	at := fmt.Sprintf("/api/v1/clubs/%d", v.club.id)
	if read := v.get(ctx, "club", at); read.ok() {
		v.ask(ctx, "club.edit", http.MethodPatch, at, map[string]any{"summary": v.words.say(6)}, []string{"If-Match", read.etag}, http.StatusPreconditionFailed)
	}
}

func (v *visit) editNote(ctx context.Context) {
	if !v.inConference(ctx) {
		return
	}
	written := v.ask(ctx, "note.write", http.MethodPost, fmt.Sprintf("/api/v1/conferences/%d/notes", v.club.conference), map[string]any{"text": v.words.say(10)}, nil)
	var note struct{ ID int64 }
	if written.into(&note) == nil {
		v.ask(ctx, "note.edit", http.MethodPatch, fmt.Sprintf("/api/v1/notes/%d", note.ID), map[string]any{"text": v.words.say(12)}, []string{"If-Match", written.etag}, http.StatusPreconditionFailed)
	}
}

// inConference makes the visitor the club's owner and finds the conference of a club that an earlier run has left.
func (v *visit) inConference(ctx context.Context) bool {
	v.who = v.club.owner
	if v.club.conference != 0 {
		return true
	}
	var page struct{ Items []struct{ ID int64 } }
	at := fmt.Sprintf("/api/v1/clubs/%d/conferences", v.club.id)
	for _, when := range []string{"?when=upcoming", "?when=past"} {
		if v.get(ctx, "club.conferences", at+when).into(&page) == nil && len(page.Items) > 0 {
			v.club.conference = page.Items[0].ID
			return true
		}
	}
	return false
}
