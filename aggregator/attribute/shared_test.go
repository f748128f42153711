package attribute

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// jsonRow is a row of the shared table of JSON Lines. Only the fields that Want names are compared; null or empty: nothing may be
// found there.
type jsonRow struct {
	ID, Class, Language, Title, Text, Author, Source string
	Published                                        time.Time
	A                                                json.RawMessage // a pair of items; another package's
	Want                                             map[string]json.RawMessage
}

// TestSharedRows runs the rows of the shared table that are no pairs, each source's rows in order.
func TestSharedRows(t *testing.T) {
	f, err := os.Open(filepath.Join(feedtest.Outside(t), "cases", "attribution-2.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := registry(t)
	styles := map[string]news.Style{}
	lines := bufio.NewScanner(f)
	n := 0
	for lines.Scan() {
		var row jsonRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if row.A != nil {
			continue
		}
		n++
		it := &news.Item{Title: row.Title, Language: row.Language, Published: row.Published}
		if row.Author != "" {
			it.Authors = []news.Person{{Name: row.Author}}
		}
		res := r.Credit(Input{Item: it, Text: row.Text, Style: styles[row.Source]})
		if row.Source != "" {
			styles[row.Source] = res.Style
		}
		t.Run(row.ID, func(t *testing.T) {
			for field, want := range row.Want {
				if got := shown(res.Credits, field); got != fieldOf(t, want) {
					t.Errorf("%s: %s\nauthor %q\n%s: got %s, want %s", row.Class, row.Text, row.Author, field, got, fieldOf(t, want))
				}
			}
		})
	}
	if n < 50 {
		t.Errorf("%d rows", n)
	}
}

// fieldOf brings a wanted value in the form of shown: its leaves as text, parted by bars.
func fieldOf(t *testing.T, want json.RawMessage) string {
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

func shown(c news.Credits, field string) string {
	switch field {
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
