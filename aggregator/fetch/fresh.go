package fetch

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The names of [Response.FreshBy].
const (
	ByMaxAge  = "max-age"
	ByExpires = "expires"
)

// maxSeconds is what a number of seconds too large to be meant is read as (RFC 9111 section 1.2.2).
const maxSeconds = math.MaxInt32

// fresh returns for how long after now the server wants its answer to be good, and which field said so
// (RFC 9111 section 4.2): max-age minus Age, else Expires minus Date. It is 0 where neither is given,
// where the time is over, and where the answer says no-store or no-cache. s-maxage is for shared caches
// and not for us.
func fresh(h http.Header, now time.Time) (time.Duration, string) {
	maxAge, ok, never := cacheControl(h)
	if never {
		return 0, ""
	}
	if ok {
		if d := maxAge - age(h); d > 0 {
			return d, ByMaxAge
		}
		return 0, ""
	}
	expires, err := http.ParseTime(strings.TrimSpace(h.Get("Expires")))
	if err != nil {
		return 0, "" // "0" and the like mean already stale (RFC 9111 section 5.3)
	}
	if d := bound(expires.Sub(serverTime(h, now))); d > 0 {
		return d, ByExpires
	}
	return 0, ""
}

// cacheControl reads max-age, ok where there is one, and whether no-store or no-cache forbids to rely
// on it. Of several max-age the first counts (RFC 9111 section 4.2.1).
func cacheControl(h http.Header) (maxAge time.Duration, ok, never bool) {
	for directive := range fieldItems(h, "Cache-Control", ',') {
		name, value, _ := strings.Cut(directive, "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "no-store", "no-cache":
			never = true
		case "max-age":
			d, valid := seconds(unquote(strings.TrimSpace(value)))
			if valid && !ok {
				maxAge, ok = d, true
			}
		}
	}
	return maxAge, ok, never
}

// age reads how long the answer has been under way in caches (RFC 9111 section 5.1).
func age(h http.Header) time.Duration {
	first, _, _ := strings.Cut(h.Get("Age"), ",")
	d, _ := seconds(strings.TrimSpace(first))
	return d
}

// RetryAfter returns the time before which the server wants no request, at most Options.RetryMax after now, rounded up
// to the second; zero where it names none or one that is over.
func (c *Client) RetryAfter(h http.Header, now time.Time) time.Time {
	at := RetryAfter(h, now)
	if limit := now.Add(c.retryMax); at.After(limit) {
		at = limit.UTC()
	}
	return at.Add(time.Second - 1).Truncate(time.Second)
}

// RetryAfter reads Retry-After (RFC 9110 section 10.2.3). A date is measured by the server's own clock where it shows
// that one, so that a wrong clock on either side changes nothing.
func RetryAfter(h http.Header, now time.Time) time.Time {
	value := strings.TrimSpace(h.Get("Retry-After"))
	d, ok := seconds(value)
	if !ok {
		date, err := http.ParseTime(value)
		if err != nil {
			return time.Time{}
		}
		d = bound(date.Sub(serverTime(h, now)))
	}
	if d <= 0 {
		return time.Time{}
	}
	return now.Add(d).UTC()
}

// serverTime returns the time that the server stamped its answer with, now where it did not.
func serverTime(h http.Header, now time.Time) time.Time {
	if t, err := http.ParseTime(strings.TrimSpace(h.Get("Date"))); err == nil {
		return t
	}
	return now
}

// seconds reads delta-seconds: digits and nothing else (RFC 9111 section 1.2.2).
func seconds(s string) (time.Duration, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > maxSeconds {
		n = maxSeconds
	}
	return time.Duration(n) * time.Second, true
}

func bound(d time.Duration) time.Duration { return min(d, maxSeconds*time.Second) }
