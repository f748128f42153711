package aggregator_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/publish"
	"dateline/store"
)

// everyDocument renders every document by a new publisher, by file name.
func (r *harness) everyDocument() map[string][]byte {
	r.t.Helper()
	all := map[string][]byte{}
	r.view(func(v store.View) error {
		options := r.publication(v)
		options.Entries = 100
		for f, err := range publish.New(options).Site(v) {
			if err != nil {
				return err
			}
			all[f.Name] = f.Bytes
		}
		return nil
	})
	return all
}

// readable checks that a parser reads every feed and, in the whole form, that another rendering elsewhere gives the same bytes.
func (r *harness) readable(t *testing.T) {
	all := r.everyDocument()
	kinds := map[string]int{}
	for name, b := range all {
		kind := filepath.Ext(name)
		kinds[kind]++
		switch kind {
		case ".atom", ".rss", ".json":
			if _, err := gofeed.NewParser().Parse(bytes.NewReader(b)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if kind == ".json" && !json.Valid(b) {
				t.Errorf("%s is no JSON", name)
			}
		}
		if kind != ".ico" && bytes.ContainsRune(b, 0xfffd) {
			t.Errorf("%s holds what could not be read", name)
		}
	}
	for _, kind := range []string{".atom", ".rss", ".json", ".html", ".opml"} {
		if kinds[kind] == 0 {
			t.Errorf("no document %s among %v", kind, kinds)
		}
	}
	if all["robots.txt"] == nil {
		t.Error("no robots.txt")
	}
	if !strings.Contains(string(all["feed.atom"]), "prev-archive") {
		t.Error("no archive: too little is stored for the test")
	}
	if !feedtest.Long() {
		return
	}
	zone := time.Local
	defer func() { time.Local = zone }()
	time.Local = time.FixedZone("MSK", 3*60*60)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again := r.everyDocument()
	for name, b := range all {
		if !bytes.Equal(again[name], b) {
			t.Errorf("%s: other bytes the second time", name)
		}
	}
	if len(again) != len(all) {
		t.Errorf("%d documents, then %d", len(all), len(again))
	}
}
