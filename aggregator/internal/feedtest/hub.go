package feedtest

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Hub is a WebSub hub. It may be used by many goroutines.
type Hub struct {
	Verified chan string // receives the callback each time a lease begins; nil: none does

	client *http.Client
	under  sync.WaitGroup

	mu       sync.Mutex
	behave   HubBehaviour
	asked    []url.Values
	types    []string
	leases   map[string]lease
	unwanted int
}

// lease is a subscription that a callback has confirmed.
type lease struct {
	topic, secret string
	ends          time.Time
}

// HubBehaviour is what a hub does other than the standard says. The zero value obeys the standard.
type HubBehaviour struct {
	Lease  string        // hub.lease_seconds of its verifications; empty: as requested
	Status int           // answers requests so, in place of taking them; 0: takes them
	Header http.Header   // of every answer to a request
	Body   string        // of the answer with Status
	Silent bool          // takes requests and never verifies them
	Deny   string        // the reason with which it denies subscriptions; empty: it does not
	Delay  time.Duration // before it verifies; for bubbles only
	Inline bool          // verifies before it answers the request
}

// NewHub returns a hub that reaches callbacks by client.
func NewHub(client *http.Client) *Hub { return &Hub{client: client, leases: map[string]lease{}} }

// Behave makes the hub behave so from now on.
func (h *Hub) Behave(b HubBehaviour) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.behave = b
}

// Wait returns once no verification is under way.
func (h *Hub) Wait() { h.under.Wait() }

// ServeHTTP takes a request for a subscription (WebSub section 5.1).
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	form, err2 := url.ParseQuery(string(body))
	if err != nil || err2 != nil || r.Method != http.MethodPost {
		http.Error(w, "not a form", http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	h.asked, h.types = append(h.asked, form), append(h.types, r.Header.Get("Content-Type"))
	b := h.behave
	h.mu.Unlock()
	maps.Copy(w.Header(), b.Header)
	switch {
	case b.Status != 0:
		w.WriteHeader(b.Status)
		_, _ = io.WriteString(w, b.Body)
		return
	case b.Silent:
	case b.Inline:
		h.verify(form, b)
	default:
		h.under.Go(func() { h.verify(form, b) })
	}
	w.WriteHeader(http.StatusAccepted)
}

// verify verifies or denies what was requested (WebSub sections 5.2 and 5.3).
func (h *Hub) verify(form url.Values, b HubBehaviour) {
	if b.Delay > 0 {
		time.Sleep(b.Delay)
	}
	callback, mode := form.Get("hub.callback"), form.Get("hub.mode")
	q := url.Values{"hub.mode": {mode}, "hub.topic": {form.Get("hub.topic")}}
	if b.Deny != "" && mode == "subscribe" {
		q.Set("hub.mode", "denied")
		q.Set("hub.reason", b.Deny)
		_, _ = h.Get(callback, q)
		return
	}
	seconds := b.Lease
	if seconds == "" {
		seconds = form.Get("hub.lease_seconds")
	}
	q.Set("hub.challenge", "challenge-"+strconv.Itoa(len(callback)))
	q.Set("hub.lease_seconds", seconds)
	status, body := h.Get(callback, q)
	h.mu.Lock()
	defer h.mu.Unlock()
	switch n, _ := strconv.Atoi(seconds); {
	case status/100 != 2 || body != q.Get("hub.challenge"):
		h.unwanted++
	case mode == "unsubscribe":
		delete(h.leases, callback)
	default:
		h.leases[callback] = lease{form.Get("hub.topic"), form.Get("hub.secret"), time.Now().Add(time.Duration(n) * time.Second)}
		if h.Verified != nil {
			h.Verified <- callback
		}
	}
}

// Get asks a callback a question of the hub's: these parameters. Status 0: there was no answer, and body says why.
func (h *Hub) Get(callback string, q url.Values) (status int, body string) {
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

// Callbacks returns the callbacks whose leases have not ended, in order.
func (h *Hub) Callbacks() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for callback, l := range h.leases {
		if time.Now().Before(l.ends) {
			out = append(out, callback)
		}
	}
	slices.Sort(out)
	return out
}

// Lease returns the topic and the secret of a callback's subscription, empty where there is none.
func (h *Hub) Lease(callback string) (topic, secret string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.leases[callback]
	return l.topic, l.secret
}

// Deliver posts a document to every callback, signed by method (see [Signature]), and returns the statuses.
func (h *Hub) Deliver(tb testing.TB, method, body string) (statuses []int) {
	tb.Helper()
	for _, callback := range h.Callbacks() {
		_, secret := h.Lease(callback)
		statuses = append(statuses, h.Post(tb, callback, Signature(method, secret, body), body))
	}
	return statuses
}

// Post posts a document to one callback with this X-Hub-Signature, empty: without one.
func (h *Hub) Post(tb testing.TB, callback, signature, body string) (status int) {
	tb.Helper()
	req, err := http.NewRequest(http.MethodPost, callback, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/atom+xml")
	req.Header.Set("Link", `<https://elsewhere.example/hub>; rel="hub", <https://elsewhere.example/other>; rel="self"`)
	if signature != "" {
		req.Header.Set("X-Hub-Signature", signature)
	}
	resp, err := h.client.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// Requests returns the parameters of the requests so far of a mode, empty: of any.
func (h *Hub) Requests(mode string) (all []url.Values) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, form := range h.asked {
		if mode == "" || form.Get("hub.mode") == mode {
			all = append(all, form)
		}
	}
	return all
}

// ContentTypes returns the Content-Type of each request so far.
func (h *Hub) ContentTypes() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.types)
}

// Refused returns how many verifications were not answered with the challenge.
func (h *Hub) Refused() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.unwanted
}

// Signature returns the X-Hub-Signature of body by method: sha1, sha256, sha384 or sha512; any other method is returned as
// it is (WebSub section 7.1).
func Signature(method, secret, body string) string {
	methods := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}
	if methods[method] == nil {
		return method
	}
	mac := hmac.New(methods[method], []byte(secret))
	mac.Write([]byte(body))
	return method + "=" + hex.EncodeToString(mac.Sum(nil))
}
