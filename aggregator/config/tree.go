package config

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// pairs is a map as the file has it: its keys in the order of the struct.
type pairs []pair

type pair struct {
	key   string
	value any // pairs, []any, string, bool, int, float64 or word
}

// word is text that needs no quotes, such as a duration.
type word string

// MarshalJSON writes an object whose keys are in order.
func (ps pairs) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, p := range ps {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(p.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(p.value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s:%s", key, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// tree returns what v, a Config or a part of it, says. brief leaves out what a file need not say.
func tree(v reflect.Value, brief bool) any {
	if t, ok := v.Interface().(encoding.TextMarshaler); ok {
		b, _ := t.MarshalText() // no type of ours fails
		return word(b)
	}
	switch v.Kind() {
	case reflect.Struct:
		return fieldsOf(v, brief)
	case reflect.Map:
		out := pairs{}
		for _, key := range slices.Sorted(maps.Keys(v.Interface().(map[string]string))) {
			out = append(out, pair{key, v.MapIndex(reflect.ValueOf(key)).String()})
		}
		return out
	case reflect.Slice:
		out := []any{}
		for i := range v.Len() {
			out = append(out, tree(v.Index(i), brief))
		}
		return out
	case reflect.String:
		return v.String()
	}
	return v.Interface()
}

func fieldsOf(v reflect.Value, brief bool) pairs {
	least := reflect.Zero(v.Type())
	_, isSource := v.Interface().(Source)
	_, isDefaults := v.Interface().(Defaults)
	if isSource || isDefaults {
		least = reflect.ValueOf(defaultSource()).Convert(v.Type())
	}
	brief = brief || isDefaults // a key there would be one of every source
	out := pairs{}
	for i := range v.NumField() {
		key := keyOf(v.Type(), i)
		if key == "" || brief && reflect.DeepEqual(v.Field(i).Interface(), least.Field(i).Interface()) {
			continue
		}
		value := tree(v.Field(i), brief)
		if _, isWord := value.(word); isWord && isSource && v.Field(i).IsZero() {
			value = "" // 0s would not be the default of every
		}
		out = append(out, pair{key, value})
	}
	return out
}

// block writes a map as the lines of a YAML block.
func block(ps pairs) []string {
	var lines []string
	for _, p := range ps {
		key := scalarText(p.key) + ":"
		switch v := p.value.(type) {
		case pairs:
			if len(v) > 0 {
				lines = append(lines, key)
				lines = append(lines, indented("  ", block(v))...)
				continue
			}
		case []any:
			if len(v) > 0 && isPairs(v[0]) {
				lines = append(lines, key)
				for _, elem := range v {
					lines = append(lines, indented("  ", dashed(" ", block(elem.(pairs))))...)
				}
				continue
			}
		}
		if text := flow(p.value); text != "" {
			key += " " + text
		}
		lines = append(lines, key)
	}
	return lines
}

func isPairs(v any) bool {
	_, ok := v.(pairs)
	return ok
}

// indented puts indent before each line.
func indented(indent string, lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = indent + l
	}
	return out
}

// dashed makes the lines of a map an element of a list, gap being the text behind the dash.
func dashed(gap string, lines []string) []string {
	out := indented(" "+gap, lines)
	if len(out) > 0 {
		out[0] = "-" + out[0][1:]
	}
	return out
}

// flow writes a value on one line. Empty text is empty.
func flow(v any) string {
	switch v := v.(type) {
	case pairs:
		return "{}" // its content is on lines of its own
	case []any:
		var parts []string
		for _, elem := range v {
			if elem == "" {
				elem = word(`""`)
			}
			parts = append(parts, flow(elem))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case word:
		return string(v)
	case string:
		if v == "" {
			return ""
		}
		return scalarText(v)
	}
	return fmt.Sprint(v)
}

var (
	// unquoted is text that can be nothing else, in every place: a letter first, none of the marks of YAML but the
	// colon of an address, no space at an end.
	unquoted = compiled(`^\pL([\pL\pM\pN ._/~?=&%+@()©;!*$-]|:[\pN/])*$`)
	// reserved is text that is something else.
	reserved = compiled(`(?i)^(true|false|null|yes|no|on|off|y|n|nan|inf)$`)
)

// scalarText writes text, in quotes where it needs them.
func scalarText(s string) string {
	if unquoted().MatchString(s) && !reserved().MatchString(s) && !strings.HasSuffix(s, " ") && !strings.HasSuffix(s, ":") {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
