package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
)

// TestExpand: a secret is read when it is needed, from the environment or a regular file, and named when it is not there.
func TestExpand(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, size int) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Repeat("s", size)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	small, large, lines := file("small", 3), file("large", 64<<10), filepath.Join(dir, "lines")
	if err := os.WriteFile(lines, []byte("a\nb\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DATELINE_TEST_TOKEN", "from the environment")
	t.Setenv("DATELINE_TEST_EMPTY", "")
	for _, tt := range []struct{ name, text, want, err string }{
		{"the environment", "Bearer ${DATELINE_TEST_TOKEN}", "Bearer from the environment", ""},
		{"a file", "${file:" + small + "}", "sss", ""},
		{"both", "${DATELINE_TEST_TOKEN}:${file:" + small + "}", "from the environment:sss", ""},
		{"nothing is named", "$5 $DATELINE_TEST_TOKEN ${", "$5 $DATELINE_TEST_TOKEN ${", ""},
		{"not set", "${DATELINE_TEST_UNSET}", "", "the environment has no DATELINE_TEST_UNSET"},
		{"empty", "${DATELINE_TEST_EMPTY}", "", "secret in DATELINE_TEST_EMPTY is empty"},
		{"no file", "${file:" + dir + "/none}", "", "no such file"},
		{"a folder", "${file:" + dir + "}", "", "is no regular file"},
		{"a device", "${file:/dev/zero}", "", "is no regular file"},
		{"a large file", "${file:" + large + "}", "", "is larger than 64 KiB"},
		{"two lines", "${file:" + lines + "}", "", "holds a line break"},
		{"no name", "${}", "", "a secret without a name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := config.Expand(tt.text)
			if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	_, used, err := config.Expand("${DATELINE_TEST_TOKEN} ${file:" + small + "}")
	if diff := cmp.Diff([]string{"from the environment", "${DATELINE_TEST_TOKEN}", "sss", "${file:" + small + "}"}, used); diff != "" ||
		err != nil {
		t.Error(err, diff)
	}
}

// TestExpandEncodes: in an address a secret is percent-encoded as its place wants it, elsewhere it is as it is kept.
func TestExpandEncodes(t *testing.T) {
	t.Parallel()
	const odd = "a%41 b:c@d/e?f&g=h+i#ё"
	for text, want := range map[string]string{
		"Bearer ${S}":              "Bearer " + odd,
		"http://u:${S}@proxy:3128": "http://u:a%2541%20b%3Ac%40d%2Fe%3Ff%26g%3Dh%2Bi%23%D1%91@proxy:3128",
		"http://${S}:${S}@proxy": "http://a%2541%20b%3Ac%40d%2Fe%3Ff%26g%3Dh%2Bi%23%D1%91:" +
			"a%2541%20b%3Ac%40d%2Fe%3Ff%26g%3Dh%2Bi%23%D1%91@proxy",
		"http://${S}@proxy/":                         "http://a%2541%20b:c%40d%2Fe%3Ff%26g%3Dh%2Bi%23%D1%91@proxy/", // user and password in one
		"http://${HOST}:${PORT}":                     "http://proxy:3128",
		"https://a.example/x/${S}":                   "https://a.example/x/a%2541%20b:c@d/e%3Ff&g=h+i%23%D1%91",
		"https://a.example/?k=${S}":                  "https://a.example/?k=a%2541%20b:c@d/e?f%26g=h%2Bi%23%D1%91",
		"https://a.example/${file:/x?y@z}?k=${PORT}": "https://a.example/name?k=3128",
	} {
		got, used, err := config.ExpandWith(text, map[string]string{"${S}": odd, "${HOST}": "proxy", "${PORT}": "3128", "${file:/x?y@z}": "name"})
		if got != want || err != nil {
			t.Errorf("%s: got %s, %v; want %s", text, got, err, want)
		}
		for i := 0; i < len(used); i += 2 {
			if !strings.Contains(text, used[i+1]) {
				t.Errorf("%s: %q is not named", text, used[i+1])
			}
		}
	}
	if _, _, err := config.ExpandWith("${A} ${B}", nil); err == nil || err.Error() != "${A} was not looked up, ${B} was not looked up" {
		t.Error(err)
	}
}

// TestSecretsUnresolved: a config is read without its secrets; what is not there is a warning, and no text shows a value.
func TestSecretsUnresolved(t *testing.T) {
	t.Parallel()
	c := parse(t, `
network: {proxy: "http://${DATELINE_TEST_USER}:${DATELINE_TEST_OTHER}@proxy.example:3128"}
sources:
  - id: a
    url: https://a.example/rss?key=${DATELINE_TEST_KEY}
    name: A
    headers: {X-A: "hunter2${file:/nowhere/token}", X-B: $DATELINE_TOKEN, X-C: "hunter2${", X-D: "pa$word $5"}
`)
	var got []string
	for _, w := range c.Warnings(nil) {
		got = append(got, strings.TrimPrefix(w.Error(), "config.yaml:"))
		if strings.Contains(w.Excerpt, "hunter2") {
			t.Errorf("%v\n%s", w, w.Excerpt)
		}
	}
	want := []string{
		"2:18: the environment has no DATELINE_TEST_USER; requests need it",
		"2:18: the environment has no DATELINE_TEST_OTHER; requests need it",
		"5:10: the environment has no DATELINE_TEST_KEY; requests need it",
		"7:20: secret cannot be read: stat /nowhere/token: no such file or directory; requests need it",
		`7:58: $DATELINE_TOKEN is sent as it is: a secret is named in braces (did you mean "${DATELINE_TOKEN}"?)`,
		"7:80: ${ without } is sent as it is",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	src := c.NewsSources()[0]
	header := map[string][]string{"X-A": {"hunter2${file:/nowhere/token}"}, "X-B": {"$DATELINE_TOKEN"}, "X-C": {"hunter2${"},
		"X-D": {"pa$word $5"}}
	if diff := cmp.Diff(header, src.Header); diff != "" || src.URL != "https://a.example/rss?key=${DATELINE_TEST_KEY}" {
		t.Error(src.URL, diff)
	}
}

// TestSecretPlaces: an address names secrets where its host does not depend on them.
func TestSecretPlaces(t *testing.T) {
	t.Parallel()
	const misplaced = "only the path and the query of an address may name a secret"
	for url, good := range map[string]bool{
		"https://a.example/${A}/rss?b=${file:/b/c}": true,
		"https://a.example?b=${B}":                  true,
		"https://${HOST}/rss":                       false,
		"https://a.example:${PORT}/rss":             false,
		"https://${USER}@a.example/rss":             false,
		"${URL}":                                    false,
		"${SCHEME}://a.example/rss":                 false,
	} {
		_, err := config.Parse("f", fmt.Appendf(nil, "sources: [{id: a, url: %q}]", url))
		if (err == nil) != good || err != nil && !strings.Contains(err.Error(), misplaced) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// TestEncodedSecret: a secret that looks percent-encoded already is warned of where it would be encoded, without being shown.
func TestEncodedSecret(t *testing.T) {
	t.Setenv("DATELINE_TEST_TOKEN", "p%40ss")
	c := parse(t, "sources: [{id: a, name: A, url: 'https://a.example/?q=${DATELINE_TEST_TOKEN}', headers: {X-A: '${DATELINE_TEST_TOKEN}'}}]")
	w := c.Warnings(nil)
	if len(w) != 1 || w[0].Column != 33 || !strings.Contains(w[0].Error(), "the secret of ${DATELINE_TEST_TOKEN} looks percent-encoded") {
		t.Error(w)
	}
}

func TestErrorsOfHeadersShowNoSecret(t *testing.T) {
	t.Parallel()
	_, err := config.Parse("c.yaml", []byte(`{sources: [{id: a, url: "https://example.org/a", headers: {X-Key: "my\nsecret"}}]}`))
	if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "my") {
		t.Errorf("%v", err)
	}
}
