package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
	"golang.org/x/text/unicode/norm"

	"salon/clubapi"
)

// mostFaults bounds what is said, and worked out, about the fields of one body: somebody who
// invents more of them learns nothing from the rest.
const mostFaults = 100

// validate is the middleware that lets only requests through that fit the contract.
func (c *contract) validate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(ctx echo.Context) error {
		op, ok := c.of(ctx)
		if !ok {
			return next(ctx)
		}
		var faults []clubapi.Fault
		for _, p := range op.parameters {
			faults = append(faults, parameter(p.Value, ctx)...)
		}
		if slices.ContainsFunc(faults, func(f clubapi.Fault) bool { return strings.HasPrefix(f.Field, "path/") }) {
			return fmt.Errorf("path parameter: %w", clubapi.ErrNotFound)
		}
		if op.body != nil {
			more, err := body(op.body, ctx.Request())
			if err != nil {
				return err
			}
			faults = append(faults, more...)
		}
		if len(faults) > 0 {
			return &clubapi.InvalidError{Faults: faults}
		}
		return next(ctx)
	}
}

// parameter checks one parameter. An id in the path that cannot be one names nothing.
func parameter(p *openapi3.Parameter, ctx echo.Context) []clubapi.Fault {
	var values []string
	switch p.In {
	case openapi3.ParameterInPath:
		values = []string{ctx.Param(p.Name)}
	case openapi3.ParameterInQuery:
		values = ctx.QueryParams()[p.Name]
	case openapi3.ParameterInHeader:
		values = ctx.Request().Header.Values(p.Name)
	}
	field := p.In + "/" + p.Name
	switch len(values) {
	case 0:
		if p.Required {
			return []clubapi.Fault{{Field: field, Code: clubapi.CodeRequired}}
		}
		return nil
	case 1:
	default:
		return []clubapi.Fault{{Field: field, Code: clubapi.CodeFormat}}
	}
	var value any = norm.NFC.String(values[0])
	if p.Schema.Value.Type.Is(openapi3.TypeInteger) {
		n, err := strconv.ParseInt(values[0], 10, 64)
		if err != nil {
			return []clubapi.Fault{{Field: field, Code: clubapi.CodeType}}
		}
		value = n
	}
	if p.Schema.Value.Type.Is(openapi3.TypeBoolean) {
		if values[0] != "true" && values[0] != "false" {
			return []clubapi.Fault{{Field: field, Code: clubapi.CodeType}}
		}
		value = values[0] == "true"
	}
	return visit(p.Schema.Value, value, field, true)
}

// body reads the body, checks it and puts it back for whoever decodes it.
func body(schema *openapi3.Schema, r *http.Request) ([]clubapi.Fault, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != echo.MIMEApplicationJSON {
		return nil, errMediaType
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if !utf8.Valid(raw) {
		return nil, fmt.Errorf("%w: not UTF-8", errMalformed)
	}
	var value any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&value); err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: more than one value", errMalformed)
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	r.ContentLength = int64(len(raw))
	faults := unknown(schema, value)
	if len(faults) > mostFaults {
		return faults[:mostFaults], nil
	}
	return append(faults, append(visit(schema, value, "", false), wide(value)...)...), nil
}

// unknown names the fields that the schema does not have, which kin-openapi tells in
// prose only, in objects within objects too.
func unknown(schema *openapi3.Schema, value any) []clubapi.Fault {
	object, _ := value.(map[string]any)
	var faults []clubapi.Fault
	for name, v := range object {
		property, ok := schema.Properties[name]
		if !ok {
			faults = append(faults, clubapi.Fault{Field: escape(name), Code: clubapi.CodeUnknownField})
			continue
		}
		faults = append(faults, inside(name, unknown(property.Value, v))...)
	}
	slices.SortFunc(faults, func(a, b clubapi.Fault) int { return strings.Compare(a.Field, b.Field) })
	return faults
}

// inside names the faults of an object from the object around it.
func inside(name string, faults []clubapi.Fault) []clubapi.Fault {
	for i := range faults {
		faults[i].Field = escape(name) + "/" + faults[i].Field
	}
	return faults
}

// wide names integers that int64 cannot hold or that are not written as one ("1.0"),
// which a schema cannot tell but decoding would stumble over.
func wide(value any) []clubapi.Fault {
	object, _ := value.(map[string]any)
	var faults []clubapi.Fault
	for name, v := range object {
		faults = append(faults, inside(name, wide(v))...)
		n, ok := v.(json.Number)
		if !ok {
			continue
		}
		if f, err := n.Float64(); err != nil || f != math.Trunc(f) {
			continue // the schema's business
		}
		if _, err := n.Int64(); err != nil {
			faults = append(faults, clubapi.Fault{Field: escape(name), Code: clubapi.CodeType})
		}
	}
	return faults
}
