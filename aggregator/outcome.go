package aggregator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"dateline/aggregator/entries"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/aggregator/schedule"
	"dateline/aggregator/status"
	"dateline/store"
)

// next returns what is remembered of the source after the visit, where before was remembered. A bad visit changes nothing
// but the status and the due time: validators and hash stay those of the last good one. A delivery changes the counts alone, one by
// an operator also how the source is described.
func (v *visit) next(before news.State, out entries.Outcome) news.State {
	st := before
	v.count(&st, out)
	if !v.pushed || v.byHand {
		st.Name, st.Agency, st.Site, st.Language = v.src.Name, v.src.Agency, v.src.Site, v.src.Language
		st.Content, st.Rights, st.Licence = v.src.Content, v.src.Rights, v.src.Licence
		st.Topics, st.KeepFurniture = v.src.Topics, v.src.KeepFurniture
	}
	if v.pushed {
		return st
	}
	st.LastVisit, st.Result = schedule.Whole(v.answer.heard), v.reading.result
	if !v.src.Pages {
		st.Pages.Waiting = nil
	}
	st.RetryAt, st.RetryHost = time.Time{}, ""
	if !st.Pause.Until.After(v.answer.heard) {
		st.Pause = news.Pause{}
	}
	a := schedule.Answer{At: st.LastVisit}
	if out.Gap {
		st.Gaps++
	}
	var paused *fetch.PausedError
	switch {
	case calledOff(v.err): // called off by us: the request counts, the source is not to blame
		st.Result = before.Result
		a.Fresh, a.FreshBy = st.Asked.Sub(a.At), "max-age" // what it asked for before still goes
	case errors.As(v.err, &paused): // a redirect led to a host that wants no request: likewise
		st.Result = before.Result
		st.RetryAt, st.RetryHost, a.RetryAfter = paused.Until, paused.Host, paused.Until
		a.Fresh, a.FreshBy = st.Asked.Sub(a.At), "max-age"
	case v.err != nil:
		a.Problem, a.RetryAfter = v.bad(&st)
		a.SlowDown = a.RetryAfter.IsZero() && (st.Status == http.StatusTooManyRequests || st.Status == http.StatusServiceUnavailable)
	default:
		v.good(&st, out)
		a.Fresh, a.FreshBy = v.answer.response.Fresh, v.answer.response.FreshBy
	}
	if v.a.push != nil && out.New+out.Joined == 0 { // a poll that finds something found it before the hub did
		a.Push, _ = v.a.push.Slow(v.src.ID)
	}
	st.Due, st.Asked, st.Why = v.setup.Pace.Next(v.src, st, a)
	if calledOff(v.err) && before.Due.After(st.Due) { // a back-off under way goes on
		st.Due, st.Why = before.Due, before.Why
	}
	return st
}

// count adds what the visit brought to what is counted of the source.
func (v *visit) count(st *news.State, out entries.Outcome) {
	st.Items += uint64(out.New + out.Joined + out.Held)
	if out.New+out.Joined > 0 {
		status.NoteNews(st, v.answer.at)
	}
	if v.batch != nil {
		st.Style, st.Edges = v.batch.style, v.batch.edges
		if out.New+out.Joined+out.Updated+out.Held > 0 { // else what was guessed is looked at again at every visit
			st.Guessed += v.batch.guessed()
		}
	}
	status.Count(&st.Tally, out.Items, v.answer.at, v.setup.Zone)
	if v.src.Pages {
		status.AwaitPages(&st.Pages, v.newItems(out), v.answer.at)
	}
	for _, it := range out.Items {
		st.Newest = news.Latest(st.Newest, it.Published)
	}
}

func (v *visit) good(st *news.State, out entries.Outcome) {
	st.LastSuccess, st.Failures = v.answer.at, 0
	schedule.Moved(st, v.answer.response.Moved, v.reading.result != news.OK || out.Kin, v.answer.at)
	st.Problem, st.Error, st.Snippet = "", "", ""
	st.Status = v.answer.response.Status
	if v.reading.result == news.NotModified {
		// RFC 9111 section 4.3.4: what the 304 carries replaces what is stored, the rest stays.
		if e := v.answer.response.Validators.ETag; e != "" {
			st.Validators.ETag = e
		}
		if m := v.answer.response.Validators.LastModified; m != "" {
			st.Validators.LastModified = m
		}
		return
	}
	st.Validators, st.From, st.Hash = v.answer.response.Validators, v.answer.response.URL, v.reading.hash
	if doc := v.reading.doc; doc != nil {
		if doc.Total > len(doc.Items) && out.New+out.Joined+out.Held > 0 {
			st.Hash = 0 // the same bytes may have more items that are not stored
		}
		st.Excluded, st.LeftOut = uint64(out.Excluded), doc.LeftOut
		st.Feed, st.TTL, st.SkipHours, st.SkipDays = doc.Feed, doc.TTL, doc.SkipHours, doc.SkipDays
	}
}

