package aggregator

import (
	"errors"
	"net/http"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/store"
)

// next returns what is remembered of the source after the visit. A bad visit changes nothing but the status
// and the due time: validators and hash stay those of the last good one.
func (v *visit) next(out outcome) news.State {
	st := v.state
	v.count(&st, out)
	if v.pushed {
		return st
	}
	st.LastVisit, st.Result = whole(v.heard), v.result
	st.Name, st.Agency, st.Site, st.Language = v.src.Name, v.src.Agency, v.src.Site, v.src.Language
	st.Content, st.Rights, st.Licence, st.Topics = v.src.Content, v.src.Rights, v.src.Licence, v.src.Topics
	st.RetryAt, st.RetryHost = time.Time{}, ""
	if !st.Pause.Until.After(v.heard) {
		st.Pause = news.Pause{}
	}
	a := Answer{At: st.LastVisit}
	var paused *fetch.PausedError
	if out.Gap {
		st.Gaps++
	}
	switch {
	case calledOff(v.err): // called off by us: the request counts, the source is not to blame
		st.Result = v.state.Result
		a.Fresh, a.FreshBy = st.Asked.Sub(a.At), "max-age" // what it asked for before still goes
	case errors.As(v.err, &paused): // a redirect led to a host that wants no request: likewise
		st.Result = v.state.Result
		st.RetryAt, st.RetryHost, a.RetryAfter = paused.Until, paused.Host, paused.Until
		a.Fresh, a.FreshBy = st.Asked.Sub(a.At), "max-age"
	case v.err != nil:
		a.Problem, a.RetryAfter = v.bad(&st)
		a.SlowDown = a.RetryAfter.IsZero() && (st.Status == http.StatusTooManyRequests || st.Status == http.StatusServiceUnavailable)
	default:
		v.good(&st, out)
		a.Fresh, a.FreshBy = v.answer.Fresh, v.answer.FreshBy
	}
	if v.a.push != nil && out.New+out.Joined == 0 { // a poll that finds something found it before the hub did
		a.Slow, _ = v.a.push.Slow(v.src.ID)
	}
	st.Due, st.Asked, st.Why = v.setup.Pace.next(v.src, st, a)
	if calledOff(v.err) && v.state.Due.After(st.Due) { // a back-off under way goes on
		st.Due, st.Why = v.state.Due, v.state.Why
	}
	return st
}

// count adds what the visit brought to what is counted of the source.
func (v *visit) count(st *news.State, out outcome) {
	st.Items += uint64(out.New + out.Joined + out.Held)
	if out.New+out.Joined > 0 {
		noteNews(st, v.at)
	}
	if v.doc != nil {
		st.Guessed += v.guessed(out)
		st.Style = v.style
	}
	tally(&st.Tally, out.Items, v.at)
	for _, it := range out.Items {
		st.Newest = news.Latest(st.Newest, it.Published)
	}
}

func (v *visit) good(st *news.State, out outcome) {
	st.LastSuccess, st.Failures = v.at, 0
	moved(st, v.answer.Moved, v.result != news.OK || out.Kin, v.at)
	st.Problem, st.Error, st.Snippet = "", "", ""
	st.Status = v.answer.Status
	if v.result == news.NotModified {
		// RFC 9111 section 4.3.4: what the 304 carries replaces what is stored, the rest stays.
		if e := v.answer.Validators.ETag; e != "" {
			st.Validators.ETag = e
		}
		if m := v.answer.Validators.LastModified; m != "" {
			st.Validators.LastModified = m
		}
		return
	}
	st.Validators, st.From, st.Hash = v.answer.Validators, v.answer.URL, v.hash
	if v.doc != nil {
		st.Excluded, st.LeftOut = uint64(out.Excluded), v.doc.LeftOut
		st.Feed, st.TTL, st.SkipHours, st.SkipDays = v.doc.Feed, v.doc.TTL, v.doc.SkipHours, v.doc.SkipDays
	}
}

func (v *visit) bad(st *news.State) (news.Problem, time.Time) {
	st.Failures++
	st.Problem, st.Error, st.Snippet = problem(v.err), v.err.Error(), ""
	if v.result != news.Partial {
		st.Result = news.Failed
	}
	st.Status = 0
	if v.answer != nil {
		st.Status = v.answer.Status
	}
	var status *fetch.StatusError
	var foreign *parse.NotFeedError
	switch {
	case errors.As(v.err, &status):
		st.Status, st.Snippet = status.Status, status.Snippet
		st.RetryAt, st.RetryHost = status.RetryAfter, hostOf(status.URL)
		if st.Status == http.StatusTooManyRequests && !st.RetryAt.IsZero() && !v.src.RetryFeed {
			st.Pause = news.Pause{Host: st.RetryHost, Until: st.RetryAt}
		}
	case errors.As(v.err, &foreign):
		st.Snippet = foreign.Snippet
	}
	strayed(st)
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
	case errors.As(err, &foreign), errors.As(err, &broken):
		return news.ProblemFeed
	}
	if p := fetch.Problem(err); p != "" {
		return p
	}
	return news.ProblemNet
}

// guessed counts the items of this visit whose reading needed a guess and that are kept because of it.
func (v *visit) guessed(out outcome) uint64 {
	if out.New+out.Joined+out.Updated+out.Held == 0 {
		return 0
	}
	var n uint64
	for _, r := range v.ready {
		if len(r.Item.Guessed) > 0 || len(v.doc.Guessed) > 0 {
			n++
		}
	}
	return n
}

// report tells whoever asked for the visit how it went.
func (v *visit) report() news.Visit {
	out := news.Visit{
		Source: v.src.ID, Pushed: v.pushed, At: v.at, Took: time.Since(v.began), Result: v.result, Err: v.err,
		New: v.outcome.New, Updated: v.outcome.Updated, Joined: v.outcome.Joined, Held: v.outcome.Held, Gap: v.outcome.Gap, Next: v.after.Due,
	}
	if v.err != nil && v.result != news.Partial {
		out.Result = news.Failed
	}
	var status *fetch.StatusError
	switch {
	case errors.As(v.err, &status):
		out.Status = status.Status
	case v.answer != nil:
		out.Status = v.answer.Status
	}
	return out
}
