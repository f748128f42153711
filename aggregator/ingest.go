package aggregator

import (
	"context"
	"slices"
	"sync"
	"time"

	"dateline/aggregator/news"
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
	Visited, NotModified, Unchanged, Partial, Failed int          // sources
	New, Updated, Joined, Held                       int          // items
	Unvisited                                        int          // due and not visited, where the pass was ended
	Visits                                           []news.Visit // in the order of the sources
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
	if err := a.passPages(ctx, chosen); err != nil {
		a.log.Error("items that wait for their pages were not read", "err", err)
	}
	if !a.running() {
		a.prune()
	}
	report := sum(slices.DeleteFunc(visits, missed))
	if ctx.Err() != nil {
		report.Unvisited = len(due) - report.Visited
	}
	return report, ctx.Err()
}

// passPages asks for the pages of sources' articles in a process that ends after the pass; where Run runs, that does it.
func (a *Aggregator) passPages(ctx context.Context, sources []news.Source) error {
	if a.running() {
		return nil
	}
	return a.pages.Pass(ctx, sources)
}

// running reports whether Run visits the sources: then pages are asked for and upkeep is done in its time, and not by a pass.
func (a *Aggregator) running() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.dueQueue != nil
}

// Take stores a document of a source that another program fetched or made, as [Aggregator.Deliver] does; of one that is cut off its
// whole items. The source may be disabled. The report is that of a pass with this one visit; the error is an [*UnknownSourceError] or
// that of the context.
func (a *Aggregator) Take(ctx context.Context, source string, document []byte) (Report, error) {
	a.releaseDue()
	defer a.releaseDue()
	v, err := a.deliver(ctx, source, document, "", true)
	if err != nil {
		return Report{}, err
	}
	return sum([]news.Visit{v.report()}), ctx.Err()
}

// missed reports whether the pass did not make v: the host wants no request, or the visit was called off, by the end of the pass or
// by others before. That is no failure.
func missed(v news.Visit) bool { return paused(v) || calledOff(v.Err) }

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

// due returns the visits of the sources that may be visited now: under way, or begun with this.
func (a *Aggregator) due(sources []news.Source, r Request) (due []*run, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	states, err := a.knownOf(sources) // with the lock: a visit that ends now is either under way still, or in them
	if err != nil {
		return nil, err
	}
	t := time.Now()
	for i, src := range sources {
		st := states[i].state
		force := r.forces(src)
		if src.Enabled && (force || a.waiting(src, st) == (news.Pause{})) && a.wanted(src, st, r, t) {
			due = append(due, a.start(src, force, states[i]))
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
