package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
)

// Attribute is a key of a source that holds one value, as text.
type Attribute struct{ Key, Value string }

// Attributes returns the keys of s that hold one value, those aside that have the default of a source. Lists and
// header fields are no such keys.
func (s Source) Attributes() []Attribute {
	var all []Attribute
	for _, p := range fieldsOf(reflect.ValueOf(s), true) {
		switch p.value.(type) {
		case string, word, bool, int:
			all = append(all, Attribute{p.key, fmt.Sprint(p.value)})
		}
	}
	return all
}

// Set sets a key of s that holds one value. It returns an [*Error] without a place for a value that the key cannot
// have by its type, and for a key that there is not, or that holds more than one value.
func (s *Source) Set(key, value string) error {
	field, ok := fieldByKey(reflect.ValueOf(s).Elem(), key)
	if !ok {
		return wrong("unknown key %q", key)
	}
	if u, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(value))
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString(value)
	case reflect.Bool:
		on, err := strconv.ParseBool(value)
		if err != nil {
			return wrong("%q where true or false belongs", value)
		}
		field.SetBool(on)
	case reflect.Int:
		n, err := strconv.Atoi(value)
		if err != nil {
			return wrong("%q where a whole number belongs", value)
		}
		field.SetInt(int64(n))
	default:
		return wrong("%s holds more than one value", key)
	}
	return nil
}
