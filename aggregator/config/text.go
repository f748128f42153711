package config

import (
	"bytes"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// text is how a config is written: its bytes, and where its parts are in them. Lines count from 1, as those of
// the decoder, which holds them without byte order mark and line ends.
type text struct {
	name    string // of the file
	b       []byte
	d       *decoder
	body    ast.Node // nil: there is none
	starts  []int    // of each line in b; filled when first asked for
	splices []splice
}

// splice is one change: n bytes of the old text go, with comes.
type splice struct {
	at, n int
	with  string
}

func (t *text) splice(at, n int, with string) { t.splices = append(t.splices, splice{at, n, with}) }

// spliced returns the text with all changes, which do not overlap; those at one place in the order they were made.
func (t *text) spliced() []byte {
	slices.SortStableFunc(t.splices, func(a, b splice) int { return a.at - b.at })
	var out []byte
	last := 0
	for _, s := range t.splices {
		out = append(append(out, t.b[last:s.at]...), s.with...)
		last = s.at + s.n
	}
	return append(out, t.b[last:]...)
}

// start returns where a line begins; the one after the last begins at the end.
func (t *text) start(line int) int {
	if t.starts == nil {
		i := 0
		if bytes.HasPrefix(t.b, []byte("\ufeff")) {
			i = len("\ufeff")
		}
		t.starts = append(t.starts, i)
		for ; i < len(t.b); i++ {
			if t.b[i] == '\n' || t.b[i] == '\r' && !bytes.HasPrefix(t.b[i+1:], []byte("\n")) {
				t.starts = append(t.starts, i+1)
			}
		}
	}
	if line > len(t.starts) {
		return len(t.b)
	}
	return t.starts[line-1]
}

// offset returns the offset of p, in bytes.
func (t *text) offset(p position) int {
	rest := t.d.lines[p.line-1]
	for range p.column - 1 {
		_, rest = cutRune(rest)
	}
	return t.start(p.line) + len(t.d.lines[p.line-1]) - len(rest)
}

func cutRune(s string) (r rune, rest string) {
	for i, next := range s {
		if i > 0 {
			return r, s[i:]
		}
		r = next
	}
	return r, ""
}

// eol returns how the first line ends.
func (t *text) eol() string {
	i := bytes.IndexAny(t.b, "\r\n")
	switch {
	case i < 0 || t.b[i] == '\n':
		return "\n"
	case bytes.HasPrefix(t.b[i+1:], []byte("\n")):
		return "\r\n"
	}
	return "\r"
}

// insert puts lines below a line; 0: at the top. A text without a line end at its end stays without.
func (t *text) insert(below int, lines []string) {
	eol := t.eol()
	with := strings.Join(lines, eol)
	if below < len(t.d.lines) {
		t.splice(t.start(below+1), 0, with+eol)
		return
	}
	if t.d.lines == nil || t.d.lines[len(t.d.lines)-1] == "" {
		t.splice(len(t.b), 0, with+eol)
		return
	}
	t.splice(len(t.b), 0, eol+with)
}

// cut takes out the lines from first to last.
func (t *text) cut(first, last int) {
	from := t.start(first)
	t.splice(from, t.start(last+1)-from, "")
}

// bottom returns the line below which a new key of the whole goes: the last, or the one before the mark of the
// document's end.
func (t *text) bottom() int {
	first := 0
	if t.body != nil {
		first = t.lastLine(t.body, start)
	}
	for i := first; i < len(t.d.lines); i++ {
		if l := t.d.lines[i]; strings.HasPrefix(l, "...") || first > 0 && strings.HasPrefix(l, "---") {
			return i
		}
	}
	return len(t.d.lines)
}

// margin returns the indentation of the keys of the whole.
func (t *text) margin() string {
	if all := pairsOf(t.body); len(all) > 0 {
		return spaces(t.d.begin(all[0].Key).column - 1)
	}
	return ""
}

// lastLine returns the line on which n ends. Its key, or its dash, is at.
func (t *text) lastLine(n ast.Node, at position) int {
	if isEmpty(n) {
		return at.line
	}
	switch v := n.(type) {
	case *ast.MappingNode:
		if v.IsFlowStyle {
			return t.d.place(v.End).line
		}
		last := v.Values[len(v.Values)-1]
		return t.lastLine(last.Value, t.d.begin(last.Key))
	case *ast.MappingValueNode:
		return t.lastLine(v.Value, t.d.begin(v.Key))
	case *ast.SequenceNode:
		if v.IsFlowStyle {
			return t.d.place(v.End).line
		}
		last := len(v.Values) - 1
		return t.lastLine(v.Values[last], t.d.place(v.Entries[last].Start))
	case *ast.AnchorNode:
		return t.lastLine(v.Value, at)
	case *ast.AliasNode:
		return t.d.place(v.GetToken()).line
	case *ast.StringNode:
		if isQuoted(v) {
			return t.closing(t.d.begin(v))
		}
	}
	_, isLiteral := n.(*ast.LiteralNode)
	last := t.d.begin(n).line
	for i := last + 1; i <= len(t.d.lines); i++ {
		line := t.d.lines[i-1]
		switch {
		case strings.TrimSpace(line) == "":
		case indentOf(line) < at.column || !isLiteral && isComment(line):
			return last
		default:
			last = i
		}
	}
	return last
}

// closing returns the line on which the quote that opens at p is closed.
func (t *text) closing(p position) int {
	rest := t.b[t.offset(p):]
	quote := rest[0]
	line := p.line
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '\\' && quote == '"' && i+1 < len(rest) && rest[i+1] != '\n' && rest[i+1] != '\r':
			i++
		case c == '\n' || c == '\r' && !bytes.HasPrefix(rest[i+1:], []byte("\n")):
			line++
		case c == quote && quote == '\'' && bytes.HasPrefix(rest[i+1:], []byte("'")):
			i++
		case c == quote:
			return line
		}
	}
	return line
}

// lastComment returns the last of the comments below a line that are indented deeper than the dash, else the line.
func (t *text) lastComment(line int, dash position) int {
	for i := line; i < len(t.d.lines); i++ {
		switch l := t.d.lines[i]; {
		case strings.TrimSpace(l) == "":
		case isComment(l) && indentOf(l) >= dash.column:
			line = i + 1
		default:
			return line
		}
	}
	return line
}

// blocks writes the elements of a list as lines.
func (t *text) blocks(indent, gap string, elems []pairs) []string {
	var lines []string
	for _, elem := range elems {
		lines = append(lines, indented(indent, dashed(gap, block(elem)))...)
	}
	return lines
}

func isComment(line string) bool { return strings.HasPrefix(strings.TrimLeft(line, " \t"), "#") }

// indentOf counts the spaces that a line begins with.
func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }
