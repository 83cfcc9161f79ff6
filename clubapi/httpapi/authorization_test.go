package httpapi_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// everybody is who may ask, in the order of the columns below: nobody is signed in; a stranger
// is in no club; a member is in the club in question; the author is a member, too, and made the
// thing in question; the owner owns the club; the other owns another club; an administrator
// looks after the whole place and is in no club.
func everybody() [7]string {
	return [...]string{"nobody", "stranger", "member", "author", "owner", "other", "admin"}
}

// allowed is a row of the table of who may do what.
type allowed struct {
	operation string
	path      string // with names of fixtures in braces
	want      [7]int
	body      func(*fixtures) any // nil: none
	alone     bool                // changes the session: asked by a client of its own
}

// same sends the same body whatever the fixtures are.
func same(body any) func(*fixtures) any { return func(*fixtures) any { return body } }

func allAllowed() []allowed {
	var (
		open       = [...]int{200, 200, 200, 200, 200, 200, 200}
		signedIn   = [...]int{401, 200, 200, 200, 200, 200, 200}
		created    = [...]int{401, 201, 201, 201, 201, 201, 201}
		done       = [...]int{401, 204, 204, 204, 204, 204, 204}
		members    = [...]int{401, 403, 200, 200, 200, 403, 403}
		membersAdd = [...]int{401, 403, 201, 201, 201, 403, 403}
		owners     = [...]int{401, 403, 403, 403, 200, 403, 403}
		ownersAdd  = [...]int{401, 403, 403, 403, 201, 403, 403}
		ownersEnd  = [...]int{401, 403, 403, 403, 204, 403, 403}
		authors    = [...]int{401, 403, 403, 200, 200, 403, 403} // and the owner of the club
		authorsEnd = [...]int{401, 403, 403, 204, 204, 403, 403}
	)
	return []allowed{
		{operation: "signUp", path: "/users", want: [...]int{201, 201, 201, 201, 201, 201, 201}, alone: true, body: func(f *fixtures) any {
			return m{"nickname": f.name(), "password": password}
		}},
		{operation: "signIn", path: "/session", want: open, alone: true, body: same(m{"nickname": "owner", "password": password})},
		{operation: "signOut", path: "/session", want: [...]int{204, 204, 204, 204, 204, 204, 204}, alone: true},
		{operation: "getMe", path: "/me", want: signedIn},
		{operation: "updateMe", path: "/me", want: signedIn, body: same(m{"user_img": "/p.png"})},
		{operation: "uploadPicture", path: "/pictures", want: created, body: func(f *fixtures) any { return noisy(f.t, 1, 20) }},
		{operation: "getPicture", path: "{picture}", want: open},
		{operation: "getUser", path: "/users/{owner}", want: signedIn},
		{operation: "listBooksOfUser", path: "/users/{owner}/books", want: signedIn},

		{operation: "listReports", path: "/reports", want: signedIn},
		{operation: "createReport", path: "/reports", want: created, body: func(f *fixtures) any {
			return m{"post_id": f.id("gossip"), "reason": "r"}
		}},
		// Reports are hidden from those who may not settle them.
		{operation: "settleReport", path: "/reports/{report}/settle", want: [...]int{401, 404, 404, 404, 200, 404, 200}, body: same(m{"state": "dismissed"})},

		{operation: "listBooks", path: "/books", want: open},
		{operation: "createBook", path: "/books", want: created, body: func(f *fixtures) any { return m{"title": f.name()} }},
		{operation: "getBook", path: "/books/{book}", want: open},
		{operation: "updateBook", path: "/books/{book}", want: [...]int{401, 403, 403, 200, 403, 403, 200}, body: same(m{"author": "a"})},
		{operation: "listReviews", path: "/books/{book}/reviews", want: open},
		{operation: "listMyBooks", path: "/me/books", want: signedIn},
		{operation: "logReading", path: "/me/books", want: created, body: func(f *fixtures) any { return m{"book_id": f.id("book"), "read_on": "2026-01-05"} }},
		{operation: "getReading", path: "/me/books/{reading}", want: [...]int{401, 404, 404, 200, 404, 404, 404}},
		{operation: "updateReading", path: "/me/books/{reading}", want: [...]int{401, 404, 404, 200, 404, 404, 404}, body: same(m{"rating": 5})},
		{operation: "deleteReading", path: "/me/books/{reading}", want: [...]int{401, 404, 404, 204, 404, 404, 404}},
		{operation: "getReadingStack", path: "/me/reading", want: signedIn},

		{operation: "listMyClubs", path: "/me/clubs", want: signedIn},
		{operation: "listMyConferences", path: "/me/conferences", want: signedIn},
		{operation: "getCalendar", path: "/me/calendar", want: signedIn},
		{operation: "getCalendar", path: "/me/calendar?club_id={club}", want: members},
		{operation: "resetCalendar", path: "/me/calendar", want: done},
		{operation: "getCalendarFeed", path: "{feed}", want: open},

		{operation: "listClubs", path: "/clubs", want: open},
		{operation: "createClub", path: "/clubs", want: created, body: same(m{"title": "t"})},
		{operation: "getClub", path: "/clubs/{club}", want: open},
		{operation: "updateClub", path: "/clubs/{club}", want: owners, body: same(m{"summary": "s"})},
		{operation: "closeClub", path: "/clubs/{club}", want: ownersEnd},
		{operation: "handOverClub", path: "/clubs/{club}/owner", want: owners, body: func(f *fixtures) any { return m{"user_id": f.id("tenant")} }},
		{operation: "listAudit", path: "/clubs/{club}/audit", want: owners},
		{operation: "listMembers", path: "/clubs/{club}/members", want: signedIn},
		{operation: "joinClub", path: "/clubs/{club}/members", want: [...]int{401, 201, 409, 409, 409, 201, 201}},
		{operation: "getMembership", path: "/clubs/{club}/members/me", want: signedIn},
		{operation: "leaveClub", path: "/clubs/{club}/members/me", want: [...]int{401, 403, 204, 204, 409, 403, 403}},
		{operation: "removeMember", path: "/clubs/{club}/members/{tenant}", want: ownersEnd},
		{operation: "listWaiting", path: "/clubs/{club}/waiting", want: owners},
		{operation: "declineWaiting", path: "/clubs/{asked}/waiting/{waiting}", want: ownersEnd},
		{operation: "acceptWaiting", path: "/clubs/{asked}/waiting/{waiting}/accept", want: owners},

		{operation: "getSchedule", path: "/clubs/{schedule}/schedule", want: open},
		{operation: "setSchedule", path: "/clubs/{club}/schedule", want: owners, body: same(weekly())},
		{operation: "deleteSchedule", path: "/clubs/{schedule}/schedule", want: ownersEnd},
		{operation: "previewSchedule", path: "/schedules/preview", want: signedIn, body: same(weekly())},
		{operation: "listNotices", path: "/clubs/{club}/notices", want: members},
		{operation: "createNotice", path: "/clubs/{club}/notices", want: ownersAdd, body: same(m{"notice_content": "n"})},
		{operation: "getNotice", path: "/notices/{notice}", want: members},
		{operation: "updateNotice", path: "/notices/{notice}", want: owners, body: same(m{"notice_content": "n"})},
		{operation: "deleteNotice", path: "/notices/{notice}", want: ownersEnd},
		{operation: "listRules", path: "/clubs/{club}/rules", want: open},
		{operation: "createRule", path: "/clubs/{club}/rules", want: ownersAdd, body: same(m{"rule_content": "r"})},
		{operation: "getRule", path: "/rules/{rule}", want: open},
		{operation: "updateRule", path: "/rules/{rule}", want: owners, body: same(m{"rule_content": "r"})},
		{operation: "deleteRule", path: "/rules/{rule}", want: ownersEnd},

		{operation: "listPosts", path: "/posts", want: open},
		{operation: "createPost", path: "/posts", want: created, body: same(m{"title": "t", "content": "c"})},
		{operation: "getPost", path: "/posts/{post}", want: open},
		{operation: "updatePost", path: "/posts/{post}", want: [...]int{401, 403, 403, 200, 403, 403, 403}, body: same(m{"title": "t"})},
		{operation: "deletePost", path: "/posts/{post}", want: [...]int{401, 403, 403, 204, 403, 403, 204}},

		{operation: "listConferences", path: "/clubs/{club}/conferences", want: signedIn},
		{operation: "scheduleConference", path: "/clubs/{club}/conferences", want: membersAdd, body: func(f *fixtures) any {
			start := f.h.now().Add(24 * time.Hour)
			return m{"title": "t", "call_start_time": start, "call_end_time": start.Add(time.Hour)}
		}},
		{operation: "getConference", path: "/conferences/{conference}", want: signedIn},
		{operation: "updateConference", path: "/conferences/{conference}", want: authors, body: same(m{"title": "u"})},
		{operation: "cancelConference", path: "/conferences/{conference}/cancel", want: authors},
		{operation: "joinConference", path: "/conferences/{conference}/join", want: members},
		{operation: "getConferenceEvent", path: "/conferences/{conference}/event.ics", want: signedIn},
		{operation: "listLightning", path: "/lightning", want: open},
		{operation: "startLightning", path: "/lightning", want: created, body: same(m{"title": "t"})},
		{operation: "joinConference", path: "/conferences/{lightning}/join", want: signedIn},
		{operation: "updateConference", path: "/conferences/{lightning}", want: [...]int{401, 403, 403, 200, 403, 403, 403}, body: same(m{"title": "u"})},

		{operation: "listHistory", path: "/clubs/{club}/history", want: members},
		{operation: "getAttendance", path: "/conferences/{conference}/attendance", want: members},
		{operation: "getAttendance", path: "/conferences/{lightning}/attendance", want: [...]int{401, 403, 403, 200, 403, 403, 403}},
		{operation: "listNotes", path: "/conferences/{conference}/notes", want: members},
		{operation: "writeNote", path: "/conferences/{conference}/notes", want: membersAdd, body: same(m{"text": "t"})},
		{operation: "writeNote", path: "/conferences/{lightning}/notes", want: [...]int{401, 403, 403, 201, 403, 403, 403}, body: same(m{"text": "t"})},
		{operation: "exportMinutes", path: "/conferences/{conference}/minutes?format=json", want: members},
		{operation: "listRelatedNotes", path: "/conferences/{conference}/related-notes", want: members},
		{operation: "searchNotes", path: "/clubs/{club}/notes?q=말", want: members},
		{operation: "getNote", path: "/notes/{note}", want: members},
		{operation: "updateNote", path: "/notes/{note}", want: authors, body: same(m{"text": "u"})},
		{operation: "deleteNote", path: "/notes/{note}", want: authorsEnd},
		{operation: "updateNote", path: "/notes/{spoken}", want: authors, body: same(m{"text": "u"})}, // the author spoke it, the owner wrote it
		{operation: "search", path: "/search?q=말", want: open},

		// The last, because it ends all other sessions of whoever may.
		{operation: "changePassword", path: "/me/password", want: done, alone: true, body: same(m{"current": password, "password": password})},
	}
}

