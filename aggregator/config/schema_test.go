package config_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"dateline/aggregator/config"
)

// rules is what a schema says of some keys beyond their types.
var rules = map[string]map[string]any{
	"feed.title":      {"type": "string", "minLength": 1},
	"feed.base_url":   {"pattern": "^$|^https?://[^?#]+$"},
	"feed.language":   {"type": "string", "pattern": languagePattern},
	"feed.entries":    {"minimum": 1, "maximum": 10_000},
	"feed.summary":    {"minimum": 1, "maximum": 10000},
	"feed.at_least":   {"minimum": 0, "maximum": 100},
	"feed.first_poll": {"minimum": 0, "maximum": 10_000},
	"feed.agency_in":  {"type": "string", "enum": []any{"title", "author", "both", "none"}},

	"http.listen":            {"type": "string", "pattern": "^[^ ]*:[0-9]{1,5}$|^unix:/"},
	"admin.listen":           {"pattern": "^$|^[^ ]*:[0-9]{1,5}$"},
	"store.path":             {"type": "string", "minLength": 1},
	"poll.pages":             {"minimum": 1, "maximum": 60},
	"poll.concurrency":       {"minimum": 1, "maximum": 10_000},
	"network.ports":          {"items": map[string]any{"type": "integer", "minimum": 1, "maximum": 65535}},
	"notify.url":             {"pattern": "^$|^https?://"},
	"network.proxy":          {"pattern": "^$|^(https?|socks5)://"},
	"agencies[].key":         {"type": "string", "pattern": idPattern, "maxLength": 64},
	"agencies[].name":        {"type": "string", "minLength": 1},
	"agencies[].kind":        {"enum": []any{"agency", "ministry", "photo", "distributor", "press-release", "media", "", nil}},
	"agencies[].parent":      {"pattern": "^$|" + idPattern},
	"agencies[].site":        {"pattern": webPattern},
	"topics[].id":            {"type": "string", "pattern": topicPattern, "maxLength": 64},
	"sources[].id":           {"type": "string", "pattern": idPattern, "maxLength": 64},
	"sources[].agency":       {"pattern": "^$|" + idPattern},
	"sources[].url":          {"type": "string", "pattern": "^https?://"},
	"sources[].site":         {"pattern": webPattern},
	"sources[].language":     {"pattern": "^$|" + languagePattern},
	"sources[].content":      {"enum": []any{"headline", "summary", "full", "", nil}},
	"sources[].credits_from": {"enum": []any{"feed", "page", "", nil}},
	"sources[].furniture":    {"enum": []any{"cut", "keep", "", nil}},
	"sources[].topics":       {"items": map[string]any{"type": "string", "pattern": topicPattern, "maxLength": 64}},
	"sources[].timezone":     {"pattern": "^$|^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"},
	"sources[].enabled":      {"default": true},
	"sources[].retry_scope":  {"enum": []any{"host", "feed", "", nil}},

	"sources[].priority": {"minimum": -1000, "maximum": 1000},
}

const (
	idPattern       = "^[a-z][a-z0-9-]*$"
	webPattern      = "^$|^https?://"
	topicPattern    = `^[^/\\?#%]+$`
	languagePattern = "^[a-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
	durationPattern = "^$|^0$|^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$"
)

// required are the keys that no element of a list goes without.
var required = map[string][]string{"agencies[]": {"key", "name"}, "topics[]": {"id"}, "sources[]": {"id", "url"}}

