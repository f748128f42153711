package fetch

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinks(t *testing.T) {
	base, err := url.Parse("https://a.example/rss/all")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		lines []string
		want  []Link
	}{
		{"none", nil, nil},
		{"hub and self", []string{`<https://hub.example/>; rel="hub"`, `<https://a.example/f>; rel=self`},
			[]Link{{Rel: "hub", URL: "https://hub.example/"}, {Rel: "self", URL: "https://a.example/f"}}},
		{"on one line", []string{`<https://hub.example/>; rel=hub, <f>; rel="self"`},
			[]Link{{Rel: "hub", URL: "https://hub.example/"}, {Rel: "self", URL: "https://a.example/rss/f"}}},
		{"commas and semicolons in the address", []string{`<https://hub.example/a,b;c>; title="x, y; rel=self"; rel=HUB`},
			[]Link{{Rel: "hub", URL: "https://hub.example/a,b;c"}}},
		{"several types in one link", []string{`<f>; rel="self alternate hub"`},
			[]Link{{Rel: "self", URL: "https://a.example/rss/f"}, {Rel: "alternate", URL: "https://a.example/rss/f"},
				{Rel: "hub", URL: "https://a.example/rss/f"}}},
		{"the first rel", []string{`<f>; rel=next; rel=self`}, nil},
		{"about another document", []string{`<f>; rel=self; anchor="/other"`}, nil},
		{"a feed of a page", []string{`</rss>; rel=alternate; type="Application/RSS+xml"; title="All"`},
			[]Link{{Rel: "alternate", URL: "https://a.example/rss", Type: "application/rss+xml"}}},
		{"other types", []string{`<f>; rel=next`}, nil},
		{"no brackets", []string{`f; rel=self`}, nil},
		{"no end", []string{`<f; rel=self`}, nil},
		{"another scheme", []string{`<javascript:alert(1)>; rel=self`}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, links(http.Header{"Link": tt.lines}, base)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestUnquote(t *testing.T) {
	for in, want := range map[string]string{``: ``, `a`: `a`, `"a"`: `a`, `"a\"b\\"`: `a"b\`, `"a`: `"a`, `"`: `"`} {
		t.Run(in, func(t *testing.T) {
			if got := unquote(in); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// Every link found is an absolute http address of a known type.
func FuzzLinks(f *testing.F) {
	f.Add(`<https://hub.example/>; rel="hub", <f>; rel=self; title="\",<"`)
	f.Add(`<`)
	f.Add(`<//x>;rel="self hub";anchor=`)
	base := &url.URL{Scheme: "https", Host: "a.example", Path: "/"}
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range links(http.Header{"Link": {s}}, base) {
			u, err := url.Parse(l.URL)
			if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !slices.Contains([]string{"hub", "self", "alternate"}, l.Rel) {
				t.Errorf("%q: %+v %v", s, l, err)
			}
		}
	})
}

// The parts are trimmed and not empty, and hold every byte of s but separators and blanks, in order.
func FuzzSplit(f *testing.F) {
	f.Add(`a, "b,c", <d,e>, \`)
	bare := strings.NewReplacer(",", "", " ", "", "\t", "").Replace
	f.Fuzz(func(t *testing.T, s string) {
		parts := slices.Collect(split(s, ','))
		for _, p := range parts {
			if p == "" || p != strings.Trim(p, blank) {
				t.Errorf("%q: part %q", s, p)
			}
		}
		if got := strings.Join(parts, ","); bare(got) != bare(s) {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}
