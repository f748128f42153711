package aggregator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// captured is one feed document of the shared corpora.
type captured struct {
	file string // below corpora
	id   string // of the source that reads it
	body []byte
}

// corpus reads every feed document that was captured from a live site.
func corpus(t testing.TB) (all []captured) {
	root := filepath.Join(feedtest.Outside(t), "corpora")
	seen := map[string]bool{}
	for _, path := range feedtest.Glob(t, "corpora/feed-rs/*/*.xml", "corpora/feed-rs/*/*.json", "corpora/rss-parser/input/*",
		"corpora/agency/*.rss", "corpora/agency/quoted/*.rss") {
		if strings.HasSuffix(path, ".serde.json") {
			continue
		}
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(path)
		c := captured{file: filepath.ToSlash(file), id: strings.TrimSuffix(base, filepath.Ext(base)), body: body}
		if seen[c.id] {
			t.Fatalf("two files are called %s", c.id)
		}
		seen[c.id] = true
		all = append(all, c)
	}
	return all
}

// startTag is all that the count knows of XML feeds.
var startTag = regexp.MustCompile(`<([A-Za-z]+:)?(item|entry)[\s>/]`)

// scanned counts the items of a document from its bytes.
func scanned(t testing.TB, c captured) int {
	if !strings.HasSuffix(c.file, ".json") {
		return len(startTag.FindAll(c.body, -1))
	}
	var d struct{ Items []json.RawMessage }
	if err := json.Unmarshal(c.body, &d); err != nil {
		t.Fatalf("%s: %v", c.file, err)
	}
	return len(d.Items)
}

// exceptions lists every captured document whose visit is not good. Items that the bytes hold are missing from
// none of them.
var exceptions = map[string]struct {
	result  news.Result
	problem news.Problem
	why     string
}{
	"feed-rs/rss2/rss_2.0_invalid_1.xml": {news.Partial, news.ProblemPartial, "it ends in the middle, after its only item"},
	"feed-rs/xml/xml_sample_1.xml":       {news.Failed, news.ProblemFeed, "a catalogue of books"},
	"feed-rs/xml/xml_sample_2.xml":       {news.Failed, news.ProblemFeed, "a catalogue of books"},
	"rss-parser/input/unrecognized.rss":  {news.Failed, news.ProblemFeed, "a page of HTML"},
}

// validators says what each third document is served with: nothing, both, an ETag.
func validators(i int, body []byte) (etag, modified string) {
	if i%3 != 0 {
		etag = fmt.Sprintf(`W/"%08x"`, crc32.ChecksumIEEE(body))
	}
	if i%3 == 1 {
		modified = time.Date(2026, 11, 1, 0, 0, i, 0, time.UTC).Format(http.TimeFormat)
	}
	return etag, modified
}

// TestCapturedFeeds reads every captured feed twice, from loopback.
func TestCapturedFeeds(t *testing.T) {
	all := corpus(t)
	if testing.Short() {
		all = slices.DeleteFunc(all, func(c captured) bool {
			_, listed := exceptions[c.file]
			return !listed && crc32.ChecksumIEEE([]byte(c.file))%5 > 0
		})
	}
	s := feedtest.NewServer(t)
	var sources []news.Source
	for i, c := range all {
		kind := "application/xml"
		if strings.HasSuffix(c.file, ".json") {
			kind = "application/feed+json"
		}
		etag, modified := validators(i, c.body)
		s.Set("/"+c.id, feedtest.Doc(string(c.body), "Content-Type", kind, "ETag", etag, "Last-Modified", modified))
		sources = append(sources, s.Source(c.id))
	}
	r := newHarness(t, sources...)
	first := r.pass()
	r.sound()
	r.arrived(t, all, first)
	feed, stored, head := r.atom(), r.items(""), r.head()
	t.Run("every item is in the merged feed, once, credited to its source", func(t *testing.T) { r.merged(t, feed) })
	if !testing.Short() {
		t.Run("every document is read, and the same", func(t *testing.T) { r.readable(t) })
	}

	s.Forget()
	second := r.pass()
	t.Run("the second pass stores nothing", func(t *testing.T) {
		if second.New+second.Updated+second.Joined != 0 || r.head() != head {
			t.Errorf("new %d, updated %d, joined %d, the log grew by %d", second.New, second.Updated, second.Joined, r.head()-head)
		}
		if d := cmp.Diff(stored, r.items("")); d != "" {
			t.Error(d)
		}
		if !bytes.Equal(feed, r.atom()) {
			t.Error("the merged feed changed")
		}
	})
	t.Run("other files follow", func(t *testing.T) { r.followed(t) })
	t.Run("the second pass is conditional", func(t *testing.T) { conditional(t, s, all, second) })
}

// arrived checks that as many items of each document are there as its bytes hold.
func (r *harness) arrived(t *testing.T, all []captured, pass aggregator.Report) {
	t.Helper()
	count, used := r.counts(), 0
	for i, c := range all {
		want, listed := exceptions[c.file]
		if listed {
			used++
		} else {
			want.result = news.OK
		}
		t.Run(c.file, func(t *testing.T) {
			if got := pass.Visits[i]; got.Result != want.result || r.state(c.id).Problem != want.problem {
				t.Errorf("%s, %q: %v; want %s, %q: %s", got.Result, r.state(c.id).Problem, got.Err, want.result, want.problem, want.why)
			}
			if got, want := count[c.id], scanned(t, c); got != want {
				t.Errorf("%d items stored, the bytes hold %d", got, want)
			}
		})
	}
	if used != len(exceptions) {
		t.Errorf("of %d exceptions %d are of files that are there", len(exceptions), used)
	}
}

// conditional checks that each document was asked for once, with the validators that it was served with last time and
// no others.
func conditional(t *testing.T, s *feedtest.Server, all []captured, pass aggregator.Report) {
	t.Helper()
	for i, c := range all {
		var etag, modified string
		want := news.Unchanged
		if x, listed := exceptions[c.file]; listed {
			want = x.result // what was not read is not vouched for
		} else if etag, modified = validators(i, c.body); etag != "" {
			want = news.NotModified
		}
		asked := s.Requests("/" + c.id)
		if len(asked) != 1 || asked[0].Get("If-None-Match") != etag || asked[0].Get("If-Modified-Since") != modified {
			t.Errorf("%s: asked %v, want once with %q and %q", c.file, asked, etag, modified)
		}
		if got := pass.Visits[i].Result; got != want {
			t.Errorf("%s: %s, want %s", c.file, got, want)
		}
	}
}

// merged checks that the feed holds each stored item in exactly one entry, which credits the item's source.
func (r *harness) merged(t *testing.T, feed []byte) {
	t.Helper()
	read := readBack(t, feed)
	sources := credited(read)
	if len(sources) != len(read) {
		t.Errorf("%d entries have %d ids that are credited", len(read), len(sources))
	}
	entries := map[string]bool{}
	for _, it := range r.items("") {
		id := r.entry(it.Entry).AtomID()
		entries[id] = true
		if !slices.Contains(sources[id], it.Source) {
			t.Errorf("item %q of %s: entry %s credits %q", it.Title, it.Source, id, sources[id])
		}
	}
	if len(entries) != len(read) {
		t.Errorf("the store holds %d entries, the feed %d", len(entries), len(read))
	}
}
