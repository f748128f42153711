package aggregator

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/entries"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/websub/subscriber"
	"dateline/store"
)

// Found is an item of a document that was read and not stored.
type Found struct {
	Item     news.Item // cleaned and credited, under the key that it has or would get
	Decision string    // as [dedup.Decision.Name] says it
}

// Look reads a document as a visit to src would, whole and without validators, and stores nothing. The
// document is file where that is not nil, else what src.URL answers. It returns the errors of fetch and parse.
func (a *Aggregator) Look(ctx context.Context, src news.Source, file []byte) (found []Found, err error) {
	v := a.newVisit(src)
	defer v.release()
	err = store.Recovered(func() error {
		k, err := v.recall()
		if err != nil {
			return err
		}
		k.state.Validators, k.state.Hash, k.whole = news.Validators{}, 0, true
		ans := answer{at: now(), response: &fetch.Response{Status: http.StatusOK, URL: src.URL, Body: file}}
		if file == nil {
			if ans, err = v.ask(ctx, k.state); err != nil {
				return err
			}
		}
		r, err := v.read(ctx, k, ans)
		if err != nil || r.doc == nil {
			return err
		}
		found, err = inTime(v.a, src.ID, prepareTime, func() ([]Found, error) { return v.found(k, v.open(k, ans, r)) })
		return errors.Join(err, r.partial)
	})
	return found, err
}

// found returns the items of a batch as a visit would store them.
func (v *visit) found(k known, b *batch) (out []Found, err error) {
	err = v.a.store.View(func(s store.View) error {
		decided, err := b.Decide(s, k.state, &v.setup.entries)
		if err != nil {
			return err
		}
		until := time.Now().Add(prepareTime)
		for _, d := range decided {
			if time.Now().After(until) {
				return errUnready
			}
			b.item(d.Place)
		}
		if err := b.leaveOutRepeats(until); err != nil {
			return err
		}
		for _, d := range decided {
			f, err := b.look(s, b.item(d.Place), d.Decision)
			if err != nil {
				return err
			}
			out = append(out, f)
		}
		return nil
	})
	return out, err
}

// look returns a prepared item as a visit would store it.
func (b *batch) look(s store.View, ready entries.Prepared, d dedup.Decision) (Found, error) {
	it := ready.Item
	it.Key, it.FirstSeen, it.Revision = d.Key, b.At, 1
	if d.Was != nil {
		it.FirstSeen, it.Revision = d.Was.FirstSeen, d.Was.Revision
	}
	it.ClampDates(it.FirstSeen)
	switch {
	case d.Action != dedup.New:
	case it.Credits.Kill != nil:
		j, err := ready.Text.Of(it).TakenBack(s, b.setup.Thresholds)
		if err != nil {
			return Found{}, err
		}
		d.Join, d.Entry, d.Supersedes = nil, d.Key, j
	case d.Join == nil && !d.Held:
		m, err := ready.Text.Of(it).Find(s, b.setup.Thresholds)
		if err != nil {
			return Found{}, err
		}
		d.Add(m)
	}
	if d.Was == nil && it.Embargo.InForce(b.At) {
		d.Hold()
	}
	it.Entry, it.Join, it.Supersedes, it.Held = d.Entry, d.Join, d.Supersedes, d.Held
	return Found{Item: it, Decision: d.Name()}, nil
}

// Keys returns what an item is recognised by, as `fetch` prints it: the key first, then its address, title and minute.
func Keys(it news.Item) []string {
	out := []string{it.Key.String()}
	if address := dedup.Canonical(it.URL); address != "" {
		out = append(out, "address:"+address)
	}
	if it.Title != "" && !it.Published.IsZero() {
		out = append(out, "title:"+it.Published.UTC().Format("2006-01-02T15:04")+" "+it.Title)
	}
	return out
}

