package demo_test

import (
	"bytes"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/cmd/dateline/demo"
)

// get asks the wire for a path; fields are pairs of request header fields.
func get(t *testing.T, w http.Handler, path string, fields ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://wire.example"+path, nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	return rec.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sources returns the feeds of the wire as its config has them.
func sources(t *testing.T) []news.Source {
	t.Helper()
	c, err := config.Parse("config.yaml", demo.Config(demo.Place{Wire: "http://wire.example", Store: "dateline.db", Public: "127.0.0.1:8080",
		Admin: "127.0.0.1:8081"}))
	if err != nil {
		t.Fatal(err)
	}
	return c.NewsSources()
}

func paths(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, src := range sources(t) {
		all = append(all, strings.TrimPrefix(src.URL, "http://wire.example"))
	}
	return all
}

// snapshot returns all that the wire's feeds answer.
func snapshot(t *testing.T, w http.Handler) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, path := range paths(t) {
		r := get(t, w, path)
		all[path] = r.Status + r.Header.Get("ETag") + r.Header.Get("Last-Modified") + string(body(t, r))
	}
	return all
}

func TestSameStepsSameBytes(t *testing.T) {
	t.Parallel()
	a, b := demo.New(demo.Day), demo.New(demo.Day)
	for steps := 0; ; steps++ {
		if diff := cmp.Diff(snapshot(t, a), snapshot(t, b)); diff != "" {
			t.Fatalf("after %d steps: %s", steps, diff)
		}
		what, more := a.Step()
		if again, moreAgain := b.Step(); again != what || moreAgain != more {
			t.Fatalf("step %d: %q, then %q", steps, what, again)
		}
		if !more {
			if steps == 0 || what != "" {
				t.Errorf("%d steps, the last %q", steps, what)
			}
			return
		}
	}
}

// Every step changes what at least one feed answers: otherwise it could not be seen. The exceptions are listed.
func TestEveryStepIsSeen(t *testing.T) {
	t.Parallel()
	hidden := map[string]bool{
		"TASS's Russian service files while it is down": true,
		"the ministry publishes at the new address":     true, // at an address that is in no config
	}
	w := demo.New(demo.Day)
	for before := snapshot(t, w); ; {
		what, more := w.Step()
		if !more {
			break
		}
		after := snapshot(t, w)
		if seen := !cmp.Equal(before, after); seen == hidden[what] {
			t.Errorf("%q: seen %t", what, seen)
		}
		before = after
	}
}

func TestFeedsAreWhatTheySay(t *testing.T) {
	t.Parallel()
	w := demo.New(demo.Day)
	for more := true; more; _, more = w.Step() {
	}
	for _, src := range sources(t) {
		t.Run(src.ID, func(t *testing.T) {
			path := strings.TrimPrefix(src.URL, "http://wire.example")
			r := get(t, w, path)
			if to := r.Header.Get("Location"); to != "" {
				r = get(t, w, to)
			}
			doc, err := parse.Feed(t.Context(), body(t, r),
				parse.Options{Document: src.URL, ContentType: r.Header.Get("Content-Type"), Zone: src.Zone})
			if err != nil {
				t.Fatal(err)
			}
			if doc.Partial || len(doc.Items) < 1 {
				t.Errorf("partial %t, %d items", doc.Partial, len(doc.Items))
			}
			for _, it := range doc.Items {
				article, found := strings.CutPrefix(it.URL, "http://wire.example")
				if page := get(t, w, article); !found || page.StatusCode != http.StatusOK || !bytes.Contains(body(t, page), []byte("fiction")) {
					t.Errorf("the link of %q leads nowhere: %s", it.Title, it.URL)
				}
				if it.Published.IsZero() != strings.Contains(it.Title, "orchids") {
					t.Errorf("%q is dated %v", it.Title, it.Published)
				}
			}
		})
	}
}

