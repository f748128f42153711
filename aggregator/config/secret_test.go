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
	small, large := file("small", 3), file("large", 64<<10)
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

// TestSecretsUnresolved: a config is read without its secrets; what is not there is a warning, and no text shows a value.
func TestSecretsUnresolved(t *testing.T) {
	t.Parallel()
	c := parse(t, `
network: {proxy: "http://${DATELINE_TEST_USER}:hunter2@proxy.example:3128"}
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

func TestErrorsOfHeadersShowNoSecret(t *testing.T) {
	t.Parallel()
	_, err := config.Parse("c.yaml", []byte(`{sources: [{id: a, url: "https://example.org/a", headers: {X-Key: "my\nsecret"}}]}`))
	if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "my") {
		t.Errorf("%v", err)
	}
}
