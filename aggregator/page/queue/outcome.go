package queue

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/page"
	"dateline/aggregator/schedule"
	"dateline/aggregator/status"
	"dateline/aggregator/text"
	"dateline/store"
)

// pageOutcome is what came of a page.
type pageOutcome struct {
	page    news.Page  // what is recorded
	until   time.Time  // it was not asked for, and is not to be before; zero: it was
	refused bool       // the host refused or failed: it is left alone for a time
	pause   news.Pause // that the host asked for; zero: none
}

// ask asks for the page of an item and reads it.
func (p *Queue) ask(ctx context.Context, setup *Setup, src news.Source, it news.Item) (out pageOutcome) {
	var resp *fetch.Response
	err := store.Recovered(func() (err error) {
		resp, err = pageRequest{client: setup.Client, robots: &p.robots, url: it.URL, enter: p.enter}.get(ctx)
		out.page.At = schedule.Whole(time.Now())
		if err == nil {
			readPage(setup, src, it, resp, &out.page)
		}
		return err
	})
	if err == nil {
		return out
	}
	if ctx.Err() != nil { // the request counts: it may have been sent
		err = errCalledOff
	}
	out.judge(err)
	if out.page.Result == news.PageFailed && it.Page != nil && it.Page.Tries+1 >= pageTries {
		out.page.Result = news.PageRefused
	}
	return out
}

// judge says what an error means: not asked for, refused for good, or tried again.
func (out *pageOutcome) judge(err error) {
	out.page.Result, out.page.Why = news.PageFailed, err.Error()
	var paused *fetch.PausedError
	var guard *fetch.GuardError
	var answered *fetch.StatusError
	switch {
	case errors.As(err, &paused):
		out.until = paused.Until
	case errors.Is(err, errPageInTime):
		out.until = time.Now().Add(pageLeast)
	case errors.As(err, &answered):
		out.answered(answered)
	case errors.Is(err, errRobots), errors.As(err, &guard), errors.Is(err, fetch.ErrURL), errors.Is(err, fetch.ErrRedirect),
		errors.Is(err, fetch.ErrTooLarge), errors.Is(err, fetch.ErrEncoding):
		out.page.Result = news.PageRefused
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, errNoRobots), errors.Is(err, errCalledOff): // slow, or not asked
	default:
		out.refused = true
	}
}

// answered says what an answer without a page means. A challenge is a challenge, with any status: there is no second try.
func (out *pageOutcome) answered(e *fetch.StatusError) {
	switch {
	case e.Blocked():
		out.page.Result, out.refused = news.PageRefused, true
	case e.Status == http.StatusTooManyRequests || e.Status >= 500:
		out.refused = true
		if e.Status == http.StatusTooManyRequests && !e.RetryAfter.IsZero() {
			host, _ := fetch.Host(e.URL) // it answered, so it has one
			out.pause = news.Pause{Host: host, Until: e.RetryAfter}
		}
	default:
		out.page.Result = news.PageRefused
	}
}

// Look reads the page of an article as for a new item of src, with its host's turn and its robots.txt, and stores nothing. It
// returns what would be recorded, and the title on the page. The errors are those of fetch, or say that robots.txt keeps us away.
func (p *Queue) Look(ctx context.Context, src news.Source, address string) (out news.Page, title string, err error) {
	setup := p.Setup()
	out.At = schedule.Whole(time.Now())
	err = store.Recovered(func() error {
		resp, err := pageRequest{client: setup.Client, robots: &p.robots, url: address}.get(ctx)
		if err == nil {
			title = readPage(&setup, src, news.Item{URL: address}, resp, &out)
		}
		return err
	})
	return out, title, err
}

// readPage takes the facts from a page and returns the title on it; its text ends with the call.
func readPage(setup *Setup, src news.Source, it news.Item, resp *fetch.Response, out *news.Page) (title string) {
	out.Result = news.PageEmpty
	art, err := page.Read(resp.Body, page.Options{URL: resp.URL, Asked: it.URL, ContentType: resp.ContentType})
	switch {
	case err != nil:
		out.Why = strings.TrimPrefix(err.Error(), "page: ")
		return ""
	case !isAbout(it, art):
		out.Why = "another article is on it"
		return art.Title
	}
	out.Canonical, out.Language, out.Licence = art.Canonical, art.Language, art.Licence
	out.Credits = Credit(setup.Registry, src, it, art, out.At).Credits
	if attribute.StatesCredits(out.Credits) {
		out.Result = news.PageRead
	} else {
		out.Why = "nothing to credit"
	}
	return art.Title
}

// isAbout reports whether the article of a page can be that of an item: at least half of the long words of the item's title are in it, of
// a title with fewer than three all its words, however short. A title without words proves nothing.
func isAbout(it news.Item, art page.Article) bool {
	long := func(s string) []string {
		return slices.DeleteFunc(text.Words(text.Fold(s)), func(w string) bool { return len(w) < 4 })
	}
	title, least := long(it.Title), 0
	if len(title) < 3 {
		title = text.Words(text.Fold(it.Title))
		least = len(title)
	}
	in := map[string]bool{}
	for _, w := range text.Words(text.Fold(art.Title + " " + art.Text)) {
		in[w] = true
	}
	n := 0
	for _, w := range title {
		if in[w] {
			n++
		}
	}
	return n >= least && 2*n >= len(title)
}

// store stores what came of a page, in one transaction: with the item, whose entry gets the credits, and with its source.
func (p *Queue) store(src news.Source, it news.Item, out pageOutcome) error {
	return p.Store.Update(out.page.At, func(t *store.Tx) error {
		if err := p.Put(t, it.Key, out.page); err != nil {
			return err
		}
		st, err := t.State(src.ID)
		if err != nil {
			return err
		}
		if kept, ok := p.robots.kept(it.URL); ok {
			st.Robots = kept
		}
		status.CountPage(&st.Pages, out.page.Result, out.page.At)
		if out.page.Result != news.PageFailed {
			status.EndWaiting(&st.Pages, it.Key, out.page.At)
		}
		if !out.pause.Until.IsZero() && !src.RetryFeed {
			st.Pause = out.pause
		}
		return t.PutState(src.ID, st)
	})
}

// endWaiting stores that the page of an item is not asked for: it was withdrawn, held or erased meanwhile, or read by another process.
func (p *Queue) endWaiting(src news.Source, item news.Key) error {
	now := time.Now()
	return p.Store.Update(now, func(t *store.Tx) error {
		st, err := t.State(src.ID)
		if err != nil {
			return err
		}
		status.EndWaiting(&st.Pages, item, now)
		return t.PutState(src.ID, st)
	})
}

// after has an item wait again whose page is to be asked for later, and leaves a host alone that refused.
func (p *Queue) after(w pendingPage, out pageOutcome) {
	host, err := fetch.Host(w.url)
	if err != nil {
		return
	}
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	switch {
	case !out.until.IsZero():
		w.from = out.until
	case out.refused:
		h.rest = min(max(2*h.rest, pageRest), status.PageAge)
		h.from = now.Add(h.rest)
	case out.page.Result != news.PageFailed:
		h.rest = 0
	}
	if out.until.IsZero() && out.page.Result != news.PageFailed {
		return
	}
	if w.from.Before(now) {
		w.from = now.Add(pageRest)
	}
	h.insert(w)
}
