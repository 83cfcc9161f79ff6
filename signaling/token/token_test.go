package token_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"salon/signaling/token"
)

func noon() time.Time { return time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC) }

func keys() token.Keys {
	return token.Keys{"APIone": "a secret that is long enough", "APItwo": "another secret, long enough too"}
}

func mint(t testing.TB, c token.Claims) string {
	t.Helper()
	raw, err := token.Mint(keys(), c, noon())
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// raw signs any claims with any method, as a stranger's library might.
func raw(t testing.TB, method jwt.SigningMethod, secret any, claims map[string]any) string {
	t.Helper()
	s, err := jwt.NewWithClaims(method, jwt.MapClaims(claims)).SignedString(secret)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMintedTokenSaysWhatItWasGiven(t *testing.T) {
	no, yes := false, true
	in := token.Claims{
		Key:        "APItwo",
		Identity:   "mina",
		Name:       "미나",
		Kind:       "standard",
		Metadata:   `{"seat":3}`,
		Attributes: map[string]string{"club": "c1"},
		Grant: token.Grant{
			RoomJoin: true, Room: "book-7",
			CanPublish: &no, CanSubscribe: &yes, CanPublishSources: []string{"camera"}, Hidden: true,
		},
		Room:    token.RoomSettings{Metadata: "m", MaxParticipants: 6},
		Expires: noon().Add(time.Hour),
	}
	out, err := token.Verify(keys(), mint(t, in), noon())
	if err != nil {
		t.Fatal(err)
	}
	in.IssuedAt, in.NotBefore = noon(), noon()
	got, want := toJSON(t, out), toJSON(t, in)
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func toJSON(t testing.TB, c token.Claims) string {
	t.Helper()
	c.Expires, c.IssuedAt, c.NotBefore = c.Expires.UTC(), c.IssuedAt.UTC(), c.NotBefore.UTC()
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSilentGrantsHaveTheProtocolsDefaults(t *testing.T) {
	no, yes := false, true
	for name, c := range map[string]struct {
		grant                                token.Grant
		publish, subscribe, data, meta, metr bool
	}{
		"nothing said":        {token.Grant{}, true, true, true, false, false},
		"no publishing":       {token.Grant{CanPublish: &no}, false, true, false, false, false},
		"only data":           {token.Grant{CanPublish: &no, CanPublishData: &yes}, false, true, true, false, false},
		"no data":             {token.Grant{CanPublishData: &no}, true, true, false, false, false},
		"no subscribing":      {token.Grant{CanSubscribe: &no}, true, false, true, false, false},
		"metadata":            {token.Grant{CanUpdateOwnMetadata: &yes}, true, true, true, true, false},
		"metrics are allowed": {token.Grant{CanSubscribeMetrics: &yes}, true, true, true, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			g := c.grant
			got := []bool{g.Publish(), g.Subscribe(), g.PublishData(), g.UpdateOwnMetadata(), g.SubscribeMetrics()}
			for i, want := range []bool{c.publish, c.subscribe, c.data, c.meta, c.metr} {
				if got[i] != want {
					t.Errorf("right %d is %v, want %v", i, got[i], want)
				}
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	good := []byte(keys()["APIone"])
	at := func(d time.Duration) int64 { return noon().Add(d).Unix() }
	ok := mint(t, token.Claims{Key: "APIone", Identity: "a"})
	parts := strings.Split(ok, ".")
	for name, c := range map[string]struct {
		raw  string
		want error
	}{
		"nothing":              {"", token.ErrMissing},
		"too long":             {strings.Repeat("a", token.MaxSize+1), token.ErrTooLong},
		"no dots":              {"abc", token.ErrMalformed},
		"garbage between dots": {"a.b.c", token.ErrMalformed},
		"another's claims": {parts[0] + "." + base64.RawURLEncoding.EncodeToString(
			[]byte(`{"iss":"APIone","sub":"b","exp":9999999999}`)) + "." + parts[2], token.ErrSignature},
		"signature cut off": {parts[0] + "." + parts[1] + ".", token.ErrSignature},
		"unknown key":       {raw(t, jwt.SigningMethodHS256, good, map[string]any{"iss": "APIx", "exp": at(time.Hour)}), token.ErrUnknownKey},
		"no key":            {raw(t, jwt.SigningMethodHS256, good, map[string]any{"exp": at(time.Hour)}), token.ErrUnknownKey},
		"another's secret":  {raw(t, jwt.SigningMethodHS256, []byte("x"), map[string]any{"iss": "APIone", "exp": at(time.Hour)}), token.ErrSignature},
		"method none":       {raw(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, map[string]any{"iss": "APIone", "exp": at(time.Hour)}), token.ErrSignature},
		"method HS512":      {raw(t, jwt.SigningMethodHS512, good, map[string]any{"iss": "APIone", "exp": at(time.Hour)}), token.ErrSignature},
		"no expiry":         {raw(t, jwt.SigningMethodHS256, good, map[string]any{"iss": "APIone"}), token.ErrNoExpiry},
		"expired":           {raw(t, jwt.SigningMethodHS256, good, map[string]any{"iss": "APIone", "exp": at(-61 * time.Second)}), token.ErrExpired},
		"not yet valid":     {raw(t, jwt.SigningMethodHS256, good, map[string]any{"iss": "APIone", "exp": at(time.Hour), "nbf": at(62 * time.Second)}), token.ErrNotYetValid},
		"claims of no type": {raw(t, jwt.SigningMethodHS256, good, map[string]any{"iss": "APIone", "exp": at(time.Hour), "video": "yes"}), token.ErrMalformed},
		"negative room":     {raw(t, jwt.SigningMethodHS256, good, map[string]any{"iss": "APIone", "exp": at(time.Hour), "roomConfig": map[string]any{"maxParticipants": -1}}), token.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := token.Verify(keys(), c.raw, noon()); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestClocksMayDifferByAMinute(t *testing.T) {
	good := []byte(keys()["APIone"])
	for name, claims := range map[string]map[string]any{
		"expired a moment ago":   {"iss": "APIone", "exp": noon().Add(-59 * time.Second).Unix()},
		"valid in a moment":      {"iss": "APIone", "exp": noon().Add(time.Hour).Unix(), "nbf": noon().Add(59 * time.Second).Unix()},
		"issued in the future":   {"iss": "APIone", "exp": noon().Add(time.Hour).Unix(), "iat": noon().Add(time.Minute).Unix()},
		"identity in another id": {"iss": "APIone", "exp": noon().Add(time.Hour).Unix(), "jti": "mina"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := token.Verify(keys(), raw(t, jwt.SigningMethodHS256, good, claims), noon())
			if err != nil {
				t.Fatal(err)
			}
			if _, has := claims["jti"]; has && c.Identity != "mina" {
				t.Errorf("identity is %q", c.Identity)
			}
		})
	}
}

func TestMintNeedsAKey(t *testing.T) {
	if _, err := token.Mint(nil, token.Claims{}, noon()); !errors.Is(err, token.ErrNoKeys) {
		t.Errorf("got %v", err)
	}
	if _, err := token.Mint(keys(), token.Claims{Key: "x"}, noon()); !errors.Is(err, token.ErrUnknownKey) {
		t.Errorf("got %v", err)
	}
	if _, err := token.Mint(keys(), token.Claims{Metadata: strings.Repeat("m", token.MaxSize)}, noon()); !errors.Is(err, token.ErrTooLong) {
		t.Errorf("got %v", err)
	}
	c, err := token.Verify(keys(), mint(t, token.Claims{}), noon())
	if err != nil || c.Key != "APIone" {
		t.Errorf("signed by %q, %v", c.Key, err)
	}
}

func TestErrorsDontRepeatTheToken(t *testing.T) {
	secret := "visible-in-the-token"
	for _, r := range []string{secret, secret + "." + secret + "." + secret} {
		if _, err := token.Verify(keys(), r, noon()); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("error is %v", err)
		}
	}
}

func FuzzToken(f *testing.F) {
	f.Add(mint(f, token.Claims{Key: "APIone", Identity: "a", Grant: token.Grant{RoomJoin: true, Room: "r"}}))
	f.Add("")
	f.Add("..")
	f.Add("e30.e30.")
	f.Add("eyJhbGciOiJub25lIn0.bnVsbA.")
	f.Fuzz(func(t *testing.T, raw string) {
		c, err := token.Verify(keys(), raw, noon())
		if err != nil {
			return
		}
		again, err := token.Mint(keys(), c, noon())
		if err != nil {
			if errors.Is(err, token.ErrTooLong) {
				return
			}
			t.Fatalf("a verified token can't be minted again: %v", err)
		}
		if _, err := token.Verify(keys(), again, noon()); err != nil {
			t.Fatalf("a token minted again is refused: %v", err)
		}
	})
}
