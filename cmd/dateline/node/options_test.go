package node

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dateline/aggregator"
	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/config"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/platform"
	"dateline/aggregator/publish"
	"dateline/aggregator/schedule"
	"dateline/store"
)

const everyOption = `
feed: {title: A wire, icon: ../../../aggregator/config/testdata/icon.svg, agency_in: both, timezone: Europe/Minsk, id: "urn:example:wire", base_url: "https://wire.example", language: be, entries: 7, summary: 90, at_least: 2, first_poll: 5, credit_line: false, iptc: true}
store: {retention: 3d, keys: 5d}
poll: {every: 9m, floor: 2m, timeout: 11s, concurrency: 13, host_gap: 17s, retry_max: 3h, memory: 29MiB, pages: 4}
network: {allow: [10.0.0.0/8], ports: [99], contact: desk@wire.example, max_body: 19KiB, proxy: "http://proxy.example:3128"}
hub: {allow: [10.1.0.0/16], url: "https://hub.example/push"}
match: {window: 31h, duplicate: 0.9, edited: 0.7}
topics: [{id: weather, name: The weather}, {id: sport}, {id: rain, query: rain OR hail}]
sources: [{id: one, url: "https://one.example/feed", timezone: UTC}]
`

// Every value of the config gets to the stage that obeys it.
func TestOptions(t *testing.T) {
	t.Parallel()
	cfg, err := config.Parse("config.yaml", []byte(everyOption))
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(filepath.Join(t.TempDir(), "dateline.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n, err := New(cfg, "config.yaml", "1.2", st, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("fetch", func(t *testing.T) {
		want := fetch.Options{
			UserAgent: "Dateline/1.2 (+desk@wire.example)", Timeout: 11 * time.Second, MaxBody: 19 << 10, Gap: 17 * time.Second,
			RetryMax: 3 * time.Hour,
			Allow:    []string{"10.0.0.0/8"}, Ports: []int{99}, Proxy: "http://proxy.example:3128",
			Idle: idleConnections(platform.Descriptors()),
		}
		if diff := cmp.Diff(want, fetchOptions(cfg, "1.2"), cmpopts.IgnoreFields(fetch.Options{}, "Expand")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a reload keeps a client that would do the same", func(t *testing.T) {
		other := *cfg
		other.Poll.Timeout++
		if !sameOptions(fetchOptions(cfg, "1.2"), fetchOptions(cfg, "1.2")) ||
			sameOptions(fetchOptions(cfg, "1.2"), fetchOptions(&other, "1.2")) {
			t.Error("it does not distinguish them")
		}
	})
	t.Run("fetch for the hub", func(t *testing.T) {
		want := fetch.Options{
			UserAgent: "Dateline/1.2 (+desk@wire.example)", Allow: []string{"10.1.0.0/16"}, Ports: []int{99},
			Proxy: "http://proxy.example:3128",
			Idle:  idleConnections(platform.Descriptors()), RetryMax: 3 * time.Hour,
		}
		if diff := cmp.Diff(want, hubFetchOptions(cfg, "1.2"), cmpopts.IgnoreFields(fetch.Options{}, "Expand")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("hub", func(t *testing.T) {
		if got := n.HubSetup(); got.Base != "https://wire.example/" || got.Outside != "https://hub.example/push" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("aggregator", func(t *testing.T) {
		want := aggregator.Setup{
			Sources: cfg.NewsSources(), Pace: schedule.Pace{Floor: 2 * time.Minute, RetryMax: 3 * time.Hour}, Concurrency: 13,
			Memory: 29 << 20, FirstPoll: 5,
			Pages:      4,
			Zone:       cfg.Zone(),
			Retention:  store.Retention{Text: 3 * 24 * time.Hour, Keys: 5 * 24 * time.Hour},
			Thresholds: news.Thresholds{Window: 31 * time.Hour, Duplicate: 0.9, Edited: 0.7},
		}
		got := n.Setup()
		if got.Client == nil || got.Registry == nil {
			t.Error("no client or no registry")
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(aggregator.Setup{}, "Client", "Registry"),
			cmpopts.IgnoreUnexported(aggregator.Setup{}),
			cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("publish", func(t *testing.T) {
		want := publish.Options{
			Title: "A wire", ID: "urn:example:wire", BaseURL: "https://wire.example/", Language: "be", Entries: 7, Summary: 90, AtLeast: 2,
			IPTC: true, AgencyIn: publish.AgencyInBoth, Icon: cfg.Icon(), Zone: cfg.Zone(), Places: places(),
			Contact: "desk@wire.example", Version: "1.2", Hub: "https://hub.example/push",
			Topics:  map[string]string{"weather": "The weather", "rain": "rain"},
			Queries: map[string]string{"rain": "rain OR hail"},
		}
		got := n.publishOptions(nil)
		if len(got.Icon) == 0 {
			t.Error("no icon")
		}
		if one, found := got.Agency("one"); !found || one.Name != "one" {
			t.Errorf("the source's own agency is %v, %t", one, found)
		}
		same := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() && a.String() == "Europe/Minsk" })
		spelled := cmp.Comparer(func(a, b *agency.Spellings) bool { return a == b })
		if diff := cmp.Diff(want, got, same, spelled,
			cmpopts.IgnoreFields(publish.Options{}, "Agency", "States", "Find", "Explain")); diff != "" {
			t.Error(diff)
		}
	})
}
