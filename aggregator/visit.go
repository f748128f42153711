package aggregator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"dateline/aggregator/dedup"
	"dateline/aggregator/entries"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/aggregator/schedule"
	"dateline/store"
)

// visit reads one source once, from what is known of it to what is remembered of it. This is the whole program in one
// function; the other files have the details. A step takes what the steps before it returned.
func (a *Aggregator) visit(ctx context.Context, v *visit) {
	defer a.store.ExpectCommit()()               // others that end now may wait to be recorded together with this one
	v.err = store.Recovered(func() (err error) { // a panic over one source is an error of that source
		// What is known of it: validators, body hash, last document.
		if v.known, err = v.recall(); err != nil {
			return err
		}
		// One polite, conditional GET, when it is this source's turn at its host.
		if v.answer, err = v.ask(ctx, v.known.state); err != nil {
			return err
		}
		// The document, unless it is the one we have. What was answered is read to the end.
		if v.reading, err = v.read(context.WithoutCancel(ctx), v.known, v.answer); err != nil {
			return err
		}
		v.forget()
		// Clean, credit and fingerprint the items that are new or changed.
		if v.batch, err = v.prepare(v.known, v.answer, v.reading); err != nil {
			return err
		}
		return v.reading.partial
	})
	v.commit() // everything in one transaction, good or bad
}

// visit is a visit and what its steps returned. The steps themselves use its first group of fields only.
type visit struct {
	a        *Aggregator
	setup    Setup // as it was when the visit began
	src      news.Source
	force    bool          // it is made although the host asked for a pause
	pushed   bool          // no source was asked: a hub delivered the document
	byHand   bool          // of those pushed: an operator did
	fetchSem chan struct{} // of the visits that may ask at a time
	places   places
	reserved reservation // memory

	began   time.Time
	known   known
	answer  answer
	reading reading
	batch   *batch // nil: there is no document, or it could not be made ready
	err     error  // why the visit is not good; nil: it is

	outcome   entries.Outcome // what the transaction changed
	after     news.State      // what is remembered of the source once the visit is recorded
	committed bool
}

func (a *Aggregator) newVisit(src news.Source) *visit {
	a.mu.Lock()
	defer a.mu.Unlock()
	return &visit{a: a, setup: a.setup, fetchSem: a.fetchSem, reserved: reservation{m: &a.memory}, src: src, began: time.Now()}
}

// known is what the store knows of a source.
type known struct {
	state   news.State
	version store.StateVersion // of the state
	whole   bool               // the document is to be read whole, also what is stored of it
}

// update reads what the store knows of a source, unless k has that.
func (k *known) update(s store.View, source string) error {
	version, err := s.StateVersion(source)
	if err != nil || version == k.version {
		return err
	}
	k.version = version
	k.state, err = s.State(source)
	return err
}

// recall asks the store what is known of the source. The error is a [*CommitError].
func (v *visit) recall() (known, error) {
	k := v.known
	err := v.a.store.View(func(s store.View) error { return k.update(s, v.src.ID) })
	if err != nil {
		return k, &CommitError{Source: v.src.ID, Err: err}
	}
	if st := &k.state; st.URL != v.src.URL {
		// Nothing learned from another address holds here, but what the source published stays known.
		st.URL, st.Learned = v.src.URL, ""
		st.Validators, st.From, st.Hash = news.Validators{}, "", 0
		st.LastVisit, st.Asked, st.RetryAt = time.Time{}, time.Time{}, time.Time{}
		st.TTL, st.SkipHours, st.SkipDays = 0, nil, nil
	}
	return k, nil
}

// answer is what a source answered.
type answer struct {
	response   *fetch.Response // nil: there is none
	at         time.Time       // when the request was sent, to the second
	heard      time.Time       // when it was answered
	sent       bool            // the request was sent, or could not be sent for a reason that lies with the source
	unmodified bool            // 304: the document is the one we have
	cut        error           // a [*fetch.CutError] where the document ends in the middle; its whole items may be taken
}

