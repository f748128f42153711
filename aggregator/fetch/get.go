package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"dateline/aggregator/news"
)

// Request says what to read.
type Request struct {
	URL        string          // http or https
	Validators news.Validators // of the last good answer; zero: the document is asked for whole
	From       string          // the address that gave Validators, as in [Response]; they are sent to no other. "": URL

	// Header holds further fields for the host of Owner alone; "": the host of URL. A source's URL may
	// have been learned from a redirect to another host: Owner is then the configured one. The fields
	// that Get sets itself (conditions, ranges, codings, Referer) are not taken from it.
	// Both may name secrets, see [Options].Expand; so may URL where it is Owner.
	Header http.Header
	Owner  string

	// Expand is called for this request in the place of [Options].Expand; nil: that one is called.
	Expand func(text string) (expanded string, used []string, err error)

	// Release gives back the turn at URL's host that the caller took with [Hosts.Acquire]. Get calls it
	// when it needs the turn no more: at the end, or at a redirect, when it takes the next turn itself.
	// Nil: Get takes the first turn itself too.
	Release func()

	// Follow is asked before a redirect is followed, with the address that it leads to; an error ends the request and is returned.
	// Nil: every redirect is followed.
	Follow func(next string) error

	// Reserve is called before the body of a document takes more memory than before, with all bytes that it takes then, and may wait.
	// That time is not counted. An error ends the request and is returned. Nil: memory is there.
	Reserve func(ctx context.Context, bytes int64) error

	FeedOnly bool // a 429 pauses this feed alone: Get does not pause its host
	Force    bool // an operator wants the request although a host asked for a pause
}

// Response is what a server answered.
type Response struct {
	Status      int             // 200, 203 or 304
	URL         string          // that answered, after all redirects
	Body        []byte          // decoded; nil on 304
	Received    int64           // bytes of the body as they came, with their content coding
	ContentType string          // as received
	Validators  news.Validators // as received, byte for byte; on 304 those that it names
	Fresh       time.Duration   // for how long the server wants not to be asked again; 0: it does not say
	FreshBy     string          // what says so: ByMaxAge or ByExpires; "" where Fresh is 0
	Moved       string          // where the permanent redirects (301, 308) that the chain begins with lead; "": nowhere, or from https to http
	Links       []Link          // hub, self and alternate, from the header
	CertUntil   time.Time       // when the certificate of URL's host expires; zero: it has none, as with http
}

// Get reads the document at r.URL. With validators the request is conditional (RFC 9110 section 13). It returns
//   - the document, on 200, and on 203, which is a 200 that a proxy changed (RFC 9110 section 15.3.4);
//   - what the header says and [ErrNotModified], on 304;
//   - a [*StatusError] for any other answer, and for a challenge to robots with any status; the Retry-After of a 429
//     (RFC 6585 section 4) pauses the host in [Client.Hosts];
//   - a [*PausedError] where the host, or one that a redirect leads to, wants no request yet;
//   - a [*GuardError] for an address, of the request or of a redirect, that it does not go to;
//   - a [*CutError] with what arrived, for a document that ended before its end;
//   - an error that wraps [ErrTooLarge], [ErrSlow], [ErrEncoding], [ErrRedirect], [ErrURL] or [ErrSecret];
//   - else that of the network or of ctx.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	r, names, err := c.expanded(r)
	if err != nil {
		return nil, err
	}
	resp, err := c.get(ctx, r, names)
	if names == nil {
		return resp, err
	}
	return names.response(resp), names.error(err)
}

