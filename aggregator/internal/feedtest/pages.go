package feedtest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// PagesAMinute is how many articles' pages a reader may ask a host for in a minute.
const PagesAMinute = 6

// pageTries is how often a page that fails may be asked for.
const pageTries = 3

const day = 24 * time.Hour

// pageRobots keeps readers from every article whose number ends with 7.
const pageRobots = "User-agent: *\nDisallow: /*7$\n"

// pageBooks are what a publisher keeps of an article's page, or of the robots.txt of a host.
type pageBooks struct {
	asked int
	final bool // what it answered was the last word
}

// robotsFile is the number of robots.txt among the articles.
const robotsFile = -1

// article returns the number of the article whose page an address is, or robotsFile; false: it is none of both.
func (p *Publisher) article(address string) (number int, ok bool) {
	if strings.HasSuffix(address, "/robots.txt") {
		return robotsFile, true
	}
	i := strings.LastIndexByte(address, '/')
	number, err := strconv.Atoi(address[i+1:])
	if err != nil {
		return 0, false
	}
	for _, b := range p.feeds {
		if b.feed.URL == address[:i] {
			return number, true
		}
	}
	return 0, false
}

// askPage enters a request for an article's page or robots.txt into the books, and says what is answered. The caller holds the lock.
func (p *Publisher) askPage(h *host, address string, number int, req *http.Request, now time.Time) Reply {
	if p.pageRow == nil {
		p.pageRow, p.pages = &books{row: Row{Name: "articles' pages"}}, map[string]*pageBooks{}
	}
	b, pg := p.pageRow, p.pages[address]
	if pg == nil {
		pg = &pageBooks{}
		p.pages[address] = pg
	}
	b.row.Name = address // of what the fault says
	b.row.Requests++
	b.judgeIdentity(req)
	if !p.judgeHost(b, h, now) && now.Before(h.retry) {
		b.fault(RetryAfter, "at %s, not before %s", now.Format(time.DateTime), h.retry.Format(time.DateTime))
	}
	b.row.Name = "articles' pages"
	if number == robotsFile {
		if !h.robots.IsZero() && now.Sub(h.robots) < day {
			b.fault(Robots, "%s at %s, and at %s", address, h.robots.Format(time.DateTime), now.Format(time.DateTime))
		}
		h.robots = now
		return Reply{Body: pageRobots, Takes: 100 * time.Millisecond}
	}
	if now.Sub(h.robots) > day || number%10 == 7 {
		b.fault(Robots, "%s at %s, robots.txt was asked for at %s", address, now.Format(time.DateTime), h.robots.Format(time.DateTime))
	}
	if pg.asked++; pg.final || pg.asked > pageTries {
		b.fault(Again, "%s at %s, the %d. time", address, now.Format(time.DateTime), pg.asked)
	}
	h.pages = append(h.pages, now)
	if n := len(h.pages); n > PagesAMinute && now.Sub(h.pages[n-1-PagesAMinute]) < time.Minute {
		b.fault(Often, "%s at %s", address, now.Format(time.DateTime))
	}
	return pageReply(number)
}

// pageReply is what the page of an article answers: one in nine is out of order, in one of five ways.
func pageReply(number int) Reply {
	if number%9 != 4 {
		return Reply{Body: fmt.Sprintf("<!doctype html><html lang=en><head><title>Delegation arrives for round %d</title></head><body><article>"+
			"<p>MINSK (Wire) - Delegation arrives for round %d, and will stay for a week, its head said on Tuesday "+
			"evening.</p></article></body></html>",
			number, number), Takes: 400 * time.Millisecond}
	}
	switch number / 9 % 5 {
	case 0:
		return Reply{Status: http.StatusNotFound}
	case 1:
		return Reply{Status: http.StatusServiceUnavailable}
	case 2:
		return Reply{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"600"}}}
	case 3:
		return Reply{Status: http.StatusForbidden, Header: http.Header{"Cf-Mitigated": {"challenge"}}}
	}
	return Reply{Takes: 50 * time.Second}
}

// sendPage makes the response of a page. What arrives, but for a failure that may pass, is the last word. The caller holds the lock.
func (p *Publisher) sendPage(h *host, address string, number int, r Reply, req *http.Request, done func()) *http.Response {
	status := r.Status
	if status == 0 {
		status = http.StatusOK
	}
	if status < 500 && status != http.StatusTooManyRequests && number != robotsFile {
		p.pages[address].final = true
	}
	resp := &http.Response{StatusCode: status, Header: r.Header.Clone(), Request: req, ContentLength: -1}
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	now := time.Now()
	resp.Header.Set("Date", HTTPDate(now))
	resp.Header.Set("Content-Type", "text/html; charset=utf-8")
	if status == http.StatusTooManyRequests {
		h.retry = later(h.retry, retryAfter(resp.Header, now))
	}
	resp.Body = &tracked{strings.NewReader(r.Body), done}
	return resp
}
