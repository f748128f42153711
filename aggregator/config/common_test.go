package config

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const wholeFile = `# The wire.
feed:
  base_url: https://wire.example/
  title: Wire # of all

# Where this node listens.
http:
  listen: 127.0.0.1:9090
  # and how
  access_log: true
store: {path: here.db, dsn: "postgres://u:secret@db.example/dateline"}
poll:
  every: 20m
  # Memory of this machine.
  memory: 64MiB
network:
  proxy: http://proxy.example:3128
sources:
  - id: belta
    url: https://eng.belta.by/rss
`

const commonFile = `# The wire.
feed:
  base_url: https://wire.example/
  title: Wire # of all

poll:
  every: 20m
network:
sources:
  - id: belta
    url: https://eng.belta.by/rss
`

// TestCommon: what nodes have in common is the file without each node's own keys, every other byte as it was.
func TestCommon(t *testing.T) {
	t.Parallel()
	got, err := Common("config.yaml", []byte(wholeFile))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(commonFile, string(got)); d != "" {
		t.Error(d)
	}
	if again, err := Common("config.yaml", got); err != nil || string(again) != string(got) {
		t.Errorf("again: %v, %s", err, again)
	}
	at := time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC)
	common, err := ParseCommon("log", got, nil, at)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Parse("config.yaml", []byte(wholeFile))
	if err != nil {
		t.Fatal(err)
	}
	if one := common.WithOwn(whole); string(one.JSON()) != string(whole.JSON()) || !one.Changed().Equal(at) {
		t.Errorf("put together again it is %s", one.YAML())
	}
	if all := whole.OthersThan(common); len(all) > 0 {
		t.Errorf("%q differ", all)
	}
}

// TestCommonOfReference: the reference config is cut too.
func TestCommonOfReference(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(b), "  base_url:\n", "  base_url: https://wire.example/\n", 1)
	got, err := Common("config.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"listen:", "dsn:", "proxy:", "memory:", "retention:"} {
		if strings.Contains(string(got), gone) {
			t.Errorf("%s is left", gone)
		}
	}
	for line := range strings.Lines(string(got)) {
		if !strings.Contains(text, line) {
			t.Errorf("%q was not there", line)
		}
	}
}

// TestCommonRefused: what cannot be cut, or is no config of several nodes, is refused with its place.
func TestCommonRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"sources: []\n": "config.yaml:1:1: feed.base_url is missing",
		"{feed: {base_url: 'https://wire.example/'}, http: {listen: ':1'}}":                              "config.yaml:1: inside {} or []",
		"feed: {base_url: 'https://wire.example/'}\nnetwork: {proxy: 'http://p:1'}\n":                    "config.yaml:2: inside {} or []",
		"feed: {base_url: &b 'https://wire.example/'}\nfeeed: 1\n":                                       `config.yaml:2:1: unknown key "feeed"`,
		"admin:\n  hosts: &h [a.example]\nhub:\n  allow: *h\nfeed:\n  base_url: https://wire.example/\n": "config.yaml:4: anchor &h is used here",
	} {
		if _, err := Common("config.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestOwnFile: a node's file needs no key that nodes have in common; one that it gives otherwise is named.
func TestOwnFile(t *testing.T) {
	t.Parallel()
	own := "http:\n  listen: unix:/run/http.sock\n  trusted_proxies: [10.0.0.1]\nstore:\n  dsn: postgres://db.example/dateline\n" +
		"poll:\n  memory: 64MiB\n"
	c, err := Parse("config.yaml", []byte(own))
	if err != nil || c.HasCommon() || len(c.Warnings(nil)) > 0 {
		t.Fatalf("%v; %v", err, c)
	}
	common, err := ParseCommon("log", []byte(commonFile), nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if all := c.OthersThan(common); len(all) > 0 {
		t.Errorf("%q differ", all)
	}
	if c, err = Parse("config.yaml", []byte(own+"  every: 5m\nfeed:\n  base_url: https://wire.example/\nsources: []\n")); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"poll.every", "sources"}, c.OthersThan(common)); d != "" {
		t.Error(d)
	}
	var errs Errors
	if _, err = Parse("config.yaml", []byte(own+"  every: 5m\n")); !errors.As(err, &errs) {
		t.Errorf("a file of several nodes without feed.base_url: %v", err)
	}
}
