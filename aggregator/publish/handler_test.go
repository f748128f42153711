package publish

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"dateline/aggregator/news"
)

// view hands out w as the store does.
func view(w *wire) func(func(Reader) error) error {
	return func(read func(Reader) error) error { return read(w) }
}

// served returns a handler over w that is ready.
func served(tb testing.TB, w *wire) *Handler {
	tb.Helper()
	h := New(options()).Handler(view(w))
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
	w := ordinary(3)
	h := served(t, w)
	k := w.log[0].Entry.String()
	want, err := New(options()).Atom(w)
	if err != nil {
		t.Fatal(err)
	}
	for path, contentType := range map[string]string{
		"/": "text/html; charset=utf-8", "/feed.atom": "application/atom+xml; charset=utf-8", "/entries/" + k: "text/html; charset=utf-8",
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
			if b := body(t, head); b != "" || head.Header.Get("Content-Length") != fmt.Sprint(len(text)) || head.Header.Get("Etag") != etag {
				t.Errorf("HEAD brought %d bytes and %v", len(b), head.Header)
			}
			same := ask(h, "GET", path, "If-None-Match", etag)
			if b := body(t, same); same.StatusCode != 304 || b != "" || same.Header.Get("Etag") != etag ||
				same.Header.Get("Cache-Control") == "" || same.Header.Get("Vary") == "" || same.Header.Get("Content-Length") != "" || same.Header.Get("Content-Type") != "" {
				t.Errorf("validator sent back: status %d, %d bytes, %v", same.StatusCode, len(b), same.Header)
			}
			for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} {
				no := ask(h, method, path)
				if no.StatusCode != 405 || no.Header.Get("Allow") != "GET, HEAD" {
					t.Errorf("%s: status %d, Allow %q", method, no.StatusCode, no.Header.Get("Allow"))
				}
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
		if got.Header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(etag, `"4.`) || !strings.HasSuffix(etag, `-gz"`) {
			t.Errorf("fields %v", got.Header)
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
	})
	t.Run("health", func(t *testing.T) {
		for _, path := range []string{"/healthz", "/readyz"} {
			if got := ask(h, "GET", path); got.StatusCode != 200 || got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: status %d, %v", path, got.StatusCode, got.Header)
			}
		}
	})
	for _, path := range []string{
		"/feed.rss", "/feed.json", "/feed", "/feed.atom/", "/sources", "/archive/0.atom", "/hub", "/robots.txt", "/entries", "/entries/",
		"/entries/1", "/entries/" + k + "/", "/entries/" + news.ItemKey("belta", "no such").String(), "/%00", "/../etc/passwd",
	} {
		t.Run("no "+path, func(t *testing.T) {
			if got := ask(h, "GET", path); got.StatusCode != 404 || got.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("status %d, %v", got.StatusCode, got.Header)
			}
		})
	}
}

func TestNotReady(t *testing.T) {
	w := ordinary(1)
	h := New(options()).Handler(view(w))
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
	w := ordinary(2)
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
		k := w.log[0].Entry
		e := w.entries[k]
		e.Items = e.Items[:1]
		w.entries[k] = e
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
		if got := ask(h, "GET", "/entries/"+w.log[0].Entry.String()); got.StatusCode != 500 {
			t.Errorf("page of an entry: status %d, want 500", got.StatusCode)
		}
	})
}

func TestConditions(t *testing.T) {
	h := served(t, ordinary(1))
	etag := ask(h, "GET", "/feed.atom").Header.Get("Etag")
	modified := "Wed, 17 May 2023 12:45:00 GMT"
	for name, tt := range map[string]struct {
		fields []string
		want   int
	}{
		"none":                            {nil, 200},
		"the entity tag":                  {[]string{"If-None-Match", etag}, 304},
		"weak":                            {[]string{"If-None-Match", "W/" + etag}, 304},
		"any":                             {[]string{"If-None-Match", " * "}, 304},
		"in a list":                       {[]string{"If-None-Match", `"a,b" ,W/"c",, ` + etag + `,"d"`}, 304},
		"in a second field":               {[]string{"If-None-Match", `"a"`, "If-None-Match", etag}, 304},
		"another":                         {[]string{"If-None-Match", `"a"`}, 200},
		"a part of it":                    {[]string{"If-None-Match", etag[:len(etag)-2] + `"`}, 200},
		"without quotes":                  {[]string{"If-None-Match", strings.Trim(etag, `"`)}, 200},
		"without an end":                  {[]string{"If-None-Match", strings.TrimSuffix(etag, `"`)}, 200},
		"empty":                           {[]string{"If-None-Match", ""}, 200},
		"inside another":                  {[]string{"If-None-Match", `"a ` + strings.Trim(etag, `"`) + `"`}, 200},
		"the date":                        {[]string{"If-Modified-Since", modified}, 304},
		"a later date":                    {[]string{"If-Modified-Since", "Thu, 18 May 2023 00:00:00 GMT"}, 304},
		"an earlier date":                 {[]string{"If-Modified-Since", "Wed, 17 May 2023 12:44:59 GMT"}, 200},
		"no date":                         {[]string{"If-Modified-Since", "yesterday"}, 200},
		"the tag decides before the date": {[]string{"If-None-Match", `"a"`, "If-Modified-Since", modified}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			for _, method := range []string{"GET", "HEAD"} {
				if got := ask(h, method, "/feed.atom", tt.fields...); got.StatusCode != tt.want {
					t.Errorf("%s: status %d, want %d", method, got.StatusCode, tt.want)
				}
			}
		})
	}
}

