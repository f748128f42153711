package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"dateline/cmd/dateline/demo"
)

// testServer is the demonstration's wire with a gate, a memory of what was asked, and servers that are out of
// order at /fault/.
type testServer struct {
	*demo.Server
	url   string
	close func()

	mu      sync.Mutex
	gate    chan struct{} // closed: open; nil: no gate
	waiting int
	asked   []string
}

func newTestServer() *testServer {
	w := &testServer{Server: demo.New(demo.Day)}
	s := httptest.NewServer(w)
	w.url, w.close = s.URL, func() {
		w.open()
		s.Close()
	}
	return w
}

func (w *testServer) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.pass(r)
	fault, broken := strings.CutPrefix(r.URL.Path, "/fault/")
	switch {
	case !broken:
		w.Server.ServeHTTP(rw, r)
	case fault == "html":
		fmt.Fprint(rw, "<!DOCTYPE html><title>Welcome</title><p>Our new site is being set up.</p>")
	case fault == "site":
		fmt.Fprint(rw, "<!DOCTYPE html><link rel=alternate type=application/atom+xml href=/courier/feed.atom>")
	case fault == "sites":
		fmt.Fprint(rw, "<!DOCTYPE html><link rel=alternate type=application/rss+xml href=/belta/rss><link rel=alternate "+
			"type=application/atom+xml href=/courier/feed.atom>")
	case fault == "empty":
	case fault == "greek": // ISO 8859-7 under a declaration of ISO 8859-1
		fmt.Fprint(rw, "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss version=\"2.0\"><channel><title>Bridge</title>"+
			"<item><guid>1</guid><title>\xc3\xdd\xf6\xf5\xf1\xe1</title></item></channel></rss>")
	case fault == "menu":
		fmt.Fprint(rw, "<rss version=\"2.0\"><channel><title>Bridge</title><item><guid>1</guid><title>Bridge opens</title><description>"+
			"All news&lt;br>Minsk Clear +9°C&lt;br>MINSK, 17 May (BelTA) - The bridge opened.&lt;br>Subscribe to "+
			"us</description></item></channel></rss>")
	case fault == "lead":
		fmt.Fprintf(rw, "<rss version=\"2.0\"><channel><title>Bridge</title><item><guid>1</guid><title>Bridge at Zarechye opens again</title>"+
			"<link>http://%s/fault/article</link></item></channel></rss>", r.Host)
	case fault == "article":
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(rw, "<!DOCTYPE html><html lang=en><title>Bridge at Zarechye opens again</title><body>"+
			"<div class=menu>All news. Photo: AP</div>"+
			"<div class=page><h1>Bridge at Zarechye opens again</h1><figure><img src=/1.jpg><figcaption>Envoys. Russian "+
			"MFA/TASS</figcaption></figure>"+
			"<div class=text><p>MOSCOW, 17 May (BelTA) - The bridge at Zarechye opened again on Wednesday, its master said, BelTA has "+
			"learned.</p></div></div>"+
			"<div class=recent><p>PARIS, 16 May (AFP) - Trams will not run on Sunday, since their drivers strike. Photo: Reuters</p></div>")
	case fault == "embargo":
		fmt.Fprint(rw, "<rss version=\"2.0\"><channel><title>Bank</title><item><guid>1</guid><title>Key rate stays</title><description>"+
			"EMBARGOED UNTIL 06:00 GMT, 17 May 2094&lt;br>MINSK, 17 May (BelTA) - The rate stays.</description></item></channel></rss>")
	case fault == "403":
		rw.WriteHeader(http.StatusForbidden)
	case fault == "410":
		rw.WriteHeader(http.StatusGone)
	case fault == "429":
		rw.Header().Set("Retry-After", "7200")
		rw.WriteHeader(http.StatusTooManyRequests)
	case fault == "503":
		rw.Header().Set("Retry-After", "1")
		rw.WriteHeader(http.StatusServiceUnavailable)
	default:
		rw.WriteHeader(http.StatusInternalServerError)
	}
}

// pass notes a request and lets it through the gate.
func (w *testServer) pass(r *http.Request) {
	line := r.Method + " " + r.URL.Path
	for _, field := range []string{"If-None-Match", "If-Modified-Since", "User-Agent", "X-Desk"} {
		if v := r.Header.Get(field); v != "" {
			line += " " + field + ": " + v
		}
	}
	w.mu.Lock()
	w.asked = append(w.asked, line)
	gate := w.gate
	w.waiting++
	w.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-r.Context().Done():
		}
	}
	w.mu.Lock()
	w.waiting--
	w.mu.Unlock()
}

// shut holds back answers until open.
func (w *testServer) shut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gate = make(chan struct{})
}

func (w *testServer) open() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gate != nil {
		close(w.gate)
		w.gate = nil
	}
}

// held reports whether an answer is held back.
func (w *testServer) held() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.waiting > 0
}

// requests returns what was asked since the last time.
func (w *testServer) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.asked
	w.asked = nil
	return all
}

// until lets everything happen up to the step that text is part of, and reports whether there is one.
func (w *testServer) until(text string) bool {
	for {
		what, more := w.Step()
		if !more || strings.Contains(what, text) {
			return more
		}
	}
}

func serverCommand(ts *testscript.TestScript, neg bool, args []string) {
	const usage = "wire step [TEXT] | gate | waiting | open | requests"
	usageOf(ts, !neg && len(args) > 0, usage)
	w := stateOf(ts).server
	switch {
	case args[0] == "step" && len(args) == 1:
		if _, more := w.Step(); !more {
			ts.Fatalf("no step is left")
		}
	case args[0] == "step" && len(args) == 2:
		if !w.until(args[1]) {
			ts.Fatalf("no step left is %q", args[1])
		}
	case args[0] == "gate":
		w.shut()
	case args[0] == "waiting":
		if !eventually(w.held) {
			ts.Fatalf("nobody waits")
		}
	case args[0] == "open":
		w.open()
	case args[0] == "requests":
		out := ts.Stdout() // asked for even if nothing is written: the last command's output goes
		for _, line := range w.requests() {
			fmt.Fprintln(out, line)
		}
	default:
		usageOf(ts, false, usage)
	}
}

// fieldsCommand checks the names of the fields of JSON objects. A name may be a path: `sources.id` is the
// field id of each object in the list sources.
func fieldsCommand(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) >= 2, "fields FILE NAME...")
	lines := strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n")
	for _, line := range lines {
		var v any
		ts.Check(json.Unmarshal([]byte(line), &v))
		have := map[string]bool{}
		namesOf(v, "", have)
		if got, want := slices.Sorted(maps.Keys(have)), slices.Sorted(slices.Values(args[1:])); !slices.Equal(got, want) {
			ts.Fatalf("fields %q,\nwant   %q", got, want)
		}
	}
}

func namesOf(v any, path string, have map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, each := range v {
			namesOf(each, path, have)
		}
	case map[string]any:
		for name, value := range v {
			have[strings.TrimPrefix(path+"."+name, ".")] = true
			namesOf(value, path+"."+name, have)
		}
	}
}
