package rack

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"salon/loadtest/chaos/valve"
)

// errNotReady tells that a node does not serve.
var errNotReady = errors.New("not ready")

// A Node is one process of salon.
type Node struct {
	Number  int
	Address string // host:port for clients
	Admin   string // host:port of the operator's listener, on the node's own loopback
	process
	operator *http.Client // reaches it

	toRedis, inside *valve.Valve // no inside one between namespaces
}

// Ready waits until the node serves.
func (n *Node) Ready(ctx context.Context) error {
	return n.until(ctx, func(ctx context.Context) error {
		_, err := get(ctx, http.DefaultClient, "http://"+n.Address+"/readyz")
		return err
	})
}

// Serves asks once whether the node would take clients.
func (n *Node) Serves(ctx context.Context) bool {
	_, err := get(ctx, http.DefaultClient, "http://"+n.Address+"/readyz")
	return err == nil
}

// Goroutines of the node's process.
func (n *Node) Goroutines(ctx context.Context) (count int, stacks string, err error) {
	text, err := get(ctx, n.operator, "http://"+n.Admin+"/debug/pprof/goroutine?debug=1")
	if err != nil {
		return 0, "", err
	}
	head, _, _ := strings.Cut(text, "\n")
	_, number, _ := strings.Cut(head, "total ")
	if count, err = strconv.Atoi(number); err != nil {
		return 0, "", fmt.Errorf("count goroutines: %w", err)
	}
	return count, text, nil
}

// named finds a node's own name in its log.
var named = regexp.MustCompile(`msg=serving.* node=(ND_\w+)`)

// names are what the node called itself to clients and other nodes, in each of its lives.
func (n *Node) names() ([]string, error) {
	f, err := os.Open(filepath.Join(n.dir, n.name+".log"))
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	var list []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if m := named.FindStringSubmatch(lines.Text()); m != nil {
			list = append(list, m[1])
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return list, nil
}

// get returns the body of an answer with status 200.
func get(ctx context.Context, client *http.Client, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return "", fmt.Errorf("ask node: %w", err)
	}
	answer, err := client.Do(request)
	if err != nil {
		return "", fmt.Errorf("ask node: %w", err)
	}
	defer func() { _ = answer.Body.Close() }() // everything was read
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", fmt.Errorf("ask node: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%w: status %d: %s", errNotReady, answer.StatusCode, strings.TrimSpace(string(body)))
	}
	return string(body), nil
}
