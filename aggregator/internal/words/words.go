// Package words finds names in the tree that use a word which was given up for another.
package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
	"unicode"
)

// Name is an identifier or a file name that uses an old word.
type Name struct {
	File string // below the root of the tree
	Line int    // 0: the name of the file
	Name string
	Kind string // file, package, type, func, method, field, const, var, param, local, label
	In   string // the function or type around it; empty: none
	Word string
}

// Find returns the declarations in the Go files below root, and the names of these files, that contain a word of old as one of
// their camel-case words. It returns the errors of the file system and of the parser.
func Find(root fs.FS, old map[string]bool) ([]Name, error) {
	var all []Name
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := path.Base(name); base == "testdata" || strings.HasPrefix(base, ".") && base != "." {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		found, err := inFile(root, name, old)
		all = append(all, found...)
		return err
	})
	return all, err
}

func inFile(root fs.FS, name string, old map[string]bool) ([]Name, error) {
	b, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, b, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var all []Name
	add := func(line int, ident, kind, in string) {
		for _, w := range Split(ident) {
			if old[w] {
				all = append(all, Name{name, line, ident, kind, in, w})
			}
		}
	}
	add(0, strings.TrimSuffix(strings.TrimSuffix(path.Base(name), ".go"), "_test"), "file", "")
	for _, d := range declared(f) {
		add(set.Position(d.ident.Pos()).Line, d.ident.Name, d.kind, d.in)
	}
	return all, nil
}

// Split cuts an identifier into its words, in lower case: "HTTPClient2x" is "http", "client", "x".
func Split(ident string) []string {
	var words []string
	r := []rune(ident)
	start := 0
	cut := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(string(r[start:end])))
		}
	}
	for i := range r {
		switch {
		case !unicode.IsLetter(r[i]):
			cut(i)
			start = i + 1
		case unicode.IsUpper(r[i]) && i > start && (!unicode.IsUpper(r[i-1]) || i+1 < len(r) && unicode.IsLower(r[i+1])):
			cut(i)
			start = i
		}
	}
	cut(len(r))
	return words
}

// declaration is an identifier where it is declared.
type declaration struct {
	ident    *ast.Ident
	kind, in string
}

// finder collects declarations.
type finder struct {
	all []declaration
	in  []string // functions and types around, outermost first
}

func declared(f *ast.File) []declaration {
	v := &finder{}
	v.add("package", f.Name)
	for _, d := range f.Decls {
		v.decl(d, true)
	}
	return v.all
}

func (v *finder) add(kind string, idents ...*ast.Ident) {
	for _, id := range idents {
		if id != nil && id.Name != "_" {
			v.all = append(v.all, declaration{id, kind, strings.Join(v.in, ".")})
		}
	}
}

// within collects what is declared in f, which is called name.
func (v *finder) within(name string, f func()) {
	v.in = append(v.in, name)
	f()
	v.in = v.in[:len(v.in)-1]
}

func (v *finder) decl(d ast.Decl, top bool) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		kind, name := "func", d.Name.Name
		if d.Recv != nil {
			kind = "method"
			name = receiver(d.Recv) + "." + name
		}
		v.add(kind, d.Name)
		v.within(name, func() {
			v.fields("param", d.Recv)
			v.body(d.Type)
			if d.Body != nil {
				v.body(d.Body)
			}
		})
	case *ast.GenDecl:
		for _, s := range d.Specs {
			v.spec(s, d.Tok, top)
		}
	}
}

func (v *finder) spec(s ast.Spec, tok token.Token, top bool) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		v.add("type", s.Name)
		v.within(s.Name.Name, func() { v.fields("param", s.TypeParams); v.body(s.Type) })
	case *ast.ValueSpec:
		kind := "local"
		if top || tok == token.CONST {
			kind = tok.String()
		}
		v.add(kind, s.Names...)
		if s.Type != nil {
			v.body(s.Type)
		}
		for _, e := range s.Values {
			v.body(e)
		}
	case *ast.ImportSpec:
		v.add("package", s.Name)
	}
}

// body collects what is declared in a type, a statement or an expression.
func (v *finder) body(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			v.decl(n, false)
			return false
		case *ast.StructType:
			v.fields("field", n.Fields)
			return false
		case *ast.InterfaceType:
			v.fields("method", n.Methods)
			return false
		case *ast.FuncType:
			v.fields("param", n.TypeParams)
			v.fields("param", n.Params)
			v.fields("param", n.Results)
			return false
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				v.locals(n.Lhs...)
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				v.locals(n.Key, n.Value)
			}
		case *ast.LabeledStmt:
			v.add("label", n.Label)
		}
		return true
	})
}

// locals collects the variables on the left of :=, those that are only assigned to among them.
func (v *finder) locals(left ...ast.Expr) {
	for _, e := range left {
		if id, ok := e.(*ast.Ident); ok {
			v.add("local", id)
		}
	}
}

func (v *finder) fields(kind string, list *ast.FieldList) {
	if list == nil {
		return
	}
	for _, f := range list.List {
		v.add(kind, f.Names...)
		v.body(f.Type)
	}
}

// receiver returns the name of a receiver's type.
func receiver(list *ast.FieldList) string {
	t := list.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}
