package publish

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dateline/store"
)

// TestNewestConfig: what is stored behind the position of a config is published by that config, also before the handler was refreshed. One
// that is refused keeps no document back.
func TestNewestConfig(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	push := func() {
		t.Helper()
		err := w.store.Update(time.Now(), func(tx *store.Tx) error { _, err := tx.PutConfig([]byte("feed: {}"), nil); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
	h := New(Options{Title: "First", BaseURL: "https://wire.example/"}).Handler(w.view)
	rev, asked, refused := uint64(0), 0, false
	h.Outdated = func() bool {
		asked++
		if !refused {
			rev++
			h.Use(New(Options{Title: "Second", BaseURL: "https://wire.example/", ConfigRev: rev}))
			if err := h.Refresh(); err != nil {
				t.Error(err)
			}
		}
		return refused
	}
	get := func(path, title string, asks int) (tag string) {
		t.Helper()
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequest("GET", path, nil))
		if answer.Code != 200 || !strings.Contains(answer.Body.String(), title) || asked != asks {
			t.Errorf("%s: status %d, asked %d times: %s", path, answer.Code, asked, answer.Body)
		}
		return answer.Header().Get("ETag")
	}
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	before := get("/feed.atom", "First", 0)
	push()
	get("/feed.json", "Second", 1)
	if after := get("/feed.atom", "Second", 1); after == before {
		t.Error("another document has the same ETag")
	}
	refused = true
	push()
	get("/", "Second", 2)
}
