package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options set up a [Client].
type Options struct {
	UserAgent string        // sent as it is; "": `Dateline/devel`
	Timeout   time.Duration // of one Get: all hops and bodies, but not the wait for a turn at a host; 0: 60 s
	MaxBody   int64         // the most bytes of a document, as received and also when decoded; 0: 10 MiB
	RetryMax  time.Duration // up to which a Retry-After is obeyed; 0: a day
	Gap       time.Duration // between two requests to one host and port, but not to what Allow names; 0: none

	// Allow holds host names, addresses and CIDRs that may be reached though they are private, on any
	// port. A name lets requests by that name through, not requests to its IP address.
	Allow []string
	Ports []int // that may be reached on everything else; nil: 80, 443, 8080 and 8443

	// Proxy is the address of the proxy that every request goes through (http, https, socks5), "" none.
	// The proxy looks up names, so a name can then not be judged by its address: only addresses written
	// out, ports and localhost are. What a name resolves to is checked by the proxy.
	Proxy string

	// Expand puts secrets in the place of their names in Proxy, and in what a [Request] has of the operator: Owner and Header.
	// It is called for every request. used holds each secret and, behind it, its name; secrets are shown nowhere. Nil: no
	// text names any.
	Expand func(text string) (expanded string, used []string, err error)

	Idle int // connections that are kept for later requests; 0: 256

	// Transport replaces the network. The guard then judges as it does with a Proxy. Nil: the network.
	Transport http.RoundTripper
}

// OptionError names an option that [New] cannot use.
type OptionError struct {
	Option string // such as "Allow"
	Entry  string // as given, passwords aside
	Reason string // why it is refused
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("fetch: option %s: %q: %s", e.Option, e.Entry, e.Reason)
}

// Client makes requests. It is safe for concurrent use.
type Client struct {
	Hosts *Hosts // the turns at each host; Get takes one for every hop, unless Request.Release says it is taken

	agent    string
	timeout  time.Duration
	retryMax time.Duration
	limits   limits
	guard    *guard
	decoders *decoders
	expand   func(string) (string, []string, error) // nil: nothing names a secret

	abandoned *atomic.Uint64           // round trips
	renew     func() http.RoundTripper // makes a transport that no request has used; nil: Options.Transport is used for ever
	mu        sync.Mutex
	next      http.RoundTripper // of the next request
}

// limits bound one request. They are fields so that tests can meet them in less than a minute.
type limits struct {
	body      int64         // bytes of a document, on the wire and decoded
	page      int64         // bytes of a page that comes with an error
	header    int64         // bytes of all header fields of an answer
	ratio     int64         // bytes decoded for each byte received, once ratioFrom bytes are decoded
	ratioFrom int64         // bytes
	redirects int           // redirects
	idle      int           // connections kept for later
	dial      time.Duration // connecting; TLS has the same
	reply     time.Duration // from request to the end of the header
	window    time.Duration // in which at least slowest bytes of a body must arrive
	slowest   int64         // bytes
}

func defaultLimits(body int64, idle int) limits {
	return limits{
		body: body, page: 64 << 10, header: 256 << 10, ratio: 100, ratioFrom: 1 << 20, redirects: 10, idle: idle,
		dial: 10 * time.Second, reply: 15 * time.Second, window: 15 * time.Second, slowest: 2 << 10,
	}
}

