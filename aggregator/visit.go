package aggregator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"dateline/aggregator/dedup"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/store"
)

// visit is one reading of one source, from what is known of it to what is remembered of it. This is the
// whole program in one function; the rest of the files say how.
func (a *Aggregator) visit(ctx context.Context, src news.Source, force bool) *visit {
	expected := a.store.ExpectCommit() // others that end now may wait to be recorded together with this one
	defer expected()

	v := a.newVisit(src)
	v.force = force
	v.guarded(func() {
		v.recall()                         // what do we know of it: validators, body hash, window
		v.ask(ctx)                         // one polite, conditional GET, when it is this source's turn at its host
		v.read(context.WithoutCancel(ctx)) // the document, unless it is the one we have; what was answered is heard out
		v.prepare()                        // clean, credit and fingerprint the items that are new or changed
	})
	v.commit() // everything in one transaction, good or bad
	return v
}

// visit holds what one reading has found out so far. Once err is set the later steps do nothing, and err
// is what will be recorded.
type visit struct {
	a        *Aggregator
	setup    Setup         // as it was when the visit began
	fetchSem chan struct{} // the visits that may run
	src      news.Source
	began    time.Time
	at       time.Time // when the request was sent, to the second
	heard    time.Time // when it was answered
	force    bool      // it is made although the host asked for a pause
	err      error

	acquired []chan struct{} // entered and not left

	sent      bool // the request went out, or could not for a reason that is the source's
	committed bool
	pushed    bool // the document came from a hub

	state    news.State // before the visit
	window   []news.Seen
	standing map[uint64]news.Key // the window's items by the sum of their bytes

	answer *fetch.Response
	result news.Result
	hash   uint64          // of the body, the reading and its settings
	doc    *parse.Document // nil: nothing was read
	items  *document       // doc, to be decided upon
	ready  map[int]refined // by place in doc
	style  news.Style      // of the source's datelines, as its items were learned from so far

	outcome outcome
	after   news.State // what is remembered of the source once the visit is recorded
}

func (a *Aggregator) newVisit(src news.Source) *visit {
	a.mu.Lock()
	defer a.mu.Unlock()
	return &visit{a: a, setup: a.setup, fetchSem: a.fetchSem, src: src, began: time.Now()}
}

// recall asks the store what is known of the source.
func (v *visit) recall() {
	err := v.a.store.View(func(s store.View) (err error) {
		if v.state, err = s.State(v.src.ID); err != nil {
			return err
		}
		v.window, err = s.Window(v.src.ID)
		return err
	})
	v.standing = make(map[uint64]news.Key, len(v.window))
	for _, w := range v.window {
		if w.Sum != 0 {
			v.standing[w.Sum] = w.Item
		}
	}
	if err != nil {
		v.err = &CommitError{Source: v.src.ID, Err: err}
		return
	}
	if v.state.URL != v.src.URL {
		// Another address: nothing learned from the old one holds, but what the source published stays known.
		v.state.URL, v.state.Learned = v.src.URL, ""
		v.state.Validators, v.state.From, v.state.Hash = news.Validators{}, "", 0
		v.state.LastVisit, v.state.Asked, v.state.RetryAt = time.Time{}, time.Time{}, time.Time{}
		v.state.TTL, v.state.SkipHours, v.state.SkipDays = 0, nil, nil
	}
}

