package config_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

var update = flag.Bool("update", false, "rewrite the expectations beside the fixtures")

// TestFixtures reads each testdata/*.yaml and compares what is said of it, errors or warnings, with
// the file of the same name that ends in .want.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c, err := config.Parse(name, b)
			if good := strings.HasSuffix(name, ".good.yaml"); good != (err == nil) {
				t.Fatalf("good: %v, error: %v", good, err)
			}
			var got strings.Builder
			if err != nil {
				got.WriteString(err.Error() + "\n")
			} else {
				for _, w := range c.Warnings(nil) {
					got.WriteString(w.Error() + "\n")
				}
			}
			compare(t, strings.TrimSuffix(path, ".yaml")+".want", got.String())
		})
	}
}

func compare(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// TestEverything reads a file that gives every key another value than its default.
func TestEverything(t *testing.T) {
	c, err := config.Load("testdata/everything.good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := &config.Config{
		Feed: config.Feed{
			Title: "Вести агентств", ID: "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
			BaseURL: "https://wire.example.org/dateline/", Icon: "testdata/icon.svg", Timezone: "Europe/Minsk",
			Language: "ru", Entries: 50, Summary: 300, AtLeast: 4, FirstPoll: 7, IPTC: true,
			AgencyIn: "both",
		},
		HTTP:  config.HTTP{Listen: "[::]:80", TrustedProxies: []string{"127.0.0.1", "fd00::/8"}, AccessLog: true},
		Admin: config.Admin{Hosts: []string{"dateline", "news.example.org"}},
		Store: config.Store{Path: "/var/lib/dateline/wire.db", Retention: config.Duration(60 * time.Hour)},
		Poll: config.Poll{
			Every: config.Duration(90 * time.Minute), Floor: config.Duration(30 * time.Second),
			Timeout: config.Duration(90 * time.Second), Concurrency: 1, RetryMax: config.Duration(6 * time.Hour), Pages: 2,
		},
		Network: config.Network{
			Allow:   []string{"localhost", "127.0.0.0/8", "::1", "farm_1.example.org"},
			Contact: "https://example.org/about", MaxBody: 512 << 10, Proxy: "socks5://user:secret@127.0.0.1:1080",
		},
		Match: config.Match{Window: config.Duration(36 * time.Hour), Duplicate: 0.75, Edited: 0.5},
		Agencies: []config.Agency{{
			Key: "example", Name: "Example", Names: map[string]string{"ru": "Пример", "zh-Hans": "例子"},
			Also: []string{"EX", "Ex."}, Hosts: []string{"example.org", "news.example.org"},
			Kind: "press-release", Parent: "belta", Site: "https://example.org/",
		}},
		Topics:   []config.Topic{{ID: "belarus", Name: "Беларусь"}, {ID: "Спорт"}, {ID: "2026", Name: "Год 2026"}},
		Defaults: config.Defaults{Priority: 3, Topics: []string{"belarus"}, Enabled: true},
		Sources: []config.Source{{
			ID: "one", Name: "One", Agency: "example", URL: "https://xn--e1afmkfd.example.org:8443/rss?all=1",
			Site: "https://example.org/", Language: "en-GB", Timezone: "Asia/Ho_Chi_Minh", Encoding: "Windows-1251",
			Every: config.Duration(45 * time.Second), Rights: "© One", Licence: "Terms of One", CreditsFrom: "page", Furniture: "keep",
			Content: news.Full,
			Topics:  []string{"belarus", "Спорт", "2026"}, Include: []string{"Минск", "press conference"}, Exclude: []string{"спорт"},
			Priority: -2,
		}, {
			ID: "two", URL: "http://127.0.0.1:9000/feed", Timezone: "UTC", Priority: 3, Topics: []string{"belarus"}, Enabled: true,
		}},
	}
	if diff := cmp.Diff(want, c, equal); diff != "" {
		t.Error(diff)
	}
}

var sameZone = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() && (a == nil) == (b == nil) })

