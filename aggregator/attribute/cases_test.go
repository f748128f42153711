package attribute

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// row is one line of a case table. An empty cell means that nothing may be found there.
type row map[string]string

// readTable reads a case table: tab-separated, the first line names the columns, `\n` is a line break.
func readTable(t testing.TB, file string) []row {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	head := strings.Split(lines[0], "\t")
	var rows []row
	for _, line := range lines[1:] {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := row{}
		for i, cell := range strings.Split(line, "\t") {
			if i >= len(head) {
				t.Fatalf("%s: more cells than columns: %q", file, line)
			}
			m[head[i]] = strings.ReplaceAll(cell, `\n`, "\n")
		}
		rows = append(rows, m)
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no row", file)
	}
	return rows
}

// found puts a result in the columns of a case table.
func found(res Result) row {
	c := res.Credits
	m := row{"marker": c.Marker}
	if c.Agency != nil {
		m["agency"] = c.Agency.ID()
	}
	if d := c.Dateline; d != nil {
		m["place"] = d.Place
		for k, v := range map[string]int{"month": d.Month, "day": d.Day, "year": d.Year} {
			if v != 0 {
				m[k] = strconv.Itoa(v)
			}
		}
	}
	m["byline"] = join(c.Byline, "; ", news.Credit.Label)
	var captions, chains []string
	for _, p := range c.Photos {
		if p.Caption != "" {
			captions = append(captions, p.Caption)
		}
		chains = append(chains, join(p.Chain, " > ", news.Credit.ID))
	}
	m["caption"] = strings.Join(captions, "; ")
	m["credit_chain"] = strings.Join(chains, " | ")
	m["cited"] = join(c.Cited, "; ", news.Credit.ID)
	return m
}

func join(list []news.Credit, sep string, name func(news.Credit) string) string {
	var s []string
	for _, c := range list {
		s = append(s, name(c))
	}
	return strings.Join(s, sep)
}

// stems reduces names to the first five letters of each word, since tables give nominatives and texts other cases.
func stems(s string) string {
	var list []string
	for name := range strings.SplitSeq(s, ";") {
		words := strings.Fields(lex.Fold(name))
		for i, w := range words {
			if r := []rune(w); len(r) > 5 {
				words[i] = string(r[:5])
			}
		}
		list = append(list, strings.Join(words, " "))
	}
	sort.Strings(list)
	return strings.Join(list, ";")
}

var fields = []string{"place", "month", "day", "year", "agency", "byline", "caption", "credit_chain", "cited", "marker"}

// misses returns the columns in which a result differs from a row.
func misses(want row, res Result) []string {
	got := found(res)
	var list []string
	for _, f := range fields {
		w, g := want[f], got[f]
		if f == "cited" {
			w, g = stems(w), stems(g)
		}
		if w != g {
			list = append(list, fmt.Sprintf("%s: got %q, want %q", f, got[f], want[f]))
		}
	}
	if w := want["lead_starts"]; w != "" && !strings.HasPrefix(res.Lead, w) {
		list = append(list, fmt.Sprintf("lead: got %.60q, want %q", res.Lead, w))
	}
	if w := want["lead"]; w != "" && res.Lead != w {
		list = append(list, fmt.Sprintf("lead: got %q, want %q", res.Lead, w))
	}
	return list
}

func credit(r *Registry, w row) Result {
	it := &news.Item{Language: w["lang"], Title: w["title"]}
	return r.Credit(Input{Item: it, Text: w["input"]})
}

// score counts, per column, what was found rightly, found, and to be found.
type score map[string]*[3]int

func (s score) add(want row, res Result) {
	got := found(res)
	for _, f := range fields {
		n := s[f]
		if n == nil {
			n = new([3]int)
			s[f] = n
		}
		w, g := want[f], got[f]
		if f == "cited" {
			w, g = stems(w), stems(g)
		}
		if g != "" {
			n[1]++
		}
		if w != "" {
			n[2]++
		}
		if w != "" && w == g {
			n[0]++
		}
	}
}

func (s score) log(t *testing.T) {
	for _, f := range fields {
		n := s[f]
		t.Logf("%-13s right %3d  found %3d  to find %3d  precision %.3f  recall %.3f", f, n[0], n[1], n[2], ratio(n[0], n[1]),
			ratio(n[0], n[2]))
	}
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func registry(t testing.TB) *Registry {
	t.Helper()
	r, err := New(nil, Rules())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSharedCases runs the shared table: datelines and negatives must be exact, of the rest 95 in a hundred.
func TestSharedCases(t *testing.T) {
	file := filepath.Join(feedtest.Outside(t), "cases", "attribution.tsv")
	rows := readTable(t, file)
	r := registry(t)
	s := score{}
	rest, exact := 0, 0
	for _, w := range rows {
		t.Run(w["id"], func(t *testing.T) {
			res := credit(r, w)
			s.add(w, res)
			bad := misses(w, res)
			if w["kind"] == "dateline" || w["kind"] == "negative" {
				if bad != nil {
					t.Errorf("%s\n%s", w["input"], strings.Join(bad, "\n"))
				}
				return
			}
			rest++
			if bad == nil {
				exact++
				return
			}
			t.Logf("not exact: %s\n%s", w["input"], strings.Join(bad, "\n"))
		})
	}
	s.log(t)
	t.Logf("besides datelines and negatives: %d of %d rows exact", exact, rest)
	if exact*100 < rest*95 {
		t.Errorf("%d of %d rows exact, want 95 in a hundred", exact, rest)
	}
}

// TestForms runs the composed table, every row exact.
func TestForms(t *testing.T) {
	rows := readTable(t, filepath.Join("testdata", "forms.tsv"))
	if len(rows) < 200 {
		t.Fatalf("%d rows, want 200", len(rows))
	}
	r := registry(t)
	s := score{}
	for _, w := range rows {
		t.Run(w["id"], func(t *testing.T) {
			res := credit(r, w)
			s.add(w, res)
			if bad := misses(w, res); bad != nil {
				t.Errorf("%s\n%s", w["input"], strings.Join(bad, "\n"))
			}
		})
	}
	s.log(t)
}
