package feedtest

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Patience is the longest pause whose neglect is held against a reader: a year of max-age is a slip of the
// server's, two days are not.
const Patience = 7 * 24 * time.Hour

// longest is how far a reader has to slow down by itself.
const longest = 24 * time.Hour

// When a feed is at rest, and when it has moved for good.
const (
	quiet      = 72 * time.Hour
	restless   = 90 * time.Minute // a reader with a longer interval need not slow down
	manyMoves  = 10
	movingTime = 72 * time.Hour
)

// startWindow is how long after a start a request that comes too soon counts as a fault of the start.
const startWindow = time.Minute

// maxWhy is how many faults of a row are described.
const maxWhy = 10

func (b *books) fault(c Column, format string, args ...any) {
	b.row.Faults[c]++
	if len(b.row.Why) < maxWhy {
		b.row.Why = append(b.row.Why, fmt.Sprintf("%s: %s: %s", b.row.Name, c, fmt.Sprintf(format, args...)))
	}
}

// judge enters a request into the books. A request that is no GET gets one mark and is not judged further.
func (p *Publisher) judge(b *books, h *host, req *http.Request, now time.Time) {
	if req.Method != http.MethodGet {
		b.fault(Method, "%s", req.Method)
		return
	}
	b.row.Requests++
	b.judgeFields(req)
	b.judgeConditions(req.Header, now)
	p.judgeTime(b, h, now)
	p.judgeHost(b, h, now)
}

// judgeHost marks a request that is not in its turn at a host, and reports whether it did.
func (p *Publisher) judgeHost(b *books, h *host, now time.Time) bool {
	switch {
	case h.underWay > 0:
		b.fault(Crowd, "at %s, %d under way", now.Format(time.DateTime), h.underWay)
	case !h.ended.IsZero() && now.Sub(h.ended) < p.Gap:
		b.fault(Gap, "at %s, %v after the last answer", now.Format(time.DateTime), now.Sub(h.ended))
	default:
		return false
	}
	return true
}

// agent is a name, a version and where to complain.
var agent = regexp.MustCompile(`^[A-Za-z][A-Za-z-]*/[!-~]+ \(\+[!-~]+\)$`)

func (b *books) judgeFields(req *http.Request) {
	b.judgeIdentity(req)
	if a := req.Header.Get("Accept"); !strings.Contains(a, "application/rss+xml") || !strings.Contains(a, "application/atom+xml") {
		b.fault(Accept, "%q", a)
	}
}

// judgeIdentity marks fields that no request may have.
func (b *books) judgeIdentity(req *http.Request) {
	h := req.Header
	if h.Get("Cookie") != "" {
		b.fault(Cookie, "%q", h.Get("Cookie"))
	}
	if h.Get("Referer") != "" {
		b.fault(Referer, "%q", h.Get("Referer"))
	}
	if req.URL.RawQuery != "" {
		b.fault(Query, "%q", req.URL.RawQuery)
	}
	if ua := h.Get("User-Agent"); !agent.MatchString(ua) || strings.Contains(ua, "Mozilla") {
		b.fault(Agent, "%q", ua)
	}
	if !strings.Contains(h.Get("Accept-Encoding"), "gzip") {
		b.fault(Coding, "%q", h.Get("Accept-Encoding"))
	}
}

// judgeConditions compares the validators of a request with those of the last good answer.
func (b *books) judgeConditions(h http.Header, now time.Time) {
	match, since := h.Get("If-None-Match"), h.Get("If-Modified-Since")
	if match == "" && since == "" {
		if b.vouched != (validators{}) {
			b.fault(Unconditional, "at %s", now.Format(time.DateTime))
		} else {
			b.row.First++
		}
		return
	}
	b.compare(match, b.vouched.etag, "Etag", &b.row.MatchGood, MatchMissing)
	b.compare(since, b.vouched.modified, "Last-Modified", &b.row.SinceGood, SinceMissing)
}

// compare judges one condition; missing is the first of its three columns in the order missing, stale, bogus.
func (b *books) compare(got, want, field string, good *int, missing Column) {
	switch {
	case got == want:
		if got != "" {
			*good++
		}
	case got == "":
		b.fault(missing, "want %q", want)
	case b.sent[field+got]:
		b.fault(missing+1, "got %q, want %q", got, want)
	default:
		b.fault(missing+2, "got %q, want %q", got, want)
	}
}

// judgeTime gives a request that comes too soon one mark: in the column of the longest pause.
func (p *Publisher) judgeTime(b *books, h *host, now time.Time) {
	pressed, named := b.pressed, b.named
	b.pressed, b.named = false, false
	if b.gone {
		if !named {
			b.fault(Gone, "at %s", now.Format(time.DateTime))
		}
		return
	}
	if b.moves >= manyMoves && b.last.Sub(b.moving) > movingTime {
		b.fault(Moved, "at %s, moved since %s", now.Format(time.DateTime), b.moving.Format(time.DateTime))
		return
	}
	retry := later(b.retry, h.retry)
	column, until := RetryAfter, retry
	if !pressed && !b.last.IsZero() {
		for _, pause := range b.pauses(now) {
			if pause.until.After(until) {
				column, until = pause.column, pause.until
			}
		}
	}
	if !now.Before(until) {
		return
	}
	if !p.started.IsZero() && now.Sub(p.started) < startWindow && !b.last.IsZero() {
		column = Start
	}
	at := func(t time.Time) string { return t.Format(time.DateTime) }
	b.fault(column, "at %s, not before %s, last asked %s", at(now), at(until), at(b.last))
}

