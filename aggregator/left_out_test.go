package aggregator_test

import (
	"fmt"
	"strings"
	"testing"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
)

// An item beyond a bound costs its source nothing: the visit is good, its validators are kept, the others arrive, and the
// state names the item.
func TestItemBeyondABoundIsCountedInTheState(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	doc := func(odd string) string {
		return `<rss version="2.0"><channel><title>Agency</title><item><guid>1</guid><title>The first</title></item><item><guid>2</guid>` +
			`<title>The odd one</title><description>` + odd +
			`</description></item><item><guid>3</guid><title>The last</title></item></channel></rss>`
	}
	s.Set("/agency", feedtest.Doc(doc(strings.Repeat("<b>", 100)), "ETag", `"1"`))
	r := newHarness(t, s.Source("agency"))
	r.good()
	st := r.state("agency")
	same(t, "left out", st.LeftOut, news.LeftOut{Count: 1, Reason: "nested deeper than 64 elements", Example: "The odd one"})
	same(t, "validators", st.Validators.ETag, `"1"`)
	same(t, "items", len(r.items("agency")), 3)

	s.Set("/agency", feedtest.Doc(doc("<b>mended</b>"), "ETag", `"2"`))
	r.good()
	same(t, "left out of the next document", r.state("agency").LeftOut, news.LeftOut{})
}

// Of more items than are taken those that are not stored come first, so that a feed that appends at its end, and one that
// begins with its newest item, deliver all of them. None is held as old, and none that is absent is missed.
func TestOfTooManyItemsThoseNotStoredComeFirst(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	const n = parse.MaxItems + 300
	doc := func(to int) string {
		var b strings.Builder
		for i := range to {
			fmt.Fprintf(&b, "<item><guid>g%d</guid><title>Report %d</title></item>", i, i)
		}
		return `<rss version="2.0"><channel><title>Agency</title>` + b.String() + "</channel></rss>"
	}
	s.Set("/agency", feedtest.Doc(doc(n), "ETag", `"1"`))
	r := newHarness(t, s.Source("agency"))
	r.good()
	same(t, "items of the first visit", len(r.items("agency")), parse.MaxItems)
	for more := 1; more <= 2; more++ {
		s.Set("/agency", feedtest.Doc(doc(n+more), "ETag", fmt.Sprintf(`"%d"`, 1+more)))
		r.good()
		same(t, "items of a later visit", len(r.items("agency")), n+more)
	}
	st := r.state("agency")
	same(t, "held", st.Held, 0)
	same(t, "gaps", st.Gaps, 0)
	same(t, "left out", st.LeftOut.Reason, "more than 2000 items in the document")
}

// TestOfTooManyItemsTheRestComesWithTheSameBytes: a document with more items than are taken at once is read again, though its bytes
// are the same, until it brings nothing.
func TestOfTooManyItemsTheRestComesWithTheSameBytes(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	const n = parse.MaxItems + 30
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<item><guid>g%d</guid><title>Report %d</title></item>", i, i)
	}
	s.Set("/agency", feedtest.Doc(`<rss version="2.0"><channel><title>Agency</title>`+b.String()+"</channel></rss>"))
	r := newHarness(t, s.Source("agency"))
	for i, want := range []int{parse.MaxItems, n, n} {
		r.good()
		same(t, fmt.Sprint("items of visit ", i), len(r.items("agency")), want)
	}
	same(t, "unchanged", r.good().Unchanged, 1)
}
