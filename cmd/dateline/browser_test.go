package main

import (
	"context"
	_ "embed" // the checks
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed testdata/browser/check.js
var checkJS string

// browser drives Chromium through pages and notes what it complains of. It is used by one goroutine.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	origins  []string // that may be asked
	expected int      // the status that the page under test may have beside 200
	noise    []string // messages, errors and requests beyond the origins
	links    map[string]string
}

// newBrowser starts Chromium. It skips the test where there is none.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	if testing.Short() {
		t.Skip("the pages are looked at in a browser without -short only")
	}
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome", "headless_shell"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium on this machine: the pages are not looked at in a browser")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.WSURLReadTimeout(patience), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-features", "Translate,BackForwardCache")) // a page that comes back is loaded, so that one can wait for it
	if os.Geteuid() == 0 { // Chromium wants it so
		options = append(options, chromedp.NoSandbox)
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, links: map[string]string{}}
	if err := chromedp.Listen(ctx, b.note); err != nil { // it starts the browser
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	call(b, runtime.Enable, cdp.Empty{})
	return b
}

// note keeps what a page complains of, and what it asks of others.
func (b *browser) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.noise = append(b.noise, fmt.Sprintf("console: %s %v", e.Type, e.Args))
	case *runtime.EventExceptionThrown:
		b.noise = append(b.noise, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if b.expected == 0 || !strings.Contains(e.Entry.Text, fmt.Sprint("status of ", b.expected)) {
			b.noise = append(b.noise, fmt.Sprintf("console: %s %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		ours := func(origin string) bool { return strings.HasPrefix(e.Request.URL, origin+"/") }
		if !strings.HasPrefix(e.Request.URL, "data:") && !slices.ContainsFunc(b.origins, ours) {
			b.noise = append(b.noise, "request: "+e.Request.URL)
		}
	}
}

// do runs an action that must go well, and returns its value.
func do[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// call runs a command of the protocol, likewise.
func call[P, R any](b *browser, command cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.t.Fatal(err)
	}
}

// eval returns the value of an expression.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	return do(b, chromedp.Evaluate[T](expression))
}

// pageCase is a page to look at.
type pageCase struct {
	name, address string
	status        int // beside 200 that it may have; 0: none
}

// linksJS returns where a page leads, but to itself.
const linksJS = `[...document.querySelectorAll("a[href]")].map(a => a.href.replace(/#.*/, "")).filter(to => to !== location.href)`

// look looks at pages on a narrow and a wide screen, in the light and in the dark.
func (b *browser) look(pages []pageCase) {
	for _, width := range []int64{390, 1280} {
		call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1})
		for _, p := range pages {
			b.mu.Lock()
			b.expected = p.status
			b.mu.Unlock()
			do(b, chromedp.Navigate(p.address))
			for _, scheme := range []string{"light", "dark"} {
				call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
					{Name: "prefers-color-scheme", Value: scheme}}})
				wrong := eval[[]string](b, checkJS)
				for _, w := range wrong[:min(5, len(wrong))] {
					b.t.Errorf("%s, %d px, %s: %s", p.name, width, scheme, w)
				}
				b.keep(fmt.Sprintf("%s-%d-%s", p.name, width, scheme))
			}
			for _, to := range eval[[]string](b, linksJS) {
				b.links[to] = p.name
			}
			b.mu.Lock()
			for _, n := range b.noise {
				b.t.Errorf("%s, %d px: %s", p.name, width, n)
			}
			b.noise = nil
			b.mu.Unlock()
		}
	}
}

// keep writes a picture of the page into the folder that DATELINE_PICTURES names, to be looked at.
func (b *browser) keep(name string) {
	dir := os.Getenv("DATELINE_PICTURES")
	if dir == "" {
		return
	}
	picture := do(b, chromedp.FullScreenshot(100))
	if err := os.WriteFile(dir+"/"+strings.ReplaceAll(name, " ", "_")+".png", picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// follow asks for what the pages link at an origin, at most so many addresses: each must be there.
func (b *browser) follow(origin string, most int) {
	b.t.Helper()
	client := &http.Client{Timeout: patience}
	asked := 0
	for to, from := range b.links {
		if !strings.HasPrefix(to, origin+"/") {
			continue
		}
		if asked++; asked > most {
			break
		}
		resp, err := client.Get(to)
		if err != nil {
			b.t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			b.t.Errorf("%s: status %d of the link to %s", from, resp.StatusCode, to)
		}
	}
	if asked < 20 {
		b.t.Errorf("%d links", asked)
	}
}

// tab goes through the first places of a page by the keyboard: in the order of the page, and each is seen.
func (b *browser) tab(address string, places int) {
	b.t.Helper()
	do(b, chromedp.Navigate(address))
	const at = `(() => { const all = [...document.querySelectorAll("a[href], button, input")], el = document.activeElement;
		return [all.indexOf(el), getComputedStyle(el).outlineStyle === "none" ? 0 : 1]; })()`
	for want := range places {
		do(b, chromedp.KeyEvent(kb.Tab))
		if got := eval[[]int](b, at); got[0] != want || got[1] == 0 {
			b.t.Fatalf("%s: the key Tab leads to place %d, want %d; it has an outline: %d", address, got[0], want, got[1])
		}
	}
}

// turn goes through pages of a list, at most so many, and back and forward again: each entry is on one of them, and a page that was left
// is found as it was.
func (b *browser) turn(address string, most int) {
	b.t.Helper()
	const rows = `[...document.querySelectorAll("article.row h3 a")].map(a => a.href)`
	const next = `document.querySelector("a[rel=next]")`
	loaded := func(cdppage.EventLoadEventFired) bool { return true }
	do(b, chromedp.Navigate(address))
	var pages [][]string
	place := map[string]int{}
	for {
		now := eval[[]string](b, rows)
		for _, entry := range now {
			if place[entry] > 0 {
				b.t.Errorf("%s is on pages %d and %d", entry, place[entry], len(pages)+1)
			}
			place[entry] = len(pages) + 1
		}
		if pages = append(pages, now); len(pages) == most || !eval[bool](b, next+" !== null") {
			break
		}
		do(b, chromedp.WaitEvent(cdppage.LoadEventFired, loaded, chromedp.Click(chromedp.CSS("a[rel=next]"))))
	}
	if len(pages) < min(most, 2) {
		b.t.Fatalf("%s: %d pages", address, len(pages))
	}
	for i := len(pages) - 2; i >= 0; i-- {
		do(b, chromedp.WaitEvent(cdppage.LoadEventFired, loaded, chromedp.NavigateBack()))
		if got := eval[[]string](b, rows); !slices.Equal(got, pages[i]) {
			b.t.Errorf("%s: page %d has other entries on the way back, at %s", address, i+1, eval[string](b, "location.href"))
		}
	}
	for i := 1; i < len(pages); i++ {
		do(b, chromedp.WaitEvent(cdppage.LoadEventFired, loaded, chromedp.NavigateForward()))
		if got := eval[[]string](b, rows); !slices.Equal(got, pages[i]) {
			b.t.Errorf("%s: page %d has other entries on the way forward", address, i+1)
		}
	}
}

// TestBrowser looks at the pages of the demonstration and of a large wire in Chromium.
func TestBrowser(t *testing.T) {
	b := newBrowser(t)
	began := time.Now()
	b.demonstration()
	b.manySources()
	t.Logf("%d links, %v", len(b.links), time.Since(began).Round(time.Second))
}