// ask waits for the turn at the host and for a free place, then sends the one request of this visit. The answer says with an
// error, too, when it was asked. The errors are those of fetch, and errCalledOff where ctx ended before an answer.
func (v *visit) ask(ctx context.Context, st news.State) (ans answer, err error) {
	ans.at, ans.heard = now(), time.Now()
	url := schedule.Address(v.src, st)
	host, err := fetch.Host(url)
	if err != nil {
		ans.sent = true
		return ans, err
	}
	acquire := v.setup.Client.Hosts.Acquire
	if v.force {
		acquire = v.setup.Client.Hosts.Force
	} else if own := v.setup.Pace.Requested(v.src, st); own.Until.After(time.Now()) {
		return ans, &fetch.PausedError{Host: own.Host, Until: own.Until}
	}
	turn, err := acquire(ctx, host)
	if err != nil {
		return ans, err
	}
	defer turn()
	if v.places.take(ctx, v.fetchSem) != nil {
		return ans, errCalledOff
	}
	if err := ctx.Err(); err != nil {
		return ans, err
	}
	ans.at, ans.sent = now(), true
	err = store.Recovered(func() (err error) { // after a panic, too, the request was sent
		ans.response, err = v.setup.Client.Get(ctx, fetch.Request{
			URL: url, Owner: v.src.URL, Header: v.src.Header, Validators: st.Validators, From: st.From, Release: turn,
			FeedOnly: v.src.RetryFeed, Force: v.force, Reserve: v.reserved.grow,
		})
		return err
	})
	ans.heard = time.Now()
	return ans.judged(ctx, err)
}

// judged returns the answer as what a request's error makes it.
func (ans answer) judged(ctx context.Context, err error) (answer, error) {
	var cut *fetch.CutError
	var answered *fetch.StatusError
	switch {
	case errors.Is(err, fetch.ErrNotModified):
		ans.unmodified = true
		return ans, nil
	case err != nil && ctx.Err() != nil && ans.response == nil && !errors.As(err, &answered):
		return ans, errCalledOff
	case errors.As(err, &cut):
		ans.response, ans.cut = cut.Response, err
		return ans, nil
	}
	return ans, err
}

// forget frees the body: it was read, and what was read refers to none of it.
func (v *visit) forget() {
	if v.answer.response != nil {
		v.setup.Client.Recycle(v.answer.response)
	}
}

// release gives back what the visit took: places and memory.
func (v *visit) release() {
	v.places.release()
	v.reserved.release()
}

// errCalledOff is the error of a visit whose context ended. It is no fault of the source.
var errCalledOff = fmt.Errorf("called off: %w", context.Canceled)

func calledOff(err error) bool { return errors.Is(err, context.Canceled) }

// paused reports whether v was not made because the host wants no request.
func paused(v news.Visit) bool {
	var paused *fetch.PausedError
	return errors.As(v.Err, &paused)
}

// reading is what was read of an answer.
type reading struct {
	result  news.Result
	hash    uint64              // of the body and what its reading depends on
	doc     *parse.Document     // nil: the document is the one we have
	known   map[uint64]news.Key // items of the last document, by the sum of their bytes: the parser need not read them
	partial error               // why only some of doc is there; nil: it is whole
}

// read reads the document. A 304 has none; a body with the hash of the last one is not parsed, but its validators and its
// freshness count as those of any other answer.
func (v *visit) read(ctx context.Context, k known, ans answer) (reading, error) {
	if ans.unmodified {
		return reading{result: news.NotModified}, nil
	}
	r := reading{hash: v.bodyHash(ans.response)}
	if r.hash == k.state.Hash && ans.cut == nil {
		r.result = news.Unchanged
		return r, nil
	}
	if v.reserved.grow(ctx, int64(len(ans.response.Body))) != nil { // that a request brought has its memory
		return r, errCalledOff
	}
	if v.places.take(ctx, v.a.parseSem) != nil {
		return r, errCalledOff
	}
	if !k.whole {
		var err error
		if r.known, _, err = v.window(); err != nil {
			return r, err
		}
	}
	options := parse.Options{
		Document:    ans.response.URL,
		ContentType: ans.response.ContentType,
		Encoding:    v.src.Encoding,
		Zone:        v.src.Zone,
		Language:    v.src.Language,
		Known:       r.has,
		Stored:      v.stored,
	}
	body := ans.response.Body
	doc, err := inTime(v.a, v.src.ID, prepareTime, func() (*parse.Document, error) { return parse.Feed(ctx, body, options) })
	if err != nil {
		if ans.cut != nil { // too little arrived
			err = ans.cut
		}
		return r, err
	}
	r.doc, r.result, r.partial = doc, news.OK, ans.cut
	if doc.Partial && r.partial == nil {
		r.partial = errPartial
	}
	if r.partial != nil {
		r.result = news.Partial
	}
	return r, nil
}

// errPartial is recorded for a document that ends in the middle although all of it arrived.
var errPartial = errors.New("the document ends in the middle; its whole items were taken")

