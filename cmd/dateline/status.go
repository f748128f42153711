package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dateline/aggregator"
	"dateline/aggregator/news"
	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

func (a *app) statusCommand() *cobra.Command {
	var asJSON, exitCode, everything bool
	var states []string
	cmd := &cobra.Command{
		Use: "status", Short: "Show how each source is and when it is due", Args: cobra.NoArgs,
		Long: "Show how each source is and when it is due, those that need a look first; on a terminal, of many, those alone\n" +
			"(--all shows all). With --exit-code a monitor can run it: 0 all\n" +
			"sources are well, 2 some are broken, gone, blocked, partial or late, the store is full or read-only or PostgreSQL away, 69 none is\n" +
			"read. With store.dsn the nodes are shown too: what each has of the shared log, how much it lacks, which duties it has.",
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, s := range states {
				if err := oneOf("state", s, stateNames()); err != nil {
					return err
				}
			}
			return a.reads(cmd, args, func(ctx context.Context, w *node.Node) error {
				now := time.Now()
				all, err := w.Status(now)
				if err != nil {
					return err
				}
				r := node.Report{Store: node.StoreStatus{State: w.StoreState()}, Sources: slices.Clone(all)}
				if r.Cluster, err = w.ClusterStatus(ctx); err != nil {
					return err
				}
				if states != nil {
					r.Sources = slices.DeleteFunc(r.Sources, func(s node.SourceStatus) bool { return !slices.Contains(states, string(s.State)) })
				}
				if asJSON {
					err = a.json(r)
				} else {
					err = a.printReport(r, all, now, everything || states != nil)
				}
				if err != nil || !exitCode {
					return err
				}
				return wellness(r, all)
			})
		},
	}
	cmd.Flags().StringSliceVar(&states, "state", nil, "only sources in the `STATE`, such as broken; may be repeated")
	cmd.Flags().BoolVar(&everything, "all", false, "show the sources that are well too, however many there are")
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

// wellness is the exit code that says how all sources are, and what the report has besides.
func wellness(r node.Report, all []node.SourceStatus) error {
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
	case ill == 0 && r.Store.State == node.StoreOK && (r.Cluster == nil || r.Cluster.State == node.ClusterOK):
		return nil
	case ill > 0 && ill == asked:
		return &remoteError{exitUnavailable} // the table has said why
	}
	return &remoteError{exitSome}
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

// screenful is how many sources a terminal shows one by one: of more, those that are well are counted.
const screenful = 40

// wells are the states of sources that need no look.
var wells = []status.State{status.OK, status.New, status.Disabled, status.Waiting}

// needALook returns the sources that need one, and says how many others there are.
func needALook(shown []node.SourceStatus) (left []node.SourceStatus, others string) {
	count := map[status.State]int{}
	for _, s := range shown {
		if slices.Contains(wells, s.State) && s.Held == 0 {
			count[s.State]++
		} else {
			left = append(left, s)
		}
	}
	var parts []string
	for _, state := range wells {
		if n := count[state]; n > 0 {
			parts = append(parts, thousands(n)+" "+string(state))
		}
	}
	return left, strings.Join(parts, ", ")
}

// printReport prints a report for people, with one line about all sources.
func (a *app) printReport(r node.Report, all []node.SourceStatus, now time.Time, everything bool) error {
	if err := a.printStatus(r.Sources, all, now, everything); err != nil {
		return err
	}
	if r.Store.State != node.StoreOK {
		a.printf("store: %s: %s\n", r.Store.State, r.Store.State.Message())
	}
	if r.Cluster == nil {
		return nil
	}
	return a.printCluster(r.Cluster, now)
}

// printCluster prints the nodes, and one line about what they share.
func (a *app) printCluster(c *node.ClusterStatus, now time.Time) error {
	if c.State != node.ClusterOK {
		a.printf("nodes: %s\n", c.State.Message())
		return nil
	}
	at := node.Stamp
	if a.width > 0 {
		at = func(t time.Time) string { return ago(t, now) }
	}
	rows := [][]string{{"NODE", "ADMIN", "FORMAT", "POSITION", "LAG", "LAST SEEN", "DUTIES"}}
	for _, one := range c.Nodes {
		rows = append(rows, []string{one.ID, cmp.Or(one.Admin, "-"), fmt.Sprint(one.Format), fmt.Sprint(one.Position), fmt.Sprint(one.Lag),
			at(time.Time(one.LastSeen)), cmp.Or(strings.Join(one.Duties, ", "), "-")})
	}
	if err := a.table(rows, 2, 3, 4); err != nil {
		return err
	}
	a.printf("nodes: this is %s, by revision %d of the config; the shared log is at %d, %s; %d turns were waited for %.1f s in all\n",
		c.Node, c.Config, c.Position, node.Size(c.LogBytes), c.Turns, c.TurnWait)
	return nil
}

