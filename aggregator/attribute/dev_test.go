package attribute

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// devRow is one marked text of testdata/dev.jsonl: where it is and what is to be found in it. A row with Repository names a
// corpus; the others name theirs.
type devRow struct {
	Kind       string // lead, photo, author, cited, trailer
	Corpus     string
	Repository string
	Commit     string
	Path       string
	Find       string // how to find the text in the file
	SHA256     string // of the text; the name of its file under $DATELINE_DEV
	Language   string
	Source     string // leads of one source are in the source's order
	URL        string // of the page that an author element is on
	Want       devWant
}

type devWant struct {
	// of a lead: dateline, learned (a lone lead cannot prove it), inline (behind a heading), lead (agency only), none
	Class  string `json:"cls"`
	Place  string
	Agency string
	Chain  []string
	Byline []string
	Cited  []string
}

// tally counts, of a class, the rows, those found, those found right, and those where something wrong was found.
type tally struct{ rows, found, right, wrong int }

// TestDev scores the texts of public repositories that were marked before the rules were written, the others those that
// were marked afterwards and before the rules had read them. The texts are not part of the project: testdata/dev.jsonl, held.jsonl and
// the others say where they are.
func TestDev(t *testing.T)    { scoreAnnotated(t, "dev.jsonl") }
func TestHeld(t *testing.T)   { scoreAnnotated(t, "held.jsonl") }
func TestFresh(t *testing.T)  { scoreAnnotated(t, "fresh.jsonl") }
func TestFresh2(t *testing.T) { scoreAnnotated(t, "fresh2.jsonl") }
func TestFresh3(t *testing.T) { scoreAnnotated(t, "fresh3.jsonl") }
func TestHeld3(t *testing.T)  { scoreAnnotated(t, "held3.jsonl") }
func TestHeld5(t *testing.T)  { scoreAnnotated(t, "held5.jsonl") }
func TestHeld6(t *testing.T)  { scoreAnnotated(t, "held6.jsonl") }
func TestHeld7(t *testing.T)  { scoreAnnotated(t, "held7.jsonl") }
func TestHeld8(t *testing.T)  { scoreAnnotated(t, "held8.jsonl") }

func scoreAnnotated(t *testing.T, file string) {
	dir := os.Getenv("DATELINE_DEV")
	if dir == "" {
		t.Skip("DATELINE_DEV is not set: the folder of the texts that testdata/" + file + " names, each in a file called by its SHA-256")
	}
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	score := map[string]*tally{}
	count := func(class string, found, right, wrong bool) {
		n := score[class]
		if n == nil {
			n = new(tally)
			score[class] = n
		}
		n.rows++
		for _, p := range []struct {
			is bool
			n  *int
		}{{found, &n.found}, {right, &n.right}, {wrong, &n.wrong}} {
			if p.is {
				*p.n++
			}
		}
	}
	d := devRun{t: t, r: registry(t), count: count, styles: map[string]news.Style{}}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row devRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if row.Repository != "" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, row.SHA256))
		if err != nil {
			t.Skipf("a text is absent: %v", err)
		}
		d.row(row, string(text))
	}
	var names []string
	for class := range score {
		names = append(names, class)
	}
	sort.Strings(names)
	for _, class := range names {
		n := score[class]
		t.Logf("%-28s found %4d, right %4d of %4d; wrong %d", class, n.found, n.right, n.rows, n.wrong)
	}
}

type devRun struct {
	t     *testing.T
	r     *Registry
	count func(class string, found, right, wrong bool)

	styles map[string]news.Style // by source
}

func (d *devRun) miss(row devRow, text, got string) {
	if want := os.Getenv("DATELINE_DEV_SHOW"); want != "" && strings.HasPrefix(row.Kind+" "+row.Want.Class, want) {
		w, _ := json.Marshal(row.Want)
		d.t.Logf("%s %s %s\n  text %.220q\n  want %s\n  got  %s", row.Kind, row.Language, row.Source, text, w, got)
	}
}

func (d *devRun) row(row devRow, text string) {
	it := &news.Item{Language: row.Language}
	if row.Kind == "author" {
		it.Authors, it.URL = []news.Person{{Name: text}}, row.URL
		text = ""
	}
	c := d.credit(row, it, text)
	switch row.Kind {
	case "lead":
		d.lead(row, text, c)
	case "photo":
		d.photo(row, text, c, "photo")
		if strings.HasPrefix(row.Find, "a caption") && len(row.Want.Chain) > 0 {
			it.Media = []news.Media{{Description: text}}
			d.photo(row, text, d.credit(row, it, ""), "photo described")
		}
	case "author", "trailer":
		d.byline(row, text+authorOf(it), c)
	case "cited":
		d.cited(row, text, c)
	}
}