// get does what [Client.Get] says with the secrets in their places.
func (c *Client) get(ctx context.Context, r Request, names *names) (*Response, error) {
	u, err := parseURL(r.URL)
	if err != nil {
		return nil, err
	}
	first := u
	j := &redirectChain{c: c, r: r, owner: u, names: names, from: cmp.Or(r.From, names.in(shown(u))), timeLeft: c.timeout, release: r.Release}
	defer func() { j.releaseTurn() }()
	if r.Owner != "" {
		if j.owner, err = parseURL(r.Owner); err != nil {
			return nil, err
		}
	}
	moved, learning := "", true
	seen := map[string]bool{}
	for {
		seen[u.String()] = true
		resp, next, err := j.follow(ctx, u)
		if next == nil {
			if resp != nil {
				resp.Moved = moved
			}
			return resp, err
		}
		permanent := resp.Status == http.StatusMovedPermanently || resp.Status == http.StatusPermanentRedirect
		secret := names.in(shown(next)) != shown(next) // an address with one is not kept
		if learning = learning && permanent && !secret && !(u.Scheme == "https" && next.Scheme == "http"); learning {
			moved = shown(next)
		}
		switch {
		case seen[next.String()]:
			return nil, fmt.Errorf("get %s: %w: in a circle, to %s", shown(u), ErrRedirect, shown(next))
		case len(seen) > c.limits.redirects:
			return nil, fmt.Errorf("get %s: %w: more than %d", shown(first), ErrRedirect, c.limits.redirects)
		}
		if r.Follow != nil {
			if err := r.Follow(next.String()); err != nil {
				return nil, err
			}
		}
		u = next
	}
}

// parseURL reads an address and brings it to what can be sent: no fragment, no raw byte that a request
// line cannot hold. The error does not repeat the address, which may hold a password.
func parseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	var e *url.Error
	switch {
	case err == nil:
		return sendable(u), nil
	case errors.As(err, &e) && !strings.Contains(s, "@"):
		return nil, fmt.Errorf("%w: %w", ErrURL, e.Err)
	}
	return nil, ErrURL
}

func sendable(u *url.URL) *url.URL {
	u.Fragment, u.RawFragment = "", ""
	var b strings.Builder
	for i := range len(u.RawQuery) {
		if ch := u.RawQuery[i]; ch <= ' ' || ch > '~' || strings.IndexByte(`"<>`, ch) >= 0 {
			fmt.Fprintf(&b, "%%%02X", ch)
		} else {
			b.WriteByte(ch)
		}
	}
	u.RawQuery = b.String()
	return u
}

// redirectChain is one Get on its way.
type redirectChain struct {
	c        *Client
	r        Request
	owner    *url.URL
	names    *names
	from     string        // the address that the validators are of
	timeLeft time.Duration // of Options.Timeout
	release  func()        // gives back the turn that is held; nil: none is
}

func (j *redirectChain) releaseTurn() {
	if j.release != nil {
		j.release()
		j.release = nil
	}
}

// follow makes one request. It returns next where the answer leads on; resp then holds its status alone.
func (j *redirectChain) follow(ctx context.Context, u *url.URL) (resp *Response, next *url.URL, err error) {
	if err := j.c.guard.check(u); err != nil {
		return nil, nil, err
	}
	if err := j.acquireTurn(ctx, u); err != nil {
		return nil, nil, err
	}
	start := time.Now()
	requestCtx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(j.timeLeft, func() { cancel(fmt.Errorf("%w: not whole after %v", ErrSlow, j.c.timeout)) })
	defer timer.Stop()

	answer, err := j.c.send(requestCtx, u, j.header(u))
	if err != nil {
		return nil, nil, sendError(u, blame(ctx, requestCtx, err))
	}
	defer answer.Body.Close()
	w := &response{limits: j.c.limits, answer: answer, url: u, ctx: ctx, requestCtx: requestCtx, cancel: cancel, decoders: j.c.decoders,
		retryAfter: j.c.RetryAfter, reserve: j.reserve(ctx, timer, start)}
	switch answer.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		next, err := location(answer, u)
		if err != nil {
			return nil, nil, err
		}
		j.timeLeft -= time.Since(start)
		j.releaseTurn()
		return &Response{Status: answer.StatusCode}, next, nil
	case http.StatusNotModified:
		if j.validators(u).IsZero() {
			return nil, nil, w.statusError()
		}
		return w.newResponse(), nil, ErrNotModified
	case http.StatusOK, http.StatusNonAuthoritativeInfo:
		resp, err := w.document()
		return resp, nil, err
	}
	err = w.statusError()
	j.pause(u, err)
	return nil, nil, err
}

