package config

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Errors of edits.
var (
	ErrNoSource = errors.New("config: no such source")
	// ErrForm is about a config that is written in a form in which this change cannot be made without touching more.
	ErrForm = errors.New("config: written in a form that has to be edited by hand")
)

// FlowError is an [ErrForm]: the change would be inside {} or [].
type FlowError struct {
	File string // as the caller named it
	Line int    // where the list, or the element, begins
}

func (e *FlowError) Error() string {
	return fmt.Sprintf("%s:%d: inside {} or [] nothing is edited: write the list in block style", e.File, e.Line)
}

func (e *FlowError) Unwrap() error { return ErrForm }

// AnchorError is an [ErrForm]: what would be removed holds an anchor that is used elsewhere.
type AnchorError struct {
	File   string // as the caller named it
	Line   int    // where it is used
	Anchor string // without &
}

func (e *AnchorError) Error() string {
	return fmt.Sprintf("%s:%d: anchor &%s is used here: write out what it brings first", e.File, e.Line, e.Anchor)
}

func (e *AnchorError) Unwrap() error { return ErrForm }

// inFlow returns the error of a change inside the brackets that begin at a token.
func (t *text) inFlow(begin *token.Token) error { return &FlowError{t.name, t.d.place(begin).line} }

// Add returns b, the text of a config, with sources at the end of its list of sources and topics at the end of its
// list of topics. Every byte of b is in it, in the same order, but for the brackets of an empty list. Of a source
// only those keys are written that do not have the default of a source.
//
// The errors of Add, [Remove] and [Enable] are [Errors] where b is no config or would not be one any more, [FlowError] and
// [ErrForm]. errors call the file name.
func Add(name string, b []byte, sources []Source, topics []Topic) ([]byte, error) {
	b, err := edit(name, b, func(t *text, c *Config) error {
		c.Topics = append(c.Topics, topics...)
		return t.add("topics", elements(topics))
	})
	if err != nil {
		return nil, err
	}
	return edit(name, b, func(t *text, c *Config) error {
		for _, s := range sources {
			c.Sources = append(c.Sources, c.inherited(s))
		}
		return t.add("sources", elements(sources))
	})
}

// elements returns each of list as the file would have it.
func elements[T any](list []T) []pairs {
	out := make([]pairs, len(list))
	for i, elem := range list {
		out[i] = fieldsOf(reflect.ValueOf(elem), true)
	}
	return out
}

// Lines returns s as [Add] writes it, without the dash.
func (s Source) Lines() []string { return block(elements([]Source{s})[0]) }

// Remove returns b without the source named id: without the lines from its dash to its last key, and the comments
// between and below them that are indented as its keys are. [ErrNoSource] says that there is none.
func Remove(name string, b []byte, id string) ([]byte, error) {
	return edit(name, b, func(t *text, c *Config) error {
		i, err := c.index(id)
		if err != nil {
			return err
		}
		c.Sources = append(c.Sources[:i:i], c.Sources[i+1:]...)
		return t.remove("sources", i)
	})
}

// Enable returns b with the source named id enabled, or not. [ErrNoSource] says that there is none.
func Enable(name string, b []byte, id string, enabled bool) ([]byte, error) {
	return edit(name, b, func(t *text, c *Config) error {
		i, err := c.index(id)
		if err != nil || c.Sources[i].Enabled == enabled {
			return err
		}
		c.Sources[i].Enabled = enabled
		return t.set("sources", i, "enabled", fmt.Sprint(enabled))
	})
}

