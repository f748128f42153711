package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"dateline/aggregator/status"
)

var (
	//go:embed status.html
	statusHTML string
	//go:embed status.css
	statusStyle string

	statusTemplate = template.Must(template.New("status").Funcs(template.FuncMap{
		"stamp":   func(m moment) string { return stamp(time.Time(m)) },
		"percent": func(f float64) string { return fmt.Sprintf("%.0f %%", 100*f) },
	}).Parse(statusHTML))
)

// statusView is what the page shows.
type statusView struct {
	Title   string
	Style   template.CSS
	Now     string
	Version string
	Store   string // its size
	Counts  []stateCount
	Sources []sourceView
}

type stateCount struct {
	State status.State
	N     int
}

// sourceView is a source with how it is configured.
type sourceView struct {
	sourceRow
	Name, URL string
}

// statusPage answers with the sources as they are now, for the operator to read.
func (d *daemon) statusPage(w http.ResponseWriter, _ *http.Request) {
	body, err := d.deps.Load().statusPage(time.Now())
	if err != nil {
		d.log.Error("status not told", "err", err)
		http.Error(w, "the store cannot be read", http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256([]byte(statusStyle))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(body) // it fails only where the client is gone
}

func (w *deps) statusPage(now time.Time) ([]byte, error) {
	all, err := w.status(now)
	if err != nil {
		return nil, err
	}
	n := map[status.State]int{}
	configured := map[string]sourceView{}
	for _, src := range w.engine.Sources() {
		configured[src.ID] = sourceView{Name: src.Name, URL: src.URL}
	}
	bytesUsed, _ := w.store.Space()
	view := statusView{Title: w.cfg.Feed.Title, Style: template.CSS(statusStyle), Now: stamp(now), Version: Version(), Store: size(bytesUsed)}
	for _, s := range all {
		n[s.State]++
		v := configured[s.ID]
		v.sourceRow = s
		view.Sources = append(view.Sources, v)
	}
	for _, state := range status.States {
		if n[state] > 0 {
			view.Counts = append(view.Counts, stateCount{state, n[state]})
		}
	}
	var b bytes.Buffer
	err = statusTemplate.Execute(&b, view)
	return b.Bytes(), err
}
