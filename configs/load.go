package configs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/v2"
	"go.yaml.in/yaml/v3"
)

// reserved variables begin with SALON_ but are not settings: the command reads them.
var reserved = []string{"SALON_CONFIG"}

// A Loaded is a Config together with the origin of each value.
type Loaded struct {
	Config  Config
	origins map[string]string
}

// Load merges, weakest first: defaults, the YAML file at path (none if path is empty),
// and the SALON_* variables of environ, which has the form of os.Environ. Lists in
// variables are separated by commas, durations are written like 1m30s.
func Load(path string, environ []string) (*Loaded, error) {
	known := settings()
	file := map[string]fileValue{}
	if path != "" {
		var err error
		if file, err = readFile(path, known); err != nil {
			return nil, err
		}
	}
	env, err := readEnv(environ, known)
	if err != nil {
		return nil, err
	}
	return merge(known, path, file, env)
}

// readEnv picks the settings out of environ, by key, and refuses other SALON_ names.
func readEnv(environ []string, known []setting) (map[string]string, error) {
	names := append([]string(nil), reserved...)
	byEnv := map[string]string{}
	for _, s := range known {
		names = append(names, s.env)
		byEnv[s.env] = s.key
	}
	values := map[string]string{}
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, envPrefix) || slices.Contains(reserved, name) {
			continue
		}
		key, ok := byEnv[name]
		if !ok {
			return nil, fmt.Errorf("%s: %w%s", name, ErrUnknownVariable, suggestion(name, names))
		}
		values[key] = value
	}
	return values, nil
}

func merge(known []setting, path string, file map[string]fileValue, env map[string]string) (*Loaded, error) {
	k := koanf.New(".")
	l := &Loaded{Config: Defaults(), origins: map[string]string{}}
	for _, s := range known {
		if v, ok := file[s.key]; ok {
			l.origins[s.key] = fmt.Sprintf("%s:%d", path, v.line)
			if err := k.Set(s.key, v.value); err != nil {
				return nil, fmt.Errorf("set %s: %w", s.key, err)
			}
		}
		if v, ok := env[s.key]; ok {
			l.origins[s.key] = s.env
			if err := k.Set(s.key, v); err != nil {
				return nil, fmt.Errorf("set %s: %w", s.key, err)
			}
		}
	}
	target := reflect.ValueOf(&l.Config).Elem()
	for _, s := range known {
		if !k.Exists(s.key) {
			continue
		}
		if err := decode(k.Get(s.key), target.FieldByIndex(s.index)); err != nil {
			return nil, fmt.Errorf("%s: %s: %w: %w", l.origins[s.key], s.key, ErrBadValue, err)
		}
	}
	return l, nil
}

// decode writes one raw value of the file or the environment into a field.
func decode(raw any, field reflect.Value) error {
	d, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result:           field.Addr().Interface(),
		WeaklyTypedInput: true,
		ZeroFields:       true,
		ErrorUnused:      true,
		MatchName:        func(key, field string) bool { return key == snake(field) },
		DecodeHook: mapstructure.ComposeDecodeHookFunc(
			mapstructure.StringToTimeDurationHookFunc(),
			mapstructure.TextUnmarshallerHookFunc(),
			tableHook,
			listHook,
		),
	})
	if err != nil {
		return fmt.Errorf("make decoder: %w", err)
	}
	return d.Decode(raw)
}

// tableHook reads YAML where a list of mappings is wanted and a text is given.
func tableHook(_, to reflect.Type, raw any) (any, error) {
	text, ok := raw.(string)
	if !ok || !isTable(to) {
		return raw, nil
	}
	var table []any
	if err := yaml.Unmarshal([]byte(text), &table); err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	return table, nil
}

// listHook splits "a, b" where a list is wanted; the empty text is the empty list.
func listHook(_, to reflect.Type, raw any) (any, error) {
	text, ok := raw.(string)
	if !ok || to.Kind() != reflect.Slice {
		return raw, nil
	}
	list := []any{}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list, nil
}
