package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"salon/clubapi"
	"salon/clubapi/httpapi"
)

func TestSignUpRules(t *testing.T) {
	h := open(t)
	b := h.browser(t)
	for _, c := range []struct {
		nickname, password string
		pointer            string
		code               clubapi.Code
	}{
		{"", password, "/nickname", clubapi.CodeTooShort},
		{strings.Repeat("가", 21), password, "/nickname", clubapi.CodeTooLong},
		{" 지은", password, "/nickname", clubapi.CodeFormat},
		{"지은\u00a0", password, "/nickname", clubapi.CodeFormat},
		{"\u3164", password, "/nickname", clubapi.CodeBlank},
		{"지\n은", password, "/nickname", clubapi.CodeControlCharacter},
		{"지\u202e은", password, "/nickname", clubapi.CodeControlCharacter},
		{"지은", "abc!123", "/password", clubapi.CodeTooShort},
		{"지은", "abc!123456789", "/password", clubapi.CodeTooLong},
		{"지은", "12345678!", "/password", clubapi.CodePasswordLetter},
		{"지은", "책책책책책책책!", "/password", clubapi.CodePasswordLetter},
		{"지은", "abcdefgh1", "/password", clubapi.CodePasswordSpecial},
	} {
		b.call("POST", "/api/v1/users", m{"nickname": c.nickname, "password": c.password}).wrong(c.pointer, c.code)
	}
	for _, nickname := range []string{"가", strings.Repeat("각", 20), "책 읽는 사람", "Mina"} {
		h.person(t, nickname)
	}
	for _, nickname := range []string{"가", strings.Repeat("각", 20), "mina", "ＭＩＮＡ"} {
		got := b.call("POST", "/api/v1/users", m{"nickname": nickname, "password": password}).refused(409, "nickname_taken")
		if e := got.list("errors"); len(e) != 1 || e[0]["pointer"] != "/nickname" {
			t.Errorf("taken nickname: %s", got.raw)
		}
	}
}

func TestSignInByAnySpelling(t *testing.T) {
	h := open(t)
	h.person(t, "Mina 각")
	for _, nickname := range []string{"Mina 각", "MINA 각", "mina 각"} {
		h.browser(t).call("POST", "/api/v1/session", m{"nickname": nickname, "password": password}).want(200)
	}
}

func TestWrongPasswordAndUnknownNicknameLookTheSame(t *testing.T) {
	h := open(t)
	h.person(t, "지은")
	b := h.browser(t)
	wrong := b.call("POST", "/api/v1/session", m{"nickname": "지은", "password": "wrong!12"}).refused(401, "wrong_credentials")
	unknown := b.call("POST", "/api/v1/session", m{"nickname": "누구", "password": "wrong!12"}).refused(401, "wrong_credentials")
	if string(wrong.raw) != string(unknown.raw) || len(wrong.header.Values("Set-Cookie"))+len(unknown.header.Values("Set-Cookie")) != 0 {
		t.Errorf("%s and %s", wrong.raw, unknown.raw)
	}
}

func TestLongCredentialsAreNotRemembered(t *testing.T) {
	h := open(t)
	b := h.browser(t)
	long := strings.Repeat("가", 201)
	b.call("POST", "/api/v1/session", m{"nickname": long, "password": "x"}).wrong("/nickname", clubapi.CodeTooLong)
	b.call("POST", "/api/v1/session", m{"nickname": "지은", "password": long}).wrong("/password", clubapi.CodeTooLong)
	b.call("POST", "/api/v1/session", m{"nickname": long[3:], "password": long[3:]}).refused(401, "wrong_credentials")
}

