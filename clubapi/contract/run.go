package contract

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// Config says what is tried and how much.
type Config struct {
	URL   string           // of the server, without a path
	Seed  uint64           // the same seed draws the same cases
	Cases int              // at least so many; one case of each kind is always tried
	Only  string           // name of the only operation to try; "": all
	Now   func() time.Time // must agree with the server's clock to some minutes
	Out   io.Writer        // gets a line for each failure
}

// Result is how it went.
type Result struct{ Operations, Cases, Failed int }

// String is the line that ends a run.
func (r Result) String() string {
	return fmt.Sprintf("%d operations, %d cases, %d failed", r.Operations, r.Cases, r.Failed)
}

// most is how many failures of one operation are told.
const most = 8

// run is one run under way.
type run struct {
	cfg    Config
	doc    *document
	client *client
	draw   *drawer

	result Result
	told   map[string]int // failures by operation
	served map[string]bool
	huge   []byte // a body of 10 MB
}

// Run tries every operation of the document that the server publishes. It returns an error
// when it could not try; what the server does wrong is in the Result.
func Run(ctx context.Context, cfg Config) (Result, error) {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	r := &run{
		cfg:    cfg,
		client: &client{base: cfg.URL, http: &http.Client{Transport: transport, Timeout: patience}},
		draw:   &drawer{rnd: rand.New(rand.NewPCG(cfg.Seed, 0)), now: cfg.Now}, //nolint:gosec // cases must repeat
		told:   map[string]int{}, served: map[string]bool{},
		huge: []byte(`{"title":"` + strings.Repeat("가", 10<<20/3) + `"}`),
	}
	text, err := r.client.do(ctx, nil, request{method: http.MethodGet, path: "/api/openapi.yaml"}, false)
	if err != nil {
		return r.result, err
	}
	if r.doc, err = read(text.raw); err != nil {
		return r.result, err
	}
	for round := 0; round == 0 || r.result.Cases < cfg.Cases; round++ {
		if err := r.round(ctx, round); err != nil {
			return r.result, err
		}
	}
	for _, op := range r.doc.operations {
		if !r.served[op.id] && (cfg.Only == "" || cfg.Only == op.id) {
			r.fail(op, "all of its cases", wrongf("never succeeded"))
		}
	}
	return r.result, nil
}

// round tries each operation once in all ways (the first round), or with new input.
func (r *run) round(ctx context.Context, round int) error {
	for _, op := range r.doc.operations {
		if r.cfg.Only != "" && r.cfg.Only != op.id || round > 0 && r.result.Cases >= r.cfg.Cases {
			continue
		}
		if round == 0 {
			r.result.Operations++
		}
		t := &trial{run: r, op: op}
		if err := t.renew(ctx); err != nil {
			r.result.Cases++
			r.fail(op, "its scene", err)
			continue
		}
		steps := []func(context.Context) error{t.valid}
		if round == 0 {
			steps = append(steps, t.bentBodies, t.oddBodies, t.bentParameters, t.bentPaths, t.doors, t.edits, t.repetitions, t.pages)
		}
		for _, step := range steps {
			if err := step(ctx); err != nil {
				return fmt.Errorf("%s: %w", op.id, err)
			}
		}
	}
	return nil
}

// fail tells a failure, unless many of the same operation were told.
func (r *run) fail(op *operation, what string, err error) {
	r.result.Failed++
	r.told[op.id]++
	if r.told[op.id] <= most {
		fmt.Fprintf(r.cfg.Out, "FAILED %s: %s: %v\n", op.id, what, err)
	}
	if r.told[op.id] == most+1 {
		fmt.Fprintf(r.cfg.Out, "FAILED %s: more of it\n", op.id)
	}
}
