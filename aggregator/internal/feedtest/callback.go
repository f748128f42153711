package feedtest

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Callback is a WebSub subscriber: all callbacks of one host. It may be used by many goroutines; its zero value obeys the
// standard.
type Callback struct {
	mu        sync.Mutex
	behave    CallbackBehaviour
	questions []url.Values
	got       []Delivery
	under     int
	most      int
}

// Delivery is a document that came to a callback.
type Delivery struct {
	URI    string // the callback's path, with its query
	Header http.Header
	Body   string
}

// CallbackBehaviour is what a subscriber does other than the standard says.
type CallbackBehaviour struct {
	Status  int           // of its answers; 0: 200
	Header  http.Header   // of its answers
	Delay   time.Duration // before it answers; for bubbles only
	Echo    string        // answers in place of the challenge; empty: the challenge
	Endless bool          // answers with a megabyte
}

// Behave makes the subscriber behave so from now on.
func (c *Callback) Behave(b CallbackBehaviour) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.behave = b
}

// ServeHTTP answers a question of the hub (GET) or takes a document (POST).
func (c *Callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the hub is gone
	}
	q := r.URL.Query()
	c.mu.Lock()
	b := c.behave
	c.under++
	c.most = max(c.most, c.under)
	if r.Method == http.MethodGet {
		c.questions = append(c.questions, q)
	} else {
		c.got = append(c.got, Delivery{r.URL.RequestURI(), r.Header, string(body)})
	}
	c.mu.Unlock()
	if b.Delay > 0 {
		time.Sleep(b.Delay)
	}
	c.mu.Lock()
	c.under--
	c.mu.Unlock()
	maps.Copy(w.Header(), b.Header)
	w.WriteHeader(max(b.Status, http.StatusOK))
	switch {
	case b.Endless:
		_, _ = io.WriteString(w, strings.Repeat("a", 1<<20))
	case b.Echo != "":
		_, _ = io.WriteString(w, b.Echo)
	case r.Method == http.MethodGet:
		_, _ = io.WriteString(w, q.Get("hub.challenge"))
	}
}

// Questions returns the parameters of the hub's questions so far.
func (c *Callback) Questions() []url.Values {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.questions)
}

// Deliveries returns what came so far.
func (c *Callback) Deliveries() []Delivery {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.got)
}

// MostTogether returns the most requests that were under way at a time.
func (c *Callback) MostTogether() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.most
}