func TestNewsSources(t *testing.T) {
	minsk, err := time.LoadLocation("Europe/Minsk")
	if err != nil {
		t.Fatal(err)
	}
	got := parse(t, `
poll: {every: 20m}
sources:
  - {id: least, url: "https://example.org/least"}
  - {id: most, name: Most, agency: belta, url: "https://example.org/most", site: "https://example.org/",
     language: be, timezone: Europe/Minsk, encoding: windows-1251, every: 5m, rights: © Most, licence: "https://example.org/terms",
     credits_from: page, furniture: keep, content: full, topics: [a, b], include: [c d], exclude: [e], priority: 7, enabled: false}
`).NewsSources()
	want := []news.Source{{
		ID: "least", Name: "least", Agency: "least", URL: "https://example.org/least",
		Every: 20 * time.Minute, Content: news.Summary, Enabled: true,
	}, {
		ID: "most", Name: "Most", Agency: "belta", URL: "https://example.org/most", Site: "https://example.org/", Language: "be",
		Zone: minsk, Encoding: "windows-1251", Every: 5 * time.Minute, Rights: "© Most", Licence: "https://example.org/terms",
		KeepFurniture: true, Pages: true,
		Content: news.Full, Topics: []string{"a", "b"}, Include: []string{"c d"}, Exclude: []string{"e"}, Priority: 7,
	}}
	if diff := cmp.Diff(want, got, sameZone); diff != "" {
		t.Error(diff)
	}
}

func TestNewsAgencies(t *testing.T) {
	c := parse(t, "agencies: [{key: a, name: A}, {key: b, name: B, kind: ministry, parent: a}]")
	want := []news.Agency{
		{Key: "a", Name: "A", Kind: news.KindAgency},
		{Key: "b", Name: "B", Kind: news.KindMinistry, Parent: "a"},
	}
	if diff := cmp.Diff(want, c.NewsAgencies()); diff != "" {
		t.Error(diff)
	}
}

