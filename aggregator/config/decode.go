package config

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// position is a line and a column, in characters, from 1.
type position struct{ line, column int }

var start = position{1, 1}

// places holds where each value of the file is, by its path such as `sources[0].url`, and
// where its key does, by the path and a colon. An empty value is where its key is.
type places map[string]position

// decoder fills a Config from the nodes of a document and gathers what is wrong.
type decoder struct {
	lines  []string
	widths []int // of lines, in characters
	at     places
	bad    map[string]bool // paths whose values could not be read, or are checked elsewhere: nothing more is said of them
	errs   Errors

	nothing map[string]bool // paths of text that is YAML's word for nothing
	targets map[*ast.AliasNode]*ast.AnchorNode
	aliases []alias // in the order of the file
	values  int     // read so far
	own     int     // tokens of the file, of which it has no fewer than values
}

func newDecoder() *decoder {
	return &decoder{at: places{}, bad: map[string]bool{}, nothing: map[string]bool{}, targets: map[*ast.AliasNode]*ast.AnchorNode{}}
}

func (d *decoder) add(p position, e *Error) {
	e.Line, e.Column = p.line, p.column
	d.errs = append(d.errs, e)
}

// unread reports that the value at path cannot be read.
func (d *decoder) unread(path string, n ast.Node, e *Error) {
	d.bad[path] = true
	d.add(d.begin(n), e)
}

// value reads n into v. An empty value is empty text, and the default of anything else.
func (d *decoder) value(n ast.Node, v reflect.Value, path string) {
	if n = d.resolved(n); !d.spend(n) {
		return
	}
	switch n.(type) {
	case *ast.NullNode:
		if v.Kind() == reflect.String {
			v.SetString("")
			d.nothing[path] = !isEmpty(n)
		}
		return
	case *ast.AliasNode, *ast.TagNode:
		d.bad[path] = true // reported
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		d.unmarshal(n, u, path)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.fields(n, v, path)
	case reflect.Map:
		d.pairs(n, v, path)
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.String:
		d.text(n, v, path)
	case reflect.Int:
		d.number(n, v, path)
	case reflect.Bool:
		d.truth(n, v, path)
	default:
		panic("config: no reader for " + v.Type().String()) // a field of a new type, seen by every test
	}
}

// fields reads a map with known keys.
func (d *decoder) fields(n ast.Node, v reflect.Value, path string) {
	d.each(n, path, func(key string, at position, value ast.Node) {
		field, ok := fieldByKey(v, key)
		if !ok && v.Type() == reflect.TypeFor[Defaults]() && slices.Contains(ofOneSource, key) {
			d.add(at, wrong("%s is of one source and has no default", key))
			return
		}
		if !ok {
			near := nearKey(v.Type(), key)
			d.add(at, wrong("unknown key %q", key).meant(near))
			if near != "" {
				d.bad[join(path, near)] = true // one slip, one error: the key is not missing besides
			}
			return
		}
		d.value(value, field, join(path, key))
	})
}

// pairs reads a map from text to text.
func (d *decoder) pairs(n ast.Node, v reflect.Value, path string) {
	v.Set(reflect.MakeMap(v.Type()))
	d.each(n, path, func(key string, _ position, value ast.Node) {
		elem := reflect.New(v.Type().Elem()).Elem()
		d.value(value, elem, join(path, key))
		v.SetMapIndex(reflect.ValueOf(key), elem)
	})
}

// each calls f for every key of the map n, once: a second one of the same name is an error. Keys that are merged come last.
func (d *decoder) each(n ast.Node, path string, f func(key string, at position, value ast.Node)) {
	m, ok := n.(ast.MapNode)
	if !ok {
		d.unread(path, n, wrong("%s where keys and values belong%s", describe(n), d.glued(n)))
		return
	}
	d.keys(m, path, map[string]position{}, false, f)
}

// keys calls f for the keys of m, then for those that it merges. Of merged ones those in first are passed over.
func (d *decoder) keys(m ast.MapNode, path string, first map[string]position, merged bool, f func(string, position, ast.Node)) {
	var merges []ast.Node
	for pairs := m.MapRange(); pairs.Next(); {
		node := pairs.Key()
		if _, ok := node.(*ast.MergeKeyNode); ok {
			if merges = append(merges, pairs.Value()); len(merges) > 1 {
				d.add(d.begin(node), wrong("key << is given twice: name the anchors in one list"))
			}
			continue
		}
		if !isPlain(d.resolved(node)) || !d.spend(node) {
			continue // reported
		}
		key, at := scalar(d.resolved(node)), d.begin(node)
		if p, ok := first[key]; ok {
			if !merged {
				d.add(at, wrong("key %q is given twice, first on line %d", key, p.line))
			}
			continue
		}
		first[key] = at
		value, path := pairs.Value(), join(path, key)
		d.at[path], d.at[path+":"] = at, at
		if v := d.resolved(value); !isEmpty(v) {
			d.at[path] = d.begin(v)
		}
		f(key, at, value)
	}
	for _, n := range merges {
		d.merge(n, path, first, f)
	}
}

