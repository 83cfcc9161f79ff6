package httpapi

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/netip"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"salon/clubapi"
)

// Keys of a session: the signed-in user's id, and their epoch when it began.
const (
	sessionUser  = "user_id"
	sessionEpoch = "epoch"
)

// newSessions keeps sessions in store, their tokens hashed, behind a cookie that scripts
// and other sites cannot use.
func newSessions(cfg Config, store scs.CtxStore) *scs.SessionManager {
	m := &scs.SessionManager{ // scs.New would start a goroutine for a store that is not ours
		Lifetime:         cfg.SessionLifetime,
		Store:            store,
		Codec:            scs.GobCodec{},
		HashTokenInStore: true,
		Cookie:           scs.SessionCookie{Name: "salon", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Persist: true},
	}
	if cfg.Secure {
		m.Cookie.Name = "__Host-salon"
		m.Cookie.Secure = true
	}
	return m
}

// caller is who is asking, as identify found out.
type caller struct {
	user    clubapi.User // ID 0: nobody is signed in
	addr    netip.Addr
	baseURL string // of the media server, as far as the request tells
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// person is the caller as shown beside what they do.
func (c caller) person() clubapi.Person {
	return clubapi.Person{ID: c.user.ID, Nickname: c.user.Nickname, UserImg: c.user.UserImg}
}

// identify is the middleware that finds out who is asking, and refuses nobody where the
// contract asks for a session. A session of a user who is gone, or who has ended all
// sessions since, counts as none.
func (s *server) identify(contract *contract) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			op, ok := contract.of(c)
			if !ok || isShown(c.Request()) {
				return next(c)
			}
			r := c.Request()
			who := caller{addr: s.gate.address(r), baseURL: s.mediaURL(r.TLS != nil, r.Host)}
			if id := s.sessions.GetInt64(r.Context(), sessionUser); id != 0 {
				u, err := s.Store.User(r.Context(), id)
				if err != nil && !errors.Is(err, clubapi.ErrNotFound) {
					return err
				}
				if u.Epoch == s.sessions.GetInt64(r.Context(), sessionEpoch) {
					who.user = u
				}
			}
			if op.signedIn && who.user.ID == 0 {
				return errUnauthenticated
			}
			if r.Method == http.MethodGet {
				// A browser may keep it but must ask again, with the ETag where there is one.
				c.Response().Header().Set("Cache-Control", "private, no-cache")
			}
			c.SetRequest(r.WithContext(context.WithValue(r.Context(), callerKey{}, who)))
			return next(c)
		}
	}
}

func (s *server) mediaURL(tls bool, host string) string {
	if tls || s.cfg.Secure {
		return "wss://" + host
	}
	return "ws://" + host
}

// SignUp implements StrictServerInterface.
func (s *server) SignUp(ctx context.Context, req SignUpRequestObject) (SignUpResponseObject, error) {
	n := clubapi.NewUser{Nickname: req.Body.Nickname, Password: req.Body.Password}
	if req.Body.UserImg != nil {
		n.UserImg = *req.Body.UserImg
	}
	n, err := s.Rules.User(n)
	if err != nil {
		return nil, err
	}
	if err := s.gate.admit(callerOf(ctx).addr, n.Nickname); err != nil {
		return nil, err
	}
	var hash string
	err = s.gate.hash(ctx, func() (err error) {
		hash, err = clubapi.HashPassword(n.Password, s.cfg.PasswordCost)
		return err
	})
	if err != nil {
		return nil, err
	}
	u, err := s.Store.CreateUser(ctx, clubapi.User{Nickname: n.Nickname, UserImg: n.UserImg, PasswordHash: hash, CreatedAt: s.Now().UTC()})
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx, u); err != nil {
		return nil, err
	}
	location := "/api/v1/me"
	return SignUp201JSONResponse{Body: userBody(u), Headers: SignUp201ResponseHeaders{Location: &location}}, nil
}

// SignIn implements StrictServerInterface. An unknown nickname costs as much time as a
// wrong password: a hash is made either way.
func (s *server) SignIn(ctx context.Context, req SignInRequestObject) (SignInResponseObject, error) {
	if err := s.Rules.Credentials(req.Body.Nickname, req.Body.Password); err != nil {
		return nil, err
	}
	if err := s.gate.admit(callerOf(ctx).addr, req.Body.Nickname); err != nil {
		return nil, err
	}
	u, err := s.Store.UserByNickname(ctx, req.Body.Nickname)
	unknown := errors.Is(err, clubapi.ErrNotFound)
	if err != nil && !unknown {
		return nil, err
	}
	var ok bool
	err = s.gate.hash(ctx, func() (err error) {
		if unknown {
			_, err = clubapi.HashPassword(rand.Text(), s.cfg.PasswordCost)
			return err
		}
		ok, err = clubapi.VerifyPassword(req.Body.Password, u.PasswordHash)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errWrongCredentials
	}
	s.gate.forgive(callerOf(ctx).addr, req.Body.Nickname)
	if err := s.begin(ctx, u); err != nil {
		return nil, err
	}
	return SignIn200JSONResponse(userBody(u)), nil
}

// begin signs the user in under a token nobody has seen before.
func (s *server) begin(ctx context.Context, u clubapi.User) error {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	s.sessions.Put(ctx, sessionUser, u.ID)
	s.sessions.Put(ctx, sessionEpoch, u.Epoch)
	return nil
}

// SignOut implements StrictServerInterface.
func (s *server) SignOut(ctx context.Context, _ SignOutRequestObject) (SignOutResponseObject, error) {
	if err := s.sessions.Destroy(ctx); err != nil {
		return nil, fmt.Errorf("end session: %w", err)
	}
	return SignOut204Response{}, nil
}

// GetMe implements StrictServerInterface.
func (s *server) GetMe(ctx context.Context, _ GetMeRequestObject) (GetMeResponseObject, error) {
	return GetMe200JSONResponse{userOne(callerOf(ctx).user)}, nil
}

func userBody(u clubapi.User) User {
	return User{
		ID: u.ID, Nickname: u.Nickname, UserImg: u.UserImg, Report: u.Report, Admin: u.Admin, CreatedAt: u.CreatedAt,
	}
}

func personBody(p clubapi.Person) Person {
	return Person{ID: p.ID, Nickname: p.Nickname, UserImg: p.UserImg}
}
