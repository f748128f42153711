package search_test

import (
	"fmt"

	"dateline/aggregator/search"
)

// A query is words in any form, words in a row, conditions on credits, and what must not be there.
func ExampleParse() {
	q, err := search.Parse(`talks "foreign minister" agency:tass since:2026-11-24 -football`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range q.Terms {
		fmt.Printf("not %-5t field %-8q words %q\n", t.Not, t.Field, t.Words)
	}
	fmt.Println("since", q.Since.Format("2 January 2006"))

	_, err = search.Parse("-football")
	fmt.Println(err)
	// Output:
	// not false field ""       words ["talks"]
	// not false field ""       words ["foreign" "minister"]
	// not false field "agency" words ["tass"]
	// not true  field ""       words ["football"]
	// since 24 November 2026
	// bad query: “-football”: no word to look for but small ones and what must not be there
}
