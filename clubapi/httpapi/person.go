package httpapi

import (
	"context"
	"errors"

	"salon/clubapi"
)

// UpdateMe implements StrictServerInterface.
func (s *server) UpdateMe(ctx context.Context, req UpdateMeRequestObject) (UpdateMeResponseObject, error) {
	change := clubapi.UserChange{Nickname: req.Body.Nickname, UserImg: req.Body.UserImg}
	u, err := s.Store.UpdateUser(ctx, callerOf(ctx).user.ID, func(u clubapi.User) (clubapi.User, error) {
		if err := unchanged(req.Params.IfMatch, u.Version); err != nil {
			return u, err
		}
		return s.Rules.ChangeUser(u, change)
	})
	if err != nil {
		return nil, err
	}
	return UpdateMe200JSONResponse{userOne(u)}, nil
}

// ChangePassword implements StrictServerInterface. A guess of the present password
// counts as one at sign-in does: a stolen session must not be good for finding it out.
func (s *server) ChangePassword(ctx context.Context, req ChangePasswordRequestObject) (ChangePasswordResponseObject, error) {
	password, err := s.Rules.NewPassword(req.Body.Current, req.Body.Password)
	if err != nil {
		return nil, err
	}
	me := callerOf(ctx)
	if err := s.gate.admit(me.addr, me.user.Nickname); err != nil {
		return nil, err
	}
	var hash string
	err = s.gate.hash(ctx, func() error {
		ok, err := clubapi.VerifyPassword(req.Body.Current, me.user.PasswordHash)
		if err != nil {
			return err
		}
		if !ok {
			return errWrongPassword
		}
		hash, err = clubapi.HashPassword(password, s.cfg.PasswordCost)
		return err
	})
	if err != nil {
		return nil, err
	}
	u, err := s.Store.ReplacePassword(ctx, me.user.ID, me.user.PasswordHash, hash)
	if errors.Is(err, clubapi.ErrForbidden) {
		return nil, errWrongPassword // another change was faster
	}
	if err != nil {
		return nil, err
	}
	s.gate.forgive(me.addr, me.user.Nickname)
	if err := s.begin(ctx, u); err != nil {
		return nil, err
	}
	return ChangePassword204Response{}, nil
}

// GetUser implements StrictServerInterface.
func (s *server) GetUser(ctx context.Context, req GetUserRequestObject) (GetUserResponseObject, error) {
	p, err := s.Store.Profile(ctx, req.UserID, callerOf(ctx).user)
	if err != nil {
		return nil, err
	}
	return GetUser200JSONResponse(profileBody(p)), nil
}

func profileBody(p clubapi.Profile) Profile {
	out := Profile{
		ID: p.User.ID, Nickname: p.User.Nickname, UserImg: p.User.UserImg, CreatedAt: p.User.CreatedAt,
		BooksRead: p.BooksRead, Clubs: bodies(p.Clubs, clubNameBody),
	}
	if p.MayJudge {
		out.Report = &p.User.Report
	}
	return out
}

func clubNameBody(c clubapi.ClubName) ClubName { return ClubName{ID: c.ID, Title: c.Title} }

func userOne(u clubapi.User) UserOneJSONResponse {
	return UserOneJSONResponse{Body: userBody(u), Headers: UserOneResponseHeaders{ETag: tagOf(u.Version)}}
}
