package dedup

import (
	"errors"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store"
)

// unsteady is an index of which the call named fails once it has answered so often, or that has its entries withdrawn.
type unsteady struct {
	store.View
	fails     string
	answers   *int
	withdrawn bool
}

var errIndex = errors.New("index fails")

func (x unsteady) err(call string) error {
	if call != x.fails {
		return nil
	}
	if *x.answers--; *x.answers < 0 {
		return errIndex
	}
	return nil
}

func (x unsteady) Item(k news.Key) (news.Item, bool, error) {
	it, found, err := x.View.Item(k)
	return it, found, errors.Join(err, x.err("Item"))
}

func (x unsteady) ItemByNumber(n uint64) (news.Item, bool, error) {
	it, found, err := x.View.ItemByNumber(n)
	return it, found, errors.Join(err, x.err("ItemByNumber"))
}

func (x unsteady) Entry(k news.Key) (news.Entry, bool, error) {
	e, found, err := x.View.Entry(k)
	if x.withdrawn {
		e.State = news.Withdrawn
	}
	return e, found, errors.Join(err, x.err("Entry"))
}

func (x unsteady) Rule(k news.Key) (news.Rule, error) {
	r, err := x.View.Rule(k)
	return r, errors.Join(err, x.err("Rule"))
}

func (x unsteady) FindAny(terms []uint32, most int) ([]news.Hit, error) {
	hits, err := x.View.FindAny(terms, most)
	return hits, errors.Join(err, x.err("FindAny"))
}

// TestIndexErrors: what the index cannot answer is an error of each look-up, and never an answer.
func TestIndexErrors(t *testing.T) {
	t.Parallel()
	s := newStored(t)
	first, carrier := textItem("alpha", 1, "Crew saved", report, eight), textItem("bravo", 2, "Crew saved", report, eight.Add(time.Hour))
	s.add(first)
	s.add(carrier)
	apart := textItem("delta", 4, "Crew saved off Marwick", report, eight.Add(2*time.Hour))
	s.put(apart)
	late := textItem("charlie", 3, "Crew saved", report, eight.Add(3*time.Hour))
	looks := map[string]func(unsteady) error{
		"Find":  func(x unsteady) error { _, err := NewText(late).Find(x, news.Thresholds{}); return err },
		"Story": func(x unsteady) error { _, err := NewText(late).Story(x, s.st, news.Thresholds{}); return err },
		"Alike": func(x unsteady) error {
			into, _, _ := x.View.Entry(first.Key)
			from, _, _ := x.View.Entry(apart.Key)
			j, err := Alike(x, into, from, news.Thresholds{})
			if err == nil && j == nil {
				t.Error("the entries are not alike: this shows nothing")
			}
			return err
		},
	}
	for look, calls := range map[string][]string{
		"Find": {"FindAny", "ItemByNumber", "Entry", "Rule"}, "Story": {"ItemByNumber", "Entry"}, "Alike": {"FindAny", "Item", "Rule"},
	} {
		for _, call := range calls {
			for answers := range 8 {
				left := answers
				var err error
				s.view(func(v store.View) error {
					err = looks[look](unsteady{View: v, fails: call, answers: &left})
					return nil
				})
				if failed := left < 0; failed != errors.Is(err, errIndex) {
					t.Errorf("%s, whose %s fails after %d answers: error %v, failed %v", look, call, answers, err, failed)
				} else if answers == 0 && !failed {
					t.Errorf("%s does not call %s: this shows nothing", look, call)
				}
			}
		}
	}
}

// TestWithdrawnEntryIsNotJoined: a text joins no entry that is not public, and is in no story with it, whatever its items say of
// themselves.
func TestWithdrawnEntryIsNotJoined(t *testing.T) {
	t.Parallel()
	s := newStored(t)
	s.put(textItem("alpha", 1, "Crew of seven saved off Marwick", report, eight))
	late := NewText(textItem("charlie", 3, "Crew of seven saved off Marwick", report, eight.Add(time.Hour)))
	for _, withdrawn := range []bool{false, true} {
		s.view(func(v store.View) error {
			x := unsteady{View: v, withdrawn: withdrawn}
			m, err := late.Find(x, news.Thresholds{})
			if joined := m.Join != nil; err != nil || joined == withdrawn {
				t.Errorf("withdrawn %v: joined %v, %v", withdrawn, joined, err)
			}
			found, err := late.Story(x, s.st, news.Thresholds{})
			if err != nil || (len(found) > 0) == withdrawn {
				t.Errorf("withdrawn %v: in a story with %v, %v", withdrawn, found, err)
			}
			return nil
		})
	}
}
