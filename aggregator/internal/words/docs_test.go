package words

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// maxColumns is how long a line of Go may be, in characters, a tab one of them.
const maxColumns = 140

// goFiles calls f with each Go file of a tree.
func goFiles(t *testing.T, tree fs.FS, f func(name string, src []byte)) {
	t.Helper()
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := path.Base(name); d.IsDir() && (base == "testdata" || strings.HasPrefix(base, ".") && base != ".") {
			return fs.SkipDir
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		src, err := fs.ReadFile(tree, name)
		f(name, src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// longLines returns the numbers of the lines that are too long. In a test a raw string may hold a document in which no line can be broken.
func longLines(name string, src []byte) (numbers []int) {
	raw := map[int]bool{}
	if strings.HasSuffix(name, "_test.go") {
		set := token.NewFileSet()
		file := set.AddFile(name, -1, len(src))
		var s scanner.Scanner
		s.Init(file, src, nil, 0)
		for pos, tok, lit := s.Scan(); tok != token.EOF; pos, tok, lit = s.Scan() {
			if tok == token.STRING && lit[0] == '`' {
				first := set.Position(pos).Line
				for n := range strings.Count(lit, "\n") + 1 {
					raw[first+n] = true
				}
			}
		}
	}
	n := 0
	for line := range strings.Lines(string(src)) {
		if n++; utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > maxColumns && !raw[n] {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

func TestLongLines(t *testing.T) {
	t.Parallel()
	goFiles(t, os.DirFS("../../.."), func(name string, src []byte) {
		for _, n := range longLines(name, src) {
			t.Errorf("%s:%d: more than %d columns: wrap the line, or make the table a text file that is embedded", name, n, maxColumns)
		}
	})
	long := "\tx := `" + strings.Repeat("é", maxColumns) + "`\n"
	if d := cmp.Diff([][]int{{2}, nil, {3}}, [][]int{longLines("a.go", []byte("package a\n"+long)), longLines("a_test.go", []byte(long)),
		longLines("a_test.go", []byte("x := `\n`\n// "+long))}); d != "" {
		t.Error(d)
	}
}

// undocumented says what the doc comments of a package lack: each exported function, method, type and value has one, it begins with
// the name, and of a function that returns an error it says which; unless the package's own comment has a section about errors.
func undocumented(pkg []*ast.File) (all []string) {
	section := false
	for _, f := range pkg {
		section = section || strings.Contains(f.Doc.Text(), "\n# Errors\n")
	}
	for _, f := range pkg {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if problem := lacks(d, section); problem != "" {
					all = append(all, d.Name.Name+": "+problem)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
							all = append(all, s.Name.Name+": no comment")
						}
					case *ast.ValueSpec:
						if s.Names[0].IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
							all = append(all, s.Names[0].Name+": no comment")
						}
					}
				}
			}
		}
	}
	return all
}

// ofInterfaces are methods that do what the standard library's interface says.
var ofInterfaces = wordSet("Error Unwrap String RoundTrip ServeHTTP")

// lacks says what the comment of a function lacks; empty: nothing.
func lacks(d *ast.FuncDecl, section bool) string {
	name := d.Name.Name
	if !d.Name.IsExported() || ofInterfaces[name] || d.Recv != nil && !ast.IsExported(receiverOf(d.Recv.List[0].Type)) {
		return ""
	}
	doc := d.Doc.Text()
	if !strings.HasPrefix(doc, name+" ") && !strings.HasPrefix(doc, name+",") {
		return "its comment does not begin with its name"
	}
	if d.Type.Results == nil || section {
		return ""
	}
	for _, r := range d.Type.Results.List {
		if id, ok := r.Type.(*ast.Ident); ok && id.Name == "error" && !strings.Contains(strings.ToLower(doc), "err") {
			return "its comment does not say which errors it returns"
		}
	}
	return ""
}

// receiverOf returns the name of a receiver's type.
func receiverOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiverOf(e.X)
	case *ast.IndexExpr:
		return receiverOf(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// TestDocs: the comment of everything exported is there and says which errors are returned.
func TestDocs(t *testing.T) {
	t.Parallel()
	packages := map[string][]*ast.File{}
	read := func(name string, src []byte) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		packages[path.Dir(name)] = append(packages[path.Dir(name)], f)
	}
	goFiles(t, os.DirFS("../../.."), read)
	if len(packages) < 30 {
		t.Errorf("%d packages", len(packages))
	}
	for dir, files := range packages {
		for _, what := range undocumented(files) {
			t.Errorf("%s: %s", dir, what)
		}
	}
	clear(packages)
	goFiles(t, fstest.MapFS{"a/a.go": {Data: []byte(`// Package a is one.
package a

type T int

// Has an error.
func (t *T) Has() error { return nil }

// Get gets.
func Get() (int, error) { return 0, nil }

// Put puts. The error is nil.
func Put() error { return nil }

func (t T) Error() string { return "" }

func (u unexported) Do() {}

const C = 1
`)}}, read)
	want := []string{"T: no comment", "Get: its comment does not say which errors it returns", "C: no comment"}
	if d := cmp.Diff(want, undocumented(packages["a"])); d != "" {
		t.Error(d)
	}
}