// Probe is what a source answers at a moment.
type Probe struct {
	Source     string          // its id
	Result     news.Result     // of the request
	Status     int             // of the answer; 0: there was none
	Format     string          // as in parse.Document; empty: no document was read
	Items      int             // in the document; of an answer without one, in the last that is known
	Undated    int             // items with a date that cannot be read: most often one without an offset
	Validators news.Validators // of the answer; zero: none
	Hub        string          // that it names; empty: none
	CertUntil  time.Time       // until when the certificate is good; zero: there is none
	URL        string          // that answered, after redirects
	HTTPS      string          // the same address by https, where it answers and the source is configured by http
	Err        error           // a [*fetch.PausedError] where the source or its host wants no request yet
}

// maxProbes is how many sources are probed at a time, never two of one host.
const maxProbes = 16

// Probe reads each source as a visit would, conditionally, and stores nothing. What a source asked for after its last
// visit (Retry-After) is obeyed. The result is in the order of sources. Where one is configured by http its https address
// is asked for too, by HEAD. The requests are client's, nil: those of the engine's own.
func (a *Aggregator) Probe(ctx context.Context, client *fetch.Client, sources []news.Source) []Probe {
	out := make([]Probe, len(sources))
	next := make(chan int)
	var all sync.WaitGroup
	for range min(maxProbes, len(sources)) {
		all.Go(func() {
			for i := range next {
				out[i] = a.probe(ctx, client, sources[i])
			}
		})
	}
	for i := range sources {
		next <- i
	}
	close(next)
	all.Wait()
	return out
}

func (a *Aggregator) probe(ctx context.Context, client *fetch.Client, src news.Source) Probe {
	v := a.newVisit(src)
	v.setup.Client = cmp.Or(client, v.setup.Client)
	defer v.release()
	var k known
	var ans answer
	var r reading
	size := 0 // items of the last document
	err := store.Recovered(func() (err error) {
		if k, err = v.recall(); err != nil {
			return err
		}
		if _, size, err = v.window(); err != nil {
			return err
		}
		k.state.Hash, k.whole = 0, true // the document is read whole, even if it is the stored one
		if ans, err = v.ask(ctx, k.state); err != nil {
			return err
		}
		if r, err = v.read(ctx, k, ans); err != nil {
			return err
		}
		return r.partial
	})
	p := Probe{Source: src.ID, Result: r.result, Items: size, Err: err, Hub: k.state.Feed.Hub}
	if p.Err != nil && p.Result == "" {
		p.Result = news.Failed
	}
	var status *fetch.StatusError
	if errors.As(err, &status) {
		p.Status, p.URL = status.Status, status.URL
	}
	if ans.response == nil {
		return p
	}
	p.Status, p.URL, p.Validators, p.CertUntil = ans.response.Status, ans.response.URL, ans.response.Validators, ans.response.CertUntil
	if p.Validators.IsZero() && p.Result == news.NotModified {
		p.Validators = k.state.Validators
	}
	if r.doc != nil {
		p.Format, p.Items, p.Undated = r.doc.Format, len(r.doc.Items), undated(r.doc.Items)
		if _, hub := subscriber.Discover(links(ans.response, r.doc.Feed)); hub != "" {
			p.Hub = hub
		}
	}
	if p.Err == nil {
		p.HTTPS = v.secure(ctx, ans.response.URL)
	}
	return p
}

// secure returns the https address of a source that is configured by http on its usual port, if a document is there; else "".
// answered is the address that answered: where that is another one, the source was redirected.
func (v *visit) secure(ctx context.Context, answered string) string {
	u, err := url.Parse(v.src.URL)
	if err != nil || u.Scheme != "http" || (u.Port() != "" && u.Port() != "80") || answered != v.src.URL {
		return ""
	}
	u.Scheme, u.Host = "https", u.Hostname()
	turn, err := v.setup.Client.Hosts.Acquire(ctx, hostOf(u.String()))
	if err != nil {
		return ""
	}
	defer turn()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, u.String(), nil)
	if err != nil {
		return ""
	}
	answer, err := v.setup.Client.HTTP().Do(req)
	if err != nil {
		return ""
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusNonAuthoritativeInfo {
		return ""
	}
	return u.String()
}