// ask waits for the turn at the host and for a free slot, then sends the one request of this visit.
func (v *visit) ask(ctx context.Context) {
	if v.err != nil {
		return
	}
	v.at, v.heard = now(), time.Now()
	url := address(v.src, v.state)
	host, err := fetch.Host(url)
	if err != nil {
		v.sent, v.err = true, err
		return
	}
	acquire := v.setup.Client.Hosts.Acquire
	if v.force {
		acquire = v.setup.Client.Hosts.Force
	} else if own := v.setup.Pace.requested(v.src, v.state); own.Until.After(time.Now()) {
		v.err = &fetch.PausedError{Host: own.Host, Until: own.Until}
		return
	}
	turn, err := acquire(ctx, host)
	if err != nil {
		v.err = err
		return
	}
	defer turn()
	if !v.acquire(ctx, v.fetchSem) {
		return
	}
	if v.err = ctx.Err(); v.err != nil {
		return
	}
	v.at, v.sent = now(), true
	v.answer, v.err = v.setup.Client.Get(ctx, fetch.Request{
		URL: url, Owner: v.src.URL, Header: v.src.Header, Validators: v.state.Validators, From: v.state.From, Release: turn,
		FeedOnly: v.src.RetryFeed, Force: v.force,
	})
	v.heard = time.Now()
	var answered *fetch.StatusError
	if v.err != nil && ctx.Err() != nil && v.answer == nil && !errors.As(v.err, &answered) {
		v.err = errCalledOff
	}
	var cut *fetch.CutError
	if errors.As(v.err, &cut) {
		v.answer = cut.Response // its whole items may be taken
	}
}

// acquire waits for a place in the room, which the visit keeps until its turn to be recorded. It reports false,
// and sets err, where ctx ends before.
func (v *visit) acquire(ctx context.Context, sem chan struct{}) bool {
	select {
	case sem <- struct{}{}:
		v.acquired = append(v.acquired, sem)
		return true
	case <-ctx.Done():
		v.err = errCalledOff
		return false
	}
}

func (v *visit) releaseAll() {
	for _, sem := range v.acquired {
		<-sem
	}
	v.acquired = nil
}

// errCalledOff is the end of a visit whose context ended: nobody's fault.
var errCalledOff = fmt.Errorf("called off: %w", context.Canceled)

// read reads the document. A 304 says that there is nothing to read; a body with the hash of the last one says
// the same, but is an answer like any other: its validators and its freshness count.
func (v *visit) read(ctx context.Context) {
	var cut *fetch.CutError
	switch {
	case errors.Is(v.err, fetch.ErrNotModified):
		v.err, v.result = nil, news.NotModified
		return
	case errors.As(v.err, &cut):
	case v.err != nil:
		return
	}
	v.hash = v.bodyHash()
	if v.hash == v.state.Hash && cut == nil {
		v.result = news.Unchanged
		return
	}
	if !v.acquire(ctx, v.a.parseSem) {
		return
	}
	doc, err := parse.Feed(ctx, v.answer.Body, parse.Options{
		Document:    v.answer.URL,
		ContentType: v.answer.ContentType,
		Encoding:    v.src.Encoding,
		Zone:        v.src.Zone,
		Language:    v.src.Language,
		Known:       v.known,
		Stored:      v.stored,
	})
	switch {
	case err != nil && cut == nil:
		v.err = err
	case err != nil: // what arrived is too little to be read: the cut is the error
	case doc.Partial || cut != nil:
		v.doc, v.result = doc, news.Partial
		if v.err == nil {
			v.err = errPartial
		}
	default:
		v.doc, v.result = doc, news.OK
	}
}

// errPartial is recorded for a document that ends in the middle although all of it arrived.
var errPartial = errors.New("the document ends in the middle; its whole items were taken")

func now() time.Time { return time.Now().UTC().Truncate(time.Second) }

// bodyHash is never zero. What the reading depends on is part of it, so that a new parser or a changed
// zone reads the same bytes again.
func (v *visit) bodyHash() uint64 {
	h := xxhash.New()
	h.Write(v.answer.Body)
	zone := ""
	if v.src.Zone != nil {
		zone = v.src.Zone.String()
	}
	fmt.Fprintf(h, "\x00%d\x00%s\x00%s\x00%s\x00%s", parse.Version, v.answer.URL, v.answer.ContentType, v.src.Encoding, zone)
	if len(v.src.Include)+len(v.src.Exclude) > 0 {
		fmt.Fprintf(h, "\x00%q\x00%q", v.src.Include, v.src.Exclude)
	}
	return max(h.Sum64(), 1)
}

// known tells the parser which items it need not read: those whose bytes stood in the last good document.
func (v *visit) known(sum uint64) bool {
	_, known := v.standing[sum]
	return known
}

