package configs

import (
	"encoding"
	"reflect"
	"strings"
	"unicode"
)

// A setting is one leaf of Config: where it lives, what it is called.
type setting struct {
	key    string // "http.listen"
	env    string // "SALON_HTTP_LISTEN"
	index  []int  // reflect path inside Config
	secret bool   // never printed
}

const envPrefix = "SALON_"

// shadowed fields are decided by another setting and are none themselves.
func shadowed(key string) bool {
	switch key {
	case "media.room.max_participants", // media.max_participants
		"media.transport.external", // media.external
		"media.transport.loopback", // on unless media.external is set
		"media.transport.tcp_port", // media.tcp_port
		"club.http.secure":         // follows http.public_url and http.cert_file
		return true
	}
	return false
}

// settings lists the leaves of Config in the order of the declarations.
func settings() []setting {
	return walk(reflect.TypeFor[Config](), "", nil, nil)
}

// walk appends the leaves of struct type t to dst. Fields that no text can express
// (functions, interfaces, maps, channels, pointers) are not settings.
func walk(t reflect.Type, prefix string, index []int, dst []setting) []setting {
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Tag.Get("salon") == "-" {
			continue
		}
		path := append(append([]int(nil), index...), i)
		key := prefix + keyOf(f)
		switch {
		case shadowed(key):
		case isLeaf(f.Type):
			dst = append(dst, setting{
				key:    key,
				env:    envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_")),
				index:  path,
				secret: f.Tag.Get("salon") == "secret",
			})
		case f.Type.Kind() == reflect.Struct:
			dst = walk(f.Type, key+".", path, dst)
		}
	}
	return dst
}

func isLeaf(t reflect.Type) bool {
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return true
	}
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	case reflect.Slice:
		return isLeaf(t.Elem()) || isTable(t)
	default:
		return false
	}
}

// isTable tells whether t is a list of mappings; such a setting is one leaf, and its
// variable holds YAML.
func isTable(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && !isLeaf(t.Elem())
}

// keyOf is the name that a field's owner gave it in its yaml tag, else its Go name.
func keyOf(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); name != "" && name != "-" {
		return name
	}
	return snake(f.Name)
}

// snake turns a Go field name into a key: DrainTimeout is drain_timeout, PublicURL is
// public_url, ExternalIPs is external_ips.
func snake(name string) string {
	r := []rune(name)
	var b strings.Builder
	for i, c := range r {
		if i > 0 && unicode.IsUpper(c) && startsWord(r, i) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// startsWord tells whether the capital at i begins a word: after a small letter, or
// as the last capital before one, a plural s of an abbreviation not counted.
func startsWord(r []rune, i int) bool {
	if !unicode.IsUpper(r[i-1]) {
		return true
	}
	if i+1 == len(r) || unicode.IsUpper(r[i+1]) {
		return false
	}
	pluralEnd := r[i+1] == 's' && (i+2 == len(r) || unicode.IsUpper(r[i+2]))
	return !pluralEnd
}
