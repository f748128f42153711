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
	want := config.Changes{Added: []string{"d"}, Removed: []string{"c"}, Changed: []string{"a"}, Read: []string{"d", "a"},
		Keys: []string{"feed.title", "feed.entries", "agencies"}}
	if diff := cmp.Diff(want, parse(t, after).Since(was)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(config.Changes{}, parse(t, before).Since(was), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// TestChangesOfAVisit: a source is read otherwise where its address, its fields or how its document is read changed, and not where
// only its interval, its name or what becomes of its items did. A changed poll.every is no change of every source.
func TestChangesOfAVisit(t *testing.T) {
	t.Parallel()
	const rest = `, url: "https://a.example"`
	for _, c := range []struct {
		fact, poll, keys string // of the later config; the earlier has no other than id and url
		want             config.Changes
	}{
		{"nothing", "", rest, config.Changes{}},
		{"the default interval", "poll: {every: 1h}\n", rest, config.Changes{Keys: []string{"poll.every"}}},
		{"its interval", "", rest + ", every: 1h", config.Changes{Changed: []string{"a"}}},
		{"what becomes of its items", "", rest + ", name: A, agency: tass, priority: 3, topics: [x], content: full, include: [y], rights: z",
			config.Changes{Changed: []string{"a"}}},
		{"its address", "", `, url: "https://b.example"`, config.Changes{Changed: []string{"a"}, Read: []string{"a"}}},
		{"its zone", "", rest + ", timezone: UTC", config.Changes{Changed: []string{"a"}, Read: []string{"a"}}},
		{"its header fields", "", rest + ", headers: {X-Key: k}", config.Changes{Changed: []string{"a"}, Read: []string{"a"}}},
		{"it is off", "", rest + ", enabled: false", config.Changes{Changed: []string{"a"}, Read: []string{"a"}}},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			was, is := parse(t, "sources: [{id: a"+rest+"}]"), parse(t, c.poll+"sources: [{id: a"+c.keys+"}]")
			if diff := cmp.Diff(c.want, is.Since(was), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
