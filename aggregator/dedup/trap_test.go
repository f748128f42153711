package dedup

import (
	_ "embed"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

//go:embed testdata/traps.txt
var trapsText string

// trap is a pair of reports as two agencies print them: same says whether they are one text.
type trap struct {
	fact         string
	same         bool
	hoursBetween int
	title1, one  string
	title2, two  string
}

// traps reads testdata/traps.txt, whose head says how it is written.
func traps(t *testing.T) (all []trap) {
	t.Helper()
	for block := range strings.SplitSeq(strings.TrimSpace(trapsText), "\n\n") {
		lines := strings.Split(block, "\n")
		if strings.HasPrefix(lines[0], "#") {
			continue
		}
		head := strings.Split(lines[0], " | ")
		if len(head) != 3 || len(lines) != 5 {
			t.Fatalf("a pair of %d lines: %s", len(lines), lines[0])
		}
		for i, l := range lines {
			if l == "-" {
				lines[i] = ""
			}
		}
		hours, err := strconv.Atoi(head[2])
		if err != nil || head[1] != "one" && head[1] != "two" {
			t.Fatalf("%s: %v", lines[0], err)
		}
		all = append(all, trap{head[0], head[1] == "one", hours, lines[1], lines[2], lines[3], lines[4]})
	}
	if len(all) < 40 {
		t.Fatalf("%d pairs", len(all))
	}
	return all
}

// TestTraps: what reads alike and is two reports stays apart; what is one text in two spellings is found.
func TestTraps(t *testing.T) {
	t.Parallel()
	for _, c := range traps(t) {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			for _, order := range [][2]int{{0, 1}, {1, 0}} {
				s := newStored(t)
				said := [2]news.Item{textItem("alpha", 1, c.title1, c.one, eight),
					textItem("bravo", 2, c.title2, c.two, eight.Add(time.Duration(c.hoursBetween)*time.Hour))}
				s.add(said[order[0]])
				if m := s.add(said[order[1]]); (m.Join != nil) != c.same {
					t.Errorf("in the order %v: joined %v, want %v: %+v", order, m.Join != nil, c.same, s.compare(said[order[0]], said[order[1]]))
				}
			}
		})
	}
}

// twoReports are pairs that share a statement, or a background, and nothing else.
var twoReports = []struct{ fact, title1, one, title2, two string }{
	{"a statement quoted in two reports", "Premier comments on the resignation of minister Hale",
		"Foreign Minister Robert Hale has resigned, the Chronicle writes. \"This afternoon the prime minister accepted the resignation of " +
			"Robert Hale. The name of the successor will be announced shortly. " +
			"The prime minister thanks Robert for his work\", a statement says.",
		"Minister Hale resigns, reason given", "The head of the ministry left after a quarrel about the port, his office told reporters. " +
			"\"This afternoon the prime minister accepted the resignation of Robert Hale. " +
			"The name of the successor will be announced shortly. The prime minister thanks Robert for his work\", it added."},
	{"a background under two events", "Captain Brenner walks out of jail, lawyer says",
		"Last week's ruling of the court set off protests by followers of the Dawn party, who blocked the roads between Ozerny and the " +
			"harbour. The protests ended after three days.",
		"Neighbours refuse asylum for Brenner", "Last week's ruling of the court set off protests by followers of the Dawn party, who blocked " +
			"the roads between Ozerny and the harbour. The protests ended after three days."},
	{"a background behind two leads", "Strike halts trains in the north",
		"Trains stand still from Karsk to the sea since dawn because guards and drivers demand higher wages and a shorter week. Talks are set " +
			"for Friday. " +
			"The union called the last strike in spring. It lasted for two days and cost the railway a fifth of its monthly takings, and the " +
			"ministry of transport paid for buses.",
		"Strike halts trains, buses crowded", "Commuters waited for up to an hour at bus stops in Karsk this morning while stations were shut " +
			"by pickets with drums and banners. Schools opened late. " +
			"The union called the last strike in spring. It lasted for two days and cost the railway a fifth of its monthly takings, and the " +
			"ministry of transport paid for buses."},
}

// TestSharedStatementIsNoText: neither a quotation nor a background that two reports share makes them one.
func TestSharedStatementIsNoText(t *testing.T) {
	t.Parallel()
	for _, c := range twoReports {
		a, b := textItem("alpha", 1, c.title1, c.one, eight), textItem("bravo", 2, c.title2, c.two, eight.Add(time.Hour))
		for _, pair := range [][2]news.Item{{a, b}, {b, a}} {
			s := newStored(t)
			s.add(pair[0])
			if m := s.add(pair[1]); m.Join != nil {
				t.Errorf("%s: %+v", c.fact, m.Join)
			}
		}
	}
}
