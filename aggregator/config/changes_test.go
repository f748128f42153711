package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dateline/aggregator/config"
)

// TestChanges: a reload names what it changed, defaults that reach a source included.
func TestChanges(t *testing.T) {
	t.Parallel()
	const before = `
feed: {title: A wire}
network: {allow: []}
sources:
  - {id: a, url: "https://a.example"}
  - {id: b, url: "https://b.example", timezone: UTC}
  - {id: c, url: "https://c.example", timezone: UTC}
`
	const after = `
feed: {title: The wire, entries: 50}
defaults: {timezone: Europe/Minsk}
agencies: [{key: x, name: X}]
sources:
  - {id: d, url: "https://d.example"}
  - {id: b, url: "https://b.example", timezone: UTC}
  - {id: a, url: "https://a.example"}
`
	was := parse(t, before)
	want := config.Changes{Added: []string{"d"}, Removed: []string{"c"}, Changed: []string{"a"},
		Keys: []string{"feed.title", "feed.entries", "agencies"}}
	if diff := cmp.Diff(want, parse(t, after).Since(was)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(config.Changes{}, parse(t, before).Since(was), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}
