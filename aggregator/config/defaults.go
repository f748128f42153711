package config

import (
	"fmt"
	"reflect"
	"slices"
)

// ofOneSource are the keys of a source that have no default.
var ofOneSource = []string{"id", "name", "url", "headers"}

// keyOf returns the key of field i of a struct; empty: it has none.
func keyOf(t reflect.Type, i int) string {
	key := t.Field(i).Tag.Get("yaml")
	if t == reflect.TypeFor[Defaults]() && slices.Contains(ofOneSource, key) {
		return ""
	}
	return key
}

// inherit gives the sources that were read the defaults for the keys that they do not have. What is wrong with a default is said
// once, of the default.
func (d *decoder) inherit(c *Config) {
	from := reflect.ValueOf(c.Defaults)
	for f := range from.NumField() {
		key := keyOf(from.Type(), f)
		if _, given := d.at["defaults."+key+":"]; key == "" || !given {
			continue
		}
		for i := range c.Sources {
			path := fmt.Sprintf("sources[%d].%s", i, key)
			if _, own := d.at[path+":"]; !own {
				reflect.ValueOf(&c.Sources[i]).Elem().Field(f).Set(from.Field(f))
				d.bad[path] = true
			}
		}
	}
}

// inherited returns s as it is read where the file has its keys but those with the default of a source.
func (c *Config) inherited(s Source) Source {
	least, from, to := reflect.ValueOf(defaultSource()), reflect.ValueOf(c.Defaults), reflect.ValueOf(&s).Elem()
	for f := range to.NumField() {
		if keyOf(from.Type(), f) != "" && reflect.DeepEqual(to.Field(f).Interface(), least.Field(f).Interface()) {
			to.Field(f).Set(from.Field(f))
		}
	}
	return s
}
