// Package contract tries a server of the club API by its own word: it reads openapi.yaml
// as the server publishes it, makes requests from the schemas (valid ones, and ones that
// break a single constraint), and holds every answer against the document. It decides what
// is asked and what counts as a failure; it knows nothing of how the server is built, and
// takes the hour and the randomness from its caller.
//
// The way of a run: contract.go reads the document; scene.go makes the things that
// operations are about, as people of different standing; draw.go makes valid input and
// bend.go breaks it; plan.go lists the cases of an operation; judge.go judges an answer;
// run.go does it all.
package contract

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// errDocument tells that the document says too little to be tried by.
var errDocument = errors.New("openapi document")

// document is what the server promises.
type document struct {
	doc        *openapi3.T
	operations []*operation
	schemas    map[string]*jsonschema.Schema // by name of the component
	codes      map[string]int                // status of each problem code
	faults     map[string]bool               // codes of fields
}

// operation is one method of one path.
type operation struct {
	id, method, path string

	parameters openapi3.Parameters
	body       *openapi3.SchemaRef // JSON; nil: takes none
	upload     bool                // takes a picture
	open       bool                // for nobody, too
	answers    map[int]*openapi3.Response
	problem    *openapi3.Response
}

func (o *operation) parameter(name string) *openapi3.Parameter {
	for _, p := range o.parameters {
		if p.Value.Name == name {
			return p.Value
		}
	}
	return nil
}

// writes tells whether the operation may change anything.
func (o *operation) writes() bool { return o.method != http.MethodGet }

// read understands the text of an openapi.yaml.
func read(text []byte) (*document, error) {
	loaded, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	d := &document{doc: loaded, schemas: map[string]*jsonschema.Schema{}, codes: map[string]int{}, faults: map[string]bool{}}
	for _, path := range slices.Sorted(maps.Keys(loaded.Paths.Map())) {
		item := loaded.Paths.Find(path)
		for _, method := range slices.Sorted(maps.Keys(item.Operations())) {
			d.operations = append(d.operations, operationOf(loaded, method, path, item))
		}
	}
	if err := d.readCodes(); err != nil {
		return nil, err
	}
	return d, d.compile()
}

func operationOf(doc *openapi3.T, method, path string, item *openapi3.PathItem) *operation {
	op := item.GetOperation(method)
	needs := doc.Security
	if op.Security != nil {
		needs = *op.Security
	}
	o := &operation{
		id: op.OperationID, method: method, path: path,
		parameters: slices.Concat(item.Parameters, op.Parameters),
		open:       len(needs) == 0 || slices.ContainsFunc(needs, func(r openapi3.SecurityRequirement) bool { return len(r) == 0 }),
		answers:    map[int]*openapi3.Response{},
	}
	if op.RequestBody != nil {
		if media := op.RequestBody.Value.Content.Get("application/json"); media != nil && op.RequestBody.Value.Content["image/*"] == nil {
			o.body = media.Schema
		} else {
			o.upload = true
		}
	}
	for status, r := range op.Responses.Map() {
		if n, err := strconv.Atoi(status); err == nil {
			o.answers[n] = r.Value
		} else {
			o.problem = r.Value
		}
	}
	return o
}

// compile makes validators of all schemas, by another library than the one that the server
// measures requests with, so that a blind spot of the one is seen by the other.
func (d *document) compile() error {
	raw, err := d.doc.MarshalJSON()
	if err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("read document again: %w", err)
	}
	const place = "http://document.invalid/openapi.json"
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(place, value); err != nil {
		return fmt.Errorf("read schemas: %w", err)
	}
	for name := range d.doc.Components.Schemas {
		if d.schemas[name], err = c.Compile(place + "#/components/schemas/" + name); err != nil {
			return fmt.Errorf("read schema %s: %w", name, err)
		}
	}
	return nil
}

// readCodes takes the codes from where the document explains them: "404 `not_found`; 409
// `nickname_taken`, ...".
func (d *document) readCodes() error {
	problem := d.doc.Components.Responses["Problem"]
	field := d.doc.Components.Schemas["FieldError"]
	if problem == nil || problem.Value.Description == nil || field == nil || field.Value.Properties["code"] == nil {
		return fmt.Errorf("%w: no Problem and FieldError that name their codes", errDocument)
	}
	status := 0
	for _, word := range regexp.MustCompile("[0-9]{3}|`[a-z_]+`").FindAllString(*problem.Value.Description, -1) {
		if n, err := strconv.Atoi(word); err == nil {
			status = n
			continue
		}
		d.codes[strings.Trim(word, "`")] = status
	}
	for _, word := range regexp.MustCompile("`[a-z_]+`").FindAllString(field.Value.Properties["code"].Value.Description, -1) {
		d.faults[strings.Trim(word, "`")] = true
	}
	return nil
}

// named is the component a schema refers to; "" for one without a name.
func named(s *openapi3.SchemaRef) string {
	if s == nil {
		return ""
	}
	return strings.TrimPrefix(s.Ref, "#/components/schemas/")
}

// maker finds the operation that makes what a path's parameter names: club_id is made by
// whoever answers 201 with a Club. Of several it takes the one inside of something else.
func (d *document) maker(parameter string) *operation {
	words := strings.Split(strings.TrimSuffix(parameter, "_id"), "_")
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	thing := strings.Join(words, "")
	var found *operation
	for _, o := range d.operations {
		r := o.answers[http.StatusCreated]
		if o.method != http.MethodPost || r == nil || r.Content["application/json"] == nil || named(r.Content["application/json"].Schema) != thing {
			continue
		}
		if found == nil || strings.Count(o.path, "{") > strings.Count(found.path, "{") {
			found = o
		}
	}
	return found
}
