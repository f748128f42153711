package aggregator

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/store"
)

// Request asks for one pass.
type Request struct {
	Sources []string         // ids; none: every source
	Now     bool             // ignore due time and back-off; never what a server asked for
	Force   bool             // as Now, and ask the sources named once although a server asked for a pause
	Chosen  func(n int)      // called once, before the first visit, with the number of sources that will be visited; may be nil
	Visited func(news.Visit) // called as each visit ends, one at a time; may be nil
}

// Report sums up a pass. Failed counts every visit that was not good, the partial ones apart.
type Report struct {
	Visited, NotModified, Unchanged, Partial, Failed int
	New, Updated, Joined, Held                       int
	Unvisited                                        int          // due and not visited, where the pass was ended
	Visits                                           []news.Visit // in the order of the sources
}

// UnknownSourceError names sources that are not configured.
type UnknownSourceError struct{ IDs []string }

func (e *UnknownSourceError) Error() string {
	var ids []string
	for _, id := range e.IDs {
		ids = append(ids, strconv.Quote(id))
	}
	return "unknown source " + strings.Join(ids, ", ")
}

// Ingest makes one pass: it visits the sources that are due, or due soon, and returns when what they
// brought is recorded. A source that is being visited already is waited for, not visited twice; one whose host
// asks for a pause in the meantime is left out. It returns an
// [*UnknownSourceError] before anything is visited, an error of the store when the due times cannot be read,
// and the context's error when it ended the pass; then the report holds what was done until then.
func (a *Aggregator) Ingest(ctx context.Context, r Request) (Report, error) {
	chosen, err := a.choose(r.Sources)
	if err != nil {
		return Report{}, err
	}
	a.releaseDue()
	defer a.releaseDue()
	due, err := a.due(chosen, r)
	if err != nil {
		return Report{}, err
	}
	if r.Chosen != nil {
		r.Chosen(len(due))
	}
	abandon := sync.OnceFunc(func() { a.abandon(due...) })
	visits := make([]news.Visit, len(due))
	var done sync.WaitGroup
	var say sync.Mutex
	for i, f := range due {
		done.Go(func() {
			v := a.wait(ctx, f, abandon)
			for ctx.Err() == nil && r.again(f, v) {
				f = a.restart(f.src, r.forces(f.src))
				v = a.wait(ctx, f, func() { a.abandon(f) })
			}
			visits[i] = v
			if r.Visited != nil && !missed(v) {
				say.Lock()
				defer say.Unlock()
				r.Visited(v)
			}
		})
	}
	done.Wait()
	a.prune()
	report := sum(slices.DeleteFunc(visits, missed))
	if ctx.Err() != nil {
		report.Unvisited = len(due) - report.Visited
	}
	return report, ctx.Err()
}

// missed reports whether the pass did not make v: the host wants no request, or the visit was called off, by the end of the pass or
// by others before. That is no failure.
func missed(v news.Visit) bool { return paused(v) || calledOff(v.Err) }

func calledOff(err error) bool { return errors.Is(err, context.Canceled) }

// paused reports whether v was not made because the host wants no request.
func paused(v news.Visit) bool {
	var paused *fetch.PausedError
	return errors.As(v.Err, &paused)
}

// forces reports whether r asks for src although a server asked for a pause.
func (r Request) forces(src news.Source) bool { return r.Force && slices.Contains(r.Sources, src.ID) }

// again reports whether the visit of f, which was under way when r came, is not what r asks for: others called it off, or it obeyed
// a pause.
func (r Request) again(f *run, v news.Visit) bool {
	if paused(v) {
		return r.forces(f.src) && !f.force
	}
	return calledOff(v.Err) && (r.Now || r.Force || f.unsent)
}