func TestValidators(t *testing.T) {
	t.Parallel()
	w := demo.New(demo.Day)
	for path, field := range map[string]string{"/belta/rss": "ETag", "/belta-ru/rss": "Last-Modified", "/tass/rss/v2.xml": ""} {
		r := get(t, w, path)
		if field == "" {
			if r.Header.Get("ETag")+r.Header.Get("Last-Modified") != "" {
				t.Errorf("%s gives validators", path)
			}
			continue
		}
		condition := map[string]string{"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[field]
		if again := get(t, w, path, condition, r.Header.Get(field)); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s, unchanged: %s", path, again.Status)
		}
	}
}

// TestDatesAreMoved: the wire ends when it is to, and what its texts say of days goes with its dates, over midnight and in Russian too.
func TestDatesAreMoved(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 12, 1, 0, 35, 20, 0, time.UTC) // 3:35 in Moscow; the bridge opened five minutes before midnight
	w := demo.New(end)
	for more := true; more; _, more = w.Step() {
	}
	newest := time.Time{}
	for path, want := range map[string]string{
		"/belta/rss":          "to walkers in Zarechye on 30 November after two years",
		"/courier/feed.atom":  "ZARECHYE, 30 November (BelTA) - The footbridge",
		"/tass/rss/v2.xml":    "ZARECHYE, December 1. /TASS/. Repairs over",
		"/belta-ru/rss":       "1 декабря, Заречье",
		"/tass-ru/rss/v2.xml": "отправился в понедельник",
		"/mfa/en/rss.xml":     "five towns in January",
	} {
		b := body(t, get(t, w, path))
		if !strings.Contains(string(b), want) || strings.ContainsAny(string(b), "{}") {
			t.Errorf("%s: no %q, or what is in braces, in %s", path, want, b)
		}
		doc, err := parse.Feed(t.Context(), b, parse.Options{Document: "http://wire.example" + path, Zone: time.FixedZone("", 3*60*60)})
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range doc.Items {
			if it.Published.After(newest) {
				newest = it.Published
			}
		}
	}
	if want := end.Truncate(time.Minute); !newest.Equal(want) {
		t.Errorf("the newest is of %v, want %v", newest, want)
	}
}

// TestPicturesAndAddresses: the pictures that the feeds name are there, what none names is not, and the addresses to look at are those
// of items in the feeds.
func TestPicturesAndAddresses(t *testing.T) {
	t.Parallel()
	w := demo.New(demo.Day)
	for more := true; more; _, more = w.Step() {
	}
	pictures, entries := map[string]bool{}, map[string]bool{}
	for _, src := range sources(t) {
		doc, err := parse.Feed(t.Context(), body(t, get(t, w, strings.TrimPrefix(src.URL, "http://wire.example"))), parse.Options{})
		if err != nil {
			continue // it moved, or fails
		}
		for _, it := range doc.Items {
			entries["entries/"+news.ItemKey(src.ID, dedup.Identity(it.GUID)).String()] = true
			for _, m := range it.Media {
				pictures[m.URL] = true
			}
		}
	}
	for address := range pictures {
		res := get(t, w, strings.TrimPrefix(address, "http://wire.example"))
		m, err := jpeg.Decode(res.Body)
		if err != nil || res.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%s: %v, %s", address, err, res.Header.Get("Content-Type"))
		} else if size := m.Bounds().Size(); size.X != 480 || size.Y != 270 {
			t.Errorf("%s: %v", address, size)
		}
	}
	if len(pictures) == 0 {
		t.Error("no picture in the feeds")
	}
	if res := get(t, w, "/nowhere"); res.StatusCode != http.StatusNotFound {
		t.Errorf("status %d for what is not there", res.StatusCode)
	}
	listed := 0
	for _, a := range demo.Addresses() {
		if strings.HasPrefix(a.Path, "entries/") {
			if listed++; !entries[a.Path] {
				t.Errorf("%s is no item of the feeds", a.Path)
			}
		}
	}
	if listed == 0 {
		t.Error("no entry among the addresses")
	}
}
