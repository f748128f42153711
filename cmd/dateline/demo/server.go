// Package demo is a small composed wire: six feeds in the house styles of BelTA (English and Russian), TASS
// (English and Russian), the Russian foreign ministry, and a made-up regional paper that reprints. Its news
// is fiction, written for this package. A script changes it step by step: reprints, edits, an outage, a
// correction, a withdrawal.
//
// The rules are:
//   - The same end and the same steps give the same bytes: nothing reads a clock. Dates are those of [Day], moved so that the last of them
//     is when the wire was made.
//   - Identities (guid, atom:id) are the agencies' own, so that keys are the same in every run; links lead
//     back to the wire, so that they can be followed.
package demo

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"html/template"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Server serves the feeds as the script has them at the moment, and a page for each article. Its methods may
// be called by many goroutines.
type Server struct {
	later time.Duration // than Day

	mu    sync.Mutex
	feeds map[string]*feed // by path
	next  int              // step
}

// feed is one agency's document and how its server behaves at the moment.
type feed struct {
	house    house
	articles []article // the newest first
	changes  int       // so far: each moves Last-Modified by a minute

	moved string // answers 301 to this path; empty: it has not moved
	down  bool   // answers 503, to be tried again after [retryAfter]
	cut   bool   // the document ends in the middle
	page  bool   // answers with a page of HTML
}

// retryAfter is what an outage asks for, in seconds.
const retryAfter = 2

// Day is when the last report of the script is dated in the wire that tests use.
var Day = time.Date(2026, time.May, 18, 14, 0, 0, 0, time.UTC)

// New returns the wire before the first step. Its last report is dated at end, to the minute.
func New(end time.Time) *Server {
	w := &Server{later: end.Truncate(time.Minute).Sub(Day), feeds: map[string]*feed{}}
	for path, f := range opening() {
		w.feeds[path] = &f
	}
	return w
}

// Step makes the next thing happen and says in one line what it is. more is false once nothing is left to
// happen: then what is empty.
func (w *Server) Step() (what string, more bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next == len(script) {
		return "", false
	}
	s := script[w.next]
	w.next++
	s.do(w.feeds)
	return s.what, true
}

// ServeHTTP answers for every agency: each feed at its path, each article at its own.
func (w *Server) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	base := "http://" + r.Host
	w.mu.Lock()
	f, isFeed := w.feeds[r.URL.Path]
	var now feed
	if isFeed {
		now = *f
	}
	read := w.article(r.URL.Path)
	page, isPicture := strings.CutSuffix(r.URL.Path, ".jpg")
	pictured := isPicture && w.article(page) != nil && w.article(page).Photo != ""
	w.mu.Unlock()
	switch {
	case isFeed:
		now.serve(rw, r, base, w.later)
	case read != nil:
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = articlePage.Execute(rw, read) // it fails only where the client is gone
	case pictured:
		rw.Header().Set("Content-Type", "image/jpeg")
		_ = jpeg.Encode(rw, picture(), nil) // it fails only where the client is gone
	default:
		http.NotFound(rw, r)
	}
}

// picture draws a footbridge across a river, as simply as can be.
func picture() image.Image {
	const width, height = 480, 270
	var (
		sky    = color.RGBA{0xdc, 0xe7, 0xf0, 0xff}
		river  = color.RGBA{0x6f, 0x98, 0xb5, 0xff}
		bank   = color.RGBA{0x7c, 0x8f, 0x5f, 0xff}
		bridge = color.RGBA{0x6b, 0x3b, 0x2a, 0xff}
	)
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			arch := 130 + 40*(x-width/2)*(x-width/2)/(width*width/4) // the deck, highest in the middle
			c := sky
			switch {
			case y >= arch && y < arch+9, y >= arch-26 && y < arch-23, y >= arch-26 && y < arch && x%24 < 2:
				c = bridge
			case y >= 170 && (x < 70 || x > width-70):
				c = bank
			case y >= 190:
				c = river
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// article returns the article at path as it is now, nil where there is none.
func (w *Server) article(path string) *article {
	for _, at := range slices.Sorted(maps.Keys(w.feeds)) { // BelTA's before the Courier's, which reprints it under BelTA's address
		for _, a := range w.feeds[at].articles {
			if a.Path == path {
				a = a.on(w.later)
				return &a
			}
		}
	}
	return nil
}

func (f feed) serve(w http.ResponseWriter, r *http.Request, base string, later time.Duration) {
	switch {
	case f.moved != "":
		http.Redirect(w, r, f.moved, http.StatusMovedPermanently)
		return
	case f.down:
		w.Header().Set("Retry-After", fmt.Sprint(retryAfter))
		http.Error(w, "maintenance", http.StatusServiceUnavailable)
		return
	case f.page:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!DOCTYPE html><title>Welcome</title><p>Our new site is being set up.</p>")
		return
	}
	body := f.house.render(base, f.articles, later)
	if f.cut {
		body = body[:len(body)/2]
	}
	w.Header().Set("Content-Type", f.house.mediaType)
	if f.house.etag {
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sum(body)))
	}
	var modified time.Time
	if f.house.lastModified {
		modified = built.Add(later + time.Duration(f.changes)*time.Minute)
	}
	http.ServeContent(w, r, "", modified, bytes.NewReader(body))
}

func sum(b []byte) uint64 {
	h := fnv.New64a()
	h.Write(b)
	return h.Sum64()
}

var articlePage = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="{{.Language}}"><meta charset="utf-8"><title>{{.Title}}</title>
<p>A page of the demonstration wire: the news on it is fiction.</p>
<h1>{{.Title}}</h1>
{{with .Photo}}<p><img src=".jpg" alt=""><br><i>{{.}}</i></p>{{end}}
{{range .Paragraphs}}<p>{{.}}</p>
{{end}}</html>
`))
