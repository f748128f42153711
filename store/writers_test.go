package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// methods calls do with every method of the package that is not a test's.
func methods(t *testing.T, do func(receiver string, f *ast.FuncDecl)) {
	t.Helper()
	all, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range all {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil {
				continue
			}
			receiver := f.Recv.List[0].Type
			if p, ok := receiver.(*ast.StarExpr); ok {
				receiver = p.X
			}
			if name, ok := receiver.(*ast.Ident); ok {
				do(name.Name, f)
			}
		}
	}
}

// calls returns which of the names a function calls: methods as `Put`, functions of packages as `time.Now`.
func calls(f *ast.FuncDecl, names ...string) (found []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		s, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		name := s.Sel.Name
		if from, ok := s.X.(*ast.Ident); ok && slices.Contains(names, from.Name+"."+name) {
			name = from.Name + "." + name
		}
		if slices.Contains(names, name) {
			found = append(found, name)
		}
		return true
	})
	return found
}

// TestViewsDoNotWrite: the type that readers get has no method that changes the file, exported or not.
func TestViewsDoNotWrite(t *testing.T) {
	t.Parallel()
	n := 0
	methods(t, func(receiver string, f *ast.FuncDecl) {
		if receiver != "View" {
			return
		}
		n++
		for _, call := range calls(f, "Put", "Delete", "put", "delete", "CreateBucket", "CreateBucketIfNotExists", "DeleteBucket", "NextSequence",
			"SetSequence") {
			t.Errorf("View.%s calls %s", f.Name, call)
		}
	})
	if n < 30 {
		t.Errorf("%d methods were looked at", n)
	}
}

// TestChangesKnowNoClock: what a change stores follows from the change, its transaction's time and the file.
func TestChangesKnowNoClock(t *testing.T) {
	t.Parallel()
	n := 0
	methods(t, func(receiver string, f *ast.FuncDecl) {
		if receiver != "View" && receiver != "Tx" && f.Name.Name != "do" {
			return
		}
		n++
		for _, call := range calls(f, "time.Now", "time.Since", "time.Until", "rand.Read", "mint") {
			t.Errorf("%s.%s calls %s", receiver, f.Name, call)
		}
	})
	if n < 90 {
		t.Errorf("%d methods were looked at", n)
	}
}
