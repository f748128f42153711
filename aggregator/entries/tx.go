package entries

import (
	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/aggregator/text"
	"dateline/store"
)

// Setup is what the configuration decides about items and entries. It may be used by many goroutines.
type Setup struct {
	Sources        []news.Source   // the configured ones
	InitialSources []string        // ids of those that the store begins with, for a store that has none yet
	FirstPoll      int             // items that are published of the first document of any other source; the rest is held
	Thresholds     news.Thresholds // when two texts are the same; what is zero has its default
	Stemmer        *text.Stemmer   // of the words that stories are found by; not nil

	// Terms returns what an item is searched for by, given the tokens of its lead; nil: it makes them. It is not nil.
	Terms func(it news.Item, lead []text.Token) []uint32
}

// tx is one transaction on items, entries, rules and the log.
type tx struct {
	*store.Tx
	setup  *Setup
	texts  map[news.Key]*dedup.Text // of items, as they were compared
	erased []news.Erasure           // texts to be destroyed when all else is done

	decision news.Decision // of an editor, that the transaction carries out

	out Outcome // so far
}

// update runs change in a transaction of the store.
func update(t *store.Tx, setup *Setup, change func(*tx) error) (Outcome, error) {
	d := &tx{Tx: t, setup: setup, texts: map[news.Key]*dedup.Text{}}
	if err := change(d); err != nil {
		return Outcome{}, err
	}
	return d.out, t.Erase(d.erased...)
}

// putItem stores an item. The entry of a new one must be stored in the same transaction.
func (d *tx) putItem(it news.Item) error {
	_, err := d.PutItem(it)
	return err
}

// entry returns the entry named k, empty where there is none.
func (d *tx) entry(k news.Key) (news.Entry, error) {
	e, found, err := d.Entry(k)
	if err == nil && !found {
		e = news.Entry{Key: k}
	}
	return e, err
}

// putRule stores a rule that the editor's decision of this transaction has made.
func (d *tx) putRule(r news.Rule) error {
	r.Decide(d.decision)
	return d.PutRule(r)
}

// appendLog publishes a change of an entry.
func (d *tx) appendLog(kind news.Kind, e news.Entry) error {
	_, err := d.AppendLog(kind, e)
	return err
}

// erase destroys the text of an item at the end of the transaction.
func (d *tx) erase(it news.Item) {
	d.erased = append(d.erased, news.Erasure{Item: it.Key, IdentityKeys: dedup.IdentityKeys(it)})
}

// addTerms makes an item found from now on. Call it after the item's own look-ups, or it finds itself.
func (d *tx) addTerms(it news.Item, fingerprint, stems []uint32) error {
	return d.AddTerms(news.Terms{Item: it.Key, Source: it.Source, At: it.Date(), Fingerprint: fingerprint, Stems: stems})
}
