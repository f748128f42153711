package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/attribute"
	"dateline/aggregator/config"
)

// TestSourceFrom: what is not given of a source is derived from what was found and what is known.
func TestSourceFrom(t *testing.T) {
	t.Parallel()
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		t.Fatal(err)
	}
	cfg := &config.Config{Sources: []config.Source{
		{ID: "belta", URL: "https://eng.belta.by/rss", Timezone: "Europe/Minsk"}, {ID: "example", URL: "https://example.org/a"},
		{ID: "example-en", URL: "https://example.org/b"},
	}}
	for _, c := range []struct {
		name        string
		given, want config.Source
		found       feedRow
	}{
		{"a known agency in another language", config.Source{},
			config.Source{ID: "belta-ru", Name: "БЕЛТА", Agency: "belta", URL: "https://belta.by/rss", Site: "https://belta.by/", Language: "ru",
				Timezone: "Europe/Minsk"},
			feedRow{URL: "https://belta.by/rss", Title: "Новости", Language: "ru", Site: "https://belta.by/"}},
		{"an unknown one, its id taken twice", config.Source{},
			config.Source{ID: "example-en-2", Name: "The Example", URL: "https://news.example.org/c", Language: "en-US"},
			feedRow{URL: "https://news.example.org/c", Title: " The Example ", Language: "en_us", Site: "javascript:alert(1)"}},
		{"what is given holds", config.Source{ID: "x", Name: "X", Language: "be", Topics: []string{"a"}},
			config.Source{ID: "x", Name: "X", Agency: "tass", URL: "https://tass.com/rss", Language: "be", Topics: []string{"a"}},
			feedRow{URL: "https://tass.com/rss", Title: "TASS", Language: "en"}},
		{"an address in place of a name", config.Source{}, config.Source{ID: "source-24-hours", Name: "24 hours", URL: "http://192.0.2.1/rss"},
			feedRow{URL: "http://192.0.2.1/rss", Title: "24 hours", Language: "nonsense!"}},
		{"a host in other letters", config.Source{}, config.Source{ID: "xn-e1afmkfd", URL: "https://xn--e1afmkfd.xn--p1ai/rss"},
			feedRow{URL: "https://xn--e1afmkfd.xn--p1ai/rss"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, sourceFrom(cfg, registry, c.given, c.found)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestEditors: of edits by many processes at a time none is lost.
func TestEditors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(path, []byte("# mine\nsources:\n  - id: first # stays\n    url: https://first.example/rss\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	edit := func(args ...string) { // again where the others took longer than it waits for them
		args = append([]string{"--config", path, "sources"}, args...)
		var out []byte
		var err error
		if !eventually(func() bool {
			out, err = exec.Command("dateline", args...).CombinedOutput()
			return codeOf(err) != int(exitTempFail)
		}) || err != nil {
			t.Errorf("%q: %v: %s", args, err, out)
		}
	}
	want := map[string]bool{"first": false}
	var all sync.WaitGroup
	for i := range 12 {
		id := fmt.Sprintf("s%d", i)
		want[id] = true
		all.Go(func() {
			edit("add", "--offline", "--id", id, "https://example.org/"+id)
		})
	}
	all.Go(func() { edit("disable", "first") })
	all.Wait()
	cfg, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, s := range cfg.Sources {
		got[s.ID] = s.Enabled
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