func cookie(t *testing.T, r reply) *http.Cookie {
	t.Helper()
	c, err := http.ParseSetCookie(r.header.Get("Set-Cookie"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCookieIsOutOfReachOfScriptsAndOtherSites(t *testing.T) {
	for name, c := range map[string]struct {
		secure bool
		want   string
	}{"plain": {false, "salon"}, "behind tls": {true, "__Host-salon"}} {
		t.Run(name, func(t *testing.T) {
			h := open(t, func(cfg *httpapi.Config) { cfg.Secure = c.secure })
			got := cookie(t, h.browser(t).call("POST", "/api/v1/users", m{"nickname": "지은", "password": password}).want(201))
			if got.Name != c.want || !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.Secure != c.secure || got.Path != "/" || got.Domain != "" {
				t.Errorf("cookie %v", got)
			}
		})
	}
}

func TestSignInRenewsTheToken(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	b.call("DELETE", "/api/v1/session", nil).want(204)
	first := cookie(t, b.call("POST", "/api/v1/session", m{"nickname": "지은", "password": password}).want(200))
	second := cookie(t, b.call("POST", "/api/v1/session", m{"nickname": "지은", "password": password}).want(200))
	if first.Value == second.Value {
		t.Fatal("the token stayed")
	}
	h.browser(t).call("GET", "/api/v1/me", nil, "Cookie", "salon="+first.Value).refused(401, "unauthenticated")
	h.browser(t).call("GET", "/api/v1/me", nil, "Cookie", "salon="+second.Value).want(200)
	h.browser(t).call("GET", "/api/v1/me", nil, "Cookie", "salon=made-up").refused(401, "unauthenticated")
	b.call("DELETE", "/api/v1/session", nil).want(204)
	h.browser(t).call("GET", "/api/v1/me", nil, "Cookie", "salon="+second.Value).refused(401, "unauthenticated")
}

func TestSessionRunsOut(t *testing.T) {
	h := open(t)
	b := h.person(t, "지은")
	c := cookie(t, b.call("POST", "/api/v1/session", m{"nickname": "지은", "password": password}).want(200))
	h.wait(time.Since(h.now()) + 15*24*time.Hour) // scs counts the lifetime by the real clock
	h.browser(t).call("GET", "/api/v1/me", nil, "Cookie", "salon="+c.Value).refused(401, "unauthenticated")
}

func TestAttemptsAreLimited(t *testing.T) {
	h := open(t, func(c *httpapi.Config) {
		c.NicknameAttempts = httpapi.Attempts{Burst: 3, Every: 10 * time.Second}
		c.AddressAttempts = httpapi.Attempts{Burst: 8, Every: time.Second}
	})
	b := h.person(t, "지은")
	try := func(nickname, secret string) reply {
		return b.call("POST", "/api/v1/session", m{"nickname": nickname, "password": secret})
	}
	try("지은", "wrong").refused(401, "wrong_credentials")
	try("지은", "wrong").refused(401, "wrong_credentials")
	got := try("지은", password).refused(429, "too_many_requests")
	if got.num("retry_after") != 10 || got.header.Get("Retry-After") != "10" {
		t.Errorf("retry after %d, %s", got.num("retry_after"), got.header.Get("Retry-After"))
	}
	h.wait(9 * time.Second)
	try("지은", password).refused(429, "too_many_requests")
	h.wait(time.Second)
	for range 20 {
		try("지은", password).want(200) // knowing the password is not guessing
	}
	try("지은", "wrong").refused(401, "wrong_credentials")
	try("지은", password).refused(429, "too_many_requests")
	for _, nickname := range []string{"a", "b", "c", "d", "e", "f"} {
		try(nickname, "wrong").refused(401, "wrong_credentials")
	}
	try("g", "wrong").refused(429, "too_many_requests")
}

func TestBadConfigurationIsRefused(t *testing.T) {
	for _, cfg := range []httpapi.Config{{TrustedOrigins: []string{"no origin"}}, {TrustedProxies: []string{"10.0.0.1"}}} {
		if _, err := httpapi.New(cfg, httpapi.Parts{Now: time.Now}); err == nil {
			t.Errorf("%+v was taken", cfg)
		}
	}
}
