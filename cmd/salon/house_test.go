package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// rooms says which packages of ours each package may import. "x/..." means x and all
// below it. A package may always import what lies below it.
var rooms = map[string][]string{
	"cmd/salon":                   {"..."},
	"cmd/contract":                {"clubapi/contract"},
	"cmd/chaos":                   {"loadtest/chaos", "loadtest/chaos/netns"},
	"cmd/bench":                   {"loadtest/baseline", "loadtest/report", "loadtest/system", "signaling/token"},
	"configs":                     {"sfu/...", "signaling/...", "clubapi/..."},
	"loadtest":                    {},
	"loadtest/baseline":           {"signaling/wire", "signaling/token"},
	"loadtest/media":              {},
	"loadtest/trace":              {"loadtest/media"},
	"loadtest/link":               {},
	"loadtest/system":             {},
	"loadtest/measure":            {"loadtest/media"},
	"loadtest/scenario":           {"loadtest/link", "loadtest/media"},
	"loadtest/socket":             {},
	"loadtest/peer":               {"loadtest/media", "loadtest/measure", "loadtest/link", "loadtest/socket"},
	"loadtest/client":             {"loadtest/peer", "loadtest/socket", "loadtest/media", "loadtest/measure", "loadtest/link", "loadtest/scenario", "signaling/wire", "signaling/token"},
	"loadtest/chaos":              {"loadtest/client", "loadtest/measure", "loadtest/media", "loadtest/scenario"},
	"loadtest/chaos/netns":        {},
	"loadtest/chaos/rack":         {"loadtest/chaos/netns", "loadtest/chaos/valve"},
	"loadtest/chaos/valve":        {},
	"loadtest/report":             {"loadtest/media", "loadtest/measure", "loadtest/scenario", "loadtest/system"},
	"loadtest/progress":           {"loadtest/report"},
	"loadtest/api":                {"loadtest/measure", "loadtest/report", "loadtest/system", "loadtest/progress"},
	"signaling":                   {"sfu", "sfu/beat", "sfu/room", "sfu/id"},
	"signaling/whip":              {"sfu", "signaling/token"},
	"signaling/cluster":           {"sfu/id"},
	"signaling/cluster/redistest": {},
	"signaling/nodes":             {"signaling/cluster", "sfu/id"},
	"signaling/wire":              {},
	"signaling/token":             {},
	"clubapi":                     {},
	"clubapi/httpapi":             {"clubapi", "clubapi/calendar", "clubapi/schedule", "clubapi/minutes", "clubapi/picture"},
	"clubapi/sqlite":              {"clubapi", "clubapi/disk", "clubapi/schedule", "clubapi/search"},
	"clubapi/search":              {},
	"clubapi/sqlite/db":           {},
	"clubapi/minutes":             {"clubapi"},
	"clubapi/picture":             {},
	"clubapi/backup":              {"clubapi/disk", "clubapi/sqlite", "clubapi/gallery", "clubapi/picture"},
	"clubapi/gallery":             {"clubapi", "clubapi/disk", "clubapi/picture"},
	"clubapi/disk":                {},
	"clubapi/schedule":            {},
	"clubapi/calendar":            {},
	"clubapi/contract":            {},
	"web":                         {},
	"sfu":                         {"sfu/tcp", "sfu/room", "sfu/forward", "sfu/transport", "sfu/udp", "sfu/id"},
	"sfu/room":                    {"sfu/beat", "sfu/forward", "sfu/transport", "sfu/transport/jsep", "sfu/layer", "sfu/speaker", "sfu/id"},
	"sfu/transport":               {"sfu/beat", "sfu/udp", "sfu/prefetch", "sfu/id"},
	"sfu/transport/...":           {"sfu/prefetch", "sfu/id"},
	"sfu/forward":                 {"sfu/beat", "sfu/prefetch", "sfu/packet", "sfu/seq", "sfu/layer", "sfu/nack", "sfu/bwe", "sfu/alloc", "sfu/pacer", "sfu/id"},
	"sfu/alloc":                   {"sfu/layer"},
	"sfu/layer":                   {"sfu/packet", "sfu/seq"},
	"sfu/nack":                    {"sfu/packet", "sfu/seq"},
	"sfu/packet":                  {"sfu/seq"},
	"sfu/bwe":                     {"sfu/seq"},
	"sfu/pacer":                   {},
	"sfu/speaker":                 {},
	"sfu/seq":                     {"sfu/prefetch"},
	"sfu/beat":                    {},
	"sfu/prefetch":                {},
	"sfu/id":                      {},
	"sfu/udp":                     {"sfu/beat", "sfu/prefetch"},
	"sfu/tcp":                     {"sfu/udp"},
	"sfu/sfutest":                 {"sfu/packet", "sfu/seq"},
}

