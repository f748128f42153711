package push

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// hosts is a network in memory: it takes a request to whoever serves its host.
type hosts struct {
	mu sync.Mutex
	at map[string]http.Handler
}

// set puts a handler at a host, nil: nobody is there.
func (h *hosts) set(host string, handler http.Handler) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at[host] = handler
}

func (h *hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	h.mu.Lock()
	handler := h.at[r.URL.Host]
	h.mu.Unlock()
	if handler == nil {
		return nil, fmt.Errorf("no host %s", r.URL.Host)
	}
	w := httptest.NewRecorder()
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	handler.ServeHTTP(w, in)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

// lease is what a hub remembers of a callback.
type lease struct {
	topic, secret string
	ends          time.Time
}

// manners say what a hub does other than the standard says.
type manners struct {
	seconds string        // hub.lease_seconds of its questions; "": what was asked for
	before  int           // status by which it answers requests instead of taking them; 0: it takes them
	header  http.Header   // of that answer
	page    string        // likewise
	silent  bool          // it takes requests and never comes back to them
	denies  string        // the reason with which it denies; "": it does not
	late    time.Duration // before it comes back; in bubbles only
	inside  bool          // it comes back before it answers
}

// hub is a WebSub hub.
type hub struct {
	client *http.Client // reaches the callbacks
	told   chan string  // the callback, each time that a lease has begun; nil: nobody listens
	under  sync.WaitGroup

	mu       sync.Mutex
	manners  manners
	asked    []url.Values
	types    []string // Content-Type of the requests
	leases   map[string]lease
	unwanted int // questions that were not answered with the challenge
}

func newHub(client *http.Client) *hub { return &hub{client: client, leases: map[string]lease{}} }

// be makes the hub behave otherwise from now on.
func (h *hub) be(m manners) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.manners = m
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	form, err2 := url.ParseQuery(string(body))
	if err != nil || err2 != nil || r.Method != http.MethodPost {
		http.Error(w, "not a form", http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	h.asked, h.types = append(h.asked, form), append(h.types, r.Header.Get("Content-Type"))
	m := h.manners
	h.mu.Unlock()
	maps.Copy(w.Header(), m.header)
	switch {
	case m.before != 0:
		w.WriteHeader(m.before)
		_, _ = io.WriteString(w, m.page)
		return
	case m.silent:
	case m.inside:
		h.comeBack(form, m)
	default:
		h.under.Go(func() { h.comeBack(form, m) })
	}
	w.WriteHeader(http.StatusAccepted)
}

// comeBack verifies or denies what was asked for.
func (h *hub) comeBack(form url.Values, m manners) {
	if m.late > 0 {
		time.Sleep(m.late)
	}
	callback, mode := form.Get("hub.callback"), form.Get("hub.mode")
	q := url.Values{"hub.mode": {mode}, "hub.topic": {form.Get("hub.topic")}}
	if m.denies != "" && mode == "subscribe" {
		q.Set("hub.mode", "denied")
		q.Set("hub.reason", m.denies)
		_, _ = h.get(callback, q)
		return
	}
	seconds := m.seconds
	if seconds == "" {
		seconds = form.Get("hub.lease_seconds")
	}
	q.Set("hub.challenge", "challenge-"+strconv.Itoa(len(callback)))
	q.Set("hub.lease_seconds", seconds)
	status, body := h.get(callback, q)
	h.mu.Lock()
	defer h.mu.Unlock()
	switch n, _ := strconv.Atoi(seconds); {
	case status/100 != 2 || body != q.Get("hub.challenge"):
		h.unwanted++
	case mode == "unsubscribe":
		delete(h.leases, callback)
	default:
		h.leases[callback] = lease{form.Get("hub.topic"), form.Get("hub.secret"), time.Now().Add(time.Duration(n) * time.Second)}
		if h.told != nil {
			h.told <- callback
		}
	}
}

func (h *hub) get(callback string, q url.Values) (status int, body string) {
	resp, err := h.client.Get(callback + "?" + q.Encode())
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(b)
}

// callbacks returns those that the hub delivers to now.
func (h *hub) callbacks() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for callback, l := range h.leases {
		if time.Now().Before(l.ends) {
			out = append(out, callback)
		}
	}
	return out
}

// deliver brings a document to every callback, signed by the method ("": not at all), and returns the statuses.
func (h *hub) deliver(t *testing.T, method, body string) (statuses []int) {
	t.Helper()
	for _, callback := range h.callbacks() {
		h.mu.Lock()
		secret := h.leases[callback].secret
		h.mu.Unlock()
		statuses = append(statuses, h.post(t, callback, signature(method, secret, body), body))
	}
	return statuses
}

func (h *hub) post(t *testing.T, callback, sign, body string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, callback, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/atom+xml")
	req.Header.Set("Link", `<https://elsewhere.example/hub>; rel="hub", <https://elsewhere.example/other>; rel="self"`)
	if sign != "" {
		req.Header.Set("X-Hub-Signature", sign)
	}
	resp, err := h.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// requests returns how often the hub was asked in a mode, "" any.
func (h *hub) requests(mode string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, form := range h.asked {
		if mode == "" || form.Get("hub.mode") == mode {
			n++
		}
	}
	return n
}

// last returns the parameters of the last request.
func (h *hub) last(t *testing.T) url.Values {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.asked) == 0 {
		t.Fatal("the hub was not asked")
	}
	return h.asked[len(h.asked)-1]
}

// signature computes an X-Hub-Signature on its own, not by the code that is tested.
func signature(method, secret, body string) string {
	methods := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}
	if methods[method] == nil {
		return method
	}
	mac := hmac.New(methods[method], []byte(secret))
	mac.Write([]byte(body))
	return method + "=" + hex.EncodeToString(mac.Sum(nil))
}
