package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite"
	"salon/configs"
)

// errNoPassword refuses an empty standard input.
var errNoPassword = errors.New("no password on standard input")

// userCommand works on the data folder, beside a node that may be serving it.
type userCommand struct {
	Create  userCreateCommand  `cmd:"" help:"Create a user and print the password."`
	Reset   userResetCommand   `cmd:"" name:"reset-password" help:"Give a user another password, print it, and end all their sessions."`
	Promote userPromoteCommand `cmd:"" help:"Make a user an administrator."`
	Demote  userDemoteCommand  `cmd:"" help:"Make an administrator a plain user."`
	List    userListCommand    `cmd:"" help:"List the users."`
}

// who names the user that a command is about.
type who struct {
	configFlag
	Nickname string `arg:"" help:"The user, in any spelling that signs in."`
}

// secret is the password a command sets.
type secret struct {
	PasswordStdin bool `help:"Read the password from the first line of standard input instead of making one up."`
}

type userCreateCommand struct {
	who
	secret
	Admin bool `help:"An administrator."`
}

// Run creates a user under the rules that sign-up has.
func (c userCreateCommand) Run(con *console) error {
	return c.onStore(con, func(ctx context.Context, cfg configs.Config, s *sqlite.Store) error {
		password, err := c.password(con)
		if err != nil {
			return err
		}
		rules, err := clubapi.NewRules(cfg.Club.Rules)
		if err != nil {
			return err
		}
		n, err := rules.User(clubapi.NewUser{Nickname: c.Nickname, Password: password})
		if err != nil {
			return err
		}
		hash, err := clubapi.HashPassword(n.Password, cfg.Club.HTTP.PasswordCost)
		if err != nil {
			return err
		}
		u, err := s.CreateUser(ctx, clubapi.User{Nickname: n.Nickname, PasswordHash: hash, Admin: c.Admin, CreatedAt: time.Now()})
		if err != nil {
			return err
		}
		c.say(con, u, password)
		return nil
	})
}

type userResetCommand struct {
	who
	secret
}

// Run sets another password; sessions of the user are over at once.
func (c userResetCommand) Run(con *console) error {
	return c.onStore(con, func(ctx context.Context, cfg configs.Config, s *sqlite.Store) error {
		u, err := s.UserByNickname(ctx, c.Nickname)
		if err != nil {
			return fmt.Errorf("user %s: %w", c.Nickname, err)
		}
		password, err := c.password(con)
		if err != nil {
			return err
		}
		rules, err := clubapi.NewRules(cfg.Club.Rules)
		if err != nil {
			return err
		}
		normal, err := rules.NewPassword("", password)
		if err != nil {
			return err
		}
		hash, err := clubapi.HashPassword(normal, cfg.Club.HTTP.PasswordCost)
		if err != nil {
			return err
		}
		if err := s.SetPassword(ctx, u.ID, hash); err != nil {
			return err
		}
		c.say(con, u, password)
		return nil
	})
}

type userPromoteCommand struct{ who }

// Run makes the user an administrator; it is no error if they are one.
func (c userPromoteCommand) Run(con *console) error { return c.setAdmin(con, true) }

type userDemoteCommand struct{ who }

// Run takes it back.
func (c userDemoteCommand) Run(con *console) error { return c.setAdmin(con, false) }

func (c who) setAdmin(con *console, admin bool) error {
	return c.onStore(con, func(ctx context.Context, _ configs.Config, s *sqlite.Store) error {
		u, err := s.UserByNickname(ctx, c.Nickname)
		if err != nil {
			return fmt.Errorf("user %s: %w", c.Nickname, err)
		}
		u, err = s.UpdateUser(ctx, u.ID, func(u clubapi.User) (clubapi.User, error) {
			u.Admin = admin
			return u, nil
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(con.out, "%s is %s\n", u.Nickname, station(u))
		return nil
	})
}

type userListCommand struct{ configFlag }

// Run prints one line per user.
func (c userListCommand) Run(con *console) error {
	return c.onStore(con, func(ctx context.Context, _ configs.Config, s *sqlite.Store) error {
		w := tabwriter.NewWriter(con.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNICKNAME\tSTATION\tREPORTED\tSINCE")
		const many = 500
		for at := (clubapi.Span{Limit: many}); ; {
			page, err := s.Users(ctx, at)
			if err != nil {
				return err
			}
			for _, u := range page.Items {
				reported := "no"
				if u.Report {
					reported = "yes"
				}
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", u.ID, u.Nickname, station(u), reported, u.CreatedAt.Format(time.DateOnly))
			}
			if at.After = page.Next; at.After == nil {
				return w.Flush()
			}
		}
	})
}

func station(u clubapi.User) string {
	if u.Admin {
		return "administrator"
	}
	return "user"
}

// onStore runs do on the store of the data folder.
func (f configFlag) onStore(con *console, do func(context.Context, configs.Config, *sqlite.Store) error) (err error) {
	loaded, err := f.load(con)
	if err != nil {
		return err
	}
	ctx := context.Background()
	s, err := sqlite.OpenBeside(ctx, house(loaded.Config).Database)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("no database yet: run `salon serve` once: %w", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return do(ctx, loaded.Config, s)
}

// password reads one, or makes one up that fits the usual policy: letters and a dash, 60
// bits. A policy that wants something else wants --password-stdin.
func (s secret) password(con *console) (string, error) {
	if !s.PasswordStdin {
		return strings.ToLower(rand.Text()[:6]) + "-" + strings.ToLower(rand.Text()[:5]), nil
	}
	in := bufio.NewScanner(con.in)
	if !in.Scan() {
		return "", errors.Join(errNoPassword, in.Err())
	}
	return in.Text(), nil
}

// say prints who it is, and a password that was made up.
func (s secret) say(con *console, u clubapi.User, password string) {
	fmt.Fprintf(con.out, "user %d, %s, %s\n", u.ID, u.Nickname, station(u))
	if !s.PasswordStdin {
		fmt.Fprintln(con.out, "password", password)
	}
}
