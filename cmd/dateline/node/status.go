package node

import (
	"cmp"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/page"
	"dateline/aggregator/schedule"
	"dateline/aggregator/status"
	"dateline/store"
)

// SourceStatus is how a source is, as `status --json` prints it.
type SourceStatus struct {
	ID           string                 `json:"id"`
	State        status.State           `json:"state"`
	LastSuccess  Moment                 `json:"last_success"` // null: never
	LastNew      Moment                 `json:"last_new"`     // when something new last came, by a visit, a hub or by hand; null: never
	NextDue      Moment                 `json:"next_due"`     // null: at once, or never
	NextWhy      string                 `json:"next_why"`     // what decided it, such as every, max-age or retry-after
	WaitingFor   *Waiting               `json:"waiting_for"`  // null: nothing
	ETag         string                 `json:"etag"`         // of the last good answer, as LastModified
	LastModified string                 `json:"last_modified"`
	LearnedURL   string                 `json:"learned_url"`  // from permanent redirects; empty: none
	Hub          string                 `json:"hub"`          // that the feed names; empty: none
	Items        uint64                 `json:"items"`        // ever stored
	Held         uint64                 `json:"held"`         // now
	Embargoed    uint64                 `json:"embargoed"`    // of those held, the ones under embargo
	EmbargoEnds  Moment                 `json:"embargo_ends"` // when the first of them goes out; null: no time is known
	Guessed      uint64                 `json:"guessed"`      // items whose reading needed a guess
	Style        []string               `json:"style"`        // the learned forms of its datelines, such as place-dash
	LastError    string                 `json:"last_error"`   // empty since the last good visit
	Snippet      string                 `json:"snippet"`      // the beginning of the body that was no feed
	Push         news.SubscriptionState `json:"push"`         // of the subscription at the hub; empty: there is none
	Excluded     uint64                 `json:"excluded"`     // items of the last document that include and exclude keep out
	LeftOut      LeftOut                `json:"left_out"`
	Gaps         uint64                 `json:"gaps"`           // visits whose document shared nothing with the one before
	ItemsPerDay  float64                `json:"items_per_day"`  // by the last week or so
	Daily        []int                  `json:"daily"`          // items that came on each of the last 14 days, today the last; -1: not known
	Joins        uint64                 `json:"joins"`          // items that are in an entry of another source
	Datelines    float64                `json:"dateline_share"` // of the items counted, those with a dateline, 0 to 1
	Photos       float64                `json:"photo_share"`    // with a photo credit
	Undated      uint64                 `json:"undated"`        // items with a date that cannot be read
	Newest       Moment                 `json:"newest"`         // the latest date of its items
	Pages        *Pages                 `json:"pages"`          // of its articles; null: they are not read for credits
	URL          string                 `json:"url"`            // as configured, secrets aside
	Hint         string                 `json:"hint"`           // what to do about it; empty: nothing

	problem news.Problem // class of LastError
}

// Report is how the store and the sources are, as `status --json` prints it.
type Report struct {
	Store   StoreStatus    `json:"store"`
	Cluster *ClusterStatus `json:"cluster"` // null: this node is alone
	Sources []SourceStatus `json:"sources"` // those that need a look first
}

// StoreStatus is how the store is.
type StoreStatus struct {
	State StoreState `json:"state"`
}

// StoreState is one word for a store.
type StoreState string

// The states of a store.
const (
	StoreOK       StoreState = "ok"
	StoreFull     StoreState = "full"      // its disk has no room: nothing can be recorded
	StoreReadOnly StoreState = "read-only" // its file is: a daemon that has it open goes on, the next start fails
)

// Message says what a state means for the operator; empty: all is well.
func (s StoreState) Message() string {
	switch s {
	case StoreFull:
		return "its disk is full: nothing is recorded and no feed moves on until there is room"
	case StoreReadOnly:
		return "its file may not be written to: the next start or pass will fail"
	}
	return ""
}

// StoreState returns how the store is.
func (n *Node) StoreState() StoreState {
	switch {
	case n.Store.Full():
		return StoreFull
	case sealed(n.Store.Path()):
		return StoreReadOnly
	}
	return StoreOK
}

// sealed reports whether a file's mode lets no user write.
func sealed(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o200 == 0
}

// Waiting is a host that asked for a pause, and its end. A source that is due later waits for that: see NextDue.
type Waiting struct {
	Host  string `json:"host"`
	Until Moment `json:"until"` // when the host may be asked again
}

// Pages counts the requests for articles' pages.
type Pages struct {
	Read    uint64  `json:"read"`    // that state credits
	Empty   uint64  `json:"empty"`   // that state none
	Refused uint64  `json:"refused"` // for good
	Failed  uint64  `json:"failed"`  // for a time
	PerDay  float64 `json:"per_day"` // by the last week or so
	Waiting int     `json:"waiting"` // new items whose page is to be asked for
}

// LeftOut is the items of the last document that were shortened or left out.
type LeftOut struct {
	Count   int    `json:"count"` // items of the last document
	Reason  string `json:"reason"`
	Example string `json:"example"` // what the first is called
}