func (a *Aggregator) choose(ids []string) ([]news.Source, error) {
	if len(ids) == 0 {
		return a.Sources(), nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var unknown []string
	var chosen []news.Source
	for _, id := range ids {
		if src, ok := a.source(id); ok {
			chosen = append(chosen, src)
		} else {
			unknown = append(unknown, id)
		}
	}
	if unknown != nil {
		return nil, &UnknownSourceError{IDs: unknown}
	}
	return chosen, nil
}

// due returns the visits of the sources that may be visited now: under way, or begun with this.
func (a *Aggregator) due(sources []news.Source, r Request) (due []*run, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	states, err := a.states() // with the lock: a visit that ends now is either under way still, or in them
	if err != nil {
		return nil, err
	}
	t := time.Now()
	for _, src := range sources {
		st := states[src.ID]
		force := r.forces(src)
		if src.Enabled && (force || a.waiting(src, st) == (news.Pause{})) && a.wanted(src, st, r, t) {
			due = append(due, a.start(src, force))
		}
	}
	return due, nil
}

// wanted reports whether a pass takes src along. A source that is gone (410) has to be asked for by name.
func (a *Aggregator) wanted(src news.Source, st news.State, r Request, t time.Time) bool {
	if !r.Now && !r.Force {
		return a.setup.Pace.DueSoon(src, st, t)
	}
	_, never := a.setup.Pace.DueAt(src, st, t)
	return !never || slices.Contains(r.Sources, src.ID)
}

// run is a visit under way. It is called off when no caller waits for it any more.
type run struct {
	src     news.Source
	waiting int  // guarded by Aggregator.mu
	force   bool // it is made although the host asked for a pause
	callOff context.CancelFunc
	done    chan struct{} // what follows is written before it is closed
	visit   news.Visit
	unsent  bool // it was called off before its request was sent
}

// start returns the visit of src that is under way, or begins one. The caller has to wait for it. The caller holds the lock.
func (a *Aggregator) start(src news.Source, force bool) *run {
	f := a.runs[src.ID]
	if f == nil {
		ctx, callOff := context.WithCancel(context.Background())
		f = &run{src: src, force: force, callOff: callOff, done: make(chan struct{})}
		a.runs[src.ID] = f
		go a.do(ctx, f)
	}
	f.waiting++
	return f
}

// restart starts a visit of src.
func (a *Aggregator) restart(src news.Source, force bool) *run {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.start(src, force)
}

// abandon stops waiting for the visits, and calls off those that no one else waits for; all at once, so that none of them takes the
// turn that another gives back.
func (a *Aggregator) abandon(runs ...*run) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, f := range runs {
		if f.waiting--; f.waiting == 0 {
			f.callOff()
		}
	}
}

func (a *Aggregator) abandoned(f *run) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return f.waiting == 0
}

// wait waits for a visit to be recorded. When ctx ends it abandons the visit, and waits on only if that called the visit off.
func (a *Aggregator) wait(ctx context.Context, f *run, abandon func()) news.Visit {
	select {
	case <-f.done:
		return f.visit
	case <-ctx.Done():
	}
	if abandon(); !a.abandoned(f) {
		return news.Visit{Source: f.src.ID, Result: news.Failed, Err: errCalledOff}
	}
	<-f.done
	return f.visit
}

func (a *Aggregator) do(ctx context.Context, f *run) {
	defer f.callOff()
	v := a.visit(ctx, f.src, f.force)
	f.visit = v.report()
	f.unsent = !v.answer.sent && calledOff(v.err)
	a.visited(v)
	a.polled(v)
	a.ended(v, f.visit)
	close(f.done)
}

// Observe sets a function that is called after each visit that sent a request, and after each delivery. It must return at once. Call
// Observe before the engine runs.
func (a *Aggregator) Observe(f func(news.Visit)) { a.observe = f }

// ended logs how a visit went and tells the observer.
func (a *Aggregator) ended(v *visit, row news.Visit) {
	a.logVisit(row)
	if v.outcome.Held+v.outcome.Updated > 0 {
		signal(a.embargoes)
	}
	if a.observe != nil && v.answer.sent && !paused(row) {
		a.observe(row)
	}
}

// logVisit logs a visit that brought something, or went wrong.
func (a *Aggregator) logVisit(v news.Visit) {
	if v.Recovered {
		a.log.Info("recovered", "source", v.Source, "status", v.Status)
	}
	if v.Withdrawn > 0 {
		a.log.Info("withdrawn by its source", "source", v.Source, "items", v.Withdrawn)
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
			"took", v.Took.Round(time.Millisecond).String(), "next", v.Next, "err", v.Err)
	case v.Gap:
		a.log.Warn("items may have been missed: the document shares nothing with the one before; a shorter `every` would help",
			"source", v.Source, "new", v.New, "next", v.Next)
	case v.New+v.Updated+v.Joined > 0:
		a.log.Info("visited", "source", v.Source, "status", v.Status, "new", v.New, "updated", v.Updated, "joined", v.Joined,
			"took", v.Took.Round(time.Millisecond).String(), "next", v.Next)
	default:
		a.log.Debug("nothing new", "source", v.Source, "status", v.Status, "took", v.Took.Round(time.Millisecond).String(), "next", v.Next)
	}
}

func sum(visits []news.Visit) Report {
	r := Report{Visited: len(visits), Visits: visits}
	for _, v := range visits {
		switch v.Result {
		case news.NotModified:
			r.NotModified++
		case news.Unchanged:
			r.Unchanged++
		case news.Partial:
			r.Partial++
		case news.Failed:
			r.Failed++
		}
		r.New += v.New
		r.Updated += v.Updated
		r.Joined += v.Joined
		r.Held += v.Held
	}
	return r
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
