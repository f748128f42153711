package config

import (
	"reflect"
	"strings"
)

// Keys returns the name of every key that holds a value, in the order of [Config]: `feed.title`,
// `network.allow`, `sources[].id`.
func Keys() []string { return keysOf(reflect.TypeFor[Config](), "") }

func keysOf(t reflect.Type, path string) []string {
	var all []string
	for i := range t.NumField() {
		f := t.Field(i)
		key := keyOf(t, i)
		if key == "" {
			continue
		}
		key = join(path, key)
		switch {
		case f.Type == reflect.TypeFor[Defaults]():
			all = append(all, key) // its keys are those of a source
		case f.Type.Kind() == reflect.Struct:
			all = append(all, keysOf(f.Type, key)...)
		case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct:
			all = append(all, keysOf(f.Type.Elem(), key+"[]")...)
		default:
			all = append(all, key)
		}
	}
	return all
}

// fieldByKey returns the field of the struct v that key names.
func fieldByKey(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if tag := keyOf(v.Type(), i); tag != "" && tag == key {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// nearKey returns the key that was probably meant by an unknown one in the struct t: one slip away,
// else the same name at its right place, else two slips away. Empty: nothing near.
func nearKey(t reflect.Type, key string) string {
	var here []string
	for i := range t.NumField() {
		if tag := keyOf(t, i); tag != "" {
			here = append(here, tag)
		}
	}
	if near := nearest(key, here, 1); near != "" {
		return near
	}
	for _, k := range Keys() {
		if k[strings.LastIndexByte(k, '.')+1:] == key {
			return k
		}
	}
	return nearest(key, here, 2)
}
