package store

import (
	"fmt"
	"iter"
	"time"

	"github.com/fxamacker/cbor/v2"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// Tx is a transaction that changes the store. What is read from it is the store as the transaction has made it so far.
// It is used by one goroutine, and not after the function that it was given to has returned.
//
// Every change of items, entries, the log and what belongs to them is an op: plain data, and one function that makes the
// change. There is no other way to change them.
type Tx struct {
	View
	now     time.Time
	began   bool              // it has made a change
	ops     []cbor.RawMessage // its changes, where they are asked for
	visible bool              // one of them changed what documents are made of
	err     error             // of the first that failed: nothing of the transaction may be kept
	tagging *tagger
	writer  *postings.Writer // nil: not asked for yet
}

// op is a change as plain data. What do changes depends on the op's fields, on the time of its transaction and on what the
// file holds; on nothing else.
type op interface {
	do(*Tx) error
}

func (s *Store) newTx(v View, now time.Time) *Tx {
	return &Tx{View: v, now: now.UTC().Truncate(time.Second)}
}

// tags returns what finds out the tags of entries as they are now.
func (t *Tx) tags() *tagger {
	if t.tagging == nil {
		g := t.tagger()
		t.tagging = &g
	}
	return t.tagging
}

// Now returns the time that the transaction was given, in UTC, to the second.
func (t *Tx) Now() time.Time { return t.now }

// change makes a change, and keeps it where it is asked for. After one that failed no other is made, and the transaction fails
// with its error.
func (t *Tx) change(o op) error {
	if t.err == nil {
		t.err = engine(func() error { return t.make(o) })
	}
	return t.err
}

func (t *Tx) make(o op) error {
	if !t.began {
		t.began = true
		t.memo.totals.seq++
	}
	if err := o.do(t); err != nil {
		return err
	}
	t.visible = t.visible || documents(o)
	if t.s.onWrites == nil {
		return nil
	}
	packed, err := t.s.codec.packOp(o)
	t.ops = append(t.ops, packed)
	return err
}

// engine runs do. bbolt panics on damaged pages: that is [ErrCorrupt] and no bug of the caller's.
func engine(do func() error) (err error) {
	defer func() {
		p := recover()
		if isFault(p) {
			panic(p)
		}
		if p != nil {
			err = fmt.Errorf("%w: commit: %v", ErrCorrupt, p)
		}
	}()
	return do()
}

// documents reports whether an op changes what documents are made of.
func documents(o op) bool {
	switch o.(type) {
	case *found, *putItem, *putEntry, *dropEntry, *appendLog, *erase, *expire, *forget, *dropLog:
		return true
	}
	return false
}

// end writes what the transaction kept back.
func (t *Tx) end() error {
	if t.err == nil {
		t.err = engine(t.flush)
	}
	return t.err
}

// PutItem stores an item: a new one, under the next number, which it returns; a new revision of a known one; or a known
// revision as it is now.
func (t *Tx) PutItem(it news.Item) (number uint64, err error) {
	o := &putItem{Item: it, Feed: it.Feed}
	err = t.change(o)
	return o.Number, err
}

type putItem struct {
	_      struct{} `cbor:",toarray"`
	Number uint64   // that the item has, or gets; 0: not known yet
	Item   news.Item
	Feed   news.Feed
}

func (o *putItem) do(t *Tx) error {
	it := o.Item
	it.Feed = o.Feed
	number, isNew, err := t.putItem(it)
	if err == nil && o.Number != 0 && o.Number != number {
		err = fmt.Errorf("it would have number %d, not %d", number, o.Number)
	}
	if err == nil && (!isNew || it.Held) {
		err = t.listHeld(it, number)
	}
	if err != nil {
		return fmt.Errorf("item %s: %w", it.Key, err)
	}
	o.Number = number
	return nil
}

// AddKeys adds an item to those that have the identity keys.
func (t *Tx) AddKeys(item news.Key, keys ...news.IdentityKey) error {
	if len(keys) == 0 {
		return nil
	}
	return t.change(&addKeys{Item: item, Keys: keys})
}

type addKeys struct {
	_    struct{} `cbor:",toarray"`
	Item news.Key
	Keys []news.IdentityKey
}

func (o *addKeys) do(t *Tx) error {
	number, err := t.mustNumber(o.Item)
	if err != nil {
		return err
	}
	return t.addKeys(number, o.Keys...)
}

// AddTerms has an item be found by terms besides those that it has.
func (t *Tx) AddTerms(terms news.Terms) error {
	if len(terms.Fingerprint)+len(terms.Stems) == 0 {
		return nil
	}
	return t.change(&addTerms{Terms: terms})
}

type addTerms struct {
	_     struct{} `cbor:",toarray"`
	Terms news.Terms
}

func (o *addTerms) do(t *Tx) error { return t.addTerms(o.Terms) }

// PutEntry stores an entry in place of what was there under its key. Its positions and its revision are those that
// [Tx.AppendLog] gave it.
func (t *Tx) PutEntry(e news.Entry) error {
	o := &putEntry{Key: e.Key, Entry: packEntry(e)}
	if e.Last > 0 {
		var err error
		if o.Tags, err = t.tags().joined(e); err != nil {
			return err
		}
	}
	return t.change(o)
}

type putEntry struct {
	_     struct{} `cbor:",toarray"`
	Key   news.Key
	Entry []byte   // as it is stored
	Tags  []string // that its newest record gets besides
}

func (o *putEntry) do(t *Tx) error {
	e, err := unpackEntry(o.Key, o.Entry)
	if err != nil {
		return err
	}
	if err := t.tag(o.Tags, e.Last); err != nil {
		return err
	}
	return t.putEntry(e)
}

// DropEntry forgets an entry that was never published; one that is not there is forgotten already.
func (t *Tx) DropEntry(k news.Key) error { return t.change(&dropEntry{Key: k}) }

type dropEntry struct {
	_   struct{} `cbor:",toarray"`
	Key news.Key
}

func (o *dropEntry) do(t *Tx) error {
	number, found, err := t.numberOf(o.Key)
	if err != nil || !found {
		return err
	}
	return t.dropEntry(number)
}

// AppendLog publishes a change of an entry: it gives it the next position of the log, and stores it. It returns the entry with its
// positions.
func (t *Tx) AppendLog(kind news.Kind, e news.Entry) (news.Entry, error) {
	tags, err := t.tags().of(e)
	if err != nil {
		return e, err
	}
	o := &appendLog{Kind: kind, Key: e.Key, Entry: packEntry(e), Tags: tags}
	err = t.change(o)
	return o.is, err
}

type appendLog struct {
	_     struct{} `cbor:",toarray"`
	Kind  news.Kind
	Key   news.Key
	Entry []byte   // as it is stored
	Tags  []string // what depends on the state of sources is told, since other files have none

	is news.Entry
}

func (o *appendLog) do(t *Tx) error {
	e, err := unpackEntry(o.Key, o.Entry)
	if err != nil {
		return err
	}
	if o.is, err = t.appendLog(o.Kind, e); err != nil {
		return err
	}
	return t.tag(o.Tags, o.is.Last)
}

// PutRule remembers what an editor decided of an item, or forgets it where r says nothing.
func (t *Tx) PutRule(r news.Rule) error { return t.change(&putRule{Item: r.Item, Rule: r}) }

type putRule struct {
	_    struct{} `cbor:",toarray"`
	Item news.Key
	Rule news.Rule
}

func (o *putRule) do(t *Tx) error {
	number, err := t.mustNumber(o.Item)
	if err != nil {
		return fmt.Errorf("rule: %w", err)
	}
	return t.putRule(number, o.Rule)
}

// Erase destroys the text and credits of items, in all revisions, and what they are found by. What they are recognised by stays.
func (t *Tx) Erase(all ...news.Erasure) error {
	if len(all) == 0 {
		return nil
	}
	return t.change(&erase{All: all})
}

type erase struct {
	_   struct{} `cbor:",toarray"`
	All []news.Erasure
}

func (o *erase) do(t *Tx) error { return t.eraseAll(o.All) }

// PutWindow stores which items stand in the last good document of a source, in its order. An item that was in the one before left
// its feed now.
func (t *Tx) PutWindow(source string, window []news.Seen) error {
	o := &putWindow{Source: source, At: t.now.Unix()}
	for _, s := range window {
		o.Items, o.Sums = append(o.Items, s.Item), append(o.Sums, s.Sum)
	}
	return t.change(o)
}

type putWindow struct {
	_      struct{} `cbor:",toarray"`
	Source string
	Items  []news.Key
	Sums   []uint64 // of the bytes of each item
	At     int64    // when items left that are not in it, in seconds
}

func (o *putWindow) do(t *Tx) error {
	if len(o.Items) != len(o.Sums) {
		return errValue
	}
	window := make([]news.Seen, len(o.Items))
	for i := range window {
		window[i] = news.Seen{Item: o.Items[i], Sum: o.Sums[i]}
	}
	departed, returned, err := t.departuresAndReturns(o.Source, window)
	if err != nil {
		return err
	}
	if err := t.putWindow(o.Source, window); err != nil {
		return err
	}
	return t.putDeparturesAndReturns(departed, returned, dayOf(time.Unix(o.At, 0)))
}

// PutInitialSources stores which sources the store begins with; once, later calls change nothing.
func (t *Tx) PutInitialSources(ids []string) error {
	if ids == nil || t.HasInitialSources() {
		return nil
	}
	return t.change(&found{Sources: ids})
}

// found is the beginning of a store. What is empty is not known yet.
type found struct {
	_       struct{} `cbor:",toarray"`
	FeedID  string
	Sources []string
}

func (o *found) do(t *Tx) error {
	if o.FeedID != "" && t.FeedID() == "" {
		t.memo.totals.feedID = o.FeedID
	}
	return t.putInitialSources(o.Sources)
}

// PutState stores what is remembered of a source. It is no part of what other files of the same history hold.
func (t *Tx) PutState(source string, st news.State) error {
	if t.err == nil {
		t.err = engine(func() error { return t.putState(source, st) })
	}
	delete(t.tags().states, source)
	return t.err
}

// Items yields the current revision of every item, the earliest first.
func (t *Tx) Items() iter.Seq2[news.Item, error] {
	return func(yield func(news.Item, error) bool) {
		if err := t.end(); err != nil {
			yield(news.Item{}, err)
			return
		}
		t.View.Items()(yield)
	}
}
