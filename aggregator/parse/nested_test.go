package parse

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html/atom"

	"dateline/aggregator/text"
)

// copiedAsTheTree reports whether HTML is copied in one pass. It fails the test where that gives anything else than the tree.
func copiedAsTheTree(t *testing.T, s, base string) bool {
	t.Helper()
	s = absolute(asMarkup(text.Visible(s)), base)
	clean, plain, ok := copyNested(s)
	if !ok {
		return false
	}
	if wantClean, wantPlain := throughTree(s); clean != wantClean || plain != wantPlain {
		t.Errorf("%q\ncopied   %q\nthe tree %q\nits text %q\nthe tree %q", s, clean, wantClean, plain, wantPlain)
	}
	return true
}

// TestCopiedAsTheTree: HTML of feeds is the same whether it is copied in one pass or read as a tree.
func TestCopiedAsTheTree(t *testing.T) {
	t.Parallel()
	eachCorpus(t, func(t *testing.T, docs []corpusFile) {
		copied, all, n := 0, 0, 0
		for _, doc := range docs {
			d, err := Feed(t.Context(), doc.body, Options{Document: "https://agency.example/feed"})
			if err != nil {
				continue
			}
			for _, it := range d.Items {
				for _, s := range []string{it.Summary, it.Content, it.Title} {
					if !strings.Contains(s, "<") {
						continue
					}
					n++
					all += len(s)
					if copiedAsTheTree(t, s, it.URL) {
						copied += len(s)
					}
				}
			}
		}
		t.Logf("%d texts, %d of %d bytes copied", n, copied, all)
		if copied == 0 {
			t.Error("nothing was copied")
		}
	})
}

// markup is what composed HTML is made of.
var markup = struct{ tags, attrs, texts []string }{
	tags: strings.Fields(allowed + ` a a a a a b b p p img img ul ul ol dl li li font center o:p nobr input video iframe noscript main body image xmp script title wbr svg`),
	attrs: []string{"", "", "", ` class="x"`, ` style="color:red"`, ` href="https://a.example/b?c=d&amp;e=f&g=h&copy=1"`,
		` href="/b"`, ` href="javascript:x"`, ` href='HTTPS://a.example/é x'`, ` href="https://a.example/%zz"`,
		` href="mailto:a@b.example"`, ` src="https://a.example/p.jpg"`, ` src="https://a.example/p.jpg" width="1"`, ` title="A title."`,
		` src="https://a.example/q.jpg" alt="a &lt; &quot;b&quot;" height="90%"`, ` title="<b>"`, ` lang="ru"`, ` dir=rtl`, ` start="3"`,
		` cite="https://a.example/"`, ` datetime="2026-05-01"`, ` href=x href="https://y.example/"`, ` hidden`,
		` data-src="https://a.example/lazy.jpg" src="data:x"`, ` srcset="https://a.example/1.jpg 1x"`, ` rel="me" referrerpolicy="x"`},
	texts: []string{"Talks", " open ", "\n\n", "a &amp; b", "&lt;i&gt;", "&#8206;", "&#13;", "&nbsp;", "&copy", "it's", `"so"`, "1 < 2",
		"<!-- c -->", "<!--x>", "<?php ?>", "<!DOCTYPE html>", "é", "\u202e", "&#0;", "<", "</", "</p>", "</a>", "</br>", "</img>", "</hr>",
		"<br/>", "<p/>", "]]>", "\xff"},
}

// nest writes HTML: mostly nested as it is written, sometimes not.
func nest(r *rand.Rand, depth int) string {
	var b strings.Builder
	for range r.IntN(4) {
		b.WriteString(markup.texts[r.IntN(len(markup.texts))])
		if depth == 0 || r.IntN(3) == 0 {
			continue
		}
		tag := markup.tags[r.IntN(len(markup.tags))]
		fmt.Fprintf(&b, "<%s%s%s>%s", tag, markup.attrs[r.IntN(len(markup.attrs))], markup.attrs[r.IntN(len(markup.attrs))], nest(r, depth-1))
		if r.IntN(12) > 0 && !slices.Contains([]string{"br", "hr", "img", "wbr"}, tag) {
			fmt.Fprintf(&b, "</%s>", tag)
		}
	}
	return b.String()
}

// TestComposedCopiedAsTheTree: the same of HTML of all allowed elements and attributes, and of others, nested in each other.
func TestComposedCopiedAsTheTree(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(20, 26))
	copied := 0
	for range 20_000 {
		if copiedAsTheTree(t, nest(r, 4), "https://agency.example/news/a") {
			copied++
		}
		if t.Failed() {
			return
		}
	}
	if copied < 5_000 {
		t.Errorf("%d of 20000 were copied", copied)
	}
}

// TestEveryElementHasAKind: every element that may stay is copied or left to the tree, and has a name that package html knows.
func TestEveryElementHasAKind(t *testing.T) {
	t.Parallel()
	for _, name := range strings.Fields(allowed + " a img") {
		if tag := atom.Lookup([]byte(name)); tag == 0 {
			t.Errorf("%s is no element that package html knows", name)
		} else if _, known := kinds[tag]; !known {
			t.Errorf("%s has no kind", name)
		}
	}
	if _, known := kinds[0]; known {
		t.Error("an element with a kind is not known to package html")
	}
}

// FuzzCopiedAsTheTree: what is copied in one pass is what the tree gives.
func FuzzCopiedAsTheTree(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		f.Add(nest(r, 4))
	}
	f.Fuzz(func(t *testing.T, s string) {
		copiedAsTheTree(t, s, "https://agency.example/news/a")
	})
}