type pause struct {
	column Column
	until  time.Time
}

// pauses returns what a request at now had to wait for, Retry-After aside.
func (b *books) pauses(now time.Time) []pause {
	// A pass takes along what is due soon, so that cron and due times need not be in step.
	slack := min(b.every/10, time.Minute)
	return []pause{
		{Every, b.last.Add(b.every - slack)},
		{Fresh, b.fresh},
		{Hint, later(b.last.Add(min(b.document.TTL, Patience)), b.document.opening(now))},
		{SlowDown, b.slowDown},
		{BackOff, b.backOff},
		{Rest, b.rest()},
	}
}

// rest returns until when a feed that brought nothing new for long should be left alone.
func (b *books) rest() time.Time {
	if b.failures > 0 || b.changed.IsZero() || b.last.Sub(b.changed) < quiet || b.then > restless {
		return time.Time{}
	}
	return b.last.Add(2 * b.then)
}

// opening returns the first moment from t on in which the document wants to be read.
func (d Document) opening(t time.Time) time.Time {
	for open := t.UTC(); open.Before(t.Add(Patience)); open = open.Truncate(time.Hour).Add(time.Hour) {
		if !slices.Contains(d.SkipHours, open.Hour()) && !slices.Contains(d.SkipDays, open.Weekday()) {
			return open
		}
	}
	return t
}

// enter enters an answer into the books.
func (b *books) enter(h *host, r Reply, resp *http.Response, good bool, now time.Time) {
	if resp.StatusCode >= 300 && resp.StatusCode < 400 && resp.StatusCode != http.StatusNotModified {
		b.vouched, b.changed = validators{}, time.Time{} // the document is not here any more
		b.move(resp.StatusCode, now)
		return
	}
	b.moves = 0
	if good {
		b.praise(r, resp, now)
		return
	}
	b.failures++
	double := b.last.Add(min(2*b.every, max(longest, b.every)))
	if b.failures >= 3 {
		b.backOff = double
	}
	switch resp.StatusCode {
	case http.StatusGone:
		b.gone = true
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		until := retryAfter(resp.Header, now)
		switch {
		case until.IsZero():
			b.slowDown = double
		case resp.StatusCode == http.StatusTooManyRequests:
			h.retry = later(h.retry, until)
		}
		b.retry = until
	}
}

// move counts the permanent redirects.
func (b *books) move(status int, now time.Time) {
	switch {
	case status != http.StatusMovedPermanently && status != http.StatusPermanentRedirect:
		b.moves = 0
		return
	case b.moves == 0:
		b.moving = now
	}
	b.moves++
}

// praise enters a good answer: its validators, as RFC 9111 section 4.3.4 has them, and what it asks for.
func (b *books) praise(r Reply, resp *http.Response, now time.Time) {
	b.failures, b.gone = 0, false
	b.slowDown, b.backOff, b.retry = time.Time{}, time.Time{}, time.Time{}
	b.fresh = freshUntil(resp.Header, now)
	if resp.StatusCode == http.StatusNotModified {
		b.row.NotModified++
		if r.ETag != "" {
			b.vouched.etag = r.ETag
		}
		if r.LastModified != "" {
			b.vouched.modified = r.LastModified
		}
		return
	}
	b.vouched, b.document = validators{r.ETag, r.LastModified}, r.Document
	if items := r.Document.Posts; len(items) > 0 && (b.changed.IsZero() || items[0].Number != b.newest) {
		b.newest, b.changed = items[0].Number, now
	}
}

// freshUntil returns until when an answer is good: max-age less Age, else Expires (RFC 9111 section 4.2).
func freshUntil(h http.Header, now time.Time) time.Time {
	if value, ok := strings.CutPrefix(h.Get("Cache-Control"), "max-age="); ok {
		age, err := strconv.Atoi(h.Get("Age"))
		if err != nil {
			age = 0
		}
		if n, err := strconv.Atoi(value); err == nil {
			return now.Add(min(time.Duration(n-age)*time.Second, Patience))
		}
	}
	if t, err := http.ParseTime(h.Get("Expires")); err == nil && t.Before(now.Add(Patience)) {
		return t
	}
	return time.Time{}
}

// retryAfter reads Retry-After in both its forms; zero: there is none.
func retryAfter(h http.Header, now time.Time) time.Time {
	value := h.Get("Retry-After")
	if n, err := strconv.Atoi(value); err == nil {
		return now.Add(time.Duration(n) * time.Second)
	}
	t, err := http.ParseTime(value)
	if err != nil {
		return time.Time{}
	}
	return t
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
