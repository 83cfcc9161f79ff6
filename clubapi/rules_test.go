package clubapi_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"salon/clubapi"
)

func rules(t testing.TB) clubapi.Rules {
	t.Helper()
	r, err := clubapi.NewRules(clubapi.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ptr[T any](v T) *T { return &v }

func TestConfigThatContradictsItselfIsRefused(t *testing.T) {
	for _, c := range []clubapi.Config{
		{PasswordMin: -1}, {PasswordMin: 9, PasswordMax: 8}, {PasswordMax: 201}, {MaxUser: -1}, {TimeZone: "Seoul"},
		{JoinEarly: -1}, {JoinLate: -1}, {StartGrace: -1}, {LongestCall: -1},
	} {
		if _, err := clubapi.NewRules(c); !errors.Is(err, clubapi.ErrConfig) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestPasswordPolicyIsConfigurable(t *testing.T) {
	r, err := clubapi.NewRules(clubapi.Config{PasswordMin: 15, PasswordMax: 64, PasswordAnyCharacters: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.User(clubapi.NewUser{Nickname: "지은", Password: "correct horse battery"}); err != nil {
		t.Error(err)
	}
	if _, err := r.User(clubapi.NewUser{Nickname: "지은", Password: "abc!1234"}); err == nil {
		t.Error("a short password was taken")
	}
}

func TestPasswordIsHashedAfterNormalisation(t *testing.T) {
	hash, err := clubapi.HashPassword(norm.NFD.String("각!abcdef"), clubapi.PasswordCost{MemoryKiB: 64, Iterations: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("hash %s", hash)
	}
	for password, want := range map[string]bool{norm.NFC.String("각!abcdef"): true, norm.NFD.String("각!abcdef"): true, "각!abcdeg": false, "": false} {
		if got, err := clubapi.VerifyPassword(password, hash); got != want || err != nil {
			t.Errorf("%q: %v, %v", password, got, err)
		}
	}
	if _, err := clubapi.VerifyPassword("x", "no hash"); err == nil {
		t.Error("a hash that is none was taken")
	}
}

func TestNicknameHidesNothing(t *testing.T) {
	r := rules(t)
	for nickname, fine := range map[string]bool{
		"지은": true, "👩\u200d🚀 Mina": true, "❤\uFE0F": true, "👩🏽\u200d❤\uFE0F\u200d👨": true,
		"지\u200b은": false, "Mi\u00adna": false, "Mina\u200d": false, "Mina\uFE0F": false, "Mi\u2060na": false, "지은\u3164": false, "\ufeffMina": false,
	} {
		_, err := r.ChangeUser(clubapi.User{}, clubapi.UserChange{Nickname: &nickname})
		if (err == nil) != fine {
			t.Errorf("%+q: %v", nickname, err)
		}
	}
}

func TestNicknameKeyFoldsLooks(t *testing.T) {
	for _, same := range [][]string{{"Mina", "MINA", "ｍｉｎａ"}, {norm.NFC.String("각"), norm.NFD.String("각")}, {"Straße", "STRASSE"}} {
		for _, n := range same {
			if clubapi.NicknameKey(n) != clubapi.NicknameKey(same[0]) {
				t.Errorf("%q differs from %q", n, same[0])
			}
		}
	}
	if clubapi.NicknameKey("가") == clubapi.NicknameKey("나") {
		t.Error("different nicknames are one")
	}
}

func TestOnlyTheOwnerChangesAClub(t *testing.T) {
	for _, role := range []clubapi.Role{clubapi.RoleMember, clubapi.RoleNone, ""} {
		if _, err := rules(t).ChangeClub(clubapi.Club{Title: "t", Role: role}, clubapi.ClubChange{}); !errors.Is(err, clubapi.ErrForbidden) {
			t.Errorf("%q: %v", role, err)
		}
	}
}

// TestLoweredBoundLeavesClubsAlone: an operator who allows fewer seats does not make old
// clubs unchangeable.
func TestLoweredBoundLeavesClubsAlone(t *testing.T) {
	r, err := clubapi.NewRules(clubapi.Config{MaxUser: 4})
	if err != nil {
		t.Fatal(err)
	}
	club := clubapi.Club{Title: "t", MaxUser: 6, MemberCount: 5, TimeZone: "UTC", Role: clubapi.RoleOwner}
	if _, err := r.ChangeClub(club, clubapi.ClubChange{Title: ptr("u")}); err != nil {
		t.Error(err)
	}
	if _, err := r.ChangeClub(club, clubapi.ClubChange{MaxUser: ptr(6)}); err == nil {
		t.Error("six seats were taken")
	}
}

func TestMissingFieldsAreAllNamed(t *testing.T) {
	_, err := rules(t).NewConference(clubapi.ConferenceChange{}, 1, 1, time.Unix(0, 0))
	var invalid *clubapi.InvalidError
	if !errors.As(err, &invalid) || len(invalid.Faults) != 3 || err.Error() != "invalid title=required call_start_time=required call_end_time=required" {
		t.Errorf("%v", err)
	}
	if _, err := rules(t).NewClub(clubapi.ClubChange{}, 1, time.Unix(0, 0)); !errors.As(err, &invalid) {
		t.Errorf("%v", err)
	}
	if _, err := rules(t).NewNote(clubapi.NoteChange{}, 1, clubapi.Person{}, time.Unix(0, 0)); !errors.As(err, &invalid) {
		t.Errorf("%v", err)
	}
}

func TestAdmissionIsForMembersInTime(t *testing.T) {
	start := time.Date(2026, 1, 5, 17, 0, 0, 0, time.UTC)
	conf := clubapi.Conference{ID: 7, Start: start, End: start.Add(time.Hour), Role: clubapi.RoleMember}
	var notOpen *clubapi.NotOpenError
	for name, c := range map[string]struct {
		change func(*clubapi.Conference)
		at     time.Duration
		ok     func(error) bool
	}{
		"stranger":  {func(c *clubapi.Conference) { c.Role = clubapi.RoleNone }, 0, func(err error) bool { return errors.Is(err, clubapi.ErrNotMember) }},
		"cancelled": {func(c *clubapi.Conference) { c.Cancelled = true }, 0, func(err error) bool { return errors.Is(err, clubapi.ErrConferenceCancelled) }},
		"too early": {nil, -30*time.Minute - 1, func(err error) bool {
			return errors.As(err, &notOpen) && notOpen.OpensAt.Equal(start.Add(-30*time.Minute)) && notOpen.Error() != ""
		}},
		"first":    {nil, -30 * time.Minute, func(err error) bool { return err == nil }},
		"last":     {nil, 3*time.Hour - 1, func(err error) bool { return err == nil }},
		"too late": {nil, 3 * time.Hour, func(err error) bool { return errors.Is(err, clubapi.ErrConferenceEnded) }},
	} {
		t.Run(name, func(t *testing.T) {
			conf := conf
			if c.change != nil {
				c.change(&conf)
			}
			got, err := rules(t).Admission(conf, clubapi.Person{ID: 3, Nickname: "지은"}, start.Add(c.at))
			if !c.ok(err) {
				t.Fatalf("%v", err)
			}
			if err == nil && (got.Room != "conference-7" || got.Identity != "user-3" || got.Name != "지은") {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestPageOf(t *testing.T) {
	at := func(n int) clubapi.Cursor { return clubapi.Cursor{ID: int64(n)} }
	if p := clubapi.PageOf([]int{1, 2}, 2, at); len(p.Items) != 2 || p.Next != nil {
		t.Errorf("%+v", p)
	}
	if p := clubapi.PageOf([]int{1, 2, 3}, 2, at); !slices.Equal(p.Items, []int{1, 2}) || p.Next == nil || p.Next.ID != 2 {
		t.Errorf("%+v", p)
	}
}

// TestEveryCodeIsInTheContract keeps the list of codes that clients translate complete.
func TestEveryCodeIsInTheContract(t *testing.T) {
	source, err := os.ReadFile("errors.go")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(source)) {
		if _, code, ok := strings.Cut(line, `Code = "`); ok {
			code, _, _ = strings.Cut(code, `"`)
			if !strings.Contains(string(clubapi.Contract()), "`"+code+"`") {
				t.Errorf("code %s is not in openapi.yaml", code)
			}
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	for _, c := range []clubapi.Cursor{{}, {Key: -1, ID: 1}, {Key: 1 << 62, ID: 1 << 62}} {
		f.Add(c.Encode("clubs"))
		f.Add(c.Encode("notes-1"))
	}
	f.Add("")
	f.Add("Y2x1YnMgMSAyIDM")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := clubapi.ParseCursor("clubs", text)
		if err != nil {
			if !errors.Is(err, clubapi.ErrCursor) {
				t.Errorf("%v", err)
			}
			return
		}
		if c.Encode("clubs") != text {
			t.Errorf("%q is read as %+v", text, c)
		}
	})
}

// FuzzText looks for texts that the rules take but that do not hold what they promise.
func FuzzText(f *testing.F) {
	for _, s := range []string{"책", "각", " a", "\u3164", "\u202e", "a\x00", "\xff", "😀", strings.Repeat("가", 101)} {
		f.Add(s)
	}
	r := rules(f)
	f.Fuzz(func(t *testing.T, s string) {
		u, err := r.User(clubapi.NewUser{Nickname: s, Password: "abcdefg!", UserImg: s})
		if err != nil {
			return
		}
		again, err := r.User(u)
		if err != nil || again != u {
			t.Errorf("%q becomes %q, then %q (%v)", s, u.Nickname, again.Nickname, err)
		}
		if n := len([]rune(u.Nickname)); n < 1 || n > 20 || strings.TrimSpace(u.Nickname) == "" {
			t.Errorf("nickname %q", u.Nickname)
		}
	})
}
