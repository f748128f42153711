package publish

import (
	"testing"
	"time"
)

// The list of the sources is dated as every document is: by when it was last changed.
func TestListIsDated(t *testing.T) {
	t.Parallel()
	o := options()
	o.Listed = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	h := New(o).Handler(served(t, ordinary(t, 1)).view)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	got := ask(h, "GET", "/sources.opml")
	if at := got.Header.Get("Last-Modified"); at != "Tue, 24 Nov 2026 09:00:00 GMT" {
		t.Errorf("Last-Modified: %q", at)
	}
	if same := ask(h, "GET", "/sources.opml", "If-Modified-Since", got.Header.Get("Last-Modified")); same.StatusCode != 304 {
		t.Errorf("asked again: %d", same.StatusCode)
	}
}
