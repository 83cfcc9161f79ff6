// Package web carries the browser app inside the binary and serves it. It decides how a built file is cached,
// compressed and fenced in by headers (Content Security Policy level 3), and which unknown paths belong to the app's own router.
// Every answer with the index carries a nonce of its own, by which the app's style elements are known. The package
// never reads the disk, knows nothing of rooms or clubs, and keeps no state: the files are what `npm run build` left in
// dist when the binary was compiled.
package web

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

// An asset is one file of the app, ready to send: how it is cached and typed is settled when the handler is made. Its bytes stay where
// the binary has them.
type asset struct {
	name  string // in site.files
	gzip  string // the same of its smaller form; empty when the build left none
	ctype string
	cache string
	etag  string
}

// A site answers for the files of one build. Safe for concurrent use; it does not change after newSite.
type site struct {
	files  fs.FS
	assets map[string]asset // by request path without the leading slash
	index  []byte           // index.html with nonceMark where the nonce belongs
	docs   []byte           // api-docs.html, likewise
}

const (
	// Vite puts a hash of the content into the names below /assets/, so a name never changes its meaning (RFC 8246).
	cacheForever = "public, max-age=31536000, immutable"
	// Everything else is asked for again and answered with 304 while it is the same.
	cacheCheck = "no-cache"
	// The index carries a nonce, which must not be used twice.
	cacheNever = "no-store"
	// What the build writes where a nonce belongs (vite.config.ts).
	nonceMark = "{{nonce}}"
	// The documentation of the API: where it is, and the page the build makes for it.
	docsPath = "api/docs"
	docsFile = "api-docs.html"
	// Shown when the binary was compiled without the app.
	placeholder = `<!doctype html><html lang="en"><meta charset="utf-8"><title>salon</title>` +
		`<p>The web app is not in this binary. Run <code>make web</code> and build again.</p></html>`
)

// Handler serves the app built into this binary: files with their cache headers, index.html for the paths of the
// app's router, 404 for missing assets and for paths of the server's other doors. Without a built app, it serves a
// page that says how to get one. The error is a broken build: a file of the app that cannot be read.
func Handler() (http.Handler, error) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("open embedded app: %w", err)
	}
	return newSite(files)
}

func newSite(files fs.FS) (*site, error) {
	s := &site{files: files, assets: make(map[string]asset)}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		return s.add(name)
	})
	if err != nil {
		return nil, fmt.Errorf("read embedded app: %w", err)
	}
	if s.index, err = s.page("index.html"); err != nil {
		return nil, err
	}
	if s.docs, err = s.page(docsFile); err != nil {
		return nil, err
	}
	return s, nil
}

// page takes a page out of the files: it is sent with a nonce.
func (s *site) page(name string) ([]byte, error) {
	delete(s.assets, name)
	page, err := fs.ReadFile(s.files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []byte(placeholder), nil
	case err != nil:
		return nil, fmt.Errorf("read embedded page: %w", err)
	}
	return page, nil
}

// add takes one file in. A name ending in .gz is the smaller form of the file without that ending, whichever comes first.
func (s *site) add(name string) error {
	plain, packed := strings.CutSuffix(name, ".gz")
	a := s.assets[plain]
	if packed {
		a.gzip = name
		s.assets[plain] = a
		return nil
	}
	f, err := s.files.Open(name)
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	a.name, a.etag = name, hex.EncodeToString(sum.Sum(nil)[:12])
	a.ctype, a.cache = contentType(name), cacheCheck
	if strings.HasPrefix(name, "assets/") {
		a.cache = cacheForever
	}
	s.assets[name] = a
	return nil
}

// ServeHTTP answers GET and HEAD; every other method is 405.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	nonce := rand.Text()
	fence(w.Header(), nonce)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if a, ok := s.assets[name]; ok {
		s.serve(w, r, a)
		return
	}
	if name != docsPath && !routed(name) {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", cacheNever)
	page := s.index
	if name == docsPath {
		page = s.docs
	}
	page = bytes.ReplaceAll(page, []byte(nonceMark), []byte(nonce))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(page))
}

func (s *site) serve(w http.ResponseWriter, r *http.Request, a asset) {
	h := w.Header()
	h.Set("Content-Type", a.ctype)
	h.Set("Cache-Control", a.cache)
	h.Set("Vary", "Accept-Encoding")
	name, etag := a.name, a.etag
	if a.gzip != "" && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		name, etag = a.gzip, a.etag+"-gz"
	}
	h.Set("Etag", `"`+etag+`"`)
	f, err := s.files.Open(name)
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	defer func() { _ = f.Close() }() // nothing was written to it
	if seeker, ok := f.(io.ReadSeeker); ok {
		http.ServeContent(w, r, "", time.Time{}, seeker)
	}
}

// routed says whether an unknown path is one of the app's own pages rather than a missing file or an address of
// another door of the server.
func routed(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	switch first {
	case "api", "rtc", "twirp", "whip", "whep", "assets", "metrics", "healthz", "readyz":
		return false
	}
	return name == "index.html" || !strings.Contains(name[strings.LastIndexByte(name, '/')+1:], ".")
}

// acceptsGzip reads an Accept-Encoding header (RFC 9110 section 12.5.3) as far as it concerns gzip.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		weight = strings.ReplaceAll(strings.TrimSpace(weight), " ", "")
		return strings.TrimRight(weight, "0") != "q=" && strings.TrimRight(weight, "0") != "q=0."
	}
	return false
}

// contentType does not ask the machine's MIME tables, which differ from one to the next.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// fence sets what a page may load and ask for. Styles come from files, and from the style elements that carry the
// nonce: the component library writes its variables into one. Pictures of people and books may be links to anywhere.
// Sockets may go anywhere because the media server a meeting is on can have another name than the page. CORS is open
// as on every answer of the server: the files hold no secret.
func fence(h http.Header, nonce string) {
	h.Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'self'",
		"script-src 'self'",
		"style-src 'self' 'nonce-" + nonce + "'",
		"img-src 'self' data: blob: https: http:",
		"media-src 'self' blob:",
		"worker-src 'self' blob:",
		"connect-src 'self' ws: wss:",
		"font-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	}, "; "))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy",
		"camera=(self), microphone=(self), display-capture=(self), autoplay=(self), fullscreen=(self), geolocation=(), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Access-Control-Allow-Origin", "*")
}