// New returns a client. It returns an [*OptionError] for what it cannot use.
func New(o Options) (*Client, error) {
	if o.UserAgent == "" {
		o.UserAgent = "Dateline/devel"
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	if o.MaxBody == 0 {
		o.MaxBody = 10 << 20
	}
	if o.RetryMax == 0 {
		o.RetryMax = 24 * time.Hour
	}
	if o.Idle == 0 {
		o.Idle = 256
	}
	if o.Ports == nil {
		o.Ports = []int{80, 443, 8080, 8443}
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	g, err := newGuard(o.Allow, o.Ports)
	if err != nil {
		return nil, err
	}
	proxy, err := o.proxy()
	if err != nil {
		return nil, err
	}
	c := &Client{
		Hosts: newHosts(o.Gap, g.lets), agent: o.UserAgent, timeout: o.Timeout, retryMax: o.RetryMax,
		limits: defaultLimits(o.MaxBody, o.Idle), guard: g, decoders: newDecoders(), next: o.Transport, expand: o.Expand,
		abandoned: new(atomic.Uint64),
	}
	if c.next == nil {
		g.dials = proxy == nil
		c.renew = func() http.RoundTripper { return newTransport(g, proxy, c.limits) }
		c.next = c.renew()
	}
	return c, nil
}

func (o *Options) check() error {
	switch {
	case !plain(o.UserAgent):
		return &OptionError{"UserAgent", o.UserAgent, "holds what a header field cannot"}
	case o.Timeout < 0:
		return &OptionError{"Timeout", o.Timeout.String(), "is negative"}
	case o.RetryMax < 0:
		return &OptionError{"RetryMax", o.RetryMax.String(), "is negative"}
	case o.Gap < 0:
		return &OptionError{"Gap", o.Gap.String(), "is negative"}
	case o.MaxBody < 0:
		return &OptionError{"MaxBody", fmt.Sprint(o.MaxBody), "is negative"}
	}
	return nil
}

// plain reports whether s is made of printable ASCII.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// proxy returns the proxy function of a transport; nil: there is none. One that names secrets is read for every request.
func (o *Options) proxy() (func(*http.Request) (*url.URL, error), error) {
	switch {
	case o.Proxy == "":
		return nil, nil
	case o.Expand != nil && strings.Contains(o.Proxy, "${"):
		return func(*http.Request) (*url.URL, error) {
			s, _, err := o.Expand(o.Proxy)
			if err != nil {
				return nil, fmt.Errorf("%w: proxy: %w", ErrSecret, err)
			}
			u, err := parseProxy(s)
			if err != nil {
				return nil, fmt.Errorf("%w: proxy: with what it names it is no address", ErrSecret) // err would show it
			}
			return u, nil
		}, nil
	}
	u, err := parseProxy(o.Proxy)
	if err != nil {
		return nil, err
	}
	return http.ProxyURL(u), nil
}

func parseProxy(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, &OptionError{"Proxy", "", "is no address"} // what cannot be parsed may hold a password
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
	default:
		return nil, &OptionError{"Proxy", u.Redacted(), "is not http, https or socks5"}
	}
	if u.Hostname() == "" {
		return nil, &OptionError{"Proxy", u.Redacted(), "names no host"}
	}
	return u, nil
}

// newTransport returns the transport for the network. It decodes nothing by itself and knows no environment variables.
// It speaks HTTP/1.1 alone: by HTTP/2 two WINDOW_UPDATE frames of 2^31-1 on one stream make net/http (as of Go 1.26) wait
// for a lock that it holds, and RoundTrip returns on no context and no timeout.
func newTransport(g *guard, proxy func(*http.Request) (*url.URL, error), l limits) *http.Transport {
	t := &http.Transport{
		Protocols:              new(http.Protocols),
		DialContext:            g.dialer(l.dial),
		TLSHandshakeTimeout:    l.dial,
		ResponseHeaderTimeout:  l.reply,
		MaxResponseHeaderBytes: l.header,
		DisableCompression:     true,
		MaxIdleConns:           l.idle,
		IdleConnTimeout:        90 * time.Second,
	}
	t.Protocols.SetHTTP1(true)
	t.Proxy = proxy
	return t
}

// HTTP returns a client for every outbound request that is no Get: hubs, callbacks, the pages of a
// site. It has the same guard, the same User-Agent and the same limit of time; it keeps no cookies,
// follows no redirect, sends no Referer, and a body of more than Options.MaxBody bytes ends in
// [ErrTooLarge]. It takes no turn in [Client.Hosts]: the caller takes one before each request. It decodes no content coding.
func (c *Client) HTTP() *http.Client {
	return &http.Client{
		Transport:     outbound{c},
		Timeout:       c.timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Reachable returns a [*GuardError] for an address that no request goes to, and [ErrURL] for what is none. Where we look up
// names ourselves, what a name resolves to is judged only when a request is made.
func (c *Client) Reachable(address string) error { return judge(address, c.guard.check) }

// Foreseeable returns the errors of [Client.Reachable], and a [*GuardError] also for localhost and for a port to which no request goes.
func (c *Client) Foreseeable(address string) error { return judge(address, c.guard.foresee) }

func judge(address string, by func(*url.URL) error) error {
	u, err := parseURL(address)
	if err != nil {
		return err
	}
	return by(u)
}

// outbound is the transport of [Client.HTTP].
type outbound struct{ c *Client }

func (o outbound) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := o.c.guard.check(req.URL); err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	req = req.Clone(req.Context())
	req.Header.Del("Referer")
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", o.c.agent)
	}
	resp, err := o.c.roundTrip(req)
	if err != nil {
		return nil, transportError(err)
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{&meter{r: resp.Body, max: o.c.limits.body}, resp.Body}
	return resp, nil
}

// send makes one request of a Get; the guard has judged its URL.
func (c *Client) send(ctx context.Context, u *url.URL, h http.Header) (*http.Response, error) {
	req := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: h}
	return c.roundTrip(req.WithContext(ctx))
}
