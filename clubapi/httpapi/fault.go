package httpapi

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"salon/clubapi"
)

// visit measures a value by its schema. Lengths count only when asked for.
func visit(schema *openapi3.Schema, value any, field string, lengths bool) []clubapi.Fault {
	moment := openapi3.NewCallbackValidator(func(s string) error {
		_, err := time.Parse(time.RFC3339, s)
		return err
	})
	day := openapi3.NewCallbackValidator(func(s string) error {
		_, err := time.Parse(time.DateOnly, s)
		return err
	})
	err := schema.VisitJSON(value, openapi3.MultiErrors(), openapi3.VisitAsRequest(),
		openapi3.WithStringFormatValidator("date-time", moment), openapi3.WithStringFormatValidator("date", day))
	var faults []clubapi.Fault
	for _, e := range flatten(err) {
		f, ok := faultOf(e, lengths)
		if !ok {
			continue
		}
		f.Field = strings.Trim(field+"/"+f.Field, "/")
		if !slices.Contains(faults, f) {
			faults = append(faults, f)
		}
	}
	return faults
}

func flatten(err error) []*openapi3.SchemaError {
	var many openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case errors.As(err, &one) && !errors.As(err, &many):
		return []*openapi3.SchemaError{one}
	case errors.As(err, &many):
		var out []*openapi3.SchemaError
		for _, e := range many {
			out = append(out, flatten(e)...)
		}
		return out
	}
	return nil
}

// faultOf translates a keyword of JSON Schema. Unknown properties are named by unknown.
func faultOf(e *openapi3.SchemaError, lengths bool) (clubapi.Fault, bool) {
	var names []string
	for _, p := range e.JSONPointer() {
		names = append(names, escape(p))
	}
	f := clubapi.Fault{Field: strings.Join(names, "/")}
	switch e.SchemaField {
	case "properties":
		return f, false
	case "minLength":
		f.Code, f.Limit = clubapi.CodeTooShort, int64(e.Schema.MinLength)
		return f, lengths
	case "maxLength":
		f.Code = clubapi.CodeTooLong
		if e.Schema.MaxLength != nil {
			f.Limit = int64(*e.Schema.MaxLength)
		}
		return f, lengths
	case "required":
		f.Code = clubapi.CodeRequired
	case "minimum":
		f.Code = clubapi.CodeTooSmall
		if e.Schema.Min != nil {
			f.Limit = int64(*e.Schema.Min)
		}
	case "maximum":
		f.Code = clubapi.CodeTooLarge
		if e.Schema.Max != nil {
			f.Limit = int64(*e.Schema.Max)
		}
	case "enum":
		f.Code = clubapi.CodeEnum
		if _, ok := e.Value.(string); !ok {
			f.Code = clubapi.CodeType
		}
	case "format", "pattern":
		f.Code = clubapi.CodeFormat
	default:
		f.Code = clubapi.CodeType
	}
	return f, true
}

// escape writes a name as a token of a JSON pointer (RFC 6901, section 3).
func escape(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}
