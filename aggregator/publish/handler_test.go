package publish

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// served returns a handler over w that is ready.
func served(tb testing.TB, w *world) *Handler {
	tb.Helper()
	h := New(options()).Handler(w.view)
	if err := h.Refresh(); err != nil {
		tb.Fatal(err)
	}
	return h
}

// ask sends one request, with header fields given as name and value in turn.
func ask(h http.Handler, method, path string, fields ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	defer r.Body.Close()
	var from io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		from = z
	}
	b, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHandler(t *testing.T) {
	w := ordinary(t, 3)
	h := served(t, w)
	k := w.log()[0].Entry.String()
	want, err := New(options()).Atom(w)
	if err != nil {
		t.Fatal(err)
	}
	for path, contentType := range map[string]string{
		"/": "text/html; charset=utf-8", "/feed.atom": "application/atom+xml; charset=utf-8", "/entries/" + k: "text/html; charset=utf-8",
		"/feed.rss": "application/rss+xml; charset=utf-8", "/feed.json": "application/feed+json; charset=utf-8",
		"/sources/belta/feed.atom": "application/atom+xml; charset=utf-8", "/topics/russia/feed.rss": "application/rss+xml; charset=utf-8",
		"/languages/en/feed.json": "application/feed+json; charset=utf-8",
		"/sources.opml":           "text/x-opml; charset=utf-8", "/robots.txt": "text/plain; charset=utf-8",
	} {
		t.Run(path, func(t *testing.T) {
			got := ask(h, "GET", path)
			fields := map[string]string{}
			for _, name := range []string{"Content-Type", "Cache-Control", "Vary", "X-Content-Type-Options", "Access-Control-Allow-Origin", "Link"} {
				fields[name] = got.Header.Get(name)
			}
			if diff := cmp.Diff(map[string]string{
				"Content-Type": contentType, "Cache-Control": "public, max-age=60", "Vary": "Accept-Encoding",
				"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*", "Link": "<https://wire.example" + path + `>; rel="self"`,
			}, fields); diff != "" || got.StatusCode != 200 {
				t.Errorf("status %d, fields (-want +got):\n%s", got.StatusCode, diff)
			}
			etag := got.Header.Get("Etag")
			text := body(t, got)
			if got.Header.Get("Content-Length") != fmt.Sprint(len(text)) || len(text) == 0 {
				t.Errorf("Content-Length %s of %d bytes", got.Header.Get("Content-Length"), len(text))
			}
			head := ask(h, "HEAD", path)
			feedtest.Same(t, "body of HEAD", body(t, head), "")
			feedtest.Same(t, "Content-Length of HEAD", head.Header.Get("Content-Length"), fmt.Sprint(len(text)))
			feedtest.Same(t, "ETag of HEAD", head.Header.Get("Etag"), etag)
			same := ask(h, "GET", path, "If-None-Match", etag)
			feedtest.Same(t, "status of what is unchanged", same.StatusCode, 304)
			feedtest.Same(t, "body of what is unchanged", body(t, same), "")
			feedtest.Same(t, "ETag of what is unchanged", same.Header.Get("Etag"), etag)
			for _, field := range []string{"Cache-Control", "Vary"} {
				if same.Header.Get(field) == "" {
					t.Errorf("what is unchanged has no %s: %v", field, same.Header)
				}
			}
			for _, field := range []string{"Content-Length", "Content-Type"} {
				feedtest.Same(t, field+" of what is unchanged", same.Header.Get(field), "")
			}
			for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE"} {
				no := ask(h, method, path)
				if no.StatusCode != 405 || no.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
					t.Errorf("%s: status %d, Allow %q", method, no.StatusCode, no.Header.Get("Allow"))
				}
			}
			preflight := ask(h, "OPTIONS", path, "Origin", "https://reader.example", "Access-Control-Request-Method", "GET",
				"Access-Control-Request-Headers", "if-none-match")
			f := preflight.Header
			feedtest.Same(t, "status", preflight.StatusCode, 204)
			feedtest.Same(t, "Access-Control-Allow-Origin", f.Get("Access-Control-Allow-Origin"), "*")
			if !strings.Contains(f.Get("Access-Control-Allow-Headers"), "If-None-Match") {
				t.Errorf("OPTIONS does not allow validators: %v", f)
			}
			if !strings.Contains(f.Get("Access-Control-Allow-Methods"), "GET") {
				t.Errorf("OPTIONS does not allow GET: %v", f)
			}
		})
	}
	t.Run("the feed is the document", func(t *testing.T) {
		got := ask(h, "GET", "/feed.atom")
		if !strings.HasPrefix(got.Header.Get("Etag"), `"4.`) || got.Header.Get("Last-Modified") != "Wed, 17 May 2023 12:45:00 GMT" {
			t.Errorf("validators %s, %s", got.Header.Get("Etag"), got.Header.Get("Last-Modified"))
		}
		if body(t, got) != string(want.Bytes) {
			t.Error("other bytes")
		}
	})
	t.Run("gzip has the same text and another entity tag", func(t *testing.T) {
		got := ask(h, "GET", "/feed.atom", "Accept-Encoding", "br, gzip")
		etag := got.Header.Get("Etag")
		feedtest.Same(t, "Content-Encoding", got.Header.Get("Content-Encoding"), "gzip")
		if !strings.HasPrefix(etag, `"4.`) || !strings.HasSuffix(etag, `-gz"`) {
			t.Errorf("ETag %s", etag)
		}
		if body(t, got) != string(want.Bytes) {
			t.Error("other bytes")
		}
		if got := ask(h, "GET", "/feed.atom", "If-None-Match", etag); got.StatusCode != 200 {
			t.Errorf("entity tag of gzip for the plain document: status %d, want 200", got.StatusCode)
		}
		if got := ask(h, "GET", "/feed.atom", "If-None-Match", etag, "Accept-Encoding", "gzip"); got.StatusCode != 304 {
			t.Errorf("entity tag of gzip: status %d, want 304", got.StatusCode)
		}
		plain := ask(h, "HEAD", "/feed.atom").Header.Get("Etag")
		got = ask(h, "GET", "/feed.atom", "If-None-Match", "W/"+plain, "Accept-Encoding", "gzip")
		if got.StatusCode != 304 || got.Header.Get("Etag") != plain {
			t.Errorf("what a client has that took no gzip, asked for by a proxy that does: status %d, ETag %s", got.StatusCode,
				got.Header.Get("Etag"))
		}
	})
	t.Run("health", func(t *testing.T) {
		for _, path := range []string{"/healthz", "/readyz"} {
			if got := ask(h, "GET", path); got.StatusCode != 200 || got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: status %d, %v", path, got.StatusCode, got.Header)
			}
		}
	})
	for _, path := range []string{
		"/feed.html", "/feed.opml", "/feed.atom/", "/archive/0.atom", "/archive/0", "/archive/-1.atom", "/archive/00.atom", "/hub",
		"/sources/none/feed.atom", "/topics/none/feed.rss", "/languages/de/feed.json", "/languages/EN/feed.atom", "/search.atom?q=x", "/entries",
		"/entries/",
		"/entries/1", "/entries/" + k + "/", "/entries/" + news.ItemKey("belta", "no such").String(), "/%00", "/../etc/passwd",
	} {
		t.Run("no "+path, func(t *testing.T) {
			got := ask(h, "GET", path)
			feedtest.Same(t, "status", got.StatusCode, 404)
			feedtest.Same(t, "X-Content-Type-Options", got.Header.Get("X-Content-Type-Options"), "nosniff")
			feedtest.Same(t, "Access-Control-Allow-Origin", got.Header.Get("Access-Control-Allow-Origin"), "*")
		})
	}
}

