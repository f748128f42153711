package aggregator

import (
	"context"
	"net/http"

	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/push"
	"dateline/store"
)

// Subscribe has the engine tell s what it finds about hubs, and poll more rarely what hubs deliver. Call it before the
// engine runs.
func (a *Aggregator) Subscribe(s *push.Subscriber) { a.push = s }

// Observe has the engine tell f of each visit that asked, and each delivery that was read, once it has ended; f must return
// at once. Call it before the engine runs.
func (a *Aggregator) Observe(f func(news.Visit)) { a.observe = f }

// ended tells whoever wants to know how a visit went.
func (a *Aggregator) ended(v *visit, row news.Visit) {
	a.logVisit(row)
	if a.observe != nil && v.sent && !paused(row) {
		a.observe(row)
	}
}

// Turn waits for the turn at the host of an address, as visits do, for other requests than theirs. It returns a
// [*fetch.PausedError] while a host there has asked for a pause.
func (a *Aggregator) Turn(ctx context.Context, address string) (release func(), err error) {
	host, err := fetch.Host(address)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	hosts := a.setup.Client.Hosts
	a.mu.Unlock()
	return hosts.Acquire(ctx, host)
}

// Deliver takes a document that a hub delivered for a source, the same way as a polled one, but that nothing
// follows from what it lacks, and that validators, body hash, status and due time stay those of the last poll. An
// error says that nothing was taken.
func (a *Aggregator) Deliver(ctx context.Context, source string, body []byte, contentType string) error {
	chosen, err := a.choose([]string{source})
	if err != nil {
		return err
	}
	v := a.newVisit(chosen[0])
	v.pushed = true
	defer v.releaseAll()
	v.guarded(func() {
		v.recall()
		v.at, v.heard, v.sent = now(), v.began, true
		v.answer = &fetch.Response{Status: http.StatusOK, URL: address(v.src, v.state), Body: body, ContentType: contentType}
		v.read(ctx)
		v.prepare()
	})
	if v.err == nil && v.doc != nil {
		v.commit()
	}
	a.ended(v, v.report())
	return v.err
}

// catchUp takes in what a delivery has brought since the visit began: the two may go on at the same time.
func (v *visit) catchUp(s store.View) error {
	current, err := s.State(v.src.ID)
	if err != nil {
		return err
	}
	st := &v.state
	st.Items, st.News, st.LastNew, st.Longest, st.Guessed, st.Tally, st.Newest, st.Style = current.Items, current.News, current.LastNew, current.Longest, current.Guessed, current.Tally, current.Newest, current.Style
	return nil
}

// polled tells the subscriber what a good visit says about hubs, and whether it found what a hub should have brought.
func (a *Aggregator) polled(v *visit) {
	if a.push == nil || !v.committed || v.err != nil {
		return
	}
	if v.result != news.NotModified { // only a whole document tells that there is no hub
		topic, hub := push.Discover(v.links())
		a.push.Discovered(v.src.ID, topic, hub)
	}
	a.push.Polled(v.src.ID, v.outcome.New+v.outcome.Joined)
}

// links returns what the answer's header and its document say about push.
func (v *visit) links() (header, document push.Links) {
	for _, l := range v.answer.Links {
		switch l.Rel {
		case "hub":
			header.Hubs = append(header.Hubs, l.URL)
		case "self":
			if header.Self == "" {
				header.Self = l.URL
			}
		}
	}
	feed := v.after.Feed
	document.Self = feed.Self
	if feed.Hub != "" {
		document.Hubs = []string{feed.Hub}
	}
	return header, document
}
