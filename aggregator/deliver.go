package aggregator

import (
	"context"
	"net/http"

	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/schedule"
	"dateline/aggregator/websub/subscriber"
	"dateline/store"
)

// Subscribe sets the subscriber that receives what the engine finds about hubs. Sources that hubs deliver are polled more rarely. Call
// it before the engine runs.
func (a *Aggregator) Subscribe(s *subscriber.Subscriber) { a.push = s }

// Deliver stores a document that a hub delivered for a source, as a visit stores a polled one. Nothing follows from what it lacks, and
// validators, body hash, status and due time stay those of the last poll. After an error nothing of it was stored.
func (a *Aggregator) Deliver(ctx context.Context, source string, body []byte, contentType string) error {
	v, err := a.deliver(ctx, source, body, contentType, false)
	if err != nil {
		return err
	}
	return v.err
}

// deliver reads and stores a document that no request brought.
func (a *Aggregator) deliver(ctx context.Context, source string, body []byte, contentType string, byHand bool) (*visit, error) {
	chosen, err := a.choose([]string{source})
	if err != nil {
		return nil, err
	}
	v := a.newVisit(chosen[0])
	v.pushed, v.byHand = true, byHand
	defer v.release()
	v.err = store.Recovered(func() (err error) {
		if v.known, err = v.recall(); err != nil {
			return err
		}
		v.answer = answer{at: now(), heard: v.began, sent: true, response: &fetch.Response{
			Status: http.StatusOK, URL: schedule.Address(v.src, v.known.state), Body: body, ContentType: contentType}}
		if v.reading, err = v.read(ctx, v.known, v.answer); err != nil {
			return err
		}
		if v.batch, err = v.prepare(v.known, v.answer, v.reading); err != nil {
			return err
		}
		return v.reading.partial
	})
	if v.batch != nil && (v.err == nil || byHand) {
		v.commit()
	}
	a.ended(v, v.report())
	return v, nil
}

// polled reports to the subscriber what a good visit found about hubs, and how many items it found that a hub might have delivered.
func (a *Aggregator) polled(v *visit) {
	if a.push == nil || !v.committed || v.err != nil {
		return
	}
	if v.reading.result != news.NotModified { // only a document shows that there is no hub
		topic, hub := subscriber.Discover(links(v.answer.response, v.after.Feed))
		a.push.Discovered(v.src.ID, topic, hub)
	}
	a.push.Polled(v.src.ID, v.outcome.New+v.outcome.Joined)
}

// links returns what an answer's header, and its document about itself, say about push.
func links(r *fetch.Response, feed news.Feed) (header, document subscriber.Links) {
	for _, l := range r.Links {
		switch l.Rel {
		case "hub":
			header.Hubs = append(header.Hubs, l.URL)
		case "self":
			if header.Self == "" {
				header.Self = l.URL
			}
		}
	}
	document.Self = feed.Self
	if feed.Hub != "" {
		document.Hubs = []string{feed.Hub}
	}
	return header, document
}