// TestBytes holds what a fixture file cannot keep: bytes that editors and git would change.
func TestBytes(t *testing.T) {
	t.Parallel()
	many := feedtest.Pick(1<<14, 1<<18) // bytes at least; a megabyte in the long form
	line := strings.Repeat("#", 1023) + "\n"
	const bad = "# comment\nfeed:\n  # comment\n  title: Вести\n  tittle: x\n"
	const want = `f:5:3: unknown key "tittle" (did you mean "title"?)`
	for _, c := range []struct{ name, text, want string }{
		{"LF", bad, want},
		{"CR LF moves no line", strings.ReplaceAll(bad, "\n", "\r\n"), want},
		{"CR alone ends a line", strings.ReplaceAll(bad, "\n", "\r"), want},
		{"a byte order mark moves no column", "\ufefffeeed: 1\n", `f:1:1: unknown key "feeed" (did you mean "feed"?)`},
		{"a second byte order mark is a character", "\ufeff\ufefffeed:\n", "f:1:1: character U+FEFF is not allowed in a config"},
		{"columns are characters", "feed: {title: Вести, ид: 1}\n", `f:1:22: unknown key "ид"`},
		{"a tab in the indentation", "feed:\n\ttitle: x\n", "f:2:1: a tab in the indentation: use spaces"},
		{"a tab after spaces", "feed:\n  title: x\n  \tlanguage: en\n", "f:3:3: a tab in the indentation: use spaces"},
		{"a tab before a comment is no indentation", "feed:\n  title: x\t# comment\n", ""},
		{"not UTF-8", "feed:\n  title: \xcf\xf0\n", "f:2:10: not UTF-8: byte 0xcf"},
		{"U+FFFD is UTF-8", "feed:\n  title: \ufffd\n", ""},
		{"NUL", "feed:\x00\n", "f:1:6: character U+0000 is not allowed in a config"},
		{"too large", strings.Repeat(line, config.MaxSize/1024) + "#", "f:1:1: larger than 8192 KiB"},
		{"as large as may be", strings.Repeat(line, config.MaxSize/1024), ""},
		{"deep brackets", strings.Repeat("[", 4*many), "f:1:17: nested more than 16 deep"},
		{"deep dashes", strings.Repeat("- ", 2*many), "f:1:33: nested more than 16 deep"},
		{"deep question marks", strings.Repeat("? ", 20), `f:1:1: keys after "?" are not read`},
		{"many keys", strings.Repeat("a:\n", many), "f:1001:2: more than 1000 keys in one map"},
		{"many keys of one map", strings.Repeat("feed: {a: [1, {b: 1}]}\n", 1001), "f:1001:5: more than 1000 keys in one map"},
		{"many keys in brackets", "feed: {" + strings.Repeat("a: {b: 1}, ", 1001) + "}", "f:1:11009: more than 1000 keys in one map"},
		{"many secrets in brackets", "headers: {" + strings.Repeat(`"X": ab, `, many) + "}", "f:1:9014: more than 1000 keys in one map"},
		{"many maps with a few keys", strings.Repeat("- {id: 1, url: 2}\n- id: 1\n  url: 2\n", 1001), "f:1:1: a list"},
		{"many keys without a value", "sources:\n" + strings.Repeat("- id:\n", 50_001), "f:50002:5: more than 50000 keys and elements"},
		{"many elements without a value", "sources:\n" + strings.Repeat("-\n", 50_001), "f:50002:1: more than 50000 keys and elements"},
		{"many anchors", strings.Repeat("&a ", many), "f:1:4: not YAML"},
		{"many aliases", "sources:\n- &a {id: a, url: 'http://a.example', include: [" + strings.Repeat("w,", 1000) + "]}\n" +
			strings.Repeat("- *a\n", 1000),
			"f:2:1293: aliases repeat more than 524288 values"},
		{"a broken escape at the end of a line", "feed: {title:\"\\x \n\"aaa\", id: b}\n", "f:1:18: not YAML"},
		{"a directive", "%YAML 1.2\n---\nfeed:\n", "f:1:1: directives are not read: remove the line"},
		{"only a comment", "# nothing\n", ""},
		{"only a text", "feed", `f:1:1: "feed" where keys and values belong`},
		{"two documents without a word", "---\n---\n", ""},
		{"a key that is a list", "[feed]: 1\n", "f:1:"},
		{"a key that is a number", "1: 2\n", `f:1:1: unknown key "1"`},
		{"a key that is nothing", ": 2\n", "f:1:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Parse("f", []byte(c.text))
			got := ""
			if err != nil {
				got, _, _ = strings.Cut(err.Error(), "\n")
			}
			if !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A list without aliases is read whatever it holds: only its size is bounded.
func TestManyValues(t *testing.T) {
	t.Parallel()
	if !feedtest.Long() {
		t.Skip("DATELINE_LONG=1 runs it")
	}
	var b strings.Builder
	b.WriteString("sources:\n")
	for i := range 50_000 {
		fmt.Fprintf(&b, "- {id: a%d, name: A%d, url: 'http://a.example/%d', language: en, enabled: true, every: 1h}\n", i, i, i)
	}
	if _, err := config.Parse("f", []byte(b.String())); err != nil {
		t.Error(err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	t.Run("a missing file is fs.ErrNotExist", func(t *testing.T) {
		_, err := config.Load(filepath.Join(dir, "none.yaml"))
		var p *fs.PathError
		if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &p) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a folder is no config", func(t *testing.T) {
		var p *fs.PathError
		if _, err := config.Load(dir); !errors.As(err, &p) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a file too large is not read to its end", func(t *testing.T) {
		path := filepath.Join(dir, "large.yaml")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, 1<<33); err != nil {
			t.Fatal(err)
		}
		var all config.Errors
		if _, err := config.Load(path); !errors.As(err, &all) || all[0].Message != "larger than 8192 KiB" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("each error names the file", func(t *testing.T) {
		path := filepath.Join(dir, "bad.yaml")
		if err := os.WriteFile(path, []byte("feeed: 1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := config.Load(path)
		var one *config.Error
		if !errors.As(err, &one) {
			t.Fatalf("got %v", err)
		}
		want := &config.Error{File: path, Line: 1, Column: 1, Message: `unknown key "feeed"`, Suggestion: "feed", Excerpt: "feeed: 1\n^"}
		if diff := cmp.Diff(want, one); diff != "" {
			t.Error(diff)
		}
	})
}

func TestKeys(t *testing.T) {
	keys := config.Keys()
	for _, want := range []string{"feed.title", "network.allow", "agencies[].names", "sources[].id"} {
		if !strings.Contains("\n"+strings.Join(keys, "\n")+"\n", "\n"+want+"\n") {
			t.Errorf("no %s in %v", want, keys)
		}
	}
}
