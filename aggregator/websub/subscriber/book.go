package subscriber

import (
	"crypto/rand"
	"maps"
	"slices"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

// book holds all subscriptions, and which of them the store does not know as they are. The subscriber's lock guards it.
type book struct {
	byToken  map[string]*news.Subscription
	bySource map[string][]*news.Subscription
	stored   map[string]*news.Subscription // by token: as the store has them, as far as is known
	changed  *websub.Behind[string]        // by token
}

func newBook(known []news.Subscription) *book {
	b := &book{byToken: map[string]*news.Subscription{}, bySource: map[string][]*news.Subscription{},
		stored: map[string]*news.Subscription{}, changed: websub.NewBehind[string](0)}
	for _, sub := range known {
		was := sub
		b.stored[sub.Token] = &was
		b.insert(&sub)
	}
	return b
}

func (b *book) insert(sub *news.Subscription) {
	b.byToken[sub.Token] = sub
	b.bySource[sub.Source] = append(b.bySource[sub.Source], sub)
}

// add makes a subscription out of source, topic, hub and what else is set. It takes over what is known of how
// the hub keeps its promise to the source.
func (b *book) add(sub news.Subscription) {
	sub.Token, sub.Secret = rand.Text(), rand.Text()+rand.Text() // 130 and 260 bits
	sub.State = news.SubscriptionPending
	for _, other := range b.at(sub.Source, sub.Hub) {
		sub.LastDelivery, sub.Misses, sub.DeadSince, sub.Ignored = other.LastDelivery, other.Misses, other.DeadSince, other.Ignored
	}
	b.insert(&sub)
	b.touch(&sub)
}

func (b *book) remove(sub *news.Subscription) {
	b.drop(sub)
	b.touch(sub)
}

// drop is remove for what the store has dropped.
func (b *book) drop(sub *news.Subscription) {
	delete(b.byToken, sub.Token)
	rest := slices.DeleteFunc(b.bySource[sub.Source], func(s *news.Subscription) bool { return s == sub })
	b.bySource[sub.Source] = rest
	if len(rest) == 0 {
		delete(b.bySource, sub.Source)
	}
}

// row returns a copy of the subscription of a token; nil: there is none.
func (b *book) row(token string) *news.Subscription {
	sub := b.byToken[token]
	if sub == nil {
		return nil
	}
	row := *sub
	return &row
}

// takeIn takes in what the store has of a token; what has changed here since base is still to be stored.
func (b *book) takeIn(token string, base, theirs *news.Subscription) {
	sub := b.byToken[token]
	next := websub.Merge(base, b.row(token), theirs, leaseEnd)
	if b.stored[token] = theirs; theirs == nil {
		delete(b.stored, token)
	}
	switch {
	case next == nil && sub != nil:
		b.drop(sub)
	case next != nil && sub != nil:
		*sub = *next
	case next != nil:
		row := *next
		b.insert(&row)
	}
}

func leaseEnd(sub news.Subscription) time.Time { return sub.Expires }

// touch notes that the store does not know sub as it is.
func (b *book) touch(sub *news.Subscription) { b.changed.Touch(sub.Token) }

// of returns the subscriptions of a source; what is returned stays while the book changes.
func (b *book) of(source string) []*news.Subscription { return slices.Clone(b.bySource[source]) }

// at returns those of a source at one hub.
func (b *book) at(source, hub string) []*news.Subscription {
	return slices.DeleteFunc(b.of(source), func(s *news.Subscription) bool { return s.Hub != hub })
}

func (b *book) all() []*news.Subscription {
	var out []*news.Subscription
	for _, source := range slices.Sorted(maps.Keys(b.bySource)) {
		out = append(out, b.bySource[source]...)
	}
	return out
}

// pauses returns, by the host of a hub, until when it wants no request.
func (b *book) pauses(hostOf func(address string) string) map[string]time.Time {
	until := map[string]time.Time{}
	for _, sub := range b.byToken {
		if !sub.RetryAt.IsZero() {
			host := hostOf(sub.Hub)
			until[host] = news.Latest(until[host], sub.RetryAt)
		}
	}
	return until
}
