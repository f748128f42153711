package aggregator_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// pairItem is one of two items that are compared.
type pairItem struct {
	SHA256    string // of a text outside the project; empty: Title, Text and the rest are given
	Source    string
	Language  string
	Title     string
	Text      string
	Published string
}

// feed returns the item as it is printed in a feed.
func (p pairItem) feed(id string) feedtest.Item {
	it := feedtest.Item{GUID: id, Link: "https://" + id + ".example/1", Title: p.Title, Description: html.EscapeString(p.Text)}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(form, p.Published); err == nil {
			it.PubDate = at.Format(time.RFC1123Z)
		}
	}
	return it
}

// read fills in what the text outside the project says: language, date and title, a line each, then the text, of which it takes so
// many words; 0: all.
func (p pairItem) read(dir string, words int) (pairItem, error) {
	b, err := os.ReadFile(filepath.Join(dir, p.SHA256))
	if err != nil {
		return p, err
	}
	lines := strings.SplitN(string(b), "\n", 4)
	p.Language, p.Published, p.Title, p.Text = lines[0], lines[1], lines[2], lines[3]
	if all := strings.Fields(p.Text); words > 0 && words < len(all) {
		p.Text = strings.Join(all[:words], " ")
	}
	return p, nil
}

// joined takes two items of two sources in one pass and returns them as they are stored, the one that came first before the other.
func joined(t *testing.T, a, b pairItem) (one, two news.Item, r *harness) {
	t.Helper()
	s := feedtest.NewServer(t)
	s.Set("/s1", page("s1", a.feed("s1")))
	s.Set("/s2", page("s2", b.feed("s2")))
	first, second := s.Source("s1"), s.Source("s2")
	first.Language, second.Language = a.Language, b.Language
	r = newHarness(t, first, second)
	r.good("s1")
	r.good("s2")
	return r.items("s1")[0], r.items("s2")[0], r
}

// whyNot says what speaks against two items that were not joined.
func whyNot(t *testing.T, r *harness, a, b news.Item) string {
	t.Helper()
	var j *news.Join
	r.view(func(v store.View) (err error) {
		j, err = dedup.Compare(v, a, b, news.Thresholds{})
		return err
	})
	return grounded(j)
}

// grounded says in one line what a comparison found.
func grounded(j *news.Join) string {
	out := fmt.Sprintf("%s %s %.2f shared %d title %.2f", j.Level, j.Rule, j.Score, j.Shared, j.Title)
	for _, g := range j.Guards {
		if !g.Passed {
			out += "; " + g.Name + ": " + g.Detail
		}
	}
	return out
}

// TestSharedPairs joins the pairs of the shared table that are one text, and no others.
func TestSharedPairs(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join(feedtest.Outside(t), "cases", "attribution-2.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	pairs := 0
	for lines.Scan() {
		var row struct {
			ID, Class string
			A, B      *pairItem
			Want      struct{ Relation string }
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if row.A == nil || row.B == nil {
			continue
		}
		pairs++
		t.Run(row.Class+" "+row.ID, func(t *testing.T) {
			t.Parallel()
			for _, order := range [][2]*pairItem{{row.A, row.B}, {row.B, row.A}} {
				a, b, r := joined(t, *order[0], *order[1])
				if is, want := a.Entry == b.Entry, strings.HasPrefix(row.Want.Relation, "same text"); is != want {
					t.Errorf("one entry: %v, want %v: %s", is, want, whyNot(t, r, a, b))
				}
			}
		})
	}
	if pairs == 0 {
		t.Error("the table has no pairs")
	}
}

// pairRow is a row of testdata/pairs.jsonl: two texts of public repositories, labelled by a reader before the rules had read them. A row
// with Repository names the repository that the paths are in.
type pairRow struct {
	Repository string
	N          int
	Set        string // dev; seen: held back once, and looked at since; held: never looked at to mend a rule
	Language   string
	A, B       pairItem
	Label      string // same: one text; apart: two reports; near: either may be right
	Lead       string // the same of the first fifty words
}

// pairScore counts pairs of a class: those that are one text and were found, those that are two and were joined.
type pairScore struct{ same, found, apart, wrong, near, joined int }

func (s *pairScore) add(label string, joined bool) {
	n := map[bool]int{true: 1}[joined]
	switch label {
	case "same":
		s.same, s.found = s.same+1, s.found+n
	case "apart":
		s.apart, s.wrong = s.apart+1, s.wrong+n
	default:
		s.near, s.joined = s.near+1, s.joined+n
	}
}

func (s *pairScore) String() string {
	return fmt.Sprintf("found %d of %d, wrong %d of %d, either %d of %d", s.found, s.same, s.wrong, s.apart, s.joined, s.near)
}

// TestLabelledPairs scores the joins of texts that are no part of the project: testdata/pairs.jsonl says where they are. Each pair is in
// a store by itself, whole and as leads of fifty words. Of those that were joined at a level, the score of that level has the labels.
func TestLabelledPairs(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("DATELINE_PAIRS")
	if dir == "" {
		t.Skip("DATELINE_PAIRS is not set: the folder of the texts that testdata/pairs.jsonl names, each in a file called by its SHA-256")
	}
	only, show := os.Getenv("DATELINE_PAIRS_ONLY"), os.Getenv("DATELINE_PAIRS_SHOW")
	var mu sync.Mutex
	scores := map[string]*pairScore{}
	var names []string
	t.Run("pairs", func(t *testing.T) {
		for _, row := range readPairs(t, "pairs.jsonl") {
			for _, view := range []struct {
				name, label string
				words       int
			}{{"whole", row.Label, 0}, {"leads", row.Lead, 50}} {
				class := row.Set + " " + view.name
				if !strings.HasPrefix(class, only) {
					continue
				}
				t.Run(fmt.Sprint(class, row.N), func(t *testing.T) {
					t.Parallel()
					a, err := row.A.read(dir, view.words)
					if err != nil {
						t.Skipf("a text is absent: %v", err)
					}
					b, err := row.B.read(dir, view.words)
					if err != nil {
						t.Skipf("a text is absent: %v", err)
					}
					one, two, r := joined(t, a, b)
					is := one.Entry == two.Entry
					mu.Lock()
					defer mu.Unlock()
					classes := []string{class, class + " " + row.Language}
					if j := cmp.Or(two.Join, one.Join); is && j != nil {
						classes = append(classes, class+" "+j.Level)
					}
					for _, c := range classes {
						if scores[c] == nil {
							scores[c], names = &pairScore{}, append(names, c)
						}
						scores[c].add(view.label, is)
					}
					if show == view.label && row.Set != "held" && is == (show != "same") {
						t.Logf("%s\n  %q\n  %.300q\n  %q\n  %.300q", whyNot(t, r, one, two), a.Title, one.Lead, b.Title, two.Lead)
					}
				})
			}
		}
	})
	slices.Sort(names)
	for _, n := range names {
		t.Logf("%-16s %s", n, scores[n])
	}
}

func readPairs(t *testing.T, file string) (rows []pairRow) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row pairRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if row.Repository == "" {
			rows = append(rows, row)
		}
	}
	return rows
}
