package aggregator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"dateline/aggregator/news"
)

// Request asks for one pass.
type Request struct {
	Sources []string         // ids; none: every source
	Now     bool             // ignore due time and back-off; never what a server asked for
	Visited func(news.Visit) // called as each visit ends, one at a time; may be nil
}

// Report sums up a pass. Failed counts every visit that was not good, the partial ones apart.
type Report struct {
	Visited, NotModified, Unchanged, Partial, Failed int
	New, Updated, Joined, Held                       int
	Visits                                           []news.Visit // in the order of the sources
}

// UnknownSourceError names sources that are not configured.
type UnknownSourceError struct{ IDs []string }

func (e *UnknownSourceError) Error() string { return fmt.Sprintf("unknown source %q", e.IDs) }

// Ingest makes one pass: it visits the sources that are due, or due soon, and returns when what they
// brought is recorded. A source that is being visited already is waited for, not visited twice. It returns an
// [*UnknownSourceError] before anything is visited, an error of the store when the due times cannot be read,
// and the context's error when it ended the pass; then the report holds what was done until then.
func (a *Aggregator) Ingest(ctx context.Context, r Request) (Report, error) {
	chosen, err := a.choose(r.Sources)
	if err != nil {
		return Report{}, err
	}
	due, err := a.due(chosen, r.Now)
	if err != nil {
		return Report{}, err
	}
	visits := make([]news.Visit, len(due))
	var done sync.WaitGroup
	var say sync.Mutex
	for i, src := range due {
		done.Go(func() {
			visits[i] = a.once(ctx, src)
			if r.Visited != nil {
				say.Lock()
				defer say.Unlock()
				r.Visited(visits[i])
			}
		})
	}
	done.Wait()
	a.upkeep()
	return sum(visits), ctx.Err()
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

// due returns the sources that may be visited now.
func (a *Aggregator) due(sources []news.Source, now bool) ([]news.Source, error) {
	states, err := a.states()
	if err != nil {
		return nil, err
	}
	t := time.Now()
	held := holds(a.Sources(), states)
	a.mu.Lock()
	pace := a.setup.Pace
	a.mu.Unlock()
	var due []news.Source
	for _, src := range sources {
		st := states[src.ID]
		if !src.Enabled || held[hostOf(src.URL)].After(t) || st.URL == src.URL && st.RetryAt.After(t) {
			continue
		}
		if at, never := pace.dueAt(src, st); now || !never && !at.After(t.Add(slack(src.Every))) {
			due = append(due, src)
		}
	}
	return due, nil
}

// flight is a visit under way.
type flight struct {
	done  chan struct{}
	visit news.Visit
}

// once visits src, or waits for the visit that is under way.
func (a *Aggregator) once(ctx context.Context, src news.Source) news.Visit {
	for {
		a.mu.Lock()
		f, under := a.flights[src.ID]
		if !under {
			f = &flight{done: make(chan struct{})}
			a.flights[src.ID] = f
			a.mu.Unlock()
			return a.fly(ctx, src, f)
		}
		a.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			return news.Visit{Source: src.ID, Result: news.Failed, Err: ctx.Err()}
		}
		if !errors.Is(f.visit.Err, context.Canceled) { // called off by whoever had asked for it, not by us
			return f.visit
		}
	}
}

func (a *Aggregator) fly(ctx context.Context, src news.Source, f *flight) news.Visit {
	var st news.State
	f.visit, st = a.visit(ctx, src)
	a.mu.Lock()
	delete(a.flights, src.ID)
	a.mu.Unlock()
	a.visited(src, f.visit, st)
	close(f.done)
	a.tell(f.visit)
	return f.visit
}

// tell logs a visit that brought something, or went wrong.
func (a *Aggregator) tell(v news.Visit) {
	var bug *PanicError
	switch {
	case errors.As(v.Err, &bug):
		a.log.Error("visit broke", "source", v.Source, "err", v.Err, "stack", string(bug.Stack))
	case v.Err != nil:
		a.log.Warn("visit failed", "source", v.Source, "status", v.Status, "items", v.New+v.Updated+v.Joined,
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
