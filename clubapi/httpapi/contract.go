package httpapi

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
)

// contract is openapi.yaml as requests are measured by it. Lengths of text are left to
// the rules, which count after normalisation.
type contract struct {
	operations map[string]operation // by method and Echo's path
}

type operation struct {
	parameters openapi3.Parameters
	body       *openapi3.Schema // nil: takes none
	signedIn   bool             // needs a session
	repeatable bool             // takes effect once with an Idempotency-Key
}

func readContract(text []byte) (*contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	braces := regexp.MustCompile(`\{(\w+)\}`)
	c := &contract{operations: map[string]operation{}}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			needs := doc.Security
			if op.Security != nil {
				needs = *op.Security
			}
			o := operation{
				parameters: slices.Concat(item.Parameters, op.Parameters),
				signedIn:   len(needs) > 0 && !slices.ContainsFunc(needs, func(r openapi3.SecurityRequirement) bool { return len(r) == 0 }),
			}
			o.repeatable = slices.ContainsFunc(o.parameters, func(p *openapi3.ParameterRef) bool { return p.Value.Name == idempotencyKey })
			if op.RequestBody != nil {
				if json := op.RequestBody.Value.Content.Get("application/json"); json != nil {
					o.body = json.Schema.Value
				}
			}
			c.operations[method+" "+braces.ReplaceAllString(path, ":$1")] = o
		}
	}
	return c, nil
}

// of returns the operation a request was routed to; false for a path of no operation.
func (c *contract) of(ctx echo.Context) (operation, bool) {
	op, ok := c.operations[ctx.Request().Method+" "+ctx.Path()]
	return op, ok
}
