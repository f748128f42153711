package page

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// prose is a paragraph that no house printed.
const prose = "The ferry between the two banks runs every twenty minutes until the bridge is open again, its master said on Tuesday."

func read(t testing.TB, body string) Article {
	t.Helper()
	a, err := Read([]byte("<!doctype html><html><body>"+body+"</body></html>"), Options{URL: "https://news.example/a/1"})
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return a
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, want string }{
		"text around the article is left out": {"<p>" + prose + "</p><article><p>" + prose + " Two.</p></article>", prose + " Two."},
		"an element without an end tag ends with its parent": {
			"<article><div><p>" + prose + "<p>Two.</div></article>", prose + "\nTwo."},
		"a form round the page is no furniture": {"<form><div><h1>T</h1><p>" + prose + "</p></div></form>", prose},
		"a hidden element is left out":          {"<main><p>" + prose + "</p><p hidden>Photo: AP</p></main>", prose},
		"a landmark is left out":                {"<main><p>" + prose + "</p><div role=complementary>Photo: AP</div></main>", prose},
		"a name of two words joined is furniture": {"<main><p>" + prose + "</p><div class=article__relatedList>Photo: AP</div></main>",
			prose},
		"a line of links is left out":         {"<main><p>" + prose + "</p><p><a href=/1>Photo: AP</a> <a href=/2>More</a></p></main>", prose},
		"a link in a sentence stays":          {"<main><p>" + prose + " See <a href=/1>there</a>.</p></main>", prose + " See there."},
		"a word is not cut by elements in it": {"<main><p>" + prose + " <b>Pho</b>to: AP</p></main>", prose + " Photo: AP"},
		"a reference is its character":        {"<main><p>" + prose + " A&amp;B&nbsp;C</p></main>", prose + " A&B\u00a0C"},
		"a script is no text":                 {"<main><p>" + prose + "</p><script>document.write('<p>By X')</script></main>", prose},
		"what stands below the heading belongs": {"<div class=a><h1>T</h1><p>By Ann Lee</p><div class=t><p>" + prose + "</p></div></div>",
			"By Ann Lee\n" + prose},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(c.want, read(t, c.body).Text); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestReadNoArticle(t *testing.T) {
	t.Parallel()
	article := "<!doctype html><html><body><article><p>" + prose + "</p></article></body></html>"
	list := strings.Repeat("<article><h2><a href=/1>T</a></h2><p>"+prose+"</p></article>", 3)
	canonical := `<head><link rel=canonical href="https://news.example/"></head><body>`
	for name, c := range map[string]struct {
		body string
		o    Options
		want error
	}{
		"longer than the bound":               {article + strings.Repeat(" ", MaxSize), Options{}, ErrNotPage},
		"ten million bytes":                   {article + strings.Repeat("<p>"+prose+"</p>", 10_000_000/len(prose)), Options{}, ErrNotPage},
		"no HTML by its type":                 {article, Options{ContentType: "application/pdf"}, ErrNotPage},
		"no HTML by its beginning":            {"%PDF-1.7 " + article, Options{}, ErrNotPage},
		"led to the front page":               {article, Options{URL: "https://news.example/", Asked: "https://news.example/a/1"}, ErrFront},
		"led to the front page of a language": {article, Options{URL: "https://news.example/en", Asked: "https://news.example/a/1"}, ErrFront},
		"says that it is the front page": {strings.Replace(article, "<body>", canonical, 1), Options{URL: "https://news.example/a/1"},
			ErrFront},
		"empty":              {"", Options{ContentType: "text/html"}, ErrNone},
		"a list of articles": {strings.Replace(article, "<article>", list+"<article>", 1), Options{}, ErrSeveral},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a, err := Read([]byte(c.body), c.o); err != c.want {
				t.Errorf("got %+v, %v", a, err)
			}
		})
	}
	t.Run("but for these, there is one", func(t *testing.T) {
		t.Parallel()
		if _, err := Read([]byte(article), Options{URL: "https://news.example/a/1", Asked: "https://news.example/a/1"}); err != nil {
			t.Error(err)
		}
	})
}

// FuzzRead checks that any input is read, and that what is returned is text of one line each and is in the page.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal(err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(ar.Files[1].Data)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, _ := Read(body, Options{URL: "https://news.example/a/1", ContentType: "text/html"})
		all := []string{a.Title, a.Publisher, a.Site, a.Credit, a.Dateline, a.Rights, a.Licence, a.Language}
		for _, p := range a.Authors {
			all = append(all, p.Name)
		}
		for _, m := range a.Media {
			all = append(all, m.Title, m.Description, m.Copyright)
		}
		for _, s := range append(all, strings.Split(a.Text, "\n")...) {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\n\r\x00") {
				t.Errorf("%q", s)
			}
		}
		if len(a.Media) > maxMedia || len(a.Authors) > maxAuthors || len(a.Text) > 4*len(body) || a.Foot < 0 || a.Foot > len(a.Text) {
			t.Errorf("%d pictures, %d authors, a text of %d bytes", len(a.Media), len(a.Authors), len(a.Text))
		}
	})
}

