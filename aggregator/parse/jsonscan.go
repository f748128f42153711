package parse

import (
	"bytes"
	"encoding/json"
)

// The rules of reading JSON that is not quite JSON are:
//   - a document is cut into its members, and its items, by their quotes and brackets alone; commas too many and comments
//     between them are passed over
//   - a member or an item that is no JSON by itself is left out alone
//   - where a quote or bracket is missing, reading goes on at the next thing that looks like an item

// A jsonScanner cuts a document in JSON.
type jsonScanner struct {
	s        []byte
	i        int
	restarts int
}

// maxRestarts is how often reading goes on behind a missing bracket.
const maxRestarts = 16

// filler passes over white space, commas and comments.
func (j *jsonScanner) filler() {
	for j.i < len(j.s) {
		rest := j.s[j.i:]
		end := -1
		switch {
		case isSpace(rest[0]) || rest[0] == ',':
			end = 1
		case bytes.HasPrefix(rest, []byte("//")), rest[0] == '#':
			if end = after(rest, "\n"); end < 0 {
				end = len(rest)
			}
		case bytes.HasPrefix(rest, []byte("/*")):
			end = after(rest, "*/")
		}
		if end < 0 {
			return
		}
		j.i += end
	}
}

// jsonSize is how large a value is.
type jsonSize struct{ depth, values, text int }

// value passes over the value at i and returns it; ok is false where the document ends inside it.
func (j *jsonScanner) value() (raw []byte, size jsonSize, ok bool) {
	start, depth := j.i, 0
	for j.i < len(j.s) {
		switch c := j.s[j.i]; c {
		case '"':
			n := stringLength(j.s[j.i:])
			if n < 0 {
				return nil, size, false
			}
			size.text = max(size.text, n)
			j.i += n
			if depth == 0 {
				return j.s[start:j.i], size, true
			}
			continue
		case '{', '[':
			depth++
			size.values++
			size.depth = max(size.depth, depth)
		case '}', ']':
			if depth--; depth < 0 { // of what is around it
				return j.s[start:j.i], size, true
			}
			if depth == 0 {
				j.i++
				return j.s[start:j.i], size, true
			}
		case ',':
			if depth == 0 {
				return j.s[start:j.i], size, true
			}
			size.values++
		case '/':
			if before := j.i; depth > 0 {
				j.filler()
				if j.i > before {
					continue
				}
			}
		}
		j.i++
	}
	return j.s[start:], size, depth == 0 && start < len(j.s)
}

// stringLength returns the length of the string that s begins with, -1 if it does not end.
func stringLength(s []byte) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// name passes over the name of a member and its colon. It is not ok where the object ends or no name begins.
func (j *jsonScanner) name() (name string, ok bool) {
	j.filler()
	if j.i == len(j.s) || j.s[j.i] != '"' {
		return "", false
	}
	n := stringLength(j.s[j.i:])
	if n < 0 || json.Unmarshal(j.s[j.i:j.i+n], &name) != nil {
		return "", false
	}
	j.i += n
	j.filler()
	if j.i == len(j.s) || j.s[j.i] != ':' {
		return "", false
	}
	j.i++
	j.filler()
	return name, true
}

// next passes over one thing that is no value where one should be. It is false at the end of the object or array, or of the
// document.
func (j *jsonScanner) skip(end byte) bool {
	if j.i == len(j.s) || j.s[j.i] == end {
		return false
	}
	j.i++
	return true
}

// A jsonPart is an item of a document as it is there.
type jsonPart struct {
	raw    []byte
	reason string // why it cannot be taken as it is; "": it can
}

// A jsonDocument is a document cut into its members and items.
type jsonDocument struct {
	members map[string]json.RawMessage
	items   []jsonPart
	beyond  int  // items that items does not hold
	whole   bool // it does not end in the middle
}

// jsonParts cuts a document. Of one that is cut off it returns what was whole.
func jsonParts(text []byte) *jsonDocument {
	d := &jsonDocument{members: map[string]json.RawMessage{}}
	j := &jsonScanner{s: text, i: 1}
	for {
		name, ok := j.name()
		if !ok {
			if !j.skip('}') {
				d.whole = j.i < len(j.s)
				return d
			}
			continue
		}
		if name == "items" && j.i < len(j.s) && j.s[j.i] == '[' {
			j.i++
			if !d.cutItems(j) {
				return d
			}
			continue
		}
		raw, size, ok := j.value()
		if !ok {
			return d
		}
		if v := escapeBreaks(raw); size.reason() == "" && json.Valid(v) {
			d.members[name] = v
		}
	}
}

// reason returns why an item of that size cannot be taken as it is, "" where it can.
func (z jsonSize) reason() string {
	switch {
	case z.depth > MaxDepth:
		return reasonDepth
	case z.text > MaxToken:
		return reasonText
	case z.values > maxChildren:
		return reasonElements
	}
	return ""
}

// cutItems cuts the array of items; it is false where the document ends inside it.
func (d *jsonDocument) cutItems(j *jsonScanner) bool {
	limit := max(MaxElements, len(j.s)/minElement)
	for {
		j.filler()
		switch {
		case j.i == len(j.s):
			return false
		case j.s[j.i] == ']':
			j.i++
			return true
		case j.s[j.i] == '}':
			j.i++
			continue
		}
		start := j.i
		raw, size, whole := j.value()
		p := jsonPart{raw, size.reason()}
		if j.s[start] == '{' && (!whole || p.reason == "" && !json.Valid(escapeBreaks(raw))) {
			p.reason = reasonDamaged
			if j.restart(start) {
				p.raw, whole = j.s[start:j.i], true
			}
		}
		switch {
		case !whole:
			return false
		case j.s[start] != '{':
		case len(d.items) < limit:
			d.items = append(d.items, p)
		default:
			d.beyond++
		}
	}
}

// restart looks behind the damaged item at start for the next thing that looks like an item, and goes on there.
func (j *jsonScanner) restart(start int) bool {
	for end, i := j.i, start+1; j.restarts < maxRestarts; {
		n := bytes.Index(j.s[i:end], []byte(`"id"`))
		if n < 0 {
			j.i = end
			return false
		}
		i += n
		if open := bytes.LastIndexByte(j.s[start+1:i], '{') + start + 1; open > start && len(bytes.TrimSpace(j.s[open+1:i])) == 0 {
			j.restarts++
			j.i = open
			if raw, _, ok := j.value(); ok && json.Valid(escapeBreaks(raw)) {
				j.i = open
				return true
			}
		}
		i += len(`"id"`)
	}
	return false
}
