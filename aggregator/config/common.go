package config

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// ownKeys are those that each of the nodes that share store.dsn has for itself: where it listens, its file and its PostgreSQL, how it
// reaches the network and how much memory it has. All others are common to the nodes.
var ownKeys = []string{"http", "admin", "store", "network.proxy", "poll.memory"}

// OwnKeys returns the keys that each of the nodes that share store.dsn has for itself, a group with all that are in it.
func OwnKeys() []string { return slices.Clone(ownKeys) }

// isOwn reports whether the value at a path is a node's own.
func isOwn(path string) bool {
	return slices.ContainsFunc(ownKeys, func(key string) bool { return path == key || strings.HasPrefix(path, key+".") })
}

// Common returns b, the text of a config, without the keys that each node has for itself and the comments on them: what the nodes have
// in common. The errors are those of [Add]; a text without feed.base_url is refused, since nodes are published under one address.
func Common(name string, b []byte) ([]byte, error) {
	return edit(name, b, func(t *text, c *Config) error {
		if c.Feed.BaseURL == "" {
			return Errors{c.At("feed.base_url", "feed.base_url is missing: all nodes are published under one address")}
		}
		*c = *c.WithOwn(&Config{HTTP: Default().HTTP, Admin: Default().Admin, Store: Default().Store})
		for _, key := range ownKeys {
			if err := t.removeKey(key); err != nil {
				return err
			}
		}
		return nil
	})
}

// ParseCommon reads what [Common] returned, with the icon that feed.icon names, which nodes have not, and the time at which it was taken.
// The error is that of [Parse].
func ParseCommon(name string, b, icon []byte, at time.Time) (*Config, error) {
	c, _, err := readWith(name, b, icon)
	if err != nil {
		return nil, err
	}
	c.changed = at
	return c, nil
}

// WithOwn returns a copy of c with the keys of own that each node has for itself.
func (c *Config) WithOwn(own *Config) *Config {
	out := *c
	out.HTTP, out.Admin, out.Store, out.bound = own.HTTP, own.Admin, own.Store, own.bound
	out.Network.Proxy, out.Poll.Memory = own.Network.Proxy, own.Poll.Memory
	return &out
}

// ownAlone reports whether the file is that of a node which takes all that nodes have in common from the others.
func (c *Config) ownAlone() bool { return c.Store.DSN != "" && !c.HasCommon() }

// HasCommon reports whether the file gives a key that is not each node's own.
func (c *Config) HasCommon() bool {
	for path := range c.at {
		path = strings.TrimSuffix(path, ":") // of a key; its value has the path alone
		if !isOwn(path) && !slices.Contains([]string{"", "network", "poll"}, path) {
			return true
		}
	}
	return false
}

// OthersThan returns the keys that are common to nodes, such as feed.title or sources, and are given in the file of c with another value
// than common has.
func (c *Config) OthersThan(common *Config) []string {
	changes := c.Since(common)
	all := slices.DeleteFunc(changes.Keys, func(key string) bool {
		_, given := c.at[key]
		return isOwn(key) || !given
	})
	_, given := c.at["sources"]
	if given && cmp.Or(len(changes.Added), len(changes.Removed), len(changes.Changed)) > 0 {
		all = append(all, "sources")
	}
	return all
}

// removeKey takes a key of the whole, or of a group of it, out of the text, with the comments right above it.
func (t *text) removeKey(path string) error {
	root, _ := t.body.(*ast.MappingNode)
	if root != nil && root.IsFlowStyle {
		return t.inFlow(root.Start)
	}
	group, key, nested := strings.Cut(path, ".")
	p := find(t.body, group)
	if p != nil && nested {
		in := p.Value
		if p = find(in, key); p == nil {
			return nil
		}
		if m, ok := in.(*ast.MappingNode); ok && m.IsFlowStyle {
			return t.inFlow(m.Start)
		}
	}
	if p == nil {
		return nil
	}
	if a, used := t.d.anchored(p.Value); used {
		return &AnchorError{t.name, t.d.place(a.node.GetToken()).line, scalar(a.target.Name)}
	}
	at := t.d.begin(p.Key)
	first := at.line
	for first > 1 && isComment(t.d.lines[first-2]) && indentOf(t.d.lines[first-2]) == at.column-1 {
		first--
	}
	t.cut(first, t.lastLine(p.Value, at))
	return nil
}
