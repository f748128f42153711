package parse

import (
	"encoding/json"
	"fmt"
)

// A kind is the type that the standard gives to a member.
type kind int

const (
	kindAny kind = iota
	kindText
	kindTexts
	kindObject
	kindObjects
)

// jsonMembers and jsonItemMembers are the members that gofeed reads and whose types it insists on.
var (
	jsonMembers = map[string]kind{
		"version": kindText, "title": kindText, "home_page_url": kindText, "feed_url": kindText, "description": kindText,
		"user_comment": kindText, "next_url": kindText, "icon": kindText, "favicon": kindText, "language": kindText,
		"author": kindObject, "authors": kindObjects,
	}
	jsonItemMembers = map[string]kind{
		"url": kindText, "external_url": kindText, "title": kindText, "content_html": kindText, "content_text": kindText,
		"summary": kindText, "image": kindText, "banner_image": kindText, "date_published": kindText, "date_modified": kindText,
		"language": kindText, "author": kindObject, "authors": kindObjects, "tags": kindTexts, "attachments": kindObjects,
	}
	jsonInnerMembers = map[string]kind{
		"name": kindText, "url": kindText, "avatar": kindText, "mime_type": kindText, "title": kindText,
	}
)

// boundItem returns an item that is beyond a bound without what makes it so: of its members those that are read, and of those
// no more than the bounds allow.
func boundItem(raw json.RawMessage) json.RawMessage {
	members := map[string]json.RawMessage{}
	j := &jsonScanner{s: raw, i: 1}
	for {
		name, ok := j.name()
		if !ok {
			return marshal(members)
		}
		value, size, ok := j.value()
		if !ok {
			return marshal(members)
		}
		if jsonItemMembers[name] == kindAny && name != "id" || size.depth > MaxDepth || !json.Valid(value) {
			continue
		}
		var s string
		switch {
		case size.reason() == "":
			members[name] = value
		case json.Unmarshal(value, &s) == nil:
			members[name] = marshal(string(shorten([]byte(s))))
		case size.text <= MaxToken && value[0] == '[':
			members[name] = marshal(firstElements(value))
		}
	}
}

// firstElements returns the first MaxList elements of an array.
func firstElements(array []byte) []json.RawMessage {
	var list []json.RawMessage
	for j := (&jsonScanner{s: array, i: 1}); len(list) < MaxList; {
		j.filler()
		raw, _, ok := j.value()
		if !ok || len(raw) == 0 {
			break
		}
		list = append(list, raw)
	}
	return list
}

// fitItem makes the members of an item fit.
func fitItem(raw json.RawMessage) json.RawMessage { return fitObject(raw, jsonItemMembers) }

// fitObject makes the members of an object fit.
func fitObject(raw json.RawMessage, kinds map[string]kind) json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return json.RawMessage("{}")
	}
	for name, v := range members {
		members[name] = fit(v, kinds[name])
	}
	return marshal(members)
}

// fit returns raw if it is of the kind, else the nearest value that is: a number becomes its text, what
// is alone becomes a list of one, a name becomes an author; else null.
func fit(raw json.RawMessage, k kind) json.RawMessage {
	var v any
	if k == kindAny || json.Unmarshal(raw, &v) != nil || v == nil {
		return raw
	}
	list, isList := v.([]any)
	_, isObject := v.(map[string]any)
	switch k {
	case kindText:
		if isList || isObject {
			return json.RawMessage("null")
		}
		return marshal(scalar(v))
	case kindObject:
		if isObject {
			return fitObject(raw, jsonInnerMembers)
		}
		if s, ok := v.(string); ok {
			return marshal(map[string]string{"name": s})
		}
		return json.RawMessage("null")
	}
	if !isList {
		list = []any{v}
	}
	fitted := []json.RawMessage{}
	for _, e := range list {
		one := kindText
		if k == kindObjects {
			one = kindObject
		}
		if f := fit(marshal(e), one); string(f) != "null" {
			fitted = append(fitted, f)
		}
	}
	return marshal(fitted)
}

// scalar returns a value that is no list and no object as text.
func scalar(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return fmt.Sprint(v)
}

// marshal writes what came out of JSON and therefore can go back.
func marshal(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}
