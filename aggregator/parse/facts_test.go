package parse

import (
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestFacts reads testdata/facts.txt, a txtar archive: documents composed for one fact each, which the file is named after. What is wanted
// is above the document, a clause a line, in the terms of the feedparser corpus: `entries[0].title = Talks go on`.
func TestFacts(t *testing.T) {
	for _, f := range facts(t) {
		t.Run(f.name, func(t *testing.T) {
			d, err := Feed(t.Context(), f.body, Options{Document: "https://agency.example/rss/feed.xml", Zone: time.UTC})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range f.clauses {
				got, mapped := fact(d, c)
				if !mapped {
					t.Fatalf("there is no fact %s", c.Path)
				}
				if !sameFact(c, got) {
					t.Errorf("%s is %q, want %q", c.Path, got, c.Want)
				}
			}
		})
	}
}

// composed is a document of ours and what is wanted of it.
type composed struct {
	name    string
	clauses []clause
	body    []byte
}

func facts(t testing.TB) (all []composed) {
	t.Helper()
	ar, err := txtar.ParseFile("testdata/facts.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range ar.Files {
		wants, body, found := strings.Cut(string(f.Data), "\n\n")
		c := composed{name: f.Name, body: []byte(body)}
		for _, line := range strings.Split(wants, "\n") {
			path, want, ok := strings.Cut(line, " =")
			if !ok || !found {
				t.Fatalf("%s: %q is no clause", f.Name, line)
			}
			c.clauses = append(c.clauses, clause{Path: path, Want: strings.TrimPrefix(want, " ")})
		}
		all = append(all, c)
	}
	if len(all) < 50 {
		t.Fatalf("%d documents only", len(all))
	}
	return all
}
