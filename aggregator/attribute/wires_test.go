package attribute

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// jsonRow is a row of a table of JSON Lines. Only the fields that Want names are compared; null or empty: nothing may be found
// there.
type jsonRow struct {
	ID, Class, Language, Title, Text, Author, Source string
	Publisher, Origin, URL, Rights                   string
	Agency                                           string // of the source
	Media                                            []struct{ Credit, Description string }
	Published                                        time.Time
	A                                                json.RawMessage // a pair of items; another package's
	Want                                             map[string]json.RawMessage
}

// readRows reads a table of JSON Lines.
func readRows(t testing.TB, file string) (rows []jsonRow) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var row jsonRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if row.A == nil {
			rows = append(rows, row)
		}
	}
	if len(rows) < 50 {
		t.Fatalf("%s: %d rows", file, len(rows))
	}
	return rows
}

// creditRows credits the rows, each source's in order, and returns what is wrong with each.
func creditRows(t *testing.T, r *Registry, rows []jsonRow) (wrong []string) {
	styles := map[string]news.Style{}
	for _, row := range rows {
		it := &news.Item{Title: row.Title, Language: row.Language, Published: row.Published, Publisher: row.Publisher,
			URL: row.URL, Rights: row.Rights}
		if row.Author != "" {
			it.Authors = []news.Person{{Name: row.Author}}
		}
		if row.Origin != "" {
			it.Origin = &news.Feed{Title: row.Origin}
		}
		for _, m := range row.Media {
			media := news.Media{Description: m.Description}
			if m.Credit != "" {
				media.Credits = []news.MediaCredit{{Name: m.Credit}}
			}
			it.Media = append(it.Media, media)
		}
		in := Input{Item: it, Text: row.Text, Style: styles[row.Source], Source: news.Source{Agency: row.Agency, Name: row.Agency}}
		res := r.Credit(in)
		check(t, r, in, res)
		if row.Source != "" {
			styles[row.Source] = res.Style
		}
		bad := ""
		for field, want := range row.Want {
			if got := shown(res, field); got != fieldOf(t, want) {
				bad += fmt.Sprintf("%s: %s\nauthor %q\n%s: got %s, want %s\n", row.Class, row.Text, row.Author, field, got,
					fieldOf(t, want))
			}
		}
		wrong = append(wrong, bad)
	}
	return wrong
}

// TestSharedRows runs the rows of the shared table that are no pairs.
func TestSharedRows(t *testing.T) {
	t.Parallel()
	testRows(t, filepath.Join(feedtest.Outside(t), "cases", "attribution-2.jsonl"))
}

// TestWires runs the composed table of the forms of the world's wires.
func TestWires(t *testing.T) {
	t.Parallel()
	testRows(t, filepath.Join("testdata", "wires.jsonl"))
}

func testRows(t *testing.T, file string) {
	rows := readRows(t, file)
	wrong := creditRows(t, registry(t), rows)
	for i, row := range rows {
		t.Run(row.ID, func(t *testing.T) {
			if wrong[i] != "" {
				t.Error(wrong[i])
			}
		})
	}
}

// TestEveryRuleMatters leaves out one rule of the table after the other: at least one row of the composed tables must turn red.
func TestEveryRuleMatters(t *testing.T) {
	t.Parallel()
	forms := readTable(t, filepath.Join("testdata", "forms.tsv"))
	rows := readRows(t, filepath.Join("testdata", "wires.jsonl"))
	table := Rules()
	for i, rule := range table {
		t.Run(fmt.Sprint(i, " ", rule.Name), func(t *testing.T) {
			t.Parallel()
			r, err := New(nil, slices.Delete(slices.Clone(table), i, i+1))
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range forms {
				if misses(w, credit(r, w)) != nil {
					return
				}
			}
			for _, wrong := range creditRows(t, r, rows) {
				if wrong != "" {
					return
				}
			}
			t.Error("no row turns red without the rule")
		})
	}
}

// fieldOf brings a wanted value in the form of shown: its leaves as text, parted by bars.
func fieldOf(t testing.TB, want json.RawMessage) string {
	var v any
	if err := json.Unmarshal(want, &v); err != nil {
		t.Fatal(err)
	}
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		var list []string
		for _, e := range v {
			list = append(list, fmt.Sprint(e))
		}
		return strings.Join(list, "|")
	case map[string]any:
		day := ""
		if v["month"] != nil {
			day = fmt.Sprintf("%v-%v", v["month"], v["day"])
		}
		return fmt.Sprintf("%v %s (%v)", v["place"], day, v["agency"])
	}
	return fmt.Sprint(v)
}

// shown returns a field of what was found, its leaves as text, parted by bars.
func shown(res Result, field string) string {
	c := res.Credits
	switch field {
	case "lead":
		return res.Lead
	case "agency":
		if c.Agency != nil {
			return c.Agency.ID()
		}
	case "dateline":
		if d := c.Dateline; d != nil {
			day := ""
			if d.Month != 0 {
				day = fmt.Sprintf("%d-%d", d.Month, d.Day)
			}
			if d.Place == "" && day == "" {
				return "" // an agency alone
			}
			return fmt.Sprintf("%s %s (%s)", d.Place, day, d.Agency)
		}
	case "byline":
		return join(c.Byline, "|", news.Credit.Label)
	case "joint":
		return join(c.Joint, "|", news.Credit.ID)
	case "cited":
		return join(c.Cited, "|", news.Credit.ID)
	case "marker":
		return c.Marker
	case "photo_chain":
		var all []news.Credit
		for _, p := range c.Photos {
			all = append(all, p.Chain...)
		}
		return join(all, "|", news.Credit.ID)
	case "photo_line":
		var all []string
		for _, p := range c.Photos {
			all = append(all, p.Line)
		}
		return strings.Join(all, "|")
	}
	return ""
}