// stored reports whether an item is stored under one of the keys that its document may give it.
func (v *visit) stored(it news.Item) bool {
	found := false
	err := v.a.store.View(func(s store.View) (err error) {
		found, err = dedup.IsStored(s, v.src.ID, it)
		return err
	})
	return found && err == nil
}

// prepare does outside the transaction what takes time: it looks which items are new or changed, as the
// store stands now, and cleans and credits those (notes/why-decide-twice.md).
func (v *visit) prepare() {
	if v.doc == nil {
		return
	}
	v.open()
	v.style = v.state.Style
	var decided []decision
	err := v.a.store.View(func(s store.View) (err error) {
		decided, err = v.items.decide(s, v.state, &v.setup.entries)
		return err
	})
	if err != nil {
		v.doc, v.err = nil, err
		return
	}
	for _, d := range slices.Backward(decided) { // the oldest first: a dateline style holds from the next item on
		if d.Changed {
			v.refined(d.Place)
		}
		if d.Action == dedup.New {
			v.style = v.style.Next(v.ready[d.Place].form)
		}
	}
}

// open makes the document ready to be decided upon.
func (v *visit) open() {
	v.ready = map[int]refined{}
	v.items = openDocument(incoming{
		Source: v.src, At: v.at, Items: v.doc.Items, Total: v.doc.Total, Known: v.standing, Deleted: v.doc.Deleted,
		Partial: v.result == news.Partial, Pushed: v.pushed, Prepare: v.refined,
	})
}

// refined is an item made ready, with the form of its dateline that a lone text cannot prove.
type refined struct {
	prepared
	form string
}

// refined returns the item at a place of the document cleaned, credited and fingerprinted.
func (v *visit) refined(place int) prepared {
	r, ready := v.ready[place]
	if !ready {
		r.Item, r.form = v.refine(v.doc.Items[place])
		r.Text, r.Terms = dedup.NewText(r.Item), v.setup.entries.Terms(r.Item)
		v.ready[place] = r
	}
	return r.prepared
}

// commit commits the visit. What cannot be recorded has not happened: the next visit goes on from the last
// one that was. A visit that was called off before its request was sent has not happened either.
func (v *visit) commit() {
	defer v.releaseAll()
	var lost *CommitError
	if errors.As(v.err, &lost) || !v.sent {
		return
	}
	v.a.commitSem <- struct{}{}
	defer func() { <-v.a.commitSem }()
	v.releaseAll() // not before: no more is read than can be recorded
	err := v.a.store.Commit(v.writes)
	var bug *store.PanicError
	if errors.As(err, &bug) {
		v.doc, v.err = nil, bug
		err = v.a.store.Commit(v.writes)
	}
	if err != nil {
		v.outcome = outcome{}
		v.result, v.err = news.Failed, &CommitError{Source: v.src.ID, Err: err}
		return
	}
	v.committed = true
}

// writes says what the visit changes. It runs inside the transaction, perhaps more than once.
func (v *visit) writes(s store.View) (store.Writes, error) {
	w := store.Writes{Source: v.src.ID, Now: v.at, InitialSources: v.a.initialSources}
	if err := v.catchUp(s); err != nil {
		return w, err
	}
	tx := newTx(s, &w, &v.setup.entries)
	if v.doc != nil {
		if err := tx.apply(v.items, v.state); err != nil {
			return w, err
		}
	}
	v.outcome, v.after = tx.out, v.next(tx.out)
	w.State = &v.after
	return w, nil
}

// CommitError says that a visit could not be recorded: nothing of it was kept.
type CommitError struct {
	Source string
	Err    error
}

func (e *CommitError) Error() string {
	return fmt.Sprintf("source %s: not recorded: %v", e.Source, e.Err)
}

// Unwrap returns the store's error.
func (e *CommitError) Unwrap() error { return e.Err }

// guarded keeps a panic over one source from all others: it becomes that source's error.
func (v *visit) guarded(steps func()) {
	err := store.Recovered(func() error { steps(); return nil })
	if err != nil {
		v.doc, v.err = nil, err
	}
}
