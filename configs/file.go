package configs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A fileValue is one value of the file and the line it stands on.
type fileValue struct {
	value any
	line  int
}

// readFile parses the YAML file at path into values by key. It refuses keys that are
// no setting, and keys given twice, with file and line.
func readFile(path string, known []setting) (map[string]fileValue, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	return parse(path, f, known)
}

func parse(name string, r io.Reader, known []setting) (map[string]fileValue, error) {
	var doc yaml.Node
	if err := yaml.NewDecoder(r).Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return map[string]fileValue{}, nil
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := parser{name: name, known: known, values: map[string]fileValue{}}
	if len(doc.Content) == 0 {
		return p.values, nil
	}
	return p.values, p.mapping("", doc.Content[0])
}

// A parser walks the nodes of one file.
type parser struct {
	name   string
	known  []setting
	values map[string]fileValue
}

func (p *parser) mapping(prefix string, n *yaml.Node) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("%s:%d: %s: %w", p.name, n.Line, strings.TrimSuffix(prefix, "."), ErrNotMapping)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if err := p.entry(prefix+n.Content[i].Value, n.Content[i], n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) entry(key string, name, value *yaml.Node) error {
	isSetting := slices.ContainsFunc(p.known, func(s setting) bool { return s.key == key })
	isSection := slices.ContainsFunc(p.known, func(s setting) bool { return strings.HasPrefix(s.key, key+".") })
	switch {
	case isSection:
		return p.mapping(key+".", value)
	case !isSetting:
		return fmt.Errorf("%s:%d: %s: %w%s", p.name, name.Line, key, ErrUnknownKey, suggestion(key, p.keys()))
	}
	if old, twice := p.values[key]; twice {
		return fmt.Errorf("%s:%d: %s: %w (first on line %d)", p.name, name.Line, key, ErrDuplicateKey, old.line)
	}
	var v any
	if err := value.Decode(&v); err != nil {
		return fmt.Errorf("%s:%d: %s: %w", p.name, name.Line, key, err)
	}
	if v != nil {
		p.values[key] = fileValue{value: v, line: name.Line}
	}
	return nil
}

func (p *parser) keys() []string {
	keys := make([]string, len(p.known))
	for i, s := range p.known {
		keys[i] = s.key
	}
	return keys
}
