package daemon

import (
	"cmp"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// access counts each answer, logs it, and gives those behind it the client's own address as RemoteAddr.
func (d *daemon) access(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		r = r.WithContext(r.Context()) // a copy, whose address may be changed
		r.RemoteAddr = client(r, d.node.Load().Proxies)
		answer := &answer{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(answer, r)
		pattern, url := d.pattern(r.URL.Path), r.URL.RequestURI()
		if pattern == callbacks {
			url = pattern // who knows a token may deliver
		}
		d.counters.answered(pattern, answer.code)
		d.counters.readers.read(r.UserAgent(), r.URL.Path, answer.code, began)
		level := slog.LevelDebug
		if d.node.Load().Config.HTTP.AccessLog {
			level = slog.LevelInfo
		}
		d.log.Log(r.Context(), level, "request", "client", r.RemoteAddr, "method", r.Method, "url", url, "status", answer.code,
			"agent", r.UserAgent(), "took", time.Since(began).Round(time.Microsecond).String())
	})
}

// callbacks is the pattern of the addresses at which hubs deliver.
const callbacks = "/websub/{}"

// none is the pattern of what leads nowhere.
const none = "none"

// pattern returns what serves a path, as one of a few names.
func (d *daemon) pattern(path string) string {
	if strings.HasPrefix(path, "/websub/") {
		return callbacks
	}
	if path == "/hub" {
		return path
	}
	return cmp.Or(d.handler.Route(path), none)
}

// answer remembers its status.
type answer struct {
	http.ResponseWriter
	code  int
	wrote bool
}

func (a *answer) WriteHeader(code int) {
	if !a.wrote && code >= 200 { // what comes before is not the answer
		a.code, a.wrote = code, true
	}
	a.ResponseWriter.WriteHeader(code)
}

func (a *answer) Write(b []byte) (int, error) {
	a.wrote = true
	return a.ResponseWriter.Write(b)
}

// Unwrap is for [http.ResponseController].
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// client returns the address of who asked: the nearest one in X-Forwarded-For that no trusted proxy is at, counted from
// the right, where each proxy adds whom it heard. A field that no trusted proxy has sent, or a part of it that is no
// address, ends the search: it may say anything. Who connects to a socket of this machine is a trusted proxy.
func client(r *http.Request, trusted []netip.Prefix) string {
	var at netip.Addr // invalid: who has the other end of a socket
	if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		at = peer.Addr().Unmap()
	}
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(forwarded) - 1; i >= 0 && (!at.IsValid() || within(trusted, at)); i-- {
		next, err := forwardedAddress(strings.TrimSpace(forwarded[i]))
		if err != nil {
			break
		}
		at = next
	}
	if !at.IsValid() {
		return cmp.Or(r.RemoteAddr, "unix")
	}
	return at.String()
}

// forwardedAddress reads one part of X-Forwarded-For, which some proxies write with a port.
func forwardedAddress(s string) (netip.Addr, error) {
	if withPort, err := netip.ParseAddrPort(s); err == nil {
		return withPort.Addr().Unmap(), nil
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return a.Unmap().WithZone(""), err
}

func within(all []netip.Prefix, a netip.Addr) bool {
	for _, p := range all {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