// BenchmarkRead reads a page of 200 KB in the proportions of the trade: two fifths scripts and styles, two fifths menus and teasers,
// the rest an article.
func BenchmarkRead(b *testing.B) {
	body := longPage(200 << 10)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(body, Options{URL: "https://news.example/a/1"}); err != nil {
			b.Fatal(err)
		}
	}
}

func longPage(size int) []byte {
	var b strings.Builder
	ar, err := os.ReadFile("testdata/belta_photo_and_dateline.txtar")
	if err != nil {
		panic(err)
	}
	page := string(txtar.Parse(ar).Files[1].Data)
	head, rest, _ := strings.Cut(page, "</head>")
	body, foot, _ := strings.Cut(rest, `<div class="content_2_col_right">`)
	b.WriteString(head + "<script>")
	for i := 0; b.Len() < size*2/5; i++ {
		fmt.Fprintf(&b, `window.state[%d]={"id":%d,"title":"<p>Story %d<\/p>","url":"\/news\/%d"};`, i, i, i, i)
	}
	b.WriteString("</script></head>")
	for i := 0; b.Len() < size*4/5; i++ {
		fmt.Fprintf(&b, `<div class="card card--wide" id="c%d"><a href="/news/%d" class="link"><img src="/i/%d.jpg" alt="pic %d">`+
			`<span class="t">Some headline of a story number %d</span></a><time datetime="2026-01-01">1 January</time></div>`+"\n", i, i, i, i, i)
	}
	first, last, _ := strings.Cut(body, "</p>\n<p>")
	b.WriteString(first + "</p>")
	for b.Len() < size {
		b.WriteString("<p>" + prose + "</p>\n")
	}
	b.WriteString("<p>" + last + `<div class="content_2_col_right">` + foot)
	return []byte(b.String())
}

// TestBounds checks what a page may cost: the elements that are kept, and how deep they are.
func TestBounds(t *testing.T) {
	t.Parallel()
	for name, unit := range map[string]string{
		"pictures in one another": "<div class=photo>", "links that do not end": "<a href=/>", "lines": "x<br>",
		"lists in one another": "<ul><li>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nodes := parse([]byte("<!doctype html><html><body>"+strings.Repeat(unit, MaxSize/len(unit))), "")
			deepest := 0
			depth := make([]int, len(nodes))
			for i := 1; i < len(nodes); i++ {
				depth[i] = depth[nodes[i].parent] + 1
				deepest = max(deepest, depth[i])
			}
			if len(nodes) > maxNodes || deepest > maxDepth {
				t.Errorf("%d nodes, %d deep", len(nodes), deepest)
			}
		})
	}
}

// TestReadOfManyParts: a page of the largest size whose parts are as many as it can have is read in a time that grows with its size alone
// (a slower way would take minutes), and what is returned of it is bounded.
func TestReadOfManyParts(t *testing.T) {
	t.Parallel()
	for name, unit := range map[string]string{
		"lines of one paragraph": "x<br>", "pictures in one another": "<div class=photo><img alt='Photo: Dan Low/AP'>",
		"names in one another": "<div class=author>Ann Lee", "lines with captions": "<div><p class=caption>x</p>",
		"sentences above the text": "<p>Seals swim here again today.</p>", "names and pictures": "<p>Text: Ann Lee</p><p>Photo: Dan Low</p>",
		"authors in one line": "<a rel=author href=/x>Ann Lee</a>, ", "captions": "<p><img><br>Seals swim here again today. Photo: Ann Lee</p>",
		"paragraphs in elements": "<div><div><p>" + prose + "</p></div></div>", "one in another": "<div><p>" + prose + "</p>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			head := "<!doctype html><html><body><article><h1>T</h1><p>"
			a, err := Read([]byte(head+strings.Repeat(unit, (MaxSize-2*len(prose)-len(head))/len(unit))+"<p>"+prose), Options{})
			if err != nil || len(a.Text) > maxArticle || len(a.Media) > maxMedia || len(a.Authors) > maxAuthors {
				t.Errorf("%d bytes of text, %d pictures, %d authors: %v", len(a.Text), len(a.Media), len(a.Authors), err)
			}
		})
	}
}