// testRooms are open to tests beside the rooms of their package: "" to all tests.
var testRooms = map[string][]string{
	"":                 {"sfu/sfutest"},
	"clubapi/httpapi":  {"clubapi/sqlite", "clubapi/gallery"},
	"clubapi/gallery":  {"clubapi/sqlite"},
	"clubapi/contract": {"clubapi", "clubapi/httpapi", "clubapi/sqlite", "clubapi/gallery"},
	// Not what it is made of, but what drives it.
	"loadtest/baseline": {"loadtest/..."},
}

// fences says which packages may import a third party. The longest prefix of the
// import path decides; a third party without a fence is imported by nobody.
var fences = map[string][]string{
	"github.com/pion/":                       {"sfu/transport/...", "loadtest/peer", "loadtest/baseline"},
	"github.com/pion/rtp":                    {"sfu/...", "loadtest/peer", "loadtest/baseline"},
	"github.com/pion/rtcp":                   {"sfu/...", "loadtest/peer", "loadtest/baseline"},
	"github.com/pion/interceptor/pkg/twcc":   {"sfu/forward"},
	"github.com/redis/go-redis/":             {"signaling/cluster"},
	"github.com/golang-jwt/jwt/":             {"signaling/token"},
	"github.com/coder/websocket":             {"signaling", "loadtest/client", "loadtest/baseline"},
	"google.golang.org/protobuf/":            {"signaling", "signaling/wire", "loadtest/client"},
	"modernc.org/sqlite":                     {"clubapi/sqlite"},
	"github.com/pressly/goose/":              {"clubapi/sqlite"},
	"github.com/labstack/echo/":              {"clubapi/httpapi"},
	"github.com/getkin/kin-openapi/":         {"clubapi/httpapi", "clubapi/contract"},
	"github.com/santhosh-tekuri/jsonschema/": {"clubapi/contract"},
	"github.com/oapi-codegen/":               {"clubapi/httpapi"},
	"github.com/alexedwards/scs/":            {"clubapi/httpapi"},
	"github.com/alexedwards/argon2id":        {"clubapi"},
	"github.com/teambition/rrule-go":         {"clubapi/schedule"},
	"github.com/arran4/golang-ical":          {"clubapi/calendar"},
	"github.com/alecthomas/kong":             {"cmd/salon", "cmd/bench", "cmd/contract", "cmd/chaos"},
	"github.com/knadh/koanf/":                {"configs"},
	"github.com/go-viper/mapstructure/":      {"configs"},
	"go.yaml.in/yaml/":                       {"configs", "cmd/salon"},
	"github.com/prometheus/client_golang/":   {"cmd/salon"},
	"github.com/vbauerster/mpb/":             {"loadtest/progress"},
	"github.com/go-analyze/charts":           {"loadtest/report"},
	"golang.org/x/image/":                    {"clubapi/picture"},
	"golang.org/x/sys/":                      {"sfu/udp", "loadtest/socket", "loadtest/chaos/netns"},
	"golang.org/x/net/":                      {"sfu/udp"},
	"golang.org/x/sync/":                     {"..."},
	"golang.org/x/text/":                     {"clubapi/..."},
	"golang.org/x/time/rate":                 {"clubapi/httpapi", "signaling"},
}

// testFences are open to the tests of every package.
var testFences = []string{"go.uber.org/goleak", "pgregory.net/rapid", "github.com/pion/"}

// banned words say nothing about what a type is. Data is fine in front, where it means
// the data channel (DataPacket), and says nothing at the end (RoomData).
var banned = []string{
	"Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Base", "Impl", "Info", "Data", "Params", "Misc", "Processor",
}

// namesFixedByProtocol are the packages whose type names a protocol fixes.
var namesFixedByProtocol = []string{"signaling/wire"}

// clocks are the functions of package time that read the hour or wait for it.
var clocks = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// A source is one parsed Go file of the repository.
type source struct {
	path string // from the root of the module, with slashes
	pkg  string // its folder
	tree *ast.File
	pos  *token.FileSet
}

func (s source) isTest() bool      { return strings.HasSuffix(s.path, "_test.go") }
func (s source) isGenerated() bool { return ast.IsGenerated(s.tree) }

func (s source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.pos.Position(n.Pos()).Line)
}

