package daemon

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/page"
	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
)

var (
	//go:embed status.html
	statusHTML string
	//go:embed status.css
	statusStyle string

	statusTemplate = template.Must(template.New("status").Funcs(template.FuncMap{
		"stamp":   func(m node.Moment) string { return node.Stamp(time.Time(m)) },
		"size":    node.Size,
		"percent": func(f float64) string { return fmt.Sprintf("%.0f %%", 100*f) },
	}).Parse(statusHTML))
)

// statusView is what the page shows.
type statusView struct {
	Title   string
	Style   template.CSS
	Now     string
	Version string
	Store   string              // its size
	Problem string              // of the store; empty: none
	Cluster *node.ClusterStatus // nil: this node is alone
	Only    status.State        // the state of the sources that are shown; empty: all
	All     int
	Counts  []stateCount
	Sources []sourceView
}

type stateCount struct {
	State status.State
	N     int
}

// sourceView is a source with how it is configured.
type sourceView struct {
	node.SourceStatus
	Name, URL string
	Spark     template.HTML // items a day
}

// statusPage answers with the sources as they are now, for the operator to read.
func (d *daemon) statusPage(w http.ResponseWriter, r *http.Request) {
	only := status.State(r.URL.Query().Get("state"))
	if only != "" && !slices.Contains(status.States, only) {
		http.NotFound(w, r)
		return
	}
	body, err := renderStatus(r.Context(), d.node.Load(), time.Now(), only)
	if err != nil {
		d.log.Error("status not shown", "err", err)
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

// renderStatus renders the page of a moment, of all sources or of those in a state.
func renderStatus(ctx context.Context, n *node.Node, now time.Time, only status.State) ([]byte, error) {
	all, err := n.Status(now)
	if err != nil {
		return nil, err
	}
	cluster, err := n.ClusterStatus(ctx)
	if err != nil {
		return nil, err
	}
	count := map[status.State]int{}
	configured := map[string]sourceView{}
	for _, src := range n.Engine.Sources() {
		configured[src.ID] = sourceView{Name: src.Name, URL: news.Redact(src.URL)}
	}
	bytesUsed, _ := n.Store.Space()
	view := statusView{Title: n.Config.Feed.Title, Style: template.CSS(statusStyle), Now: node.Stamp(now), Version: n.Version,
		Store: node.Size(bytesUsed), Problem: n.StoreState().Message(), Cluster: cluster}
	view.Only, view.All = only, len(all)
	node.IllFirst(all)
	for _, s := range all {
		count[s.State]++
		if only != "" && s.State != only {
			continue
		}
		v := configured[s.ID]
		v.SourceStatus, v.Spark = s, page.Sparkline(s.Daily, "en")
		view.Sources = append(view.Sources, v)
	}
	for _, state := range status.States {
		if count[state] > 0 {
			view.Counts = append(view.Counts, stateCount{state, count[state]})
		}
	}
	var b bytes.Buffer
	err = statusTemplate.Execute(&b, view)
	return b.Bytes(), err
}
