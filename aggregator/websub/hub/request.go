package hub

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxForm    = 32 << 10 // bytes of a request's body
	maxAddress = 2048     // bytes of a topic or a callback
	maxSecret  = 199      // bytes (section 5.1)
)

// The bounds of a lease (section 8.2 advises ten days).
const (
	minLease   = time.Hour
	usualLease = 10 * 24 * time.Hour
	maxLease   = 30 * 24 * time.Hour
)

// RequestError says why a request is not taken.
type RequestError struct {
	Status    int           // of the answer
	Parameter string        // that is wrong; empty: it is none of them
	Reason    string        // for the developer who reads the answer (section 5.1.2)
	Retry     time.Duration // after which it may be made again; 0: it would be refused again
}

func (e *RequestError) Error() string {
	if e.Parameter != "" {
		return e.Parameter + ": " + e.Reason
	}
	return e.Reason
}

// request is a request of a subscriber, until its intent is verified.
type request struct {
	key
	host      string // of the callback
	at        string // the address, or the network, that was last connected to for it; empty: none was
	named     string // the topic, as it was asked for
	subscribe bool   // else unsubscribe
	secret    string
	lease     time.Duration
}

// ServeHTTP serves /hub: 202 for a request that will be verified, else the status of a [*RequestError] and its text. There
// is nothing here while a hub elsewhere is notified instead.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Type", "text/plain; charset=utf-8")
	err := h.receive(w, r)
	if err == nil {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if err.Status == http.StatusMethodNotAllowed {
		header.Set("Allow", http.MethodPost)
	}
	if err.Retry > 0 {
		header.Set("Retry-After", strconv.Itoa(int((err.Retry+time.Second-1)/time.Second)))
	}
	w.WriteHeader(err.Status)
	_, _ = io.WriteString(w, err.Error()+"\n") // it fails where the client has gone
}

func (h *Hub) receive(w http.ResponseWriter, r *http.Request) *RequestError {
	h.mu.Lock()
	setup := h.setup
	h.mu.Unlock()
	switch {
	case setup.Outside != "":
		return &RequestError{Status: http.StatusNotFound, Reason: "not found"}
	case r.Method != http.MethodPost:
		return &RequestError{Status: http.StatusMethodNotAllowed, Reason: "a hub is asked with POST"}
	}
	form, err := readForm(w, r)
	if err == nil {
		var req *request
		if req, err = parse(form, setup); err == nil {
			err = h.admit(req, clientOf(r), time.Now())
		}
	}
	if err != nil {
		h.mu.Lock()
		h.stats.Requests["refused"]++
		h.mu.Unlock()
	}
	return err
}

// clientOf returns who asks, without the port.
func clientOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// readForm reads the parameters, which are in the body (section 5.1). It refuses one of ours that is given twice.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, *RequestError) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/x-www-form-urlencoded" {
		return nil, &RequestError{Status: http.StatusUnsupportedMediaType, Reason: "a request is a form, application/x-www-form-urlencoded"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return nil, &RequestError{Status: http.StatusRequestEntityTooLarge, Reason: fmt.Sprintf("a request has at most %d bytes", maxForm)}
	case err != nil:
		return nil, &RequestError{Status: http.StatusBadRequest, Reason: "the request was cut off"}
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &RequestError{Status: http.StatusBadRequest, Reason: "not a form: " + err.Error()}
	}
	for _, name := range []string{"hub.mode", "hub.topic", "hub.callback", "hub.secret", "hub.lease_seconds"} {
		switch {
		case len(form[name]) > 1:
			return nil, bad(name, "is given more than once")
		case !utf8.ValidString(form.Get(name)):
			return nil, bad(name, "is not UTF-8")
		}
	}
	return form, nil
}

func bad(parameter, reason string) *RequestError {
	return &RequestError{Status: http.StatusBadRequest, Parameter: parameter, Reason: reason}
}

// parse makes a request of a form. Parameters that it does not know are ignored (section 5.1).
func parse(form url.Values, setup Setup) (*request, *RequestError) {
	req := &request{named: form.Get("hub.topic"), key: key{callback: form.Get("hub.callback")}, secret: form.Get("hub.secret")}
	switch mode := form.Get("hub.mode"); mode {
	case "subscribe", "unsubscribe":
		req.subscribe = mode == "subscribe"
	case "publish":
		return nil, bad("hub.mode", "this hub has one publisher, which needs no request")
	default:
		return nil, bad("hub.mode", "is neither subscribe nor unsubscribe")
	}
	below, ours := strings.CutPrefix(req.named, setup.Base)
	if !ours || len(req.named) > maxAddress {
		return nil, bad("hub.topic", "is no feed below "+setup.Base)
	}
	req.topic = "/" + below
	if reason := badCallback(req.callback); reason != "" {
		return nil, bad("hub.callback", reason)
	}
	if err := setup.Reachable(req.callback); err != nil {
		return nil, &RequestError{Status: http.StatusForbidden, Parameter: "hub.callback", Reason: err.Error()}
	}
	req.host = setup.HostOf(req.callback)
	if len(req.secret) > maxSecret {
		return nil, bad("hub.secret", fmt.Sprintf("has more than %d bytes", maxSecret))
	}
	var err *RequestError
	if req.subscribe {
		req.lease, err = leaseOf(form.Get("hub.lease_seconds"))
	}
	return req, err
}

// badCallback returns why an address can be no callback, "" if it can.
func badCallback(address string) string {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return "is missing"
	case len(address) > maxAddress:
		return fmt.Sprintf("has more than %d bytes", maxAddress)
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return "is no http or https address"
	case u.User != nil || u.Fragment != "":
		return "has a user or a fragment"
	}
	return ""
}

// leaseOf reads hub.lease_seconds, which may be left out.
func leaseOf(seconds string) (time.Duration, *RequestError) {
	if seconds == "" {
		return usualLease, nil
	}
	n, err := strconv.ParseUint(seconds, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange), err == nil && n > uint64(maxLease/time.Second):
		return maxLease, nil
	case err != nil || n == 0:
		return 0, bad("hub.lease_seconds", "is no positive decimal integer")
	}
	return max(time.Duration(n)*time.Second, minLease), nil
}