// schemaOf returns the schema of a type of the config. def holds the defaults; an invalid one: there are none.
func schemaOf(t reflect.Type, def reflect.Value, path string, comments map[string]string) map[string]any {
	s := map[string]any{}
	switch {
	case t == reflect.TypeFor[config.Duration]():
		s["type"], s["pattern"], s["minimum"], s["maximum"] = []string{"string", "integer", "null"}, durationPattern, 0, 0
	case t == reflect.TypeFor[config.Size]():
		s["type"], s["pattern"], s["minimum"] = []string{"string", "integer", "null"}, "^$|^[0-9]+([KMG]i)?B?$", 1
	case t == reflect.TypeFor[config.Share]():
		s["type"], s["minimum"], s["maximum"] = []string{"number", "null"}, 0, 1
	case t.Kind() == reflect.Struct:
		properties := map[string]any{}
		for i := range t.NumField() {
			key := t.Field(i).Tag.Get("yaml")
			if key == "" || path == "defaults" && slices.Contains([]string{"id", "name", "url", "headers"}, key) {
				continue
			}
			inner, below := reflect.Value{}, strings.TrimPrefix(path+"."+key, ".")
			switch {
			case path == "defaults":
				below = "sources[]." + key
			case def.IsValid():
				inner = def.Field(i)
			}
			properties[key] = schemaOf(t.Field(i).Type, inner, below, comments)
		}
		s["type"], s["properties"], s["additionalProperties"] = []string{"object", "null"}, properties, false
		if comments[path] != "" {
			s["description"] = comments[path]
		}
		if strings.HasSuffix(path, "[]") {
			s["type"], s["required"] = "object", required[path]
		}
		return s
	case t.Kind() == reflect.Slice:
		s["type"], s["items"] = []string{"array", "null"}, schemaOf(t.Elem(), reflect.Value{}, path+"[]", comments)
		if t.Elem().Kind() == reflect.String {
			s["items"] = map[string]any{"type": "string", "minLength": 1}
		}
	case t.Kind() == reflect.Map:
		s["type"], s["additionalProperties"] = []string{"object", "null"}, map[string]any{"type": "string"}
	case t.Kind() == reflect.String:
		s["type"] = []string{"string", "null"}
	case t.Kind() == reflect.Int:
		s["type"] = []string{"integer", "null"}
	case t.Kind() == reflect.Bool:
		s["type"] = []string{"boolean", "null"}
	}
	if def.IsValid() && !(def.Kind() == reflect.Slice && def.Len() == 0) {
		s["default"] = def.Interface()
	}
	if comments[path] != "" {
		s["description"] = comments[path]
	}
	for name, value := range rules[path] {
		s[name] = value
	}
	return s
}

// beyond names the fixtures with errors that no schema can know, and what those are about.
var beyond = map[string]string{
	"admin_hosts": "addresses", "duplicate_ids": "two values", "floor": "two values", "hub": "addresses", "match_order": "two values",
	"retention":     "two values",
	"same_listener": "two values", "second_document": "documents", "trusted_proxies": "addresses",
}

// TestSchema: schema.json is what the struct says, the files that we ship obey it, and the bad ones do not.
func TestSchema(t *testing.T) {
	want := schemaOf(reflect.TypeFor[config.Config](), reflect.ValueOf(config.Default()), "", fieldComments(t))
	want["$schema"], want["$id"], want["title"] = "https://json-schema.org/draft/2020-12/schema", "urn:dateline:config.yaml",
		"config.yaml of Dateline"
	b, err := json.MarshalIndent(want, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	b = append(b, '\n')
	if *update {
		if err := os.WriteFile("schema.json", b, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if config.Schema != string(b) {
		t.Error("schema.json is not what the struct says: run go generate ./aggregator/config")
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for key := range rules {
		if !strings.Contains(strings.Join(config.Keys(), "\n")+"\n", key+"\n") {
			t.Errorf("there is no key %s", key)
		}
	}
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, path := range append(files, "../../config.yaml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			name, bad := strings.CutSuffix(filepath.Base(path), ".bad.yaml")
			_, unknowable := beyond[name]
			if err := validate(t, schema, path); (err != nil) != (bad && !unknowable) {
				t.Errorf("the schema says: %v", err)
			}
		})
	}
}

// validate returns what the schema says of a file; of what cannot be read, why.
func validate(t *testing.T, schema *jsonschema.Schema, path string) error {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := yaml.YAMLToJSON(text)
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return err
	}
	return schema.Validate(v)
}
