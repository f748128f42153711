package parse

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

func TestTitle(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Talks go on", "Talks go on"},
		{"white space", " Talks\n\tgo  on ", "Talks go on"},
		{"markup", "Talks <b>go</b> on<br>now", "Talks go on now"},
		{"escaped twice", "&quot;Talks&quot; &laquo;go&raquo; &#8217;on&#8217;", "\"Talks\" «go» ’on’"},
		{"no markup", "1 < 2 > 0 <3", "1 < 2 > 0 <3"},
		{"a tag of no HTML", "Use <placeholder> here", "Use <placeholder> here"},
		{"an ampersand", "AT&T & R&D", "AT&T & R&D"},
		{"control and direction", "a\u202eb\u200e\ufeffc\u0007", "abc"},
		{"a space that does not break", "5\u00a0km", "5\u00a0km"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := title(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"text", " a\n b &amp; c ", "a b & c"},
		{"paragraphs of text", "a\nb\n\n c\n \n\nd", "a b\nc\nd"},
		{"blocks", "<div><p>a <b>b</b></p><p>c<br>d</p><ul><li>e</li><li>f</li></ul></div>g", "a b\nc\nd\ne\nf\ng"},
		{"scripts and styles", "a<script>b</script><style>c</style><!-- d -->e", "ae"},
		{"cells", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"references once", "<p>&amp;lt;b&amp;gt;</p>", "&lt;b&gt;"},
		{"nothing", "<p> </p>", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Plain(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPerson(t *testing.T) {
	for in, want := range map[string]news.Person{
		"Ann Author":                       {Name: "Ann Author"},
		"ann@agency.example (Ann Author)":  {Name: "Ann Author", Email: "ann@agency.example"},
		"ann@agency.example":               {Email: "ann@agency.example"},
		"Ann Author <ann@agency.example>":  {Name: "Ann Author", Email: "ann@agency.example"},
		"Ann Author (ann@agency.example)":  {Name: "Ann Author", Email: "ann@agency.example"},
		"\"Ann\" <mailto:ann@a.example>":   {Name: "Ann", Email: "ann@a.example"},
		"Фото: Анна Автор":                 {Name: "Фото: Анна Автор"},
		"ann@agency.example (Ann (Smith))": {Name: "Ann (Smith)", Email: "ann@agency.example"},
		"<b>Ann</b> &amp; Bob":             {Name: "Ann & Bob"},
		"@ann":                             {Name: "@ann"},
	} {
		t.Run(in, func(t *testing.T) {
			if diff := cmp.Diff(want, person(in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPeopleStandOnce(t *testing.T) {
	var people []news.Person
	for _, p := range []news.Person{{Name: "A"}, {Name: "A", Email: "a@x"}, {Email: "a@x", URI: "u"}, {Name: "B", Email: "a@x"}, {URI: "v"},
		{URI: "w"}, {}} {
		people = add(people, p)
	}
	want := []news.Person{{Name: "A", Email: "a@x", URI: "u"}, {Name: "B", Email: "a@x"}, {URI: "v"}, {URI: "w"}}
	if diff := cmp.Diff(want, people); diff != "" {
		t.Error(diff)
	}
}

func TestResolve(t *testing.T) {
	const base = "https://agency.example/news/today.xml?x=1#y"
	for in, want := range map[string]string{
		"HTTP://www.Example.org/A b":       "HTTP://www.Example.org/A%20b",
		"https://x.example/?a=1&b=ю":       "https://x.example/?a=1&b=ю",
		"a":                                "https://agency.example/news/a",
		"/a/../b/./c":                      "https://agency.example/b/c",
		"../../a":                          "https://agency.example/a",
		".":                                "https://agency.example/news/",
		"?z":                               "https://agency.example/news/today.xml?z",
		"#z":                               "https://agency.example/news/today.xml?x=1#z",
		"//cdn.example/a":                  "https://cdn.example/a",
		"100%":                             "https://agency.example/news/100%",
		"новости":                          "https://agency.example/news/новости",
		" \n/a\n ":                         "https://agency.example/a",
		"https://agency.example/\n  a":     "https://agency.example/a",
		"javascript:alert(1)":              "",
		"java\nscript:alert(1)":            "",
		"tag:agency.example,2026:1":        "",
		"mailto:a@b.example":               "",
		"ftp://agency.example/":            "",
		"http:///a":                        "",
		"https://x.example/<b>":            "",
		"http://":                          "",
		"":                                 "",
		"data:text/html,<script></script>": "",
	} {
		t.Run(in, func(t *testing.T) {
			if got := resolve(base, in); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	if got := resolve("", "//cdn.example/a"); got != "https://cdn.example/a" {
		t.Errorf("without a base: %q", got)
	}
	if got := resolve("", "/a"); got != "" {
		t.Errorf("without a base: %q", got)
	}
}

func TestAbsolute(t *testing.T) {
	const base = "https://agency.example/news/"
	for _, c := range []struct{ name, in, want string }{
		{"a link", `x <a class='c' href = "a?b&amp;c">y</a> <b href="d">`,
			`x <a class='c' href = "https://agency.example/news/a?b&amp;c">y</a> <b href="https://agency.example/news/d">`},
		{"what is absolute", `<a href="HTTPS://x.example/a b">y</a>`, `<a href="HTTPS://x.example/a b">y</a>`},
		{"a fragment", `<a href="#a">y</a>`, `<a href="#a">y</a>`},
		{"another scheme", `<a href="mailto:a@b.example">y</a>`, `<a href="mailto:a@b.example">y</a>`},
		{"no address", `<a title="a">y</a> 1 < 2`, `<a title="a">y</a> 1 < 2`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := absolute(c.in, base); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}
