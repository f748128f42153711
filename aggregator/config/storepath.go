package config

import (
	"cmp"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// storePath finds store.path in a file that is no YAML: in the block of the key, or in its braces.
var storePath = compiled(`(?m)^store:[ \t]*(?:\{[^}\n]*?\bpath:[ \t]*([^,}\n]+)|` +
	`(?:#.*)?\n(?:[ \t]+(?:[^p\s].*|p[^a].*)?\n|[ \t]*\n)*[ \t]+path:[ \t]*([^#\n]+))`)

// StorePath returns store.path of the file at path, which need not be a valid config: as far as it can be read, else the default.
func StorePath(path string) string {
	fallback := Default().Store.Path
	b, err := readFile(path)
	if err != nil {
		return fallback
	}
	c := Default()
	d := newDecoder()
	if body := d.document(b); body != nil {
		d.link(body, map[string]*ast.AnchorNode{})
		d.value(body, reflect.ValueOf(&c).Elem(), "")
		return cmp.Or(c.Store.Path, fallback)
	}
	m := storePath().FindStringSubmatch(plain(b))
	if m == nil {
		return fallback
	}
	if found := strings.Trim(strings.TrimSpace(m[1]+m[2]), `"'`); found != "" {
		return found
	}
	return fallback
}
