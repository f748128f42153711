package robots

import (
	"strings"
	"testing"
)

// TestAllows has the cases of RFC 9309, by name and section.
func TestAllows(t *testing.T) {
	t.Parallel()
	example := "User-agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n" +
		"User-agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n" +
		"User-agent: barbot\nUser-agent: bazbot\nDisallow: /example/page.html\n\nUser-agent: quxbot\n"
	longest := "User-agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n"
	for _, c := range []struct {
		name, file, agent, path string
		want                    bool
	}{
		{"2.2.1 the group that names the crawler", "User-agent: *\nDisallow: /\n\nUser-agent: dateline\nDisallow: /b\n", "Dateline", "/a", true},
		{"2.2.1 else the group of all", "User-agent: *\nDisallow: /a\n", "Dateline", "/a", false},
		{"2.2.1 no group", "User-agent: other\nDisallow: /\n", "Dateline", "/a", true},
		{"2.2.1 groups of the same crawler are one", "User-agent: dateline\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\n" +
			"User-agent: Dateline\nDisallow: /b\n", "Dateline", "/a", false},
		{"2.2.1 letters of both cases", "USER-AGENT: DATELINE\nDISALLOW: /a\n", "Dateline", "/a", false},
		{"2.2.1 the whole token", "User-agent: date\nDisallow: /\n", "Dateline", "/a", true},
		{"2.2.1 a token with a version", "User-agent: Dateline/1.0\nDisallow: /a\n", "Dateline", "/a", false},
		{"2.2.1 one group of several crawlers", "User-agent: x\nUser-agent: dateline\nDisallow: /a\n", "Dateline", "/a", false},
		{"2.2.1 a group that names it and has no rules", "User-agent: *\nDisallow: /\n\nUser-agent: dateline\n", "Dateline", "/a", true},
		{"2.2.2 the most octets win", longest, "foobot", "/example/page/disallowed.gif", false},
		{"2.2.2 the shorter rule for the rest", longest, "foobot", "/example/page/other.gif", true},
		{"2.2.2 allow wins among equals", "User-agent: *\nDisallow: /a\nAllow: /a\n", "Dateline", "/a", true},
		{"2.2.2 no rule matches", "User-agent: *\nDisallow: /a\n", "Dateline", "/b", true},
		{"2.2.2 letters of a path differ by case", "User-agent: *\nDisallow: /A\n", "Dateline", "/a", true},
		{"2.2.2 the query counts", "User-agent: *\nDisallow: /*?\n", "Dateline", "/a?b=c", false},
		{"2.2.2 robots.txt itself", "User-agent: *\nDisallow: /\n", "Dateline", "/robots.txt", true},
		{"2.2.2 octets beyond ASCII", "User-agent: *\nDisallow: /foo/bar/ツ\n", "Dateline", "/foo/bar/%E3%83%84", false},
		{"2.2.2 encoded octets, asked for as they are", "User-agent: *\nDisallow: /foo/bar/%E3%83%84\n", "Dateline", "/foo/bar/ツ", false},
		{"2.2.2 encoded unreserved letters", "User-agent: *\nDisallow: /foo/bar/%62%61%7A\n", "Dateline", "/foo/bar/baz", false},
		{"2.2.2 an encoded slash is no slash", "User-agent: *\nDisallow: /a/b\n", "Dateline", "/a%2Fb", true},
		{"2.2.2 digits of both cases", "User-agent: *\nDisallow: /a%2fb\n", "Dateline", "/a%2Fb", false},
		{"2.2.2 an empty pattern matches nothing", "User-agent: *\nDisallow:\n", "Dateline", "/a", true},
		{"2.2.3 an asterisk", "User-agent: *\nDisallow: /this/*/exactly\n", "Dateline", "/this/path/exactly", false},
		{"2.2.3 an asterisk for nothing", "User-agent: *\nDisallow: /a*b\n", "Dateline", "/ab", false},
		{"2.2.3 the end", "User-agent: *\nAllow: /this/path/exactly$\nDisallow: /this\n", "Dateline", "/this/path/exactly", true},
		{"2.2.3 the end, and more", "User-agent: *\nAllow: /this/path/exactly$\nDisallow: /this\n", "Dateline", "/this/path/exactly/not", false},
		{"2.2.3 an asterisk and the end", "User-agent: *\nDisallow: /*.gif$\n", "Dateline", "/a.gif.gif", false},
		{"2.2.3 an asterisk and the end, and more", "User-agent: *\nDisallow: /*.gif$\n", "Dateline", "/a.gifs", true},
		{"2.2.3 a comment", "User-agent: * # all\nDisallow: /a # not this\n", "Dateline", "/a", false},
		{"2.2.3 an encoded asterisk", "User-agent: *\nDisallow: /a/%2A\n", "Dateline", "/a/b", true},
		{"2.2.4 other records do not end a group", "User-agent: dateline\nSitemap: https://x.example/s.xml\nUser-agent: b\nDisallow: /a\n",
			"Dateline", "/a", false},
		{"2.2 a rule before any group", "Disallow: /\nUser-agent: x\nDisallow: /a\n", "Dateline", "/a", true},
		{"2.3 a byte order mark", "\ufeffUser-agent: *\nDisallow: /a\n", "Dateline", "/a", false},
		{"2.3 lines of carriage returns", "User-agent: *\rDisallow: /a\r", "Dateline", "/a", false},
		{"2.4 what is no line of the file", "<html>\nhello\nUser-agent: *\nDisallow: /a\n", "Dateline", "/a", false},
		{"5.1 foobot, the page", example, "foobot", "/example/page.html", true},
		{"5.1 foobot, elsewhere", example, "foobot", "/other", false},
		{"5.1 barbot", example, "barbot", "/example/page.html", false},
		{"5.1 quxbot", example, "quxbot", "/example/page.html", true},
		{"5.1 any other, a picture", example, "Dateline", "/a/b.gif", false},
		{"5.1 any other, publications", example, "Dateline", "/publications/x", true},
		{"2.5 what follows the bound", "User-agent: *\n" + strings.Repeat("#\n", MaxSize/2) + "Disallow: /\n", "Dateline", "/a", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rules := Parse([]byte(c.file), c.agent)
			if got := rules.Allows(c.path); got != c.want {
				t.Errorf("%s: allowed %v", c.path, got)
			}
			if got := Parse([]byte(rules.String()), c.agent).Allows(c.path); got != c.want {
				t.Errorf("%s: allowed %v, by what String returns", c.path, got)
			}
		})
	}
}