func TestNotReady(t *testing.T) {
	w := ordinary(t, 1)
	h := New(options()).Handler(w.view)
	for path, want := range map[string]int{"/": 503, "/feed.atom": 503, "/readyz": 503, "/healthz": 200, "/nothing": 404} {
		got := ask(h, "GET", path)
		if got.StatusCode != want || (want == 503) != (got.Header.Get("Retry-After") != "") {
			t.Errorf("%s: status %d, want %d", path, got.StatusCode, want)
		}
	}
	w.err = errors.New("no such page")
	if err := h.Refresh(); !errors.Is(err, ErrRead) {
		t.Errorf("error %v, want %v", err, ErrRead)
	}
	if got := ask(h, "GET", "/readyz"); got.StatusCode != 503 {
		t.Errorf("after an error: status %d, want 503", got.StatusCode)
	}
}

func TestRefresh(t *testing.T) {
	w := ordinary(t, 2)
	h := served(t, w)
	before := ask(h, "GET", "/feed.atom")
	refresh := func() *http.Response {
		t.Helper()
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		return ask(h, "GET", "/feed.atom")
	}
	validators := func(r *http.Response) [2]string {
		return [2]string{r.Header.Get("Etag"), r.Header.Get("Last-Modified")}
	}
	t.Run("nothing new", func(t *testing.T) {
		if got := refresh(); validators(got) != validators(before) {
			t.Errorf("validators %v, want %v", validators(got), validators(before))
		}
	})
	t.Run("a carrier without a position", func(t *testing.T) {
		k := w.log()[0].Entry
		e := w.entry(k)
		e.Items = e.Items[:1]
		w.putEntry(e)
		w.touch(k)
		got := refresh()
		if validators(got)[0] == validators(before)[0] || validators(got)[1] != "Wed, 17 May 2023 12:45:01 GMT" {
			t.Errorf("validators %v, before %v", validators(got), validators(before))
		}
		if again := ask(h, "GET", "/feed.atom", "If-Modified-Since", validators(before)[1]); again.StatusCode != 200 {
			t.Errorf("status %d to who holds the old one, want 200", again.StatusCode)
		}
	})
	t.Run("a new piece", func(t *testing.T) {
		w.publish(dated("New", day))
		if got := refresh(); !strings.HasPrefix(validators(got)[0], `"4.`) || !strings.Contains(body(t, got), "<title>New</title>") {
			t.Errorf("validators %v", validators(got))
		}
	})
	t.Run("other options", func(t *testing.T) {
		o := options()
		o.Title = "Another wire"
		h.Use(New(o))
		if got := refresh(); !strings.Contains(body(t, got), "<title>Another wire</title>") {
			t.Error("the old title")
		}
	})
	t.Run("other options that show in the header fields alone", func(t *testing.T) {
		o := options()
		o.Title = "Another wire"
		o.Sources[0].Enabled, o.Sources[0].Every = true, 30*time.Second
		h.Use(New(o))
		if got := refresh().Header.Get("Cache-Control"); got != "public, max-age=30" {
			t.Errorf("Cache-Control %s", got)
		}
	})
	t.Run("an error leaves the old documents", func(t *testing.T) {
		want := validators(ask(h, "GET", "/feed.atom"))
		w.err = errors.New("no such page")
		if err := h.Refresh(); !errors.Is(err, ErrRead) {
			t.Errorf("error %v, want %v", err, ErrRead)
		}
		if got := ask(h, "GET", "/feed.atom"); validators(got) != want || got.StatusCode != 200 {
			t.Errorf("status %d, validators %v, want %v", got.StatusCode, validators(got), want)
		}
		if got := ask(h, "GET", "/entries/"+w.log()[0].Entry.String()); got.StatusCode != 500 {
			t.Errorf("page of an entry: status %d, want 500", got.StatusCode)
		}
	})
}

