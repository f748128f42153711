package parse

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"dateline/aggregator/news"
)

// ruleElement is the rule of what an element says.
const ruleElement = "element"

// embargoNames are elements of any vocabulary, and members of JSON, that say before when an item may not be published: NewsML-G2 and
// NAR have embargoed, PRISM has embargoDate.
var embargoNames = names(`embargo embargoed embargodate embargotime embargountil embargo_until embargo-until embargoeduntil embargoed_until
	embargoenddate embargo_date`)

// embargo returns what the children of element e say of an embargo, the first that does; nil: nothing. It reads no other's text.
func (r *reader) embargo(e int) (found *news.Embargo) {
	t := r.t
	t.children(e, func(c int) {
		if found != nil {
			return
		}
		key := t.elems[c].key
		switch name := key[strings.LastIndexByte(key, ':')+1:]; {
		case embargoNames[name]:
			found = r.embargoOf(key, t.value(c))
		case key == "dcterms:available": // the date on which it will be, or has become available: only a date says something
			if e := r.embargoOf(key, t.value(c)); e != nil && !e.Until.IsZero() {
				found = e
			}
		case name == "pubstatus": // NewsML-G2: usable, withheld, canceled
			if status := strings.ToLower(t.value(c) + " " + t.attr(c, "qcode")); strings.Contains(status, "withheld") {
				found = r.embargoOf(key, strings.TrimSpace(status))
			}
		}
	})
	return found
}

// embargoOf returns the embargo that an element with this value asks for; nil where it says that there is none.
func (r *reader) embargoOf(name, value string) *news.Embargo {
	switch strings.ToLower(value) {
	case "", "no", "none", "false", "0", "null":
		return nil
	}
	return &news.Embargo{Until: date(value, r.o.Zone).at, Evidence: news.Evidence{Field: name, Words: value, Rule: ruleElement}}
}

// jsonEmbargo returns what a member of a JSON item, or of an extension in it, says of an embargo; nil: nothing.
func (r *reader) jsonEmbargo(item []byte) *news.Embargo {
	var members map[string]any
	if !bytes.Contains(bytes.ToLower(item), []byte("embargo")) || json.Unmarshal(escapeBreaks(item), &members) != nil {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		inner, isExtension := members[key].(map[string]any)
		if !isExtension {
			inner = map[string]any{key: members[key]}
		}
		for _, name := range slices.Sorted(maps.Keys(inner)) {
			if inner[name] != nil && embargoNames[strings.ToLower(strings.TrimPrefix(name, "_"))] {
				if e := r.embargoOf(key, scalar(inner[name])); e != nil {
					return e
				}
			}
		}
	}
	return nil
}