// Status returns how the sources are now, in the order of the config.
func (n *Node) Status(now time.Time) ([]SourceStatus, error) {
	all := []SourceStatus{}
	hubs, err := n.hubs()
	if err != nil {
		return nil, err
	}
	err = n.View(func(v store.View) error {
		for _, src := range n.Engine.Sources() {
			st, err := v.State(src.ID)
			if err != nil {
				return err
			}
			if st.URL != "" && st.URL != src.URL { // what was learned from another address does not count
				st = news.State{Items: st.Items, Held: st.Held, Embargoed: st.Embargoed, EmbargoEnds: st.EmbargoEnds, Guessed: st.Guessed,
					Excluded: st.Excluded, Tally: st.Tally, LastNew: st.LastNew}
			}
			if due, ok := n.Engine.Due(src.ID); ok && n.Store.Full() { // what is stored of it is old
				st.Due = due
			}
			waiting := n.Engine.Waiting(src, st)
			state := status.Of(src, st, waiting, now)
			rec := SourceStatus{
				ID: src.ID, State: state, LastSuccess: Moment(st.LastSuccess), LastNew: Moment(st.LastNew), NextDue: Moment(st.Due),
				NextWhy: st.Why, ETag: st.Validators.ETag, LastModified: st.Validators.LastModified, LearnedURL: st.Learned,
				Hub: cmp.Or(hubs[src.ID].Hub, st.Feed.Hub), Items: st.Items, Held: st.Held, Guessed: st.Guessed,
				Style: append([]string{}, st.Style.Learned()...), Excluded: st.Excluded, LeftOut: LeftOut(st.LeftOut), LastError: st.Error,
				Snippet:   st.Snippet,
				Embargoed: st.Embargoed, EmbargoEnds: Moment(st.EmbargoEnds), Push: hubs[src.ID].State, Gaps: st.Gaps,
				ItemsPerDay: hundredth(status.ItemsPerDay(st.Tally, now)), Joins: st.Tally.Joined,
				Daily:     status.Daily(st.Tally, now, n.Config.Zone()),
				Datelines: hundredth(status.Share(st.Tally.Datelines, st.Tally)), Photos: hundredth(status.Share(st.Tally.Photos, st.Tally)),
				Undated: st.Tally.Undated,
				Newest:  Moment(st.Newest), URL: news.Redact(src.URL), Hint: status.Hint(src, st, state, waiting),
				problem: st.Problem,
			}
			if src.Pages {
				rec.Pages = &Pages{Read: st.Pages.Read, Empty: st.Pages.Empty, Refused: st.Pages.Refused, Failed: st.Pages.Failed,
					PerDay: hundredth(status.PagesPerDay(st.Pages, now)), Waiting: status.PagesWaiting(st.Pages, now)}
			}
			if src.Enabled && st.Problem != news.ProblemGone {
				rec.waits(waiting, now)
			}
			all = append(all, rec)
		}
		return nil
	})
	return all, err
}

// waits notes the pause that the source waits for, where one decides when it is due or says how it is.
func (s *SourceStatus) waits(pause news.Pause, now time.Time) {
	decides := pause.Until.After(now) && !pause.Until.Before(time.Time(s.NextDue))
	if decides || s.State == status.Waiting {
		s.WaitingFor = &Waiting{pause.Host, Moment(pause.Until)}
	}
	if decides {
		s.NextDue, s.NextWhy = Moment(pause.Until), schedule.ByRetryAfter
	}
}

// publicStates returns what the public may know of the sources.
func (n *Node) publicStates() ([]page.SourceState, error) {
	all, err := n.Status(time.Now())
	if err != nil {
		return nil, err
	}
	IllFirst(all)
	var out []page.SourceState
	for _, s := range all {
		out = append(out, page.SourceState{ID: s.ID, State: string(s.State), LastSuccess: time.Time(s.LastSuccess), Due: time.Time(s.NextDue),
			Items: s.Items, Daily: s.Daily, Problem: problem(s)})
	}
	return out, nil
}

// problem returns what the public may know of why a source could not be read last: its class, of no connection the kind; empty: it was
// read. The error itself is for the operator.
func problem(s SourceStatus) string {
	if s.problem != news.ProblemNet {
		return string(s.problem)
	}
	for _, kind := range []struct{ said, is string }{
		{"no such host", "dns"}, {"connection refused", "refused"}, {"timeout", "timeout"}, {"deadline exceeded", "timeout"},
	} {
		if strings.Contains(s.LastError, kind.said) {
			return kind.is
		}
	}
	return string(s.problem)
}

// IllFirst brings the sources that need a look to the front, else in the order in which they are.
func IllFirst(all []SourceStatus) {
	slices.SortStableFunc(all, func(x, y SourceStatus) int {
		return cmp.Compare(slices.Index(status.States, x.State), slices.Index(status.States, y.State))
	})
}

// hundredth rounds: more digits than that mean nothing.
func hundredth(f float64) float64 { return math.Round(100*f) / 100 }

// hubs returns the subscription of each source that has one; of several the one that delivers.
func (n *Node) hubs() (map[string]news.Subscription, error) {
	all, err := n.Store.Subscriptions()
	if err != nil {
		return nil, err
	}
	out := map[string]news.Subscription{}
	for _, sub := range all {
		if had, ok := out[sub.Source]; !ok || had.State != news.SubscriptionActive {
			out[sub.Source] = sub
		}
	}
	return out, nil
}
