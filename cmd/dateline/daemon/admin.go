package daemon

import (
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"dateline/cmd/dateline/node"
)

// admin serves what is the operator's alone.
func (d *daemon) admin() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", http.RedirectHandler("/status", http.StatusSeeOther))
	mux.HandleFunc("GET /status", d.statusPage)
	mux.HandleFunc("GET /status.json", d.statusJSON)
	mux.HandleFunc("GET /events.atom", d.eventsFeed)
	mux.Handle("GET /metrics", promhttp.HandlerFor(d.registry(), promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

func (d *daemon) statusJSON(w http.ResponseWriter, _ *http.Request) {
	all, err := d.node.Load().Status(time.Now())
	if err != nil {
		d.log.Error("status not told", "err", err)
		http.Error(w, "the store cannot be read", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(map[string][]node.SourceStatus{"sources": all}) // it fails only where the client is gone
}