func weekly() m { return m{"rrule": "FREQ=WEEKLY;BYDAY=MO", "time": "17:50"} }

// fixtures makes the things that a path names when they are first asked for. What was refused
// has changed nothing, so that they serve until something succeeds.
type fixtures struct {
	t      *testing.T
	h      *house
	people map[string]*browser
	made   map[string]string
	serial int
}

// name is one nobody has used.
func (f *fixtures) name() string {
	f.serial++
	return fmt.Sprintf("name %d", f.serial)
}

func (f *fixtures) fill(path string) string {
	return regexp.MustCompile(`\{\w+\}`).ReplaceAllStringFunc(path, func(name string) string { return fmt.Sprint(f.id(strings.Trim(name, "{}"))) })
}

func (f *fixtures) id(name string) any {
	f.t.Helper()
	if f.made[name] == "" {
		f.made[name] = fmt.Sprint(f.make(name))
	}
	if strings.HasPrefix(f.made[name], "/") {
		return f.made[name]
	}
	var id int64
	if _, err := fmt.Sscan(f.made[name], &id); err != nil {
		f.t.Fatal(err)
	}
	return id
}

func (f *fixtures) make(name string) any {
	f.t.Helper()
	owner, author := f.people["owner"], f.people["author"]
	add := func(b *browser, body m, path string) int64 {
		f.t.Helper()
		return b.call("POST", "/api/v1"+f.fill(path), body).want(201).num("id")
	}
	switch name {
	case "club":
		club := owner.club("책")
		for _, who := range []string{"member", "author", "tenant"} {
			f.people[who].join(club)
		}
		return club
	case "asked": // a club that somebody asked to be let in
		club := owner.call("POST", "/api/v1/clubs", m{"title": "책", "join_rule": "ask"}).want(201).num("id")
		for _, who := range []string{"member", "author", "tenant"} {
			f.people[who].call("POST", path("/api/v1/clubs/%d/members", club), nil).want(202)
			if who != "tenant" {
				owner.call("POST", path("/api/v1/clubs/%d/waiting/%d/accept", club, f.people[who].id), nil).want(200)
			}
		}
		return club
	case "waiting", "tenant":
		return f.people["tenant"].id
	case "owner":
		return owner.id
	case "schedule":
		owner.call("PUT", "/api/v1"+f.fill("/clubs/{club}/schedule"), weekly()).want(200)
		return f.id("club")
	case "notice":
		return add(owner, m{"notice_content": "n"}, "/clubs/{club}/notices")
	case "rule":
		return add(owner, m{"rule_content": "r"}, "/clubs/{club}/rules")
	case "conference":
		return author.conference(f.id("club").(int64), 0)
	case "lightning":
		return f.lightning()
	case "note":
		return author.note(f.id("conference").(int64), "말")
	case "spoken":
		return add(owner, m{"text": "말", "speaker_id": author.id}, "/conferences/{conference}/notes")
	case "book":
		return author.book(f.name())
	case "reading":
		return author.reading(author.book(f.name()), "2026-01-05")
	case "post":
		return author.post(f.name())
	case "gossip":
		return f.people["tenant"].post(f.name())
	case "report":
		_ = f.id("club") // whose owner settles it
		return add(f.people["witness"], m{"post_id": f.people["tenant"].post(f.name()), "reason": "r"}, "/reports")
	case "picture":
		return author.upload(noisy(f.t, 1, 20)).want(201).str("url")
	case "feed":
		return author.call("GET", "/api/v1/me/calendar", nil).want(200).str("url")
	}
	f.t.Fatalf("no fixture %s", name)
	return nil
}

