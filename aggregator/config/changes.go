package config

import "reflect"

// Changes is what one config says otherwise than another.
type Changes struct {
	Added, Removed, Changed []string // ids of sources, in the order of the later config; removed ones in that of the earlier
	Read                    []string // of these, the added ones and those of which a visit reads something else
	Keys                    []string // of the rest, such as feed.title, agencies
}

// Since returns what c says otherwise than before, both with their defaults. What reaches a source from poll.every is that key's change.
func (c *Config) Since(before *Config) Changes {
	var out Changes
	was, is := before.Effective(), c.Effective()
	old := make(map[string]Source, len(was.Sources))
	for i, s := range was.Sources {
		if before.Sources[i].Every == 0 {
			s.Every = 0
		}
		old[s.ID] = s
	}
	for i, s := range is.Sources {
		if c.Sources[i].Every == 0 {
			s.Every = 0
		}
		o, known := old[s.ID]
		switch {
		case !known:
			out.Added = append(out.Added, s.ID)
		case !reflect.DeepEqual(o, s):
			out.Changed = append(out.Changed, s.ID)
		}
		if !known || !reflect.DeepEqual(o.read(), s.read()) {
			out.Read = append(out.Read, s.ID)
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

// read returns s with what a visit depends on alone: not when it is made, nor what becomes of the items.
func (s Source) read() Source {
	s.Name, s.Agency, s.Site, s.Rights, s.Licence, s.Every, s.RetryScope = "", "", "", "", "", 0, ""
	s.Content, s.CreditsFrom, s.Furniture, s.Priority, s.Topics, s.Include, s.Exclude = "", "", "", 0, nil, nil, nil
	return s
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