// sources parses every Go file of the module, whatever system it is built for.
func sources(tb testing.TB) []source {
	tb.Helper()
	root := filepath.Join("..", "..")
	var all []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if skipped := []string{"build", "data", "web/node_modules", "docs"}; slices.Contains(skipped, rel) ||
				rel != "." && strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(rel) != ".go" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		pos := token.NewFileSet()
		tree, err := parser.ParseFile(pos, rel, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		if tree.Name.Name == "main" && !strings.HasPrefix(rel, "cmd/") {
			return nil // a generator: run by hand, part of no binary
		}
		all = append(all, source{path: rel, pkg: path.Dir(rel), tree: tree, pos: pos})
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// matches tells whether pkg is the pattern, or below it when it ends in "...".
func matches(pattern, pkg string) bool {
	if pattern == "..." {
		return true
	}
	if below, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == below || strings.HasPrefix(pkg, below+"/")
	}
	return pattern == pkg
}

func anyMatches(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, pkg) })
}

// roomOf finds the row of the table for a package.
func roomOf(pkg string) ([]string, bool) {
	if allowed, ok := rooms[pkg]; ok {
		return allowed, true
	}
	for pattern, allowed := range rooms {
		if strings.HasSuffix(pattern, "/...") && matches(pattern, pkg) {
			return allowed, true
		}
	}
	return nil, false
}

func TestImportsStayInTheirRooms(t *testing.T) {
	for _, s := range sources(t) {
		allowed, ok := roomOf(s.pkg)
		if !ok {
			t.Errorf("%s: package %s has no row in the table of rooms", s.path, s.pkg)
			continue
		}
		if s.isTest() {
			allowed = slices.Concat(allowed, testRooms[""], testRooms[s.pkg])
		}
		for _, imp := range s.tree.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			ours, isOurs := strings.CutPrefix(name, "salon/")
			if !isOurs || anyMatches(allowed, ours) || matches(s.pkg+"/...", ours) {
				continue
			}
			t.Errorf("%s: %s may not import %s", s.at(imp), s.pkg, ours)
		}
	}
}

func TestThirdPartiesStayBehindTheirFences(t *testing.T) {
	for _, s := range sources(t) {
		for _, imp := range s.tree.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			if first, _, _ := strings.Cut(name, "/"); !strings.Contains(first, ".") {
				continue // ours or the standard library
			}
			if s.isTest() && slices.ContainsFunc(testFences, func(p string) bool { return strings.HasPrefix(name, p) }) {
				continue
			}
			fence := ""
			for prefix := range fences {
				if strings.HasPrefix(name, prefix) && len(prefix) > len(fence) {
					fence = prefix
				}
			}
			if !anyMatches(fences[fence], s.pkg) {
				t.Errorf("%s: %s may not import %s", s.at(imp), s.pkg, name)
			}
		}
	}
}

func TestNamesSayWhatAThingIs(t *testing.T) {
	for _, s := range sources(t) {
		if s.isGenerated() || slices.Contains(namesFixedByProtocol, s.pkg) {
			continue
		}
		if saysNothing(words(s.tree.Name.Name)) {
			t.Errorf("%s: package name %s", s.path, s.tree.Name.Name)
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if saysNothing(words(spec.Name.Name)) {
					t.Errorf("%s: type name %s", s.at(spec), spec.Name.Name)
				}
			}
			return true
		})
	}
}

func saysNothing(name []string) bool {
	for i, word := range name {
		if slices.Contains(banned, word) && (word != "Data" || i == len(name)-1) {
			return true
		}
	}
	return false
}

// words cuts a Go name at its capitals and gives each part a capital.
func words(name string) []string {
	var list []string
	for i, c := range name {
		if i == 0 || unicode.IsUpper(c) {
			list = append(list, "")
			c = unicode.ToUpper(c)
		}
		list[len(list)-1] += string(c)
	}
	return list
}

func TestConcurrencyAndClocksStandInLoopFiles(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || s.isGenerated() || s.tree.Name.Name == "main" || strings.HasSuffix(s.path, "_loop.go") {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s: go statement outside a _loop.go file", s.at(n))
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Go" {
					t.Errorf("%s: goroutine started outside a _loop.go file", s.at(n))
				}
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clocks, n.Sel.Name) {
					t.Errorf("%s: time.%s outside a _loop.go file", s.at(n), n.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestEveryPackageSaysWhatItDecides(t *testing.T) {
	commented := map[string]bool{}
	for _, s := range sources(t) {
		if !s.isTest() && !s.isGenerated() {
			commented[s.pkg] = commented[s.pkg] || s.tree.Doc != nil && len(s.tree.Doc.Text()) > 40
		}
	}
	for pkg, ok := range commented {
		if !ok {
			t.Errorf("package %s has no package comment", pkg)
		}
	}
}
