package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// player makes random updates of a store.
type player struct {
	t     testing.TB
	s     *Store
	r     *rand.Rand
	now   time.Time
	known []news.Key
	n     int
}

func (p *player) key() news.Key { return p.known[p.r.IntN(len(p.known))] }

// visit returns what a visit writes: new items, revisions, joins, withdrawn entries, another window.
func (p *player) visit(source string) func(*Tx) error {
	fresh, seed := 1+p.r.IntN(9), p.r.Uint64()
	first := p.n
	p.n += fresh
	return func(tx *Tx) error {
		r := rand.New(rand.NewPCG(seed, 2)) // it may run twice
		var window []news.Seen
		for i := range fresh {
			guid := fmt.Sprint(first + i)
			it := news.Item{Key: news.ItemKey(source, guid), Source: source, GUID: guid, Title: "Title " + guid,
				Lead: strings.Repeat("text ", r.IntN(99)), Revision: 1, FirstSeen: tx.Now(), Held: r.IntN(6) == 0,
				Feed: news.Feed{Title: fmt.Sprint("Feed ", r.IntN(3)), Updated: tx.Now()}}
			it.Entry = it.Key
			if err := p.store(tx, r, it); err != nil {
				return err
			}
			window = append(window, news.Seen{Item: it.Key, Sum: r.Uint64()})
		}
		if err := tx.PutState(source, news.State{LastSuccess: tx.Now(), Language: "en"}); err != nil {
			return err
		}
		if err := tx.PutInitialSources([]string{"alpha"}); err != nil {
			return err
		}
		return tx.PutWindow(source, window)
	}
}

func (p *player) store(tx *Tx, r *rand.Rand, it news.Item) error {
	if _, err := tx.PutItem(it); err != nil {
		return err
	}
	e := news.Entry{Key: it.Key, Published: it.FirstSeen.Add(-time.Hour), Updated: it.FirstSeen}
	var err error
	switch {
	case it.Held:
		e.State = news.Held
		err = tx.PutEntry(e)
	case r.IntN(4) == 0:
		e.ID = "https://example.org/" + it.GUID
		fallthrough
	default:
		_, err = tx.AppendLog(news.RecordNew, e)
	}
	if err != nil {
		return err
	}
	if err := tx.AddKeys(it.Key, news.NewIdentityKey("address", fmt.Sprint(r.IntN(50)))); err != nil {
		return err
	}
	a, b := uint32(r.IntN(100)), uint32(r.IntN(100))
	return tx.AddTerms(news.Terms{Item: it.Key, Source: it.Source, At: it.FirstSeen, Fingerprint: []uint32{a, a + 1},
		Stems: []uint32{b, b + 200}})
}

// edit returns a change of one known item: a revision, a join, a rule, an erasure, a subscription.
func (p *player) edit() func(*Tx) error {
	k, other, what, n := p.key(), p.key(), p.r.IntN(7), p.r.IntN(1000)
	return func(tx *Tx) error {
		it, found, err := tx.Item(k)
		if err != nil || !found {
			return err
		}
		e, found, err := tx.Entry(it.Entry)
		if err != nil || !found {
			return err
		}
		if e.State == news.Held && what != 3 && what != 4 {
			return nil
		}
		switch what {
		case 0, 1:
			it.Revision, it.Title = it.Revision+1, fmt.Sprint("Title anew ", n)
			if _, err := tx.PutItem(it); err != nil {
				return err
			}
			e.Updated = tx.Now()
			_, err := tx.AppendLog(news.RecordUpdated, e)
			return err
		case 2:
			return p.join(tx, e, other)
		case 3:
			return tx.PutRule(news.Rule{Item: k, At: tx.Now(), Stand: news.StandWithdrawn})
		case 4:
			return tx.Erase(news.Erasure{Item: k, IdentityKeys: []news.IdentityKey{news.NewIdentityKey("title", fmt.Sprint(n))}})
		case 5:
			return tx.PutStory([]news.Key{e.Key, other})
		}
		e.State, e.Updated = news.Withdrawn, tx.Now()
		_, err = tx.AppendLog(news.RecordWithdrawn, e)
		return err
	}
}

// join moves an item into an entry. One that was held is published so.
func (p *player) join(tx *Tx, into news.Entry, item news.Key) error {
	it, found, err := tx.Item(item)
	if err != nil || !found || it.Entry != it.Key || it.Entry == into.Key || into.State != news.Public {
		return err
	}
	from, found, err := tx.Entry(it.Entry)
	if err != nil || !found || len(from.Members()) > 1 || from.State != news.Public && from.State != news.Held {
		return err
	}
	into.Items = append(into.Members(), item)
	it.Entry, it.Held = into.Key, false
	if _, err := tx.PutItem(it); err != nil {
		return err
	}
	if err := tx.PutEntry(into); err != nil {
		return err
	}
	if from.State == news.Held {
		return tx.DropEntry(from.Key)
	}
	from.State, from.Into = news.Merged, into.Key
	_, err = tx.AppendLog(news.RecordMerged, from)
	return err
}

// step makes one or several updates.
func (p *player) step() {
	p.now = p.now.Add(time.Duration(p.r.IntN(48)) * time.Hour)
	source := []string{"alpha", "beta", "gamma"}[p.r.IntN(3)]
	none := func(it news.Item) []news.IdentityKey { return []news.IdentityKey{news.NewIdentityKey("guid", it.GUID)} }
	var err error
	switch what := p.r.IntN(12); {
	case what < 5 || len(p.known) == 0:
		first := p.n
		err = p.s.Update(p.now, p.visit(source))
		for i := first; i < p.n; i++ {
			p.known = append(p.known, news.ItemKey(source, fmt.Sprint(i)))
		}
	case what < 8:
		err = p.s.Update(p.now, p.edit())
	case what == 8:
		p.together()
	case what == 9:
		_, err = p.s.Prune(p.now, Retention{Text: 10 * day, Keys: 20 * day, Fingerprints: 15 * day}, none, time.Minute)
	case what == 11 && p.r.IntN(4) == 0:
		err = p.s.Update(p.now, func(tx *Tx) error {
			_, err := tx.PutConfig([]byte(fmt.Sprint("feed: {title: Wire ", p.n, "}")), nil)
			return err
		})
	case what == 10 && p.r.IntN(4) == 0:
		_, err = p.s.Purge(p.now, source, none)
	default:
		sub := news.Subscriber{Topic: "/feed.atom", Callback: fmt.Sprint("https://reader.example/", p.r.IntN(3))}
		err = errors.Join(putSubscriptions(p.s, []news.Subscription{{Token: fmt.Sprint(p.r.IntN(3)), Source: source}}, []string{"0"}),
			putSubscribers(p.s, []news.Subscriber{sub}, []news.Subscriber{{Topic: "/feed.atom", Callback: "https://reader.example/0"}}))
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// together makes updates that share a transaction, one of which fails at times.
func (p *player) together() {
	var all sync.WaitGroup
	bad := errors.New("bad")
	fails := p.r.IntN(6)
	for range 4 {
		defer p.s.ExpectCommit()()
	}
	for i := range 4 {
		do := p.edit()
		all.Go(func() {
			err := p.s.Update(p.now, func(tx *Tx) error {
				if err := do(tx); err != nil || i != fails {
					return err
				}
				return bad
			})
			if err != nil && !(i == fails && errors.Is(err, bad)) {
				p.t.Error(err)
			}
		})
	}
	all.Wait()
}