// list reads a list.
func (d *decoder) list(n ast.Node, v reflect.Value, path string) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		d.unread(path, n, wrong("%s where a list belongs%s", describe(n), d.glued(n)))
		return
	}
	list := reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values))
	for i, value := range seq.Values {
		elem, path := list.Index(i), fmt.Sprintf("%s[%d]", path, i)
		if s, ok := elem.Addr().Interface().(*Source); ok {
			*s = defaultSource()
		}
		d.at[path] = d.begin(value)
		if isEmpty(d.resolved(value)) {
			d.at[path] = d.begin(seq)
			if i < len(seq.Entries) {
				d.at[path] = d.place(seq.Entries[i].Start)
			}
		}
		d.value(value, elem, path)
	}
	v.Set(list)
}

func (d *decoder) unmarshal(n ast.Node, u encoding.TextUnmarshaler, path string) {
	if _, ok := n.(ast.ScalarNode); !ok {
		d.unread(path, n, wrong("%s where one value belongs", describe(n)))
		return
	}
	if err := u.UnmarshalText([]byte(scalar(n))); err != nil {
		var e *Error
		if !errors.As(err, &e) {
			e = wrong("%v", err)
		}
		if _, isDuration := u.(*Duration); isDuration {
			e = e.inUsualUnit(scalar(n), path)
		}
		d.unread(path, n, e)
	}
}

func (d *decoder) text(n ast.Node, v reflect.Value, path string) {
	switch n.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		v.SetString(scalar(n))
	case ast.ScalarNode:
		if strings.HasSuffix(path, ".listen") && wholeNumber().MatchString(scalar(n)) {
			d.unread(path, n, wrong("%s is no address to listen on: want HOST:PORT", scalar(n)).meant("127.0.0.1:"+scalar(n)))
			return
		}
		d.unread(path, n, wrong("%s where text belongs: put it in quotes", describe(n)))
	default:
		d.unread(path, n, wrong("%s where text belongs", describe(n)))
	}
}

// wholeNumber leaves out YAML's other notations: 010 is eight there, which is no port that is meant.
var wholeNumber = compiled(`^-?(0|[1-9][0-9]*)$`)

func (d *decoder) number(n ast.Node, v reflect.Value, path string) {
	if _, ok := n.(*ast.IntegerNode); !ok || !wholeNumber().MatchString(scalar(n)) {
		e := wrong("%s where a whole number belongs", describe(n))
		if isQuoted(n) && wholeNumber().MatchString(scalar(n)) {
			e.Message += ": write it without quotes"
		}
		d.unread(path, n, e)
		return
	}
	i, err := strconv.Atoi(scalar(n))
	if err != nil {
		d.unread(path, n, wrong("%s is larger than can be counted", scalar(n)))
		return
	}
	v.SetInt(int64(i))
}

func (d *decoder) truth(n ast.Node, v reflect.Value, path string) {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		e := wrong("%s where true or false belongs", describe(n)).meant(nearBool(n))
		if isQuoted(n) && e.Suggestion == scalar(n) {
			e = wrong("%s where true or false belongs: write it without quotes", describe(n))
		}
		d.unread(path, n, e)
		return
	}
	v.SetBool(b.Value)
}

// scalar returns the value of n as written, without quotes, block indicators and final line feeds.
func scalar(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n")
	}
	return n.GetToken().Value
}

// describe says in words what n is.
func describe(n ast.Node) string {
	switch n := n.(type) {
	case ast.MapNode:
		return "keys and values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode:
		if isQuoted(n) || !wholeNumber().MatchString(n.Value) {
			return fmt.Sprintf("%q", n.Value)
		}
		return n.Value + ", larger than can be counted,"
	case *ast.LiteralNode:
		return "a block of text"
	}
	return scalar(n)
}

// isPlain reports whether n is one value without alias or tag.
func isPlain(n ast.Node) bool {
	switch n.(type) {
	case *ast.AliasNode, *ast.TagNode:
		return false
	}
	_, ok := n.(ast.ScalarNode)
	return ok
}

// isQuoted reports whether n is text in quotes.
func isQuoted(n ast.Node) bool {
	t := n.GetToken().Type
	return t == token.SingleQuoteType || t == token.DoubleQuoteType
}

// isEmpty reports whether n is missing.
func isEmpty(n ast.Node) bool {
	null, ok := n.(*ast.NullNode)
	return ok && null.Token.Type == token.ImplicitNullType
}

// begin returns where n begins, behind its anchor; the token of a map is the colon after its first key.
func (d *decoder) begin(n ast.Node) position {
	if a, ok := n.(*ast.AnchorNode); ok && !isEmpty(a.Value) {
		return d.begin(a.Value)
	}
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return d.begin(m.Values[0].Key)
	}
	return d.place(n.GetToken())
}

// place returns where t begins. After an escape cut off by the end of a line the lexer's columns run
// past that end: such a place is the end.
func (d *decoder) place(t *token.Token) position {
	line := min(max(t.Position.Line, 1), len(d.lines))
	return position{line, min(max(t.Position.Column, 1), d.widths[line-1]+1)}
}

// join returns the path of key below path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