func (c *Config) index(id string) (int, error) {
	for i, s := range c.Sources {
		if s.ID == id {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%w: %s", ErrNoSource, id)
}

// edit makes a change of the text and the same of the config, and compares: what was meant is what is read.
func edit(name string, b []byte, change func(*text, *Config) error) ([]byte, error) {
	want, t, err := read(name, b)
	if err != nil {
		return nil, err
	}
	if err := change(t, want); err != nil {
		return nil, err
	}
	out := t.spliced()
	got, err := Parse(name, out)
	if err != nil {
		if _, wrong := Parse(name, want.YAML()); wrong != nil {
			return nil, err
		}
	}
	if err != nil || !bytes.Equal(got.JSON(), want.JSON()) {
		return nil, fmt.Errorf("%s: %w", name, ErrForm)
	}
	return out, nil
}

// add puts elements at the end of the list below a key of the whole.
func (t *text) add(key string, elems []pairs) error {
	if len(elems) == 0 {
		return nil
	}
	p := find(t.body, key)
	if root, ok := t.body.(*ast.MappingNode); ok && root.IsFlowStyle {
		return t.inFlow(root.Start)
	}
	if p == nil {
		t.insert(t.bottom(), append([]string{t.margin() + key + ":"}, t.blocks(t.margin()+"  ", " ", elems)...))
		return nil
	}
	switch v := p.Value.(type) {
	case *ast.NullNode:
		if !isEmpty(v) {
			t.splice(t.offset(t.d.place(v.Token)), len(v.Token.Value), "")
		}
		at := t.d.begin(p.Key)
		t.insert(at.line, t.blocks(spaces(at.column+1), " ", elems))
		return nil
	case *ast.SequenceNode:
		return t.addToList(p, v, elems)
	}
	return ErrForm
}

func (t *text) addToList(p *ast.MappingValueNode, list *ast.SequenceNode, elems []pairs) error {
	n := len(list.Values)
	switch {
	case !list.IsFlowStyle:
		dash, err := t.dash(list, n-1)
		if err != nil {
			return err
		}
		last := list.Values[n-1]
		gap := " "
		if at := t.d.begin(last); at.line == dash.line {
			gap = spaces(at.column - dash.column - 1)
		}
		t.insert(t.lastComment(t.lastLine(last, dash), dash), t.blocks(spaces(dash.column-1), gap, elems))
	case n > 0 || list.Start.Position.Line != list.End.Position.Line || list.Start.Position.Line != p.Start.Position.Line:
		return t.inFlow(list.Start)
	default:
		from := t.offset(t.d.place(p.Start)) + 1
		t.splice(from, t.offset(t.d.place(list.End))+1-from, "")
		at := t.d.begin(p.Key)
		t.insert(at.line, t.blocks(spaces(at.column+1), " ", elems))
	}
	return nil
}

// remove takes element i out of the list below a key of the whole.
func (t *text) remove(key string, i int) error {
	list, err := t.list(key)
	if err != nil {
		return err
	}
	dash, err := t.dash(list, i)
	if err != nil {
		return err
	}
	if a, used := t.d.anchored(list.Values[i]); used {
		return &AnchorError{t.name, t.d.place(a.node.GetToken()).line, scalar(a.target.Name)}
	}
	t.cut(dash.line, t.lastComment(t.lastLine(list.Values[i], dash), dash))
	return nil
}

// set gives a key of element i of a list another value.
func (t *text) set(list string, i int, key, value string) error {
	all, err := t.list(list)
	if err != nil {
		return err
	}
	elem := all.Values[i]
	if a, ok := elem.(*ast.AnchorNode); ok {
		elem = a.Value
	}
	if m, ok := elem.(*ast.MappingNode); ok && m.IsFlowStyle {
		return t.inFlow(m.Start)
	}
	if p := find(elem, key); p != nil {
		switch v := p.Value.(type) {
		case *ast.NullNode:
			if isEmpty(v) {
				t.splice(t.offset(t.d.place(p.Start))+1, 0, " "+value)
				return nil
			}
			t.splice(t.offset(t.d.place(v.Token)), len(v.Token.Value), value)
		case *ast.AnchorNode, *ast.AliasNode:
			return ErrForm
		case ast.ScalarNode:
			t.splice(t.offset(t.d.begin(v)), len(v.GetToken().Value), value)
		default:
			return ErrForm
		}
		return nil
	}
	dash, err := t.dash(all, i)
	if err != nil {
		return err
	}
	t.insert(t.lastLine(elem, dash), []string{spaces(t.d.begin(elem).column-1) + key + ": " + value})
	return nil
}

// list returns the block list below a key of the whole.
func (t *text) list(key string) (*ast.SequenceNode, error) {
	p := find(t.body, key)
	if p == nil {
		return nil, ErrForm
	}
	list, ok := p.Value.(*ast.SequenceNode)
	switch {
	case !ok:
		return nil, ErrForm
	case list.IsFlowStyle:
		return nil, t.inFlow(list.Start)
	}
	return list, nil
}

// dash returns the place of the dash of element i, which is the first on its line.
func (t *text) dash(list *ast.SequenceNode, i int) (position, error) {
	if i >= len(list.Entries) || list.Entries[i].Start == nil {
		return position{}, ErrForm
	}
	at := t.d.place(list.Entries[i].Start)
	if indentOf(t.d.lines[at.line-1]) != at.column-1 {
		return position{}, ErrForm
	}
	return at, nil
}

// find returns the pair of the map n with that key, nil where there is none.
func find(n ast.Node, key string) *ast.MappingValueNode {
	for _, p := range pairsOf(n) {
		if _, merge := p.Key.(*ast.MergeKeyNode); !merge && scalar(p.Key) == key {
			return p
		}
	}
	return nil
}

func pairsOf(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}
