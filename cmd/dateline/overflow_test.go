package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// overflow is a server over TLS that is as rude as can be by the protocol that it is spoken to. By HTTP/2 it opens the
// window of a stream by twice 2^31-1, on which net/http waits for a lock that it holds; by HTTP/1.1 it says nothing. It
// answers the challenge of a callback, at any path but /stuck.
type overflow struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int // by method and path
}

func newOverflow(t *testing.T) *overflow {
	o := &overflow{asked: map[string]int{}}
	o.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, answers := o.note(r.Method, r.URL); answers {
			_, _ = io.WriteString(w, body)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body) // else it is not seen that the client goes
		<-r.Context().Done()
	}))
	o.EnableHTTP2 = true
	h2 := func(_ *http.Server, c *tls.Conn, _ http.Handler) { o.serve(c) }
	o.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": h2}
	o.StartTLS()
	t.Cleanup(o.Close)
	return o
}

// note notes a request, and returns the challenge that it brings.
func (o *overflow) note(method string, u *url.URL) (challenge string, answers bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked[method+" "+u.Path]++
	challenge = u.Query().Get("hub.challenge")
	return challenge, challenge != "" && u.Path != "/stuck"
}

// times returns how often a path was asked for by a method.
func (o *overflow) times(request string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked[request]
}

// serve speaks HTTP/2.
func (o *overflow) serve(c *tls.Conn) {
	if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	f := http2.NewFramer(c, c)
	f.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	_ = errors.Join(f.WriteSettings(), f.WriteSettingsAck()) // where the client is gone, the next read ends
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			return
		}
		head, ok := frame.(*http2.MetaHeadersFrame)
		if !ok {
			continue
		}
		u, err := url.Parse(head.PseudoValue("path"))
		if err != nil {
			return
		}
		if body, answers := o.note(head.PseudoValue("method"), u); answers {
			var fields bytes.Buffer
			_ = hpack.NewEncoder(&fields).WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: head.StreamID, BlockFragment: fields.Bytes(), EndHeaders: true})
			_ = f.WriteData(head.StreamID, true, []byte(body))
			continue
		}
		_ = errors.Join(f.WriteWindowUpdate(head.StreamID, 1<<31-1), f.WriteWindowUpdate(head.StreamID, 1<<31-1))
	}
}

// hostile is a daemon among such servers, one for each way in: a source, the target of a redirect, a callback that is
// verified, one that is delivered to, and a source's hub.
type hostile struct {
	t                                          *testing.T
	config, roots                              string
	source, target, callback, subscriber, upon *overflow
	good                                       *httptest.Server // feeds that are answered, each time with one item more
	mu                                         sync.Mutex
	served                                     int
	daemon                                     *process
}

func newHostile(t *testing.T) *hostile {
	h := &hostile{t: t, source: newOverflow(t), target: newOverflow(t), callback: newOverflow(t), subscriber: newOverflow(t),
		upon: newOverflow(t)}
	h.good = httptest.NewServer(http.HandlerFunc(h.answer))
	t.Cleanup(h.good.Close)
	dir := t.TempDir()
	h.config, h.roots = filepath.Join(dir, "config.yaml"), filepath.Join(dir, "roots.pem")
	roots := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.source.Certificate().Raw}) // that of all of them
	text := fmt.Sprintf(`feed: {base_url: "http://wire.example/"}
http: {listen: "127.0.0.1:0"}
admin: {listen: "127.0.0.1:0"}
store: {path: %q}
poll: {every: 1s, floor: 1s, timeout: 2s, host_gap: 0s}
network: {allow: [127.0.0.1]}
hub: {allow: [127.0.0.1]}
sources:
  - {id: source, name: Source, url: %q}
  - {id: target, name: Target, url: %q}
  - {id: good, name: Good, url: %q}
`, filepath.Join(dir, "wire.db"), h.source.URL+"/feed", h.good.URL+"/leads", h.good.URL+"/feed")
	if err := errors.Join(os.WriteFile(h.config, []byte(text), 0o644), os.WriteFile(h.roots, roots, 0o644)); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *hostile) answer(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/leads" {
		http.Redirect(w, r, h.target.URL+"/feed", http.StatusFound)
		return
	}
	h.mu.Lock()
	h.served++
	n := h.served
	h.mu.Unlock()
	w.Header().Set("Link", fmt.Sprintf(`<%s/hub>; rel="hub", <http://%s/feed>; rel="self"`, h.upon.URL, r.Host))
	fmt.Fprint(w, `<rss version="2.0"><channel><title>Good</title>`)
	for i := max(1, n-20); i <= n; i++ {
		fmt.Fprintf(w, `<item><guid>%d</guid><title>Council number %d meets</title></item>`, i, i)
	}
	fmt.Fprint(w, `</channel></rss>`)
}

