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
	"dateline/store"
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
	return sum(visits), ctx.Err()
}

func (a *Aggregator) choose(ids []string) ([]news.Source, error) {
	all := a.Sources()
	if len(ids) == 0 {
		return all, nil
	}
	var unknown []string
	var chosen []news.Source
	for _, id := range ids {
		i := slices.IndexFunc(all, func(s news.Source) bool { return s.ID == id })
		if i < 0 {
			unknown = append(unknown, id)
			continue
		}
		chosen = append(chosen, all[i])
	}
	if unknown != nil {
		return nil, &UnknownSourceError{IDs: unknown}
	}
	return chosen, nil
}

// due returns the sources that may be visited now.
func (a *Aggregator) due(sources []news.Source, now bool) ([]news.Source, error) {
	var states map[string]news.State
	err := a.store.View(func(s store.View) (err error) {
		states, err = s.States()
		return err
	})
	if err != nil {
		return nil, err
	}
	t := time.Now()
	var due []news.Source
	for _, src := range sources {
		if !src.Enabled || waiting(src, a.Sources(), states).After(t) {
			continue
		}
		if at, never := dueAt(src, states[src.ID]); now || !never && !at.After(t.Add(slack(src.Every))) {
			due = append(due, src)
		}
	}
	return due, nil
}

// dueAt returns when a source is to be visited by what is remembered of it; never: not until it is asked for by
// name or its address changes.
func dueAt(src news.Source, st news.State) (at time.Time, never bool) {
	if st.LastVisit.IsZero() || st.URL != src.URL {
		return time.Time{}, false
	}
	return st.Due, st.Due.IsZero()
}

// flight is a visit under way.
type flight struct {
	done  chan struct{}
	visit news.Visit
}

// once visits src, or waits for the visit that is under way.
func (a *Aggregator) once(ctx context.Context, src news.Source) news.Visit {
	a.mu.Lock()
	if f, under := a.flights[src.ID]; under {
		a.mu.Unlock()
		<-f.done
		return f.visit
	}
	f := &flight{done: make(chan struct{})}
	a.flights[src.ID] = f
	a.mu.Unlock()
	defer func() {
		a.mu.Lock()
		delete(a.flights, src.ID)
		a.mu.Unlock()
		close(f.done)
	}()
	f.visit = a.visit(ctx, src)
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
			"took", v.Took.Round(time.Millisecond), "next", v.Next, "err", v.Err)
	case v.New+v.Updated+v.Joined > 0:
		a.log.Info("visited", "source", v.Source, "status", v.Status, "new", v.New, "updated", v.Updated, "joined", v.Joined,
			"took", v.Took.Round(time.Millisecond), "next", v.Next)
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