func TestMaxAge(t *testing.T) {
	for name, tt := range map[string]struct {
		every time.Duration
		want  int
	}{"a minute": {time.Hour, 60}, "the shortest interval": {20 * time.Second, 20}, "never none": {time.Millisecond, 1}} {
		t.Run(name, func(t *testing.T) {
			p := New(Options{Sources: []news.Source{{ID: "a", Enabled: true, Every: time.Hour}, {ID: "b", Enabled: true, Every: tt.every},
				{ID: "c", Every: time.Second}}})
			if got := p.maxAge(&Document{}); got != tt.want {
				t.Errorf("%d s, want %d", got, tt.want)
			}
		})
	}
}

// TestAllocations keeps the cost of an answer apart from the size of the document.
func TestAllocations(t *testing.T) {
	r := httptest.NewRequest("GET", "/feed.atom", nil)
	w := sink{make(http.Header)}
	count := func(entries int) float64 {
		h := served(t, ordinary(t, entries-1))
		return testing.AllocsPerRun(100, func() {
			clear(w.h)
			h.ServeHTTP(w, r)
		})
	}
	if one, hundred := count(1), count(100); hundred > one {
		t.Errorf("%v allocations for 100 entries, %v for one", hundred, one)
	}
}

// sink is a ResponseWriter that costs nothing.
type sink struct{ h http.Header }

func (s sink) Header() http.Header         { return s.h }
func (s sink) Write(b []byte) (int, error) { return len(b), nil }
func (s sink) WriteHeader(int)             {}

// TestAtTheSameTime is for the race detector.
func TestAtTheSameTime(t *testing.T) {
	w := ordinary(t, 5)
	p := New(options())
	h := p.Handler(w.view)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 20 {
				switch i {
				case 0:
					if err := h.Refresh(); err != nil {
						t.Error(err)
					}
				case 1:
					if _, err := p.Atom(w); err != nil {
						t.Error(err)
					}
				case 2:
					h.Use(p)
					ask(h, "GET", "/entries/"+w.log()[0].Entry.String())
				default:
					if got := ask(h, "GET", "/"); got.StatusCode != 200 && got.StatusCode != 503 {
						t.Errorf("status %d", got.StatusCode)
					}
				}
			}
		})
	}
	wg.Wait()
}
