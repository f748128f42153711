package config

import "reflect"

// Changes is what one config says otherwise than another.
type Changes struct {
	Added, Removed, Changed []string // ids of sources, in the order of the later config; removed ones in that of the earlier
	Keys                    []string // of the rest, such as feed.title, agencies
}

// Since returns what c says otherwise than before, both with their defaults.
func (c *Config) Since(before *Config) Changes {
	var out Changes
	was, is := before.Effective(), c.Effective()
	old := make(map[string]Source, len(was.Sources))
	for _, s := range was.Sources {
		old[s.ID] = s
	}
	for _, s := range is.Sources {
		o, known := old[s.ID]
		switch {
		case !known:
			out.Added = append(out.Added, s.ID)
		case !reflect.DeepEqual(o, s):
			out.Changed = append(out.Changed, s.ID)
		}
		delete(old, s.ID)
	}
	for _, s := range was.Sources {
		if _, removed := old[s.ID]; removed {
			out.Removed = append(out.Removed, s.ID)
		}
	}
	out.Keys = changedKeys(reflect.ValueOf(*was), reflect.ValueOf(*is), "")
	return out
}

// changedKeys returns the keys of a struct whose values differ, sources and their defaults aside.
func changedKeys(was, is reflect.Value, path string) []string {
	var all []string
	for i := range was.NumField() {
		key := join(path, keyOf(was.Type(), i))
		if keyOf(was.Type(), i) == "" || key == "sources" || key == "defaults" {
			continue
		}
		switch {
		case was.Field(i).Kind() == reflect.Struct:
			all = append(all, changedKeys(was.Field(i), is.Field(i), key)...)
		case !same(was.Field(i), is.Field(i)):
			all = append(all, key)
		}
	}
	return all
}

// same reports whether two values say the same: an empty list is none.
func same(a, b reflect.Value) bool {
	if a.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}