func (h *hostile) goodVisits() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.served
}

func (h *hostile) command(args ...string) *exec.Cmd {
	cmd := exec.Command("dateline", append([]string{"--config", h.config}, args...)...)
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+h.roots)
	return cmd
}

// until waits for a fact.
func (h *hostile) until(what string, is func() bool) {
	h.t.Helper()
	if !eventually(is) {
		h.t.Fatalf("%s: not seen\n%s", what, &h.daemon.said)
	}
}

// subscribe asks the daemon's hub to deliver to a callback.
func (h *hostile) subscribe(callback string) {
	h.t.Helper()
	form := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {"http://wire.example/feed.atom"}, "hub.callback": {callback}}
	answer, err := http.PostForm("http://"+h.daemon.listen+"/hub", form)
	if err != nil {
		h.t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		h.t.Fatalf("the hub says %s", answer.Status)
	}
}

// run runs a command and returns its exit code and how long it took.
func (h *hostile) run(args ...string) (exit, time.Duration) {
	h.t.Helper()
	began := time.Now()
	cmd := h.command(args...)
	out, err := cmd.CombinedOutput()
	var code *exec.ExitError
	if err != nil && !errors.As(err, &code) {
		h.t.Fatalf("%v: %v: %s", args, err, out)
	}
	return exit(cmd.ProcessState.ExitCode()), time.Since(began)
}

// TestOverflow: no server over TLS holds the daemon, whichever way it is reached: visits end, other sources are visited,
// commands end, and so does the daemon, by itself, with its store whole. In its whole form all of it is done ten times.
func TestOverflow(t *testing.T) {
	t.Parallel()
	for range scale(1, 1, 10) {
		h := newHostile(t)
		h.start()
		h.until("a source", func() bool { return h.source.times("GET /feed") > 0 })
		h.until("the target of a redirect", func() bool { return h.target.times("GET /feed") > 0 })
		h.until("a subscription", func() bool { return h.upon.times("POST /hub") > 0 })
		h.subscribe(h.callback.URL + "/stuck")
		h.subscribe(h.subscriber.URL + "/deliver")
		h.until("a verification", func() bool { return h.callback.times("GET /stuck") > 0 })
		h.until("a delivery", func() bool { return h.subscriber.times("POST /deliver") > 0 })
		checked, took := h.run("check", "--online")
		added, tookToAdd := h.run("sources", "add", h.source.URL+"/add")
		if checked != exitSome || added != exitUnavailable {
			t.Errorf("check --online: exit %d after %v; sources add: exit %d after %v", checked, took, added, tookToAdd)
		}
		before := h.goodVisits()
		h.until("visits of another source", func() bool { return h.goodVisits() > before })
		asked := time.Now() // the verification and the delivery are still under way
		h.end()
		t.Logf("check --online %v, sources add %v, SIGTERM to exit %v, longest visit %v", took, tookToAdd, time.Since(asked), h.longest())
		if code, _ := h.run("db", "check"); code != exitOK {
			t.Errorf("db check: exit %d", code)
		}
	}
}

func (h *hostile) start() {
	h.t.Helper()
	h.daemon = begin(h.t, h.command("serve"))
	h.t.Cleanup(func() {
		_ = h.daemon.cmd.Process.Kill() // a test that failed
		<-h.daemon.ended
	})
}

// end ends the daemon by SIGTERM. It must end by itself, and leave nothing behind.
func (h *hostile) end() {
	h.t.Helper()
	if err := h.daemon.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		h.t.Fatal(err)
	}
	select {
	case <-h.daemon.ended:
	case <-time.After(patience):
		h.t.Fatalf("the daemon does not end:\n%s", &h.daemon.said)
	}
	said := h.daemon.said.String()
	if code := h.daemon.cmd.ProcessState.ExitCode(); code != 0 || strings.Contains(said, "by force") || strings.Contains(said, "do not end") {
		h.t.Errorf("exit %d\n%s", code, said)
	}
}

// longest returns how long the longest visit took that failed.
func (h *hostile) longest() (longest time.Duration) {
	for line := range strings.Lines(h.daemon.said.String()) {
		var said struct{ Msg, Took string }
		if json.Unmarshal([]byte(line), &said) == nil && said.Msg == "visit failed" {
			if took, err := time.ParseDuration(said.Took); err == nil {
				longest = max(longest, took)
			}
		}
	}
	return longest
}
