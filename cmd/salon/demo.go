package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"salon/clubapi"
)

// demoFile keeps the passwords of the demo's members, so that every start prints them.
const demoFile = "demo.yaml"

// errNoClub tells that this node keeps no club's data.
var errNoClub = errors.New("this node lacks the role api")

// demo fills the database with a club, two members and a conference that may be joined
// at once, and prints how to sign in. What is there already stays.
func (n *node) demo(ctx context.Context, out io.Writer) error {
	if n.club == nil {
		return errNoClub
	}
	members, err := demoMembers(filepath.Join(n.cfg.Data.Dir, demoFile))
	if err != nil {
		return err
	}
	conf, err := n.club.rules.Demo(ctx, n.club.store, n.now(), members)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nsalon is at %s\n\n", n.address())
	for _, m := range members {
		fmt.Fprintf(out, "  sign in as %-8s with password %s\n", m.Nickname, m.Password)
	}
	fmt.Fprintf(out, "\nThe first meeting is at %s/conferences/%d\n\n", n.address(), conf.ID)
	return nil
}

// demoMembers gives the same two members at every start; their passwords are made up at
// the first one, because the listener may be open to others.
func demoMembers(path string) ([]clubapi.NewUser, error) {
	var members []clubapi.NewUser
	text, err := os.ReadFile(path)
	if err == nil {
		if err := yaml.Unmarshal(text, &members); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return members, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read demo members: %w", err)
	}
	for _, nickname := range []string{"jiwoo", "minjun"} {
		password := "read-" + strings.ToLower(rand.Text()[:6])
		members = append(members, clubapi.NewUser{Nickname: nickname, Password: password})
	}
	if text, err = yaml.Marshal(members); err != nil {
		return nil, fmt.Errorf("encode demo members: %w", err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, fmt.Errorf("keep demo members: %w", err)
	}
	return members, nil
}

// address is where a person on this machine finds the web app.
func (n *node) address() string {
	if n.cfg.HTTP.PublicURL != "" {
		return strings.TrimSuffix(n.cfg.HTTP.PublicURL, "/")
	}
	scheme := "http"
	if n.cfg.HTTP.CertFile != "" {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(n.listener.Addr().String())
	if ip := net.ParseIP(host); err != nil || ip == nil || ip.IsUnspecified() || ip.IsLoopback() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}