func TestAcceptEncoding(t *testing.T) {
	for field, want := range map[string]bool{
		"gzip": true, "GZIP": true, "x-gzip": true, "deflate, gzip;q=0.5": true, "gzip ; q=1.0": true, "*": true, "br, *;q=0.1": true,
		"": false, "identity": false, "gzip;q=0": false, "gzip;q=0.000": false, "*;q=0": false, "gzip;q=0, *": false, "*, gzip;q=0": false,
		"br": false, "gzipped": false, "gzip;q=x": false,
	} {
		t.Run(field, func(t *testing.T) {
			if got := acceptsGzip(http.Header{"Accept-Encoding": {field}}); got != want {
				t.Errorf("acceptsGzip(%q) = %v, want %v", field, got, want)
			}
		})
	}
	if acceptsGzip(http.Header{}) {
		t.Error("without the field: gzip, want none")
	}
	if !acceptsGzip(http.Header{"Accept-Encoding": {"br", "gzip"}}) {
		t.Error("in a second field: none, want gzip")
	}
}

func TestMaxAge(t *testing.T) {
	for name, tt := range map[string]struct {
		every time.Duration
		want  int
	}{"a minute": {time.Hour, 60}, "the shortest interval": {20 * time.Second, 20}, "never none": {time.Millisecond, 1}} {
		t.Run(name, func(t *testing.T) {
			p := New(Options{Sources: []news.Source{{ID: "a", Enabled: true, Every: time.Hour}, {ID: "b", Enabled: true, Every: tt.every}, {ID: "c", Every: time.Second}}})
			if got := p.maxAge(); got != tt.want {
				t.Errorf("%d s, want %d", got, tt.want)
			}
		})
	}
}

var (
	styleElement = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	loads        = regexp.MustCompile(`(?i)<(script|img|iframe|object|embed|video|audio|form|base)\b|\son[a-z]+=|\sstyle=|url\(|@import`)
)