func (d *devRun) lead(row devRow, text string, c news.Credits) {
	w, got := row.Want, "none"
	place, agency := "", ""
	if c.Dateline != nil {
		place, agency, got = c.Dateline.Place, c.Dateline.Agency, c.Dateline.Raw
	}
	if w.Class == "none" {
		d.count("lead none", place != "", place == "", place != "")
		if place != "" {
			d.miss(row, text, got)
		}
		return
	}
	right := w.Place == "" || same3(place, w.Place)
	if w.Place != "" {
		d.count("lead "+w.Class+" place", place != "", right, place != "" && !right)
	}
	if w.Agency != "" {
		if c.Agency != nil {
			agency = c.Agency.ID()
		}
		ok := d.sameKey(agency, w.Agency)
		d.count("lead "+w.Class+" agency", agency != "", ok, agency != "" && !ok)
		right = right && ok
	}
	if !right {
		d.miss(row, text, got+" | "+agency)
	}
}

// same3 compares places: the region behind a city may be missing.
func same3(got, want string) bool {
	return got == want || got != "" && strings.HasPrefix(want, got+",")
}

// photo scores a caption: as a paragraph of the text, or as the description of a picture that the item names.
func (d *devRun) photo(row devRow, text string, c news.Credits, class string) {
	var got []string
	for _, p := range c.Photos {
		for _, l := range p.Chain {
			got = append(got, l.ID())
		}
	}
	right := slices.EqualFunc(got, row.Want.Chain, d.sameKey)
	of := class
	if len(row.Want.Chain) == 0 {
		of += " none"
	}
	d.count(of, len(got) > 0, right, !right && len(got) > 0)
	for _, g := range got {
		d.count(class+" links", true, slices.ContainsFunc(row.Want.Chain, func(w string) bool { return d.sameKey(g, w) }), false)
	}
	if !right {
		row.Kind = class
		d.miss(row, text, strings.Join(got, " > "))
	}
}

func sameName(a, b string) bool {
	return lex.Fold(norm.NFC.String(a)) == lex.Fold(norm.NFC.String(b))
}

// sameKey compares names of persons and agencies: the marks name an agency by its key or as printed.
func (d *devRun) sameKey(a, b string) bool {
	return sameName(d.key(a), d.key(b))
}

func (d *devRun) key(name string) string {
	if key, ok := d.r.Lookup(name); ok {
		return key
	}
	return name
}

func (d *devRun) byline(row devRow, text string, c news.Credits) {
	var got []string
	for _, p := range c.Byline {
		got = append(got, p.Name)
	}
	right := slices.EqualFunc(got, row.Want.Byline, sameName)
	d.count(row.Kind+" rows", len(got) > 0, right, false)
	for _, w := range row.Want.Byline {
		ok := slices.ContainsFunc(got, func(g string) bool { return sameName(g, w) })
		d.count(row.Kind+" names to find", ok, ok, false)
	}
	for _, g := range got {
		ok := slices.ContainsFunc(row.Want.Byline, func(w string) bool { return sameName(g, w) })
		d.count(row.Kind+" names given", true, ok, !ok)
	}
	agency := ""
	if c.Agency != nil {
		agency = c.Agency.ID()
	}
	if w := row.Want.Agency; w != "" {
		d.count(row.Kind+" agency", agency != "", d.sameKey(agency, w), agency != "" && !d.sameKey(agency, w))
		right = right && d.sameKey(agency, w)
	}
	if !right {
		d.miss(row, text, strings.Join(got, "; ")+" | "+agency)
	}
}

func (d *devRun) cited(row devRow, text string, c news.Credits) {
	list := c.Cited
	if c.Agency != nil {
		list = append(list, *c.Agency)
	}
	all := true
	for _, w := range row.Want.Cited {
		ok := slices.ContainsFunc(list, func(g news.Credit) bool { return d.sameKey(g.ID(), w) || stems(g.Label()) == stems(w) })
		d.count("cited to find", ok, ok, false)
		all = all && ok
	}
	var got []string
	for _, g := range list {
		got = append(got, g.ID())
		ok := slices.ContainsFunc(row.Want.Cited, func(w string) bool { return d.sameKey(g.ID(), w) || stems(g.Label()) == stems(w) })
		d.count("cited given", true, ok, !ok)
		all = all && ok
	}
	d.count("cited rows", len(list) > 0, all, false)
	if !all {
		d.miss(row, text, strings.Join(got, "; "))
	}
}

func authorOf(it *news.Item) string {
	if len(it.Authors) == 0 {
		return ""
	}
	return it.Authors[0].Name
}

func (d *devRun) credit(row devRow, it *news.Item, text string) news.Credits {
	in := Input{Item: it, Text: text}
	if row.Kind == "lead" {
		in.Style = d.styles[row.Source]
	}
	res := d.r.Credit(in)
	if row.Kind == "lead" {
		d.styles[row.Source] = res.Style
	}
	return res.Credits
}