// printStatus prints the sources shown, those that need a look first, and one line about all. On a terminal those of many that are well
// are left out unless everything is asked for.
func (a *app) printStatus(shown, all []node.SourceStatus, now time.Time, everything bool) error {
	node.IllFirst(shown)
	others := ""
	if a.width > 0 && len(shown) > screenful && !everything {
		shown, others = needALook(shown)
	}
	if err := a.printSources(shown, now); err != nil {
		return err
	}
	if others != "" {
		a.printf("%s: not shown; --all shows them\n", others)
	}
	a.printf("%s\n", sourcesLine(all))
	return nil
}

// printSources prints a table of sources, and what is to be said of them. None prints nothing.
func (a *app) printSources(shown []node.SourceStatus, now time.Time) error {
	if len(shown) == 0 && a.width > 0 {
		return nil
	}
	at := node.Stamp
	if a.width > 0 {
		at = func(t time.Time) string { return ago(t, now) }
	}
	rows := [][]string{{"SOURCE", "STATE", "LAST SUCCESS", "NEXT DUE", "BY", "ITEMS", "HELD", "A DAY", "ERROR"}}
	for _, s := range shown {
		problem := s.LastError
		if a.width > 0 {
			problem = withoutAddress(problem, s.URL)
		}
		if s.Snippet != "" {
			problem += ": " + s.Snippet
		}
		if a.width == 0 {
			problem = snip(problem, maxProblem)
		}
		read, why := s.LastSuccess, cmp.Or(s.NextWhy, "-")
		if s.State == status.Disabled && time.Time(s.LastNew).After(time.Time(read)) {
			read, why = s.LastNew, "document"
		}
		rows = append(rows, []string{s.ID, string(s.State), at(time.Time(read)), at(time.Time(s.NextDue)), why,
			fmt.Sprint(s.Items), fmt.Sprint(s.Held), fmt.Sprintf("%.1f", s.ItemsPerDay), cmp.Or(problem, "-")})
	}
	if a.width > 0 && a.width < wideEnough {
		rows[0][2], rows[0][3] = "READ", "DUE"
	}
	if err := a.table(a.narrowed(rows, 0, 1, 2, 3, 5, 8)); err != nil {
		return err
	}
	for _, s := range shown {
		if p := s.Pages; p != nil {
			a.printf("pages: %s: %d read, %d with nothing to credit, %d refused, %d failed, %d waiting\n", s.ID,
				p.Read, p.Empty, p.Refused, p.Failed, p.Waiting)
		}
	}
	a.printAlike("hint", shown, func(s node.SourceStatus, id string) string {
		return strings.ReplaceAll(s.Hint, " "+s.ID+"`", " "+id+"`")
	})
	a.printAlike("style", shown, func(s node.SourceStatus, _ string) string {
		if len(s.Style) == 0 {
			return ""
		}
		return "datelines are read as " + strings.Join(s.Style, ", ") + ", learned from its items"
	})
	return nil
}

// printAlike prints what is to be said of sources, once for all of whom it is the same. say is given what a command line calls the
// source by; empty: there is nothing to say.
func (a *app) printAlike(what string, shown []node.SourceStatus, say func(s node.SourceStatus, id string) string) {
	alike := map[string][]node.SourceStatus{}
	var order []string
	for _, s := range shown {
		text := say(s, "SOURCE")
		if text != "" && alike[text] == nil {
			order = append(order, text)
		}
		alike[text] = append(alike[text], s)
	}
	for _, text := range order {
		var ids []string
		for _, s := range alike[text] {
			ids = append(ids, s.ID)
		}
		if len(ids) == 1 {
			text = say(alike[text][0], ids[0])
		}
		a.printf("%s: %s: %s\n", what, few(ids), text)
	}
}

// few names the first of many sources, and how many more there are.
func few(ids []string) string {
	const most = 4
	if len(ids) <= most {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %s more", strings.Join(ids[:most-1], ", "), thousands(len(ids)-most+1))
}

// withoutAddress cuts the address of the source off the beginning of its error, so that a narrow table has room for what is wrong.
func withoutAddress(problem, address string) string {
	problem = strings.TrimPrefix(problem, "get ")
	return strings.TrimPrefix(problem, address+": ")
}

// sourcesLine says how all sources are, in one line.
func sourcesLine(all []node.SourceStatus) string {
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
func knows(w *node.Node, v store.View, id string) error {
	all, err := aggregator.KnownSources(v, w.Engine.Sources())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(s news.Source) bool { return s.ID == id }) {
		return &aggregator.UnknownSourceError{IDs: []string{id}}
	}
	return nil
}
