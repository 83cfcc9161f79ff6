package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// errScene tells that what an operation is about could not be made.
var errScene = errors.New("scene")

// scene is a club with its people, and things of it that operations are about: made by the
// operations of the document, when they are first needed.
type scene struct {
	doc    *document
	client *client
	draw   *drawer

	owner, member, stranger, hopeful *person
	known                            string            // a nickname to sign in with; "": draw one
	ids                              map[string]string // by parameter of a path
}

// newScene signs people up and founds a club; its member has a seat, the hopeful waits
// for one where the operation is about those who wait.
func newScene(ctx context.Context, doc *document, c *client, draw *drawer, op *operation) (*scene, error) {
	s := &scene{doc: doc, client: c, draw: draw, ids: map[string]string{}}
	for _, p := range []**person{&s.owner, &s.member, &s.stranger, &s.hopeful} {
		var err error
		if *p, err = s.signUp(ctx); err != nil {
			return nil, err
		}
	}
	if op.id == "signIn" {
		s.known = s.owner.nickname
	}
	if err := s.need(ctx, "book_id"); err != nil {
		return nil, err
	}
	rule := draw.one("free", "ask")
	if strings.Contains(op.path, "/waiting") {
		rule = "ask"
	}
	if err := s.found(ctx, rule, strings.HasSuffix(op.path, "/schedule")); err != nil {
		return nil, err
	}
	for _, needed := range s.doc.needs(op) {
		if err := s.need(ctx, needed); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// needs are the things an operation refers to, in its path, its query or its body.
func (d *document) needs(op *operation) []string {
	var out []string
	for _, p := range op.parameters {
		if p.Value.In == "path" || strings.HasSuffix(p.Value.Name, "_id") {
			out = append(out, p.Value.Name)
		}
	}
	if op.body != nil {
		for _, name := range names(op.body.Value) {
			if strings.HasSuffix(name, "_id") {
				out = append(out, name)
			}
		}
	}
	return out
}

func (s *scene) signUp(ctx context.Context) (*person, error) {
	p := &person{}
	nickname := s.draw.nickname(nil)
	made, err := s.make(ctx, p, "/api/v1/users", object{"nickname": nickname, "password": password})
	if err != nil {
		return nil, err
	}
	p.nickname, _ = made.object()["nickname"].(string)
	p.id, err = strconv.ParseInt(idOf(made), 10, 64)
	return p, err
}

// found makes the club.
func (s *scene) found(ctx context.Context, rule string, schedule bool) error {
	body := s.draw.body(s.doc.maker("club_id").body.Value, all, s)
	body["join_rule"], body["max_user"] = rule, 6
	if plan, ok := body["schedule"].(object); ok {
		// Far off: its meetings shall not overlap with those of the scene.
		plan["starts_on"] = s.draw.now().AddDate(0, 0, 300).Format(time.DateOnly)
	}
	if !schedule && s.draw.rnd.IntN(2) == 0 {
		delete(body, "schedule")
	}
	made, err := s.make(ctx, s.owner, "/api/v1/clubs", body)
	if err != nil {
		return err
	}
	club := idOf(made)
	s.ids["club_id"] = club
	for _, p := range []*person{s.member, s.hopeful} {
		if p == s.hopeful && rule == "free" {
			continue
		}
		joined, err := s.make(ctx, p, "/api/v1/clubs/"+club+"/members", nil)
		if err != nil {
			return err
		}
		if p == s.member && joined.status == http.StatusAccepted {
			if _, err := s.make(ctx, s.owner, "/api/v1/clubs/"+club+"/waiting/"+strconv.FormatInt(p.id, 10)+"/accept", nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// need makes what a parameter names, unless the scene has it.
func (s *scene) need(ctx context.Context, parameter string) error {
	if _, ok := s.ids[parameter]; ok || parameter == "user_id" || parameter == "speaker_id" {
		return nil
	}
	var (
		made reply
		err  error
	)
	switch parameter {
	case "picture":
		made, err = s.send(ctx, s.owner, request{method: "POST", path: "/api/v1/pictures", body: picture(s.draw.next()), media: "image/png"})
	case "feed":
		made, err = s.send(ctx, s.owner, request{method: "GET", path: "/api/v1/me/calendar"})
	default:
		made, err = s.create(ctx, parameter)
	}
	if err != nil {
		return err
	}
	id := idOf(made)
	if url, ok := made.object()["url"].(string); ok {
		id = path.Base(url)
	}
	s.ids[parameter] = id
	return nil
}

// create asks the operation that makes such a thing.
func (s *scene) create(ctx context.Context, parameter string) (reply, error) {
	op := s.doc.maker(parameter)
	if op == nil {
		return reply{}, fmt.Errorf("%w: no operation makes a %s", errScene, parameter)
	}
	for _, needed := range s.doc.needs(op) {
		if err := s.need(ctx, needed); err != nil {
			return reply{}, err
		}
	}
	body := s.draw.body(op.body.Value, all, s)
	if _, ok := body["call_start_time"]; ok { // may be joined at once
		body["call_start_time"] = s.draw.moment(s.draw.now().Add(5 * time.Minute))
		body["call_end_time"] = s.draw.moment(s.draw.now().Add(20 * time.Minute))
	}
	if parameter == "report_id" {
		body = object{"user_id": s.member.id, "reason": body["reason"]}
	}
	who := s.owner
	if parameter == "report_id" {
		who = s.stranger
	}
	return s.make(ctx, who, s.fill(op.path), body)
}

func (s *scene) make(ctx context.Context, who *person, at string, body object) (reply, error) {
	r := request{method: "POST", path: at}
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return reply{}, fmt.Errorf("write body: %w", err)
		}
		r.body = raw
	}
	return s.send(ctx, who, r)
}

func (s *scene) send(ctx context.Context, who *person, r request) (reply, error) {
	got, err := s.client.do(ctx, who, r, true)
	if err == nil && got.status >= http.StatusBadRequest {
		err = fmt.Errorf("%w: %s: %s", errScene, r, got)
	}
	return got, err
}

// fill puts the scene's things into a path.
func (s *scene) fill(template string) string {
	user := s.member
	if strings.Contains(template, "/waiting") {
		user = s.hopeful
	}
	out := strings.ReplaceAll(template, "{user_id}", strconv.FormatInt(user.id, 10))
	for name, id := range s.ids {
		out = strings.ReplaceAll(out, "{"+name+"}", id)
	}
	return out
}

// reference is the id that a field of this name refers to.
func (s *scene) reference(name string) (int64, bool) {
	if s == nil || !strings.HasSuffix(name, "_id") {
		return 0, false
	}
	if name == "user_id" || name == "speaker_id" {
		return s.member.id, true
	}
	id, err := strconv.ParseInt(s.ids[name], 10, 64)
	return id, err == nil
}

func idOf(r reply) string {
	n, _ := r.object()["id"].(float64)
	return strconv.FormatInt(int64(n), 10)
}

// picture is a small PNG of its own.
func picture(n int) []byte {
	img := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range img.Pix {
		img.Pix[i] = byte(n >> (i % 24))
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic("a picture in memory cannot fail: " + err.Error())
	}
	return out.Bytes()
}
