package clubapi

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// User is somebody who can sign in.
type User struct {
	ID           int64
	Nickname     string
	UserImg      string
	PasswordHash string
	Admin        bool // looks after the whole place
	CreatedAt    time.Time

	Report  bool // was reported, and the report was not dismissed; the store knows
	Version int64
	Epoch   int64 // grows when all sessions end; a session of an earlier one is over
}

// Person is a User as shown beside what they did.
type Person struct {
	ID       int64
	Nickname string
	UserImg  string
}

// NewUser is what somebody asks for when signing up.
type NewUser struct {
	Nickname string
	Password string
	UserImg  string
}

// UserChange says which fields of a user to set; nil leaves a field as it is.
type UserChange struct {
	Nickname *string
	UserImg  *string
}

// Profile is a user as others see them.
type Profile struct {
	User      User // without the hash of the password
	MayJudge  bool // the viewer may know whether the user was reported
	BooksRead int
	Clubs     []ClubName // at most 100
}

// ClubName is a club as shown beside who is in it.
type ClubName struct {
	ID    int64
	Title string
}

// User normalises n or says what is wrong with it in an InvalidError.
func (r Rules) User(n NewUser) (NewUser, error) {
	var c check
	n.Nickname = c.nickname(n.Nickname)
	n.Password = norm.NFC.String(n.Password)
	r.password(&c, n.Password)
	n.UserImg = c.link("user_img", n.UserImg)
	return n, c.err()
}

// ChangeUser returns the user with the change applied, or an InvalidError.
func (Rules) ChangeUser(u User, change UserChange) (User, error) {
	var c check
	if change.Nickname != nil {
		u.Nickname = c.nickname(*change.Nickname)
	}
	if change.UserImg != nil {
		u.UserImg = c.link("user_img", *change.UserImg)
	}
	return u, c.err()
}

// NewPassword normalises the password somebody chooses instead of their current one, or
// says in an InvalidError what is wrong with either.
func (r Rules) NewPassword(current, password string) (string, error) {
	var c check
	if utf8.RuneCountInString(current) > maxCredential {
		c.add("current", CodeTooLong, maxCredential)
	}
	password = norm.NFC.String(password)
	r.password(&c, password)
	return password, c.err()
}

// nickname is line without white space at its ends, and without anything that nobody sees,
// by which one person could pass for another.
func (c *check) nickname(s string) string {
	s = c.line("nickname", s, maxNickname, false)
	if visible(s) && hides(s) {
		c.add("nickname", CodeControlCharacter, 0)
	}
	if strings.TrimSpace(s) != s && visible(s) {
		c.add("nickname", CodeFormat, 0)
	}
	return s
}

// Credentials bounds what somebody may try to sign in with, in an InvalidError: a
// nickname is remembered for a while to count its attempts.
func (Rules) Credentials(nickname, password string) error {
	var c check
	if utf8.RuneCountInString(nickname) > maxCredential {
		c.add("nickname", CodeTooLong, maxCredential)
	}
	if utf8.RuneCountInString(password) > maxCredential {
		c.add("password", CodeTooLong, maxCredential)
	}
	return c.err()
}

// password holds the seed's rule: a length, and English letters mixed with special
// characters (anything printable that is neither letter nor digit).
func (r Rules) password(c *check, s string) {
	switch n := utf8.RuneCountInString(s); {
	case n < r.cfg.PasswordMin:
		c.add("password", CodeTooShort, r.cfg.PasswordMin)
	case n > r.cfg.PasswordMax:
		c.add("password", CodeTooLong, r.cfg.PasswordMax)
	}
	if strings.IndexFunc(s, unicode.IsControl) >= 0 {
		c.add("password", CodeControlCharacter, 0)
	}
	if r.cfg.PasswordAnyCharacters {
		return
	}
	if strings.IndexFunc(s, func(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) }) < 0 {
		c.add("password", CodePasswordLetter, 0)
	}
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }) < 0 {
		c.add("password", CodePasswordSpecial, 0)
	}
}

// NicknameKey is what makes a nickname unique: case and compatibility forms folded, so
// that names that look alike in width or case are one.
func NicknameKey(nickname string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(nickname)))
}