// reserve returns what asks for memory in a request that was begun at start: it stops the timer of the request while it waits.
func (j *redirectChain) reserve(ctx context.Context, timer *time.Timer, start time.Time) func(bytes int64) error {
	if j.r.Reserve == nil {
		return nil
	}
	return func(bytes int64) error {
		if !timer.Stop() { // the time is over
			return nil
		}
		asked := time.Now()
		err := j.r.Reserve(ctx, bytes)
		start = start.Add(time.Since(asked))
		timer.Reset(j.timeLeft - time.Since(start))
		return err
	}
}

// pause pauses u's host where its answer asks for that, before the turn is given to the next.
func (j *redirectChain) pause(u *url.URL, err error) {
	var status *StatusError
	if j.r.FeedOnly || !errors.As(err, &status) || status.Status != http.StatusTooManyRequests || status.RetryAfter.IsZero() {
		return
	}
	if host, err := hostKey(u); err == nil {
		j.c.Hosts.Pause(host, status.RetryAfter)
	}
}

// acquireTurn takes the turn at u's host, unless it is held.
func (j *redirectChain) acquireTurn(ctx context.Context, u *url.URL) (err error) {
	if j.release != nil {
		return nil
	}
	host, err := hostKey(u)
	if err != nil {
		return err
	}
	acquire := j.c.Hosts.Acquire
	if j.r.Force {
		acquire = j.c.Hosts.Force
	}
	j.release, err = acquire(ctx, host)
	return err
}

// validators returns those that u gave: they are sent to no other address, since an address that moves by
// redirects could take another document for the one we have.
func (j *redirectChain) validators(u *url.URL) news.Validators {
	if j.names.in(shown(u)) != j.from {
		return news.Validators{}
	}
	return j.r.Validators
}

// accept names the formats that we read, those with the least loss first.
const accept = "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, " +
	"application/xml;q=0.8, text/xml;q=0.7, */*;q=0.1"

// ours are the request fields that [Request.Header] cannot set, as net/http spells them.
var ours = []string{"Accept-Encoding", "A-Im", "If-Match", "If-Modified-Since", "If-None-Match",
	"If-Range", "If-Unmodified-Since", "Range", "Referer"}

// header returns the fields of the request for u.
func (j *redirectChain) header(u *url.URL) http.Header {
	h := http.Header{"Accept": {accept}, "User-Agent": {j.c.agent}}
	if belongs(j.owner, u) {
		if j.owner.User != nil {
			password, _ := j.owner.User.Password()
			basic := &http.Request{Header: h}
			basic.SetBasicAuth(j.owner.User.Username(), password)
		}
		for name, values := range j.r.Header {
			h[http.CanonicalHeaderKey(name)] = values
		}
		for _, name := range ours {
			delete(h, name)
		}
	}
	h.Set("Accept-Encoding", acceptEncoding)
	if v := j.validators(u).ETag; v != "" {
		h.Set("If-None-Match", v)
	}
	if v := j.validators(u).LastModified; v != "" {
		h.Set("If-Modified-Since", v)
	}
	return h
}

// belongs reports whether what is meant for owner's host may be sent to u: the same host and port, and
// no less secret. The way from http to https, each on its own port, stays at home.
func belongs(owner, u *url.URL) bool {
	a, errA := portOf(owner)
	b, errB := portOf(u)
	if errA != nil || errB != nil || hostName(owner.Hostname()) != hostName(u.Hostname()) {
		return false
	}
	return owner.Scheme == u.Scheme && a == b || owner.Scheme == "http" && u.Scheme == "https" && a == 80 && b == 443
}

// location returns the address that a redirect leads to.
func location(answer *http.Response, u *url.URL) (*url.URL, error) {
	value := answer.Header.Get("Location")
	if value == "" {
		return nil, fmt.Errorf("get %s: %w: status %d without an address", shown(u), ErrRedirect, answer.StatusCode)
	}
	next, err := u.Parse(value)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w: status %d to what is no address", shown(u), ErrRedirect, answer.StatusCode)
	}
	return sendable(next), nil
}

// maxValidator is the length of the longest validator that is kept, in bytes.
const maxValidator = 4 << 10

// verbatim returns a validator as received, "" for one that could never be sent back or is too long.
func verbatim(v string) string {
	if len(v) > maxValidator || !httpguts.ValidHeaderFieldValue(v) {
		return ""
	}
	return v
}