// bodyHash is never zero. It covers what the reading depends on, so that a new parser or a changed zone reads the same bytes
// again.
func (v *visit) bodyHash(r *fetch.Response) uint64 {
	h := xxhash.New()
	h.Write(r.Body)
	zone := ""
	if v.src.Zone != nil {
		zone = v.src.Zone.String()
	}
	fmt.Fprintf(h, "\x00%d\x00%s\x00%s\x00%s\x00%s", parse.Version, r.URL, r.ContentType, v.src.Encoding, zone)
	if len(v.src.Include)+len(v.src.Exclude) > 0 {
		fmt.Fprintf(h, "\x00%q\x00%q", v.src.Include, v.src.Exclude)
	}
	return max(h.Sum64(), 1)
}

// has reports whether the last good document had an item with these bytes: the parser need not read it.
func (r reading) has(sum uint64) bool {
	_, has := r.known[sum]
	return has
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

// prepare makes the new and changed items of the document ready. Without a document, and with an error, it returns nil.
func (v *visit) prepare(k known, ans answer, r reading) (*batch, error) {
	if r.doc == nil {
		return nil, nil
	}
	return inTime(v.a, v.src.ID, prepareTime, func() (*batch, error) {
		b := v.open(k, ans, r)
		return b, b.makeReady(v.a.store, time.Now().Add(prepareTime))
	})
}

// open returns the batch of a document, with no item ready.
func (v *visit) open(k known, ans answer, r reading) *batch {
	return newBatch(v, k.state, document{r.doc, ans.response.URL}, entries.Incoming{
		Source: v.src, At: ans.at, Items: r.doc.Items, Total: r.doc.Total, Known: r.known, Deleted: r.doc.Deleted,
		Partial: r.partial != nil, Pushed: v.pushed,
	})
}

// commit records the visit. What cannot be recorded has not happened: the next visit goes on from the last recorded one. A visit
// that was called off before its request was sent has not happened either.
func (v *visit) commit() {
	defer v.release()
	var lost *CommitError
	if errors.As(v.err, &lost) || !v.answer.sent {
		return
	}
	v.a.commitSem <- struct{}{}
	defer func() { <-v.a.commitSem }()
	v.places.release() // not before: no more is read than can be recorded
	err := v.update()
	var bug *store.PanicError
	if errors.As(err, &bug) {
		v.batch, v.err = nil, bug
		if errors.Is(bug, errUnready) { // no bug: an item was not made ready in time
			v.err = errUnready
		}
		err = v.update()
	}
	if err != nil {
		v.outcome, v.after = entries.Outcome{}, news.State{}
		v.reading.result, v.err = news.Failed, &CommitError{Source: v.src.ID, Err: err}
		return
	}
	v.committed = true
}

// update has the store record the visit.
func (v *visit) update() error {
	if v.batch == nil { // it changes the state of the source alone
		return v.a.store.UpdateStates(v.answer.at, v.write)
	}
	return v.a.store.Update(v.answer.at, v.write)
}

// write makes the changes of the visit. It runs inside the transaction, perhaps more than once.
func (v *visit) write(t *store.Tx) error {
	st, err := v.caughtUp(t)
	if err != nil {
		return err
	}
	if v.describes(st) { // before the items: their tags say how the source is configured
		st.Agency, st.Language, st.Topics = v.src.Agency, v.src.Language, v.src.Topics
		if err := t.PutState(v.src.ID, st); err != nil {
			return err
		}
	}
	v.outcome = entries.Outcome{}
	if v.batch != nil {
		if v.outcome, err = entries.Apply(t, &v.setup.entries, v.batch.Document, st); err != nil {
			return err
		}
	}
	v.after = v.next(st, v.outcome)
	if err := t.PutState(v.src.ID, v.after); err != nil {
		return err
	}
	return t.PutInitialSources(v.a.initialSources)
}

// caughtUp returns what is remembered of the source as the visit found it, with what a delivery or a page has added since: they may
// go on at the same time.
func (v *visit) caughtUp(t *store.Tx) (news.State, error) {
	st := v.known.state
	version, err := t.StateVersion(v.src.ID)
	if err != nil || version == v.known.version {
		return st, err
	}
	current, err := t.State(v.src.ID)
	st.Agency, st.Language, st.Topics = current.Agency, current.Language, current.Topics
	st.Items, st.News, st.LastNew, st.Longest = current.Items, current.News, current.LastNew, current.Longest
	st.Guessed, st.Tally, st.Newest, st.Style = current.Guessed, current.Tally, current.Newest, current.Style
	st.Edges, st.Pages, st.Robots = current.Edges, current.Pages, current.Robots
	if current.Pause.Until.After(st.Pause.Until) { // a page met it
		st.Pause = current.Pause
	}
	return st, err
}

// describes reports whether the source is configured otherwise than is remembered.
func (v *visit) describes(st news.State) bool {
	return (!v.pushed || v.byHand) && (st.Agency != v.src.Agency || st.Language != v.src.Language || !slices.Equal(st.Topics, v.src.Topics))
}