// lightning starts a meeting of the author's, who may have only one at a time.
func (f *fixtures) lightning() int64 {
	author := f.people["author"]
	got := author.call("POST", "/api/v1/lightning", m{"title": "t"})
	if got.status == http.StatusConflict {
		author.call("POST", path("/api/v1/conferences/%d/cancel", got.num("conference_id")), nil).want(200)
		got = author.call("POST", "/api/v1/lightning", m{"title": "t"})
	}
	return got.want(201).num("id")
}

// TestWhoMayDoWhat holds every operation of the contract against everybody.
func TestWhoMayDoWhat(t *testing.T) {
	h := open(t)
	people := map[string]*browser{"nobody": h.browser(t), "admin": h.admin(t, "admin")}
	for _, who := range []string{"stranger", "member", "author", "owner", "other", "tenant", "witness"} {
		people[who] = h.person(t, who)
	}
	people["other"].club("다른 모임")
	f := &fixtures{t: t, h: h, people: people, made: map[string]string{}}

	held := map[string]bool{}
	for _, row := range allAllowed() {
		held[row.operation] = true
		method := methodOf(h, row.operation)
		for i, who := range everybody() {
			b := people[who]
			if row.alone {
				b = h.browser(t)
				if who != "nobody" {
					b.call("POST", "/api/v1/session", m{"nickname": who, "password": password}).want(200)
				}
			}
			status := row.ask(f, b, method)
			if status != row.want[i] {
				t.Errorf("%s %s by %s: %d, want %d", row.operation, row.path, who, status, row.want[i])
			}
			if method != http.MethodGet && status < http.StatusBadRequest {
				f.made = map[string]string{} // the next one finds things as they were
			}
		}
	}
	for template, item := range h.contract.Paths.Map() {
		for method, op := range item.Operations() {
			if !held[op.OperationID] {
				t.Errorf("%s %s (%s) is not in the table", method, template, op.OperationID)
			}
		}
	}
}

// ask returns the status of the answer.
func (a allowed) ask(f *fixtures, b *browser, method string) int {
	f.t.Helper()
	where := f.fill(a.path)
	if !strings.HasPrefix(where, "/api/") {
		where = "/api/v1" + where
	}
	var body any
	if a.body != nil {
		body = a.body(f)
	}
	var header []string
	if a.operation == "uploadPicture" {
		header = []string{"Content-Type", "image/png"}
	}
	return b.call(method, where, body, header...).status
}

func methodOf(h *house, operation string) string {
	for _, item := range h.contract.Paths.Map() {
		for method, op := range item.Operations() {
			if op.OperationID == operation {
				return method
			}
		}
	}
	return "no such operation"
}
