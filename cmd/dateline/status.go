package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dateline/aggregator"
	"dateline/aggregator/news"
	"dateline/aggregator/publish"
	"dateline/aggregator/schedule"
	"dateline/aggregator/status"
	"dateline/store"
)

func (a *app) statusCommand() *cobra.Command {
	var asJSON, exitCode bool
	var states []string
	cmd := &cobra.Command{
		Use: "status", Short: "Tell of each source how it is and when it is due", Args: cobra.NoArgs,
		Long: "Tell of each source how it is and when it is due, those that need a look first. With --exit-code a monitor can run it: 0 all\n" +
			"sources are well, 2 some are broken, gone, blocked, partial or late, 69 none is read.",
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, s := range states {
				if err := oneOf("state", s, stateNames()); err != nil {
					return err
				}
			}
			return a.reads(cmd, args, func(_ context.Context, w *deps) error {
				now := time.Now()
				all, err := w.status(now)
				if err != nil {
					return err
				}
				shown := slices.Clone(all)
				if states != nil {
					shown = slices.DeleteFunc(shown, func(s sourceRow) bool { return !slices.Contains(states, string(s.State)) })
				}
				if asJSON {
					err = a.json(map[string][]sourceRow{"sources": shown})
				} else {
					err = a.printStatus(shown, all, now)
				}
				if err != nil || !exitCode {
					return err
				}
				return wellness(all)
			})
		},
	}
	cmd.Flags().StringSliceVar(&states, "state", nil, "only sources in the `STATE`, such as broken; may be repeated")
	cmd.Flags().BoolVar(&exitCode, "exit-code", false, "say by the exit code how the sources are: 0 well, 2 some ill, 69 none read")
	jsonFlag(cmd, &asJSON)
	return cmd
}

func stateNames() []string {
	var all []string
	for _, s := range status.States {
		all = append(all, string(s))
	}
	return all
}

// wellness is the exit code that says how the sources are.
func wellness(all []sourceRow) error {
	asked, ill := 0, 0
	for _, s := range all {
		if s.State != status.Disabled {
			asked++
		}
		if s.State.Ill() {
			ill++
		}
	}
	switch {
	case ill == 0:
		return nil
	case ill == asked:
		return &remoteError{exitUnavailable} // the table has said why
	}
	return &remoteError{exitSome}
}

// sourceRow is a source as `status --json` prints it.
type sourceRow struct {
	ID           string                 `json:"id"`
	State        status.State           `json:"state"`
	LastSuccess  moment                 `json:"last_success"`
	NextDue      moment                 `json:"next_due"`
	NextWhy      string                 `json:"next_why"`
	WaitingFor   *waitingRow            `json:"waiting_for"` // null: nothing
	ETag         string                 `json:"etag"`
	LastModified string                 `json:"last_modified"`
	LearnedURL   string                 `json:"learned_url"`
	Hub          string                 `json:"hub"`
	Items        uint64                 `json:"items"`
	Held         uint64                 `json:"held"`
	Embargoed    uint64                 `json:"embargoed"`    // of those held, the ones under embargo
	EmbargoEnds  moment                 `json:"embargo_ends"` // when the first of them goes out; null: no time is known
	Guessed      uint64                 `json:"guessed"`
	Style        []string               `json:"style"` // the learned forms of its datelines, such as place-dash
	LastError    string                 `json:"last_error"`
	Snippet      string                 `json:"snippet"`
	Push         news.SubscriptionState `json:"push"`     // of the subscription at the hub; empty: there is none
	Excluded     uint64                 `json:"excluded"` // items of the last document that include and exclude keep out
	LeftOut      leftOut                `json:"left_out"`
	Gaps         uint64                 `json:"gaps"`
	ItemsPerDay  float64                `json:"items_per_day"` // by the last week or so
	Joins        uint64                 `json:"joins"`         // items that stand in an entry of another source
	Datelines    float64                `json:"dateline_share"`
	Photos       float64                `json:"photo_share"` // with a photo credit
	Undated      uint64                 `json:"undated"`     // items with a date that cannot be read
	Newest       moment                 `json:"newest"`      // the latest date of its items
	URL          string                 `json:"url"`         // as configured
	Hint         string                 `json:"hint"`        // what to do about it; empty: nothing
}

// waitingRow is a host that wants no request yet.
type waitingRow struct {
	Host  string `json:"host"`
	Until moment `json:"until"`
}

// leftOut is the items of the last document that were shortened or left out.
type leftOut struct {
	Count   int    `json:"count"`
	Reason  string `json:"reason"`
	Example string `json:"example"` // what the first is called
}

