package parse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"dateline/aggregator/internal/feedtest"
)

type corpusFile struct {
	name string
	body []byte
}

// eachCorpus runs a test on the documents that were composed here, and on other people's where they are.
func eachCorpus(t *testing.T, test func(t *testing.T, docs []corpusFile)) {
	t.Run("composed", func(t *testing.T) { test(t, composedCorpus(t)) })
	t.Run("captured", func(t *testing.T) { test(t, corpus(t)) })
}

// composedCorpus returns the documents of testdata.
func composedCorpus(t *testing.T) (docs []corpusFile) {
	t.Helper()
	for _, f := range facts(t) {
		docs = append(docs, corpusFile{f.name, f.body})
	}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			if strings.HasPrefix(f.Name, "feed.") {
				docs = append(docs, corpusFile{file, f.Data})
			}
		}
	}
	return docs
}

// corpus returns every document of other people's corpora, in the order of their names.
func corpus(t *testing.T) []corpusFile {
	t.Helper()
	dir := filepath.Join(feedtest.Outside(t), "corpora")
	var docs []corpusFile
	for _, file := range feedtest.Glob(t, "corpora/feed-rs/*/*", "corpora/rss-parser/input/*", "corpora/agency/*.rss",
		"corpora/agency/quoted/*",
		"corpora/feedparser/wellformed/*/*.xml") {
		if strings.HasSuffix(file, ".serde.json") {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, corpusFile{filepath.ToSlash(name), body})
	}
	return docs
}

var (
	itemTag  = regexp.MustCompile(`<(?:\w+:)?(?:item|entry)[\s/>]`)
	jsonItem = regexp.MustCompile(`"(?:id|guid)"\s*:`)
)

// otherCounts are the documents in which a dumb scan of the bytes counts other items than are read.
var otherCounts = map[string]string{
	"feedparser/wellformed/base/http_entry_contributor_url_base_content_location.xml": "an RSS item in an Atom feed",
	"feedparser/wellformed/base/http_entry_contributor_url_base_docuri.xml":           "an RSS item in an Atom feed",
	"feedparser/wellformed/namespace/unknown-namespace.xml":                           "an RSS item in an Atom feed",
	"feed-rs/jsonfeed/jsonfeed_elastic_1.1.json":                                      "its items have no ids",
}

// The documents hold as many items as a dumb scan of their bytes counts tags.
func TestCounts(t *testing.T) { eachCorpus(t, counts) }

func counts(t *testing.T, docs []corpusFile) {
	items, files := 0, 0
	for _, f := range docs {
		name, body := f.name, f.body
		d, err := Feed(t.Context(), body, Options{Zone: time.UTC})
		if err != nil {
			var nf *NotFeedError
			if !errors.As(err, &nf) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		files++
		items += len(d.Items)
		tags := itemTag
		if d.Format == "json" {
			tags = jsonItem
		}
		want := len(tags.FindAll(bytes.ReplaceAll(body, []byte{0}, nil), -1))
		reason, other := otherCounts[name]
		switch {
		case other && want != len(d.Items):
			t.Logf("%s: %d items, %d tags: %s", name, len(d.Items), want, reason)
		case other != (want != len(d.Items)):
			t.Errorf("%s: %d items, %d tags", name, len(d.Items), want)
		}
	}
	t.Logf("%d items in %d documents", items, files)
	if files < len(docs)*98/100 {
		t.Errorf("%d of %d documents only", files, len(docs))
	}
}

// Broken in a hundred ways, a document still reads within the bounds, and in parts as in whole.
func TestMutants(t *testing.T) { eachCorpus(t, mutants) }

func mutants(t *testing.T, docs []corpusFile) {
	rnd := feedtest.Rand(t)
	each := feedtest.Pick(1, 10) * max(1, 500/len(docs))
	read, refused := 0, 0
	for _, f := range docs {
		name := f.name
		if len(f.body) > 20_000 || strings.Contains(name, "/sanitize/") {
			continue
		}
		for i := range each {
			mutant := mutate(rnd, f.body)
			d, err := Feed(context.Background(), mutant, Options{Document: "https://agency.example/dir/feed.xml", Zone: time.UTC})
			if err != nil {
				refused++
				var nf *NotFeedError
				if !errors.As(err, &nf) && !isBeyondHelp(err) {
					t.Errorf("%s: %v in %q", name, err, mutant)
				}
				continue
			}
			read++
			for i := range d.Items {
				checkItem(t, &d.Items[i])
			}
			sameInParts(t, fmt.Sprintf("%s mutant %d", name, i), mutant)
		}
	}
	t.Logf("%d mutants read, %d refused", read, refused)
	if read < refused {
		t.Errorf("%d mutants read, %d refused: little was tried", read, refused)
	}
}

// mutate cuts out, repeats or changes a few pieces of body.
func mutate(rnd *rand.Rand, body []byte) []byte {
	m := bytes.Clone(body)
	for range 1 + rnd.IntN(4) {
		if len(m) < 2 {
			return m
		}
		at := rnd.IntN(len(m) - 1)
		end := min(len(m), at+1+rnd.IntN(60))
		switch rnd.IntN(5) {
		case 0:
			m = append(m[:at:at], m[end:]...)
		case 1:
			m = append(append(append([]byte{}, m[:end]...), m[at:end]...), m[end:]...)
		case 2:
			m[at] = "<>&\"'=/ ]![-;:\x00\xff"[rnd.IntN(16)]
		case 3:
			m = m[:at]
		case 4:
			other := rnd.IntN(len(m) - 1)
			m[at], m[other] = m[other], m[at]
		}
	}
	return m
}
