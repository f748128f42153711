package main

import (
	"slices"
	"time"

	"dateline/aggregator/news"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// standing is what its source and an editor decided of an item, as `show --json` prints it.
type standing struct {
	Withdrawal *withdrawalRow `json:"withdrawal"` // the newest; null: it never was withdrawn
	Editor     *ruleRow       `json:"editor"`     // null: nothing was decided
}

type withdrawalRow struct {
	By      news.Decider `json:"by"`    // source or editor
	Rule    string       `json:"rule"`  // of the source: deleted-entry, mark or missing
	Words   string       `json:"words"` // the mark as printed
	At      moment       `json:"at"`
	Ended   moment       `json:"ended"`
	EndedBy news.Decider `json:"ended_by"`
}

type ruleRow struct {
	Apart []news.Key `json:"apart"`
	With  []news.Key `json:"with"`
	Stand news.Stand `json:"stand"` // withdrawn, restored, or empty: as the source says
	At    moment     `json:"at"`

	Decisions []decisionRow `json:"decisions"` // the oldest first
}

func newStanding(v store.View, it news.Item) (standing, error) {
	var s standing
	if w := it.Withdrawal; w != nil {
		s.Withdrawal = &withdrawalRow{By: w.By, Rule: w.Rule, Words: w.Words, At: moment(w.At), Ended: moment(w.Ended), EndedBy: w.EndedBy}
	}
	r, err := v.Rule(it.Key)
	if err == nil && !r.IsZero() {
		s.Editor = &ruleRow{Apart: append([]news.Key{}, r.Apart...), With: append([]news.Key{}, r.With...), Stand: r.Stand, At: moment(r.At),
			Decisions: newDecisions(r.Decisions)}
	}
	return s, err
}

// mergedInto returns the entries that were published once and are part of e now.
func mergedInto(v store.View, e news.Entry) ([]news.Key, error) {
	all := []news.Key{}
	for _, k := range e.Members() {
		was, found, err := v.Entry(k)
		if err != nil {
			return nil, err
		}
		if found && was.State == news.Merged {
			all = append(all, k)
		}
	}
	return all, nil
}

// printStanding prints who took the item back and what an editor decided.
func (a *app) printStanding(s standing) {
	if w := s.Withdrawal; w != nil {
		a.printf("withdrawn %s by the %s", node.Stamp(time.Time(w.At)), w.By)
		if w.Rule != "" {
			a.printf(" (%s)", w.Rule)
		}
		if w.Words != "" {
			a.printf(" %q", w.Words)
		}
		if w.EndedBy != "" {
			a.printf(", restored %s by the %s", node.Stamp(time.Time(w.Ended)), w.EndedBy)
		}
		a.printf("\n")
	}
	if r := s.Editor; r != nil {
		for _, k := range r.Apart {
			a.printf("  %-13s apart from %s\n", "editor", k)
		}
		for _, k := range r.With {
			a.printf("  %-13s joined with %s\n", "editor", k)
		}
		if r.Stand != news.StandOpen {
			a.printf("  %-13s %s %s\n", "editor", r.Stand, node.Stamp(time.Time(r.At)))
		}
		for _, d := range r.Decisions {
			if d.Reason != "" {
				a.printf("  %-13s %s %s: %s\n", "reason", d.Decision, node.Stamp(time.Time(d.At)), d.Reason)
			}
		}
	}
}

// decided says what an editor decided of two items: apart, joined, or nothing.
func decided(v store.View, one, other news.Key) (string, error) {
	r, err := v.Rule(one)
	switch {
	case err != nil:
		return "", err
	case slices.Contains(r.Apart, other):
		return "apart", nil
	case slices.Contains(r.With, other):
		return "joined", nil
	}
	return "", nil
}