// status returns the sources as they are now, in the order of the config.
func (w *deps) status(now time.Time) ([]sourceRow, error) {
	all := []sourceRow{}
	hubs, err := w.hubs()
	if err != nil {
		return nil, err
	}
	err = w.view(func(v store.View) error {
		for _, src := range w.engine.Sources() {
			st, err := v.State(src.ID)
			if err != nil {
				return err
			}
			if st.URL != "" && st.URL != src.URL { // what was learned from another address does not count
				st = news.State{Items: st.Items, Held: st.Held, Embargoed: st.Embargoed, EmbargoEnds: st.EmbargoEnds, Guessed: st.Guessed,
					Excluded: st.Excluded, Tally: st.Tally}
			}
			waiting := w.engine.Waiting(src, st)
			state := status.Of(src, st, waiting, now)
			rec := sourceRow{
				ID: src.ID, State: state, LastSuccess: moment(st.LastSuccess), NextDue: moment(st.Due),
				NextWhy: st.Why, ETag: st.Validators.ETag, LastModified: st.Validators.LastModified, LearnedURL: st.Learned,
				Hub: cmp.Or(hubs[src.ID].Hub, st.Feed.Hub), Items: st.Items, Held: st.Held, Guessed: st.Guessed,
				Style: append([]string{}, st.Style.Learned()...), Excluded: st.Excluded, LeftOut: leftOut(st.LeftOut), LastError: st.Error, Snippet: st.Snippet,
				Embargoed: st.Embargoed, EmbargoEnds: moment(st.EmbargoEnds), Push: hubs[src.ID].State, Gaps: st.Gaps,
				ItemsPerDay: hundredth(status.ItemsPerDay(st.Tally, now)), Joins: st.Tally.Joined,
				Datelines: hundredth(status.Share(st.Tally.Datelines, st.Tally)), Photos: hundredth(status.Share(st.Tally.Photos, st.Tally)),
				Undated: st.Tally.Undated,
				Newest:  moment(st.Newest), URL: src.URL, Hint: status.Hint(src, st, state, waiting),
			}
			if src.Enabled && !waiting.Until.IsZero() && !waiting.Until.Before(st.Due) && st.Problem != news.ProblemGone {
				rec.WaitingFor = &waitingRow{waiting.Host, moment(waiting.Until)}
				rec.NextDue, rec.NextWhy = moment(waiting.Until), schedule.ByRetryAfter
			}
			all = append(all, rec)
		}
		return nil
	})
	return all, err
}

// sourceStates returns of the sources what the public may know.
func (w *deps) sourceStates() ([]publish.SourceState, error) {
	all, err := w.status(time.Now())
	if err != nil {
		return nil, err
	}
	var out []publish.SourceState
	for _, s := range all {
		out = append(out, publish.SourceState{ID: s.ID, State: string(s.State), LastSuccess: time.Time(s.LastSuccess), Due: time.Time(s.NextDue), Items: s.Items})
	}
	return out, nil
}

// hundredth rounds: more digits than that mean nothing.
func hundredth(f float64) float64 { return math.Round(100*f) / 100 }

// hubs returns the subscription of each source that has one; of several the one that delivers.
func (w *deps) hubs() (map[string]news.Subscription, error) {
	all, err := w.store.Subscriptions()
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

// colours are how a terminal shows a state: green for what is well, yellow for what is worth a look, red for what
// brings nothing.
var colours = map[status.State]string{
	status.OK: "32", status.New: "36", status.Late: "33", status.Waiting: "33", status.Silent: "33", status.Moved: "33",
	status.Broken: "31", status.Partial: "31", status.Blocked: "31", status.Gone: "31", status.Disabled: "2",
}

// painted is a state in its colour, where standard output is a terminal that wants colour.
func (a *app) painted(state status.State) string {
	if colour := colours[state]; a.colour && colour != "" {
		return "\x1b[" + colour + "m" + string(state) + "\x1b[0m"
	}
	return string(state)
}

// maxProblem is the width, in cells, to which an error is cut where there is no terminal; --json has it whole.
const maxProblem = 80

// wideEnough is the width, in cells, from which on a terminal is shown every column.
const wideEnough = 120

// printStatus prints the sources shown, those that need a look first, and one line about all.
func (a *app) printStatus(shown, all []sourceRow, now time.Time) error {
	slices.SortStableFunc(shown, func(x, y sourceRow) int {
		return cmp.Compare(slices.Index(status.States, x.State), slices.Index(status.States, y.State))
	})
	at := stamp
	if a.width > 0 {
		at = func(t time.Time) string { return ago(t, now) }
	}
	rows := [][]string{{"SOURCE", "STATE", "LAST SUCCESS", "NEXT DUE", "BY", "ITEMS", "HELD", "A DAY", "ERROR"}}
	for _, s := range shown {
		problem := s.LastError
		if s.Snippet != "" {
			problem += ": " + s.Snippet
		}
		if a.width == 0 {
			problem = snip(problem, maxProblem)
		}
		rows = append(rows, []string{s.ID, a.painted(s.State), at(time.Time(s.LastSuccess)), at(time.Time(s.NextDue)), cmp.Or(s.NextWhy, "-"),
			fmt.Sprint(s.Items), fmt.Sprint(s.Held), fmt.Sprintf("%.1f", s.ItemsPerDay), cmp.Or(problem, "-")})
	}
	if a.width > 0 && a.width < wideEnough {
		for i, row := range rows {
			rows[i] = append(row[:4:4], row[5], row[8])
		}
		rows[0][2], rows[0][3] = "READ", "DUE"
	}
	if err := a.table(rows); err != nil {
		return err
	}
	for _, s := range shown {
		if s.Hint != "" {
			a.printf("hint: %s: %s\n", s.ID, s.Hint)
		}
		if len(s.Style) > 0 {
			a.printf("style: %s: datelines are read as %s, learned from its items\n", s.ID, strings.Join(s.Style, ", "))
		}
	}
	a.printf("%s\n", sourcesLine(all))
	return nil
}

// sourcesLine says how all sources are, in one line.
func sourcesLine(all []sourceRow) string {
	count := map[status.State]int{}
	for _, s := range all {
		count[s.State]++
	}
	var parts []string
	for _, state := range status.States {
		if n := count[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", thousands(n), state))
		}
	}
	line := counted(len(all), "source")
	if parts != nil {
		line += ": " + strings.Join(parts, ", ")
	}
	return line
}

// knows returns an error for a source that is neither configured nor remembered.
func (w *deps) knows(v store.View, id string) error {
	all, err := aggregator.KnownSources(v, w.engine.Sources())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(s news.Source) bool { return s.ID == id }) {
		return &aggregator.UnknownSourceError{IDs: []string{id}}
	}
	return nil
}