// TestAnswered has the cases of RFC 9309 section 2.3.1.
func TestAnswered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		want   bool
	}{
		"2.3.1.1 the file":              {200, false},
		"2.3.1.1 the file from a proxy": {203, false},
		"2.3.1.3 not found":             {404, true},
		"2.3.1.3 gone":                  {410, true},
		"2.3.1.3 forbidden":             {403, true},
		"2.3.1.4 too many requests":     {429, false},
		"2.3.1.4 a server error":        {503, false},
		"2.3.1.4 no answer":             {0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules := Answered(c.status, []byte("User-agent: *\nDisallow: /a\n"), "Dateline")
			if got, kept := rules.Allows("/a"), Parse([]byte(rules.String()), "Dateline").Allows("/a"); got != c.want || kept != c.want {
				t.Errorf("allowed %v, by what String returns %v", got, kept)
			}
		})
	}
}

// FuzzParse checks that any file is read, and that rules allow robots.txt.
func FuzzParse(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /*a*$\nAllow: /%e3\n"), "/a%2")
	f.Fuzz(func(t *testing.T, file []byte, path string) {
		r := Parse(file, "Dateline")
		r.Allows(path)
		if !r.Allows(Path) {
			t.Error(Path)
		}
		if n := normalised(path); normalised(n) != n {
			t.Errorf("%q, then %q", n, normalised(n))
		}
	})
}