func (v *visit) bad(st *news.State) (news.Problem, time.Time) {
	st.Failures++
	st.Problem, st.Error, st.Snippet = problem(v.err), v.err.Error(), ""
	if v.reading.result != news.Partial {
		st.Result = news.Failed
	}
	st.Status = 0
	if v.answer.response != nil {
		st.Status = v.answer.response.Status
	}
	var refused *fetch.StatusError
	var foreign *parse.NotFeedError
	switch {
	case errors.As(v.err, &refused):
		st.Status, st.Snippet = refused.Status, refused.Snippet
		st.RetryAt, st.RetryHost = refused.RetryAfter, hostOf(refused.URL)
		if st.Status == http.StatusTooManyRequests && !st.RetryAt.IsZero() && !v.src.RetryFeed {
			st.Pause = news.Pause{Host: st.RetryHost, Until: st.RetryAt}
		}
	case errors.As(v.err, &foreign):
		st.Snippet = foreign.Snippet
	}
	schedule.AddressFailed(st)
	return st.Problem, st.RetryAt
}

// problem returns the class of what went wrong with a visit.
func problem(err error) news.Problem {
	var bug *store.PanicError
	var foreign *parse.NotFeedError
	var broken *parse.BrokenError
	switch {
	case errors.Is(err, errPartial):
		return news.ProblemPartial
	case errors.As(err, &bug):
		return news.ProblemBug
	case errors.As(err, &foreign), errors.As(err, &broken), errors.Is(err, errUnready):
		return news.ProblemFeed
	}
	if p := fetch.Problem(err); p != "" {
		return p
	}
	return news.ProblemNet
}

// report returns how the visit went.
func (v *visit) report() news.Visit {
	out := news.Visit{
		Source: v.src.ID, Pushed: v.pushed, ByHand: v.byHand, At: v.answer.at, Took: time.Since(v.began), Result: v.reading.result, Err: v.err,
		New: v.outcome.New, Updated: v.outcome.Updated, Joined: v.outcome.Joined, Held: v.outcome.Held, Gap: v.outcome.Gap, Next: v.after.Due,
	}
	if v.err != nil && v.reading.result != news.Partial {
		out.Result = news.Failed
	}
	out.Recovered = v.committed && v.known.state.Problem != "" && v.after.Problem == ""
	out.Withdrawn = v.outcome.Withdrawn
	for _, it := range v.outcome.Items {
		if it.Revision == 1 && it.Join != nil && it.Entry != it.Key {
			if out.Joins == nil {
				out.Joins = map[string]int{}
			}
			out.Joins[it.Join.Level]++
		}
	}
	var refused *fetch.StatusError
	switch {
	case errors.As(v.err, &refused):
		out.Status = refused.Status
	case v.answer.response != nil && !v.byHand:
		out.Status, out.Received = v.answer.response.Status, v.answer.response.Received
	}
	return out
}

// Observe sets a function that is called after each visit that sent a request, and after each delivery. It must return at once. Call
// Observe before the engine runs.
func (a *Aggregator) Observe(f func(news.Visit)) { a.observe = f }

// ended logs how a visit went and calls the observer.
func (a *Aggregator) ended(v *visit, row news.Visit) {
	a.logVisit(row)
	if v.outcome.Held+v.outcome.Updated > 0 {
		signal(a.embargoes)
	}
	a.notePages(v)
	if a.observe != nil && v.answer.sent && !paused(row) {
		a.observe(row)
	}
}

// notePages has the new items of a recorded visit wait for their articles' pages.
func (a *Aggregator) notePages(v *visit) {
	if !v.committed || !v.src.Pages {
		return
	}
	a.pages.Add(v.newItems(v.outcome))
}

// newItems returns the items that the visit brought first, whether they are held or not.
func (v *visit) newItems(out entries.Outcome) []news.Item {
	return slices.DeleteFunc(slices.Clone(out.Items), func(it news.Item) bool {
		return it.Revision != 1 || !it.FirstSeen.Equal(v.answer.at)
	})
}

