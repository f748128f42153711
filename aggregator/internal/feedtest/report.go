package feedtest

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// Column is one kind of fault.
type Column int

// The columns.
const (
	Unconditional Column = iota // no condition, though the last good answer brought a validator
	SinceMissing                // If-None-Match alone, though there is a Last-Modified (FRB014)
	SinceStale                  // If-Modified-Since out of sequence: not of the last good answer (FRB001)
	SinceBogus                  // If-Modified-Since that this address never sent (FRB012)
	MatchMissing                // If-Modified-Since alone, though there is an ETag (FRB014)
	MatchStale                  // If-None-Match out of sequence (FRB003)
	MatchBogus                  // If-None-Match that this address never sent (FRB013)
	Cookie                      // a cookie
	Referer                     // a Referer
	Query                       // a query that the address does not have
	Every                       // sooner than the operator's own interval
	Fresh                       // sooner than max-age or Expires allow (FRB022)
	Hint                        // sooner than ttl allows, or in skipHours or skipDays (FRB024)
	RetryAfter                  // sooner than Retry-After allows (FRB020)
	SlowDown                    // no slower after a 429 or 503 that names no time (FRB021)
	BackOff                     // no slower after three failures in a row (FRB110)
	Rest                        // no slower for a feed that rarely changes (FRB023)
	Moved                       // asked though long moved for good (FRB130)
	Start                       // too soon by any measure, within a minute of a start (FRB037)
	Gone                        // asked after 410 (FRB114)
	Crowd                       // asked while an answer of the same host was under way (FRB033)
	Gap                         // sooner after the last answer of the same host than Publisher.Gap
	Method                      // not GET (FRB051)
	Agent                       // a User-Agent that does not say who asks and where to complain
	Coding                      // Accept-Encoding without gzip
	Accept                      // Accept that names no feed
	Stranger                    // an address that was published nowhere
	Robots                      // a page without or against robots.txt, or that asked for twice a day
	Again                       // a page after its last word, or more than three times
	Often                       // more than PagesAMinute pages of a host in a minute
	columns
)

var columnNames = [columns]string{
	"uncond", "ims-miss", "ims-oos", "ims-bogus", "inm-miss", "inm-oos", "inm-bogus", "cookie", "referer",
	"query", "every", "fresh", "hint", "retry", "slow", "backoff", "rest", "moved",
	"start", "gone", "crowd", "gap", "method", "agent", "coding", "accept", "stranger", "robots", "again", "often",
}

func (c Column) String() string { return columnNames[c] }

// Row is what one address saw.
type Row struct {
	Name        string
	Requests    int          // that a reader made
	NotModified int          // answered 304
	First       int          // without a condition, there being none
	SinceGood   int          // If-Modified-Since as last sent
	MatchGood   int          // If-None-Match as last sent
	Faults      [columns]int // by kind
	Why         []string     // the first faults, in words
}

// Report is the books of a publisher.
type Report []Row

// Sum adds the rows up.
func (r Report) Sum() Row {
	sum := Row{Name: "all"}
	for _, row := range r {
		sum.Requests += row.Requests
		sum.NotModified += row.NotModified
		sum.First += row.First
		sum.SinceGood += row.SinceGood
		sum.MatchGood += row.MatchGood
		for c, n := range row.Faults {
			sum.Faults[c] += n
		}
		sum.Why = append(sum.Why, row.Why...)
	}
	return sum
}

// Marked returns the columns that hold a mark.
func (r Report) Marked() (marked []Column) {
	for c, n := range r.Sum().Faults {
		if n > 0 {
			marked = append(marked, Column(c))
		}
	}
	return marked
}

// String returns the report as a table, a line for each address and one for all.
func (r Report) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 1, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "address\trequests\t304\tfirst\tims-good\tinm-good\t%s\t\n", strings.Join(columnNames[:], "\t"))
	for _, row := range append(slices.Clone(r), r.Sum()) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t", row.Name, row.Requests, row.NotModified, row.First, row.SinceGood, row.MatchGood)
		for _, n := range row.Faults {
			fmt.Fprintf(w, "%d\t", n)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	return b.String()
}
