package configs

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// A Value is one setting as an operator reads it.
type Value struct {
	Key    string
	Text   string // secrets masked
	Origin string // "default", "salon.yaml:12" or "SALON_HTTP_LISTEN"
}

// mask stands for a secret that is set; its length tells nothing.
const mask = "********"

// Values lists every setting in the order of the declarations.
func (l *Loaded) Values() []Value {
	var list []Value
	root := reflect.ValueOf(l.Config)
	for _, s := range settings() {
		v := Value{Key: s.key, Text: render(root.FieldByIndex(s.index)), Origin: "default"}
		if o, ok := l.origins[s.key]; ok {
			v.Origin = o
		}
		if s.secret && v.Text != "" {
			v.Text = mask
		}
		list = append(list, v)
	}
	return list
}

// render writes a value in the form in which the file takes it.
func render(v reflect.Value) string {
	if d, ok := v.Interface().(time.Duration); ok {
		return d.String()
	}
	if v.IsZero() && v.Kind() == reflect.Struct {
		return ""
	}
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		if text, err := m.MarshalText(); err == nil {
			return string(text)
		}
	}
	if isTable(v.Type()) {
		return renderTable(v) // its entries may hold credentials
	}
	if v.Kind() == reflect.Slice {
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = render(v.Index(i))
		}
		return strings.Join(parts, ", ")
	}
	return fmt.Sprint(v.Interface())
}

func renderTable(v reflect.Value) string {
	if v.Len() == 0 {
		return ""
	}
	return fmt.Sprintf("%d entries", v.Len())
}
