package config

import (
	"github.com/goccy/go-yaml/ast"
)

// maxRepeated bounds the values that are read because an alias repeats them.
const maxRepeated = 1 << 19

// alias is a place where an anchored value is used again.
type alias struct {
	node   *ast.AliasNode
	target *ast.AnchorNode
}

// link finds out what each alias below n is for: the nearest anchor of its name above it (YAML 1.2 section 3.2.2.2), which
// must have ended there.
func (d *decoder) link(n ast.Node, named map[string]*ast.AnchorNode) {
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, p := range n.Values {
			d.link(p, named)
		}
	case *ast.MappingValueNode:
		d.link(n.Key, named)
		d.link(n.Value, named)
	case *ast.SequenceNode:
		for _, v := range n.Values {
			d.link(v, named)
		}
	case *ast.AnchorNode:
		d.link(n.Value, named)
		named[scalar(n.Name)] = n
	case *ast.AliasNode:
		target, ok := named[scalar(n.Value)]
		if !ok {
			d.add(d.place(n.GetToken()), wrong("alias *%s: there is no anchor &%s above it", scalar(n.Value), scalar(n.Value)))
			return
		}
		d.aliases = append(d.aliases, alias{n, target})
		d.targets[n] = target
	}
}

// resolved returns the value that n is, behind anchors and aliases. An alias without an anchor, which is reported, is
// returned as it is.
func (d *decoder) resolved(n ast.Node) ast.Node {
	for {
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.AliasNode:
			target, ok := d.targets[v]
			if !ok {
				return n
			}
			n = target.Value
		default:
			return n
		}
	}
}

// spend counts a value that is read. It returns false, and reports n once, where aliases repeat too much.
func (d *decoder) spend(n ast.Node) bool {
	d.values++
	if d.values == d.own+maxRepeated+1 {
		d.add(d.begin(n), wrong("aliases repeat more than %d values", maxRepeated))
	}
	return d.affordable()
}

// affordable reports whether no more values were read than the file can have, and those that aliases may repeat.
func (d *decoder) affordable() bool { return d.values <= d.own+maxRepeated }

// merge calls f for the keys of a merge key's value, a map or a list of maps, that are not in first: what is in the map
// itself counts more, then the first of the list (YAML merge key, https://yaml.org/type/merge.html).
func (d *decoder) merge(n ast.Node, path string, first map[string]position, f func(string, position, ast.Node)) {
	if !d.spend(n) {
		return
	}
	switch v := d.resolved(n).(type) {
	case ast.MapNode:
		d.keys(v, path, first, true, f)
	case *ast.SequenceNode:
		for _, elem := range v.Values {
			if _, isMap := d.resolved(elem).(ast.MapNode); !isMap {
				d.unmergeable(elem)
				continue
			}
			d.merge(elem, path, first, f)
		}
	default:
		d.unmergeable(n)
	}
}

func (d *decoder) unmergeable(n ast.Node) {
	v := d.resolved(n)
	if _, unknown := v.(*ast.AliasNode); !unknown { // reported
		d.add(d.place(n.GetToken()), wrong("%s where keys and values to merge belong", describe(v)))
	}
}

// anchored returns the first alias outside of n that needs an anchor inside it.
func (d *decoder) anchored(n ast.Node) (alias, bool) {
	inside := nodes{}
	ast.Walk(inside, n)
	for _, a := range d.aliases {
		if inside[a.target] && !inside[a.node] {
			return a, true
		}
	}
	return alias{}, false
}

// nodes are the nodes that a walk has seen.
type nodes map[ast.Node]bool

func (s nodes) Visit(n ast.Node) ast.Visitor {
	s[n] = true
	return s
}
