package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
)

// TestKnown: what a store or a look knows of a source is warned of where it matters.
func TestKnown(t *testing.T) {
	c := parse(t, `
poll: {every: 30m}
sources:
  - {id: a, name: A, url: "http://a.example/rss"}
  - {id: b, name: B, url: "http://b.example/rss", timezone: UTC, every: 1h}
`)
	for _, tt := range []struct {
		name  string
		known map[string]config.Known
		want  []string
	}{
		{"nothing", nil, nil},
		{"every date has an offset", map[string]config.Known{"a": {Read: 3}}, nil},
		{"some have none", map[string]config.Known{"a": {Read: 3, Undated: 2}},
			[]string{"f:4:5: source a has no timezone: of 3 dates 2 are missing for want of an offset"}},
		{"no validators and often", map[string]config.Known{"a": {Read: 1, Unvalidated: true}, "b": {Unvalidated: true}},
			[]string{"f:4:5: source a gives no validators, so it is sent whole at every visit: poll it every 1h, not every 30m"}},
		{"moved", map[string]config.Known{"a": {Read: 1}, "b": {Moved: "https://b.example/new", HTTPS: "https://b.example/rss"}},
			[]string{`f:5:27: source b has moved for good (did you mean "https://b.example/new"?)`}},
		{"https answers", map[string]config.Known{"a": {Read: 1, HTTPS: "https://a.example/rss"}},
			[]string{`f:4:27: source a is asked by http, and https answers (did you mean "https://a.example/rss"?)`}},
		{"another id than before", map[string]config.Known{"a": {Read: 1}, "first": {URL: "https://a.example/rss/"}},
			[]string{`f:4:10: source a reads the feed of first, which is not configured: under another id all its items are new (did you mean "first"?)`}},
		{"both ids have items", map[string]config.Known{"a": {Read: 1, URL: "http://a.example/rss"}, "first": {URL: "http://a.example/rss"}},
			nil},
		{"the other id is configured", map[string]config.Known{"a": {Read: 1}, "b": {URL: "http://a.example/rss"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, w := range c.Warnings(tt.known) {
				w.File = "f"
				got = append(got, w.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSecretInAddress: addresses are published, in OPML and as atom:source; what looks like a secret there is warned of.
func TestSecretInAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://a.example/rss?lang=en&Token=x": "\"Token\" in the address of source a looks like a secret",
		"https://a.example/rss?keyword=minsk":   "",
		"https://a.example/token":               "",
	} {
		c := parse(t, `sources: [{id: a, name: A, timezone: UTC, url: "`+address+`"}]`)
		var got string
		for _, w := range c.Warnings(nil) {
			got += w.Error()
		}
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q", address, got)
		}
	}
}

// TestExcerpt: an error shows its line and place, and no secret.
func TestExcerpt(t *testing.T) {
	long := strings.Repeat("a", 300)
	for _, tt := range []struct{ name, text, want string }{
		{"a key", "feed:\n  titel: A wire # mine\n", "  titel: A wire # mine\n  ^"},
		{"behind Cyrillic", "feed: {title: \"Вести\", urll: 1}\n", "feed: {title: \"Вести\", urll: 1}\n                       ^"},
		{"the end of a long line", "feed: {title: " + long + ", urll: 1}\n", long[:78] + ", urll: 1}\n" + strings.Repeat(" ", 80) + "^"},
		{"a header field", "sources: [{id: a, url: \"https://a.example/\", headers: {Host: hunter2}}]\n",
			"sources: [{id: a, url: \"https://a.example/\", headers: {Host: *******}}]\n" + strings.Repeat(" ", 61) + "^"},
		{"a header field in a block", "sources:\n- id: a\n  headers:\n    # hunter1\n    Host: hunter2\n  url: 1",
			"    Host: *******\n          ^"},
		{"after a block of header fields", "sources:\n- headers:\n    X: hunter2\n  id: a\n  urll: b", "  urll: b\n  ^"},
		{"header fields in braces over lines", "sources:\n- id: a\n  url: \"https://a.example/\"\n  headers: {X-A: hunter2,\n    Host: hunter3}",
			"    ***** *******}\n          ^"},
		{"a field that belongs elsewhere", "sources:\n- id: a\n  url: \"https://a.example/\"\n  X-Api-Key: hunter2\n",
			"  X-Api-Key: *******\n  ^"},
		{"a proxy", "network:\n  proxy: gopher://me:hunter2@a.example/\n", "  proxy: gopher://**********@a.example/\n         ^"},
		{"a key in a query", "sources:\n- id: a\n  url: ftp://a.example/rss?id=5&key=hunter2&a=b",
			"  url: ftp://a.example/rss?id=5&key=*******&a=b\n       ^"},
		{"a reference", "sources:\n- id: a\n  url: ftp://a.example/rss?key=${NAME}", "  url: ftp://a.example/rss?key=${NAME}\n       ^"},
		{"a line that is no YAML", "sources:\n- id: a\n  headers:\n    X-A: hunter2: hunter3\n", "    X-A: ******** *******\n         ^"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := config.Parse("f", []byte(tt.text))
			var one *config.Error
			if !errors.As(err, &one) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, one.Excerpt); diff != "" || strings.Contains(one.Message, "hunter") {
				t.Error(one.Message, diff)
			}
		})
	}
}

// TestManyAlike: what holds of many sources is one warning.
func TestManyAlike(t *testing.T) {
	t.Parallel()
	text := "sources:\n"
	known := map[string]config.Known{}
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		text += "  - {id: " + id + ", url: https://" + id + ".example/rss}\n"
		known[id] = config.Known{Read: 3, Undated: 2}
	}
	var got []string
	for _, w := range parse(t, text).Warnings(known) {
		got = append(got, w.Error())
	}
	want := []string{
		"config.yaml:2:5: 5 sources have no name, so readers see their ids: a, b, c and 2 more",
		"config.yaml:2:5: 5 sources have no timezone, so dates without an offset are missing: a, b, c and 2 more",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
