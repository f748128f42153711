package publish

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/internal/feedtest"
)

// unpackOne returns what the first member of a gzip file holds, and fails where another follows.
func unpackOne(t *testing.T, b []byte) string {
	t.Helper()
	in := bytes.NewReader(b)
	z, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	z.Multistream(false)
	text, err := io.ReadAll(z)
	if err != nil || in.Len() > 0 {
		t.Fatalf("%v, %d bytes after the first member", err, in.Len())
	}
	return string(text)
}

// A document that is compressed with segments of the one before it is the same bytes as one compressed anew, in one member, whatever
// changed; and what did not change is not compressed again.
func TestPack(t *testing.T) {
	t.Parallel()
	r := feedtest.Rand(t)
	entry := func() string {
		return "\n  <entry>" + strings.Repeat(feedtest.Grammars[0].Text(r, 20+r.IntN(80)), 1+r.IntN(3)) + "</entry>"
	}
	var entries []string
	for range 40 {
		entries = append(entries, entry())
	}
	start := []byte("\n  <entry")
	var prev *packed
	for step := range 200 {
		switch at := r.IntN(len(entries)); r.IntN(6) {
		case 0:
			entries = slices.Insert(entries, at, entry())
		case 1:
			entries[at] = entry()
		case 2:
			entries = slices.Delete(entries, at, at+1)
		case 3:
			other := r.IntN(len(entries))
			entries[at], entries[other] = entries[other], entries[at]
		case 4:
			entries[at] = entries[r.IntN(len(entries))] // twice the same
		case 5:
			entries[at] = "\n  <entry/>"
		}
		doc := []byte(fmt.Sprintf("<feed>%d", step) + strings.Join(entries, "") + "\n</feed>\n")
		got := pack(doc, start, prev)
		if text := unpackOne(t, got.body); text != string(doc) {
			t.Fatalf("step %d: %d bytes, want %d", step, len(text), len(doc))
		}
		if !bytes.Equal(got.body, pack(doc, start, nil).body) {
			t.Fatalf("step %d: other bytes than compressed anew", step)
		}
		prev = got
	}
	for _, b := range []string{"", "x", strings.Repeat("\n  <entry", 100)} {
		if got := unpackOne(t, pack([]byte(b), start, prev).body); got != b {
			t.Errorf("%q, want %q", got, b)
		}
	}
}

// After a change of one entry all but what holds it, and what comes right behind that, is taken from the document before.
func TestPackTakesWhatDidNotChange(t *testing.T) {
	t.Parallel()
	w := ordinary(t, 30)
	h := served(t, w)
	for _, path := range []string{"/feed.atom", "/feed.rss", "/feed.json", "/"} {
		doc, err := h.Document(path)
		if err != nil {
			t.Fatal(err)
		}
		start := entryStarts[doc.MediaType]
		was := pack(doc.Bytes, start, nil)
		if len(was.segments) < 25 {
			t.Errorf("%s: %d segments", path, len(was.segments))
		}
		for i := range was.segments {
			was.segments[i].deflated = []byte("known")
		}
		last := was.segments[10].plain
		changed := bytes.Replace(doc.Bytes, last, append(bytes.Clone(last), "xyz"...), 1)
		known := bytes.Count(pack(changed, start, was).body, []byte("known"))
		feedtest.Same(t, path+": segments compressed", len(was.segments)-known, 2)
	}
}

// curl reads what Go's gzip reads.
func TestCompressedForCurl(t *testing.T) {
	t.Parallel()
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("there is no curl")
	}
	w := ordinary(t, 30)
	h := served(t, w)
	server := httptest.NewServer(h)
	defer server.Close()
	for range 2 {
		plain := body(t, ask(h, "GET", "/feed.atom"))
		got, err := exec.Command(curl, "-sS", "--compressed", "--noproxy", "*", server.URL+"/feed.atom").Output()
		if err != nil || string(got) != plain {
			t.Errorf("%v, %d bytes, want %d", err, len(got), len(plain))
		}
		answer := ask(h, "GET", "/feed.atom", "Accept-Encoding", "gzip")
		feedtest.Same(t, "coding", answer.Header.Get("Content-Encoding"), "gzip")
		sent, err := io.ReadAll(answer.Body)
		feedtest.Same(t, "in one member", err == nil && unpackOne(t, sent) == plain, true)
		w.publish(dated("One more", day))
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
	}
}

// A Refresh reads no entry: a document is rendered for those who ask for it.
func TestRefreshRendersNothing(t *testing.T) {
	t.Parallel()
	w := ordinary(t, 30)
	h := served(t, w)
	feedtest.Same(t, "items read", w.read.Load(), 0)
	feedtest.Same(t, "status", ask(h, http.MethodGet, "/feed.atom").StatusCode, 200)
	was := h.now.Load()
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	feedtest.Same(t, "the generation is kept where nothing changed", h.now.Load() == was, true)
}