// withdrawnLines is how much that one visit takes back is logged one by one.
const withdrawnLines = 20

// logVisit logs a visit that brought something, or went wrong.
func (a *Aggregator) logVisit(v news.Visit) {
	if v.Recovered {
		a.log.Info("recovered", "source", v.Source, "status", v.Status)
	}
	for i, r := range v.Withdrawn {
		if i == withdrawnLines {
			a.log.Info("more withdrawn by its source", "source", v.Source, "items", len(v.Withdrawn)-i)
			break
		}
		a.log.Info("withdrawn by its source", "source", v.Source, "entry", r.Entry, "title", r.Title, "url", r.URL)
	}
	var bug *store.PanicError
	switch {
	case paused(v):
		a.log.Debug("not asked", "source", v.Source, "err", v.Err)
	case errors.As(v.Err, &bug):
		a.log.Error("visit broke", "source", v.Source, "err", v.Err, "stack", string(bug.Stack))
	case v.Err != nil:
		level := slog.LevelWarn
		if !a.outage.admit(time.Now(), a.logMoreFailed) {
			level = slog.LevelDebug
		}
		a.log.Log(context.Background(), level, "visit failed", "source", v.Source, "status", v.Status, "items", v.New+v.Updated+v.Joined,
			"took", v.Took.Round(time.Millisecond).String(), nextOf(v), "err", v.Err)
	case v.Gap:
		a.log.Warn("items may have been missed: the document shares nothing with the one before; a shorter `every` would help",
			"source", v.Source, "new", v.New, nextOf(v))
	case v.New+v.Updated+v.Joined > 0:
		a.log.Info("visited", "source", v.Source, "status", v.Status, "new", v.New, "updated", v.Updated, "joined", v.Joined,
			"took", v.Took.Round(time.Millisecond).String(), nextOf(v))
	default:
		a.log.Debug("nothing new", "source", v.Source, "status", v.Status, "took", v.Took.Round(time.Millisecond).String(), nextOf(v))
	}
}

// nextOf is what the log says of the next visit: nothing where there is none, as of a source that is off.
func nextOf(v news.Visit) slog.Attr {
	if v.Next.IsZero() {
		return slog.Attr{}
	}
	return slog.Time("next", v.Next)
}

// In an outage of everything, lines about every source say no more than a count: status and metrics have them all.
const (
	outageLines = 20          // failed visits that are logged one by one
	outageSpan  = time.Hour   // in so long a time
	outageWait  = time.Minute // before the others are counted for the first time
)

// outage decides which failed visits are logged. The zero outage has seen none.
type outage struct {
	mu      sync.Mutex
	since   time.Time
	logged  int
	more    int         // not logged, and not counted in the log yet
	pending *time.Timer // counts them; nil: none is set
	counted bool        // in this span of time
}

// admit reports whether a visit that failed at a time is logged by itself. If not, count is called later with how many were not.
func (o *outage) admit(at time.Time, count func(n int)) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if at.Sub(o.since) >= outageSpan {
		o.since, o.logged, o.counted = at, 0, false
	}
	if o.logged < outageLines {
		o.logged++
		return true
	}
	o.more++
	if o.pending == nil {
		wait := outageWait
		if o.counted {
			wait = max(wait, time.Until(o.since.Add(outageSpan)))
		}
		o.counted = true
		o.pending = time.AfterFunc(wait, func() { o.flush(count) })
	}
	return false
}

// flush counts the failed visits that were not logged, if there are any.
func (o *outage) flush(count func(n int)) {
	o.mu.Lock()
	n := o.more
	o.more = 0
	if o.pending != nil {
		o.pending.Stop()
		o.pending = nil
	}
	o.mu.Unlock()
	if n > 0 {
		count(n)
	}
}

// logMoreFailed logs how many visits failed besides those that were logged.
func (a *Aggregator) logMoreFailed(n int) {
	a.log.Warn("more visits failed", "visits", n)
}

// CommitError says that a visit could not be recorded: nothing of it was kept.
type CommitError struct {
	Source string // id of the source visited
	Err    error  // of the store
}

func (e *CommitError) Error() string {
	return fmt.Sprintf("source %s: not recorded: %v", e.Source, e.Err)
}

// Unwrap returns the store's error.
func (e *CommitError) Unwrap() error { return e.Err }
