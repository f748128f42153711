package publish

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// follow returns the entries that the page at an address links, and the address of the page behind it.
func follow(t *testing.T, h *Handler, address string) (keys []string, next string) {
	t.Helper()
	text := checkPage(t, ask(h, "GET", address))
	for _, m := range regexp.MustCompile(`<h3[^>]*><a href="(?:\.\./)?entries/([^"]+)"`).FindAllStringSubmatch(text, -1) {
		keys = append(keys, m[1])
	}
	if m := regexp.MustCompile(`<a href="([^"]+)" rel="next">`).FindStringSubmatch(text); m != nil {
		to, err := url.Parse(address)
		if err == nil {
			to, err = to.Parse(m[1])
		}
		if err != nil {
			t.Fatal(err)
		}
		next = to.String()
	}
	return keys, next
}

// TestPagesReachEachEntryOnce: from the front page on each entry is on one page, 50 on each; a page that is not the first stays what it is.
func TestPagesReachEachEntryOnce(t *testing.T) {
	t.Parallel()
	w := ordinary(t, 119)
	for i := range 7 { // their newest records are the newest of all
		e := w.entry(w.log()[10*i].Entry)
		w.change(e, news.RecordUpdated, day.Add(time.Hour))
	}
	h := served(t, w)
	var all []string
	var second []string
	pages := 0
	for next := "/"; next != "" && pages < 9; pages++ {
		var keys []string
		if keys, next = follow(t, h, next); pages < 2 && len(keys) != 50 {
			t.Errorf("page %d has %d entries", pages, len(keys))
		}
		if pages == 1 {
			second = keys
		}
		all = append(all, keys...)
	}
	slices.Sort(all)
	if n := len(slices.Compact(slices.Clone(all))); pages != 3 || len(all) != 120 || n != 120 {
		t.Errorf("%d pages with %d entries, %d different", pages, len(all), n)
	}
	_, address := follow(t, h, "/")
	for i := range 60 {
		w.publish(dated(fmt.Sprint("later ", i), day.Add(2*time.Hour)))
	}
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	if keys, _ := follow(t, h, address); !slices.Equal(keys, second) {
		t.Error("later entries changed an older page")
	}
	if got := ask(h, "GET", address).Header.Get("Link"); !strings.Contains(got, "https://wire.example"+address) {
		t.Errorf("the page calls itself %s", got)
	}
	for _, before := range []string{"1", "0", "00", "-1", "x", "052", "99999", "18446744073709551616"} {
		if got := ask(h, "GET", "/?before="+before); got.StatusCode != 404 {
			t.Errorf("before=%s: status %d, want 404", before, got.StatusCode)
		}
	}
}

// TestPageWithoutEntries: of a wire whose log was emptied there is a page, and an error of the store is one.
func TestPageWithoutEntries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := New(options())
	front := func() (*Document, error) { return frontDocument(call{p: p, r: w, g: &generation{p: p}}) }
	if doc, err := front(); err != nil || doc.Entries != 0 || strings.Contains(string(doc.Bytes), `rel="next"`) {
		t.Errorf("empty: %v", err)
	}
	w.publish(dated("one", day))
	w.err = errors.New("disk")
	if _, err := front(); !errors.Is(err, ErrRead) {
		t.Errorf("error %v, want %v", err, ErrRead)
	}
}
