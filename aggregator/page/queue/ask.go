package queue

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/page/robots"
)

const (
	keptRobots    = 16 << 10         // bytes of the rules that outlive the process
	crawler       = "Dateline"       // the product token of the User-Agent (RFC 9309 section 2.2.1)
	maxPageHosts  = 4                // that the redirects of one page may lead over
	maxRobots     = 1024             // sites whose robots.txt is remembered
	robotsRetried = time.Hour        // after which one that could not be reached is asked for again
	pageTimeout   = 30 * time.Second // of one request for a page
)

// Why a page was not asked for.
var (
	errRobots     = errors.New("robots.txt asks us to stay away")
	errNoRobots   = errors.New("robots.txt cannot be reached")
	errPageInTime = errors.New("a poll of the host is due")
	errCalledOff  = fmt.Errorf("called off: %w", context.Canceled)
)

// pageRequest is a request for one article's page.
type pageRequest struct {
	client *fetch.Client
	robots *robotsCache
	url    string
	// enter is called before a request to a host, with its name as [fetch.Host] gives it; it says until when the request must be over,
	// or why it is not made. Nil: every request may take its time.
	enter func(host string) (time.Time, error)
}

// get reads the page, over redirects from host to host: each host has its robots.txt and its turn. The errors are those of
// [fetch.Client.Get], errRobots, errNoRobots and those of enter.
func (r pageRequest) get(ctx context.Context) (*fetch.Response, error) {
	address := r.url
	for range maxPageHosts {
		resp, err := r.at(ctx, address)
		var away *awayError
		if !errors.As(err, &away) {
			return resp, err
		}
		address = away.url
	}
	return nil, fmt.Errorf("get %s: %w: over more than %d hosts", r.url, fetch.ErrRedirect, maxPageHosts)
}

// awayError says that a redirect leads to another host.
type awayError struct{ url string }

func (e *awayError) Error() string { return "redirected to " + e.url }

// at reads what an address answers, or says with an [*awayError] to which other host it leads.
func (r pageRequest) at(ctx context.Context, address string) (*fetch.Response, error) {
	host, err := fetch.Host(address)
	if err != nil {
		return nil, err
	}
	if r.enter != nil {
		until, err := r.enter(host)
		if err != nil {
			return nil, err
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, until)
		defer cancel()
	}
	rules, err := r.robots.of(ctx, r.client, address)
	if err != nil {
		return nil, err
	}
	if !rules.Allows(pathOf(address)) {
		return nil, errRobots
	}
	return r.client.Get(ctx, fetch.Request{
		URL: address, Header: map[string][]string{"Accept": {"text/html, application/xhtml+xml;q=0.9, */*;q=0.1"}},
		Follow: func(next string) error {
			switch to, err := fetch.Host(next); {
			case err != nil:
				return err
			case to != host:
				return &awayError{next}
			case !rules.Allows(pathOf(next)):
				return errRobots
			}
			return nil
		},
	})
}

// pathOf returns the path and the query of an address, as in a request line.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "/"
	}
	return u.RequestURI()
}

// robotsCache remembers what the robots.txt of sites asks for. The zero value remembers nothing.
type robotsCache struct {
	mu    sync.Mutex
	known map[string]knownRobots // by scheme, host and port
}

type knownRobots struct {
	rules robots.Rules
	err   error // errNoRobots
	until time.Time
}

// of returns what a site asks for: as it answered within the last day, else as it answers now. The error is errNoRobots where it
// cannot be reached, which counts as nothing allowed (RFC 9309 section 2.3.1.4), or that of a request that was not made.
func (c *robotsCache) of(ctx context.Context, client *fetch.Client, address string) (robots.Rules, error) {
	site, err := siteOf(address)
	if err != nil {
		return robots.Nothing(), err
	}
	c.mu.Lock()
	k, ok := c.known[site]
	c.mu.Unlock()
	if ok && time.Now().Before(k.until) {
		return k.rules, k.err
	}
	k, err = askRobots(ctx, client, site)
	if err != nil {
		return robots.Nothing(), err
	}
	c.put(site, k)
	return k.rules, k.err
}

func (c *robotsCache) put(site string, k knownRobots) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= maxRobots {
		c.known = map[string]knownRobots{}
	}
	c.known[site] = k
}

// siteOf returns the part of an address that robots.txt is about: scheme, host and port.
func siteOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return u.Scheme + "://" + u.Host, nil
}

// recall takes in what a process before this one was answered.
func (c *robotsCache) recall(kept news.Robots) {
	if kept.Site == "" || !time.Now().Before(kept.Until) {
		return
	}
	k := knownRobots{rules: robots.Parse([]byte(kept.Rules), crawler), until: kept.Until}
	if kept.Unreachable {
		k.err = errNoRobots
	}
	c.put(kept.Site, k)
}

// kept returns what is to outlive the process of the site of an address; false: nothing is known of it, or too much.
func (c *robotsCache) kept(address string) (news.Robots, bool) {
	site, err := siteOf(address)
	c.mu.Lock()
	defer c.mu.Unlock()
	k, known := c.known[site]
	rules := k.rules.String()
	return news.Robots{Site: site, Until: k.until.UTC(), Rules: rules, Unreachable: k.err != nil}, err == nil && known &&
		len(rules) <= keptRobots
}

// askRobots asks a site for its robots.txt. The error is that of a request that was not made, or was called off.
func askRobots(ctx context.Context, client *fetch.Client, site string) (k knownRobots, err error) {
	resp, err := client.Get(ctx, fetch.Request{URL: site + robots.Path, Header: map[string][]string{"Accept": {"text/plain, */*;q=0.1"}}})
	k.until = time.Now().Add(robots.MaxAge)
	var paused *fetch.PausedError
	var guard *fetch.GuardError
	var refused *fetch.StatusError
	var cut *fetch.CutError
	status, body := 0, []byte(nil)
	switch {
	case errors.As(err, &paused), errors.As(err, &guard), errors.Is(err, fetch.ErrURL), ctx.Err() != nil:
		return k, err
	case errors.As(err, &refused):
		status = refused.Status
	case errors.As(err, &cut): // what arrived is obeyed
		status, body = cut.Status, cut.Body
	case err == nil:
		status, body = resp.Status, resp.Body
	}
	k.rules = robots.Answered(status, body, crawler)
	if status == 0 || status >= 500 || status == 429 {
		k.err, k.until = errNoRobots, time.Now().Add(robotsRetried)
	}
	return k, nil
}