// checkPage fails the test for what no page may hold.
func checkPage(t *testing.T, r *http.Response) string {
	t.Helper()
	text := body(t, r)
	if found := loads.FindString(text); found != "" {
		t.Errorf("the page holds %q", found)
	}
	if n := strings.Count(text, "<h1"); n != 1 {
		t.Errorf("%d h1, want 1", n)
	}
	style := styleElement.FindStringSubmatch(text)
	if style == nil {
		t.Fatal("no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	policy := r.Header.Get("Content-Security-Policy")
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	if policy != want {
		t.Errorf("policy %s\nwant   %s", policy, want)
	}
	if r.Header.Get("Referrer-Policy") != "no-referrer" || r.Header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("fields %v", r.Header)
	}
	if !strings.Contains(text, `<a href="https://wire.example/about">`) {
		t.Error("no contact")
	}
	if dir := os.Getenv("DATELINE_JUDGE"); dir != "" {
		name := strings.NewReplacer("/", "_", " ", "_").Replace(t.Name())
		if err := os.WriteFile(dir+"/"+name+".html", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return text
}

func TestWirePage(t *testing.T) {
	t.Run("ordinary", func(t *testing.T) {
		text := checkPage(t, ask(served(t, ordinary(3)), "GET", "/"))
		k := news.ItemKey("belta", press().GUID).String()
		for _, want := range []string{
			`<link rel="alternate" type="application/atom+xml" title="Agency wire" href="feed.atom">`,
			`<h2>17 May 2023</h2>`,
			`<h3><a href="https://belta.example/politics/1">Ministers speak of dialogue after talks</a></h3>`,
			`<p>The ministers met in the capital.</p>`,
			`Photo: Russian MFA/TASS. Also carried by: <a href="https://tass.example/world/1">TASS</a>.</p>`,
			`<time datetime="2023-05-17T12:44:00Z">12:44 UTC</time>`,
			`<a href="entries/` + k + `"`,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("no %s in the page", want)
			}
		}
	})
	t.Run("hostile", func(t *testing.T) {
		if text := checkPage(t, ask(served(t, hostile()), "GET", "/")); strings.Contains(text, "secret") {
			t.Error("text that no source granted went out")
		}
	})
	t.Run("empty", func(t *testing.T) {
		if text := checkPage(t, ask(served(t, newWire()), "GET", "/")); !strings.Contains(text, "Nothing has been published yet.") {
			t.Error("no word that it is empty")
		}
	})
	t.Run("in Russian", func(t *testing.T) {
		o := options()
		o.Language = "ru"
		h := New(o).Handler(view(ordinary(0)))
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		if text := checkPage(t, ask(h, "GET", "/")); !strings.Contains(text, "17 мая 2023") || !strings.Contains(text, `<html lang="ru">`) {
			t.Error("not in Russian")
		}
	})
	t.Run("withdrawn", func(t *testing.T) {
		w := ordinary(0)
		e := w.entries[w.log[0].Entry]
		e.State = news.Withdrawn
		w.change(e, news.RecordWithdrawn, day.Add(time.Hour))
		if text := checkPage(t, ask(served(t, w), "GET", "/")); strings.Contains(text, "inisters") || !strings.Contains(text, "Withdrawn") {
			t.Error("the withdrawn text is there, or no notice")
		}
	})
}

func TestEntryPage(t *testing.T) {
	w := ordinary(1)
	k := w.log[0].Entry
	it := w.items[k]
	it.Revision = 2
	it.Credits.Cited = []news.Credit{{Role: news.Cited, Name: "Interfax", Evidence: news.Evidence{Field: "text", Start: 90, End: 98, Words: "Interfax", Rule: "according to"}}}
	w.items[k] = it
	it.Revised = day.Add(time.Hour)
	w.revisions[fmt.Sprint(k, 2)] = it
	it.Title, it.Revision, it.Revised = "Ministers speak", 1, day
	w.revisions[fmt.Sprint(k, 1)] = it
	carrier := w.items[w.entries[k].Items[1]]
	carrier.Join = &news.Join{Level: "L4", Rule: "containment", Score: 0.875}
	w.items[carrier.Key] = carrier
	h := served(t, w)
	page := "/entries/" + k.String()
	t.Run("tells everything", func(t *testing.T) {
		text := checkPage(t, ask(h, "GET", page))
		for _, want := range []string{
			`<h1><a href="https://belta.example/politics/1">Ministers speak of dialogue after talks</a></h1>`,
			"<p>They spoke of dialogue &amp; trade.</p>",
			"Dateline: MOSCOW, 17 May (BelTA) -",
			"Rights: © BelTA",
			`<li><a href="https://belta.example/photo/1.jpg">The minister speaks.</a> (Russian MFA/TASS)</li>`,
			`<tr><td>originator</td><td class="name">BelTA</td><td>text; bytes 16–21; rule dateline</td></tr>`,
			`<tr><td>owner of the picture</td><td class="name">Russian MFA</td>`,
			`<tr><td>cited</td><td class="name">Interfax</td><td>text; bytes 90–98; rule according to</td></tr>`,
			`<a href="https://tass.example/world/1">TASS: Ministers met</a> (L4 containment 0.88)</li>`,
			"<li>Revision 2, 17 May 2023, 13:44 UTC: Ministers speak of dialogue after talks</li>\n<li>Revision 1, 17 May 2023, 12:44 UTC: Ministers speak</li>",
			k.URN(),
			`href="../feed.atom"`,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("no %s in the page", want)
			}
		}
	})
	t.Run("its first revision was not updated", func(t *testing.T) {
		if text := checkPage(t, ask(h, "GET", "/entries/"+w.log[1].Entry.String())); strings.Contains(text, "updated") || strings.Contains(text, "Revision") {
			t.Error("the page tells of an update")
		}
	})
	t.Run("no more than the newest revisions", func(t *testing.T) {
		w := ordinary(0)
		it := w.items[k]
		for it.Revision = 1; it.Revision < 60; it.Revision++ {
			w.revisions[fmt.Sprint(k, it.Revision)] = it
		}
		w.items[k] = it
		text := checkPage(t, ask(served(t, w), "GET", page))
		if n := strings.Count(text, "<li>Revision"); n != revisionsShown-1 || !strings.Contains(text, "Revision 59,") { // the 60th is not stored
			t.Errorf("%d revisions, want %d", n, revisionsShown)
		}
	})
	t.Run("has no date to validate with", func(t *testing.T) {
		if got := ask(h, "GET", page, "If-Modified-Since", "Thu, 18 May 2123 00:00:00 GMT"); got.StatusCode != 200 || got.Header.Get("Last-Modified") != "" {
			t.Errorf("status %d, %v", got.StatusCode, got.Header)
		}
	})
	t.Run("another spelling of the key", func(t *testing.T) {
		for _, key := range []string{strings.ToUpper(k.String()), k.URN()} {
			got := ask(h, "GET", "/entries/"+key)
			if got.StatusCode != 308 || got.Header.Get("Location") != k.String() {
				t.Errorf("status %d to %q", got.StatusCode, got.Header.Get("Location"))
			}
		}
	})
	t.Run("hostile", func(t *testing.T) {
		w := hostile()
		h := served(t, w)
		for k := range w.entries {
			got := ask(h, "GET", "/entries/"+k.String())
			if text := checkPage(t, got); got.StatusCode != 200 || strings.Contains(text, "secret") {
				t.Errorf("entry %s: status %d, or text that no source granted", k, got.StatusCode)
			}
		}
	})
	for name, tt := range map[string]struct {
		state news.EntryState
		into  news.Key
		want  int
	}{
		"held": {news.Held, news.Key{}, 404}, "withdrawn": {news.Withdrawn, news.Key{}, 410},
		"merged": {news.Merged, w.log[1].Entry, 308}, "merged into nothing": {news.Merged, news.Key{}, 404}, "merged into itself": {news.Merged, k, 404},
	} {
		t.Run(name, func(t *testing.T) {
			w := ordinary(1)
			h := served(t, w)
			e := w.entries[k]
			e.State, e.Into = tt.state, tt.into
			w.entries[k] = e
			got := ask(h, "GET", page)
			if got.StatusCode != tt.want || tt.want == 308 && got.Header.Get("Location") != tt.into.String() {
				t.Errorf("status %d to %q, want %d", got.StatusCode, got.Header.Get("Location"), tt.want)
			}
			if text := body(t, got); strings.Contains(text, "inisters") {
				t.Error("its text went out")
			}
			if again := ask(h, "GET", page, "If-None-Match", "*"); again.StatusCode != tt.want {
				t.Errorf("status %d to who holds it, want %d", again.StatusCode, tt.want)
			}
		})
	}
}

func TestContact(t *testing.T) {
	for given, want := range map[string]string{
		"desk@wire.example":          `requests: <a href="mailto:desk@wire.example">desk@wire.example</a>`,
		"https://wire.example/about": `requests: <a href="https://wire.example/about">https://wire.example/about</a>`,
		"the desk, room <5>":         `requests: the desk, room &lt;5&gt;`,
		"javascript:alert(1)":        `requests: javascript:alert(1)`,
		"":                           "<footer>\n</footer>",
	} {
		t.Run(given, func(t *testing.T) {
			o := options()
			o.Contact = given
			doc, err := New(o).Page(ordinary(0))
			if err != nil || !strings.Contains(string(doc.Bytes), want) {
				t.Errorf("no %s in the page, %v", want, err)
			}
		})
	}
}

// TestAllocations keeps the cost of an answer apart from the size of the document.
func TestAllocations(t *testing.T) {
	r := httptest.NewRequest("GET", "/feed.atom", nil)
	w := sink{make(http.Header)}
	count := func(entries int) float64 {
		h := served(t, ordinary(entries-1))
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

func BenchmarkHandler(b *testing.B) {
	for _, entries := range []int{10, 100} {
		h := served(b, ordinary(entries-1))
		etag := ask(h, "GET", "/feed.atom", "Accept-Encoding", "gzip").Header.Get("Etag")
		for name, fields := range map[string]http.Header{
			"identity": {}, "gzip": {"Accept-Encoding": {"gzip"}}, "304": {"Accept-Encoding": {"gzip"}, "If-None-Match": {etag}},
		} {
			b.Run(fmt.Sprintf("%s of %d", name, entries), func(b *testing.B) {
				r := httptest.NewRequest("GET", "/feed.atom", nil)
				r.Header = fields
				w := sink{make(http.Header)}
				b.ReportAllocs()
				for b.Loop() {
					clear(w.h)
					h.ServeHTTP(w, r)
				}
			})
		}
	}
}

func BenchmarkRefresh(b *testing.B) {
	w := ordinary(99)
	h := served(b, w)
	k := w.log[5].Entry
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		it := w.items[k]
		it.Title = []string{"One title", "Another"}[i%2]
		w.items[k] = it
		if err := h.Refresh(); err != nil {
			b.Fatal(err)
		}
	}
}
