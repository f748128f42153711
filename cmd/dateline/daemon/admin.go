package daemon

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"dateline/aggregator/config"
	"dateline/cmd/dateline/node"
)

// admin serves what is the operator's alone.
func (d *daemon) admin() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", http.RedirectHandler("/status", http.StatusSeeOther))
	mux.HandleFunc("GET /status", d.statusPage)
	mux.HandleFunc("GET /status.json", d.statusJSON)
	mux.HandleFunc("GET /events.atom", d.eventsFeed)
	mux.HandleFunc("GET "+node.CopyPath, d.copyStore)
	mux.HandleFunc("GET /readyz", d.readyz) // a node without a public listener is asked here
	mux.Handle("GET /metrics", promhttp.HandlerFor(d.gatherer(), promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return d.guarded(mux)
}

// guarded refuses what a page of another site has a browser ask: under a name that it has led here (DNS rebinding), or as
// cross-site (Fetch Metadata, W3C).
func (d *daemon) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		switch cfg := d.node.Load().Config; {
		case !adminHost(cfg, r.Host):
			http.Error(w, "not asked by a name of admin.hosts, an IP address or localhost", http.StatusMisdirectedRequest)
		case r.Header.Get("Sec-Fetch-Site") == "cross-site":
			http.Error(w, "asked by a page of another site", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// adminHost reports whether the operator's listener may be asked by the Host of a request.
func adminHost(cfg *config.Config, host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || host == "localhost" {
		return true
	}
	listen, _, _ := net.SplitHostPort(cfg.Admin.Listen)
	return host != "" && strings.EqualFold(host, listen) ||
		slices.ContainsFunc(cfg.Admin.Hosts, func(name string) bool { return strings.EqualFold(name, host) })
}

func (d *daemon) statusJSON(w http.ResponseWriter, r *http.Request) {
	n := d.node.Load()
	all, err := n.Status(time.Now())
	cluster, clusterErr := n.ClusterStatus(r.Context())
	if err = errors.Join(err, clusterErr); err != nil {
		d.log.Error("status not shown", "err", err)
		http.Error(w, "the store cannot be read", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	// it fails only where the client is gone
	_ = json.NewEncoder(w).Encode(node.Report{Store: node.StoreStatus{State: n.StoreState()}, Cluster: cluster, Sources: all})
}
