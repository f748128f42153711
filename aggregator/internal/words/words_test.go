package words

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// old are words that were given up for the ones of the field.
var old = wordSet(`
absorb agenda announce announced appoint appointment board chain claim claimday claimed claims compose composer cross crossed dam
deserted desk desks detach draft fair flight flights fly founder founders happen heir heirs hold holding holds hop hops journey
likest linger lone mark marked marks mend mender mentioning noes piece pieces print prints record records remembered rendition
retract reunite room rooms seams settle shelf sieve sift sight sighted sighting sightings slot slots tail tails tell telling tellings
told tongue trade unborn unite upkeep upkept wholeness wire
`)

// allowed are the places where one of them is the right word.
var allowed = []struct {
	words string
	file  string // as in [path.Match]
	name  string // regular expression of the whole identifier
	why   string
}{
	{"chain", "*/*/*.go", "Chain", "of a photo credit, as in the JSON"},
	{"chain", "aggregator/attribute/*.go", ".*[cC]hain.*", "of a photo credit, as in the JSON"},
	{"desk", "aggregator/attribute/agency/places.go", "Desk|desk", "of a newsroom, printed in the place's stead"},
	{"desk", "aggregator/attribute/place.go", "desk", "of a newsroom, printed in the place's stead"},
	{"mark marks", "aggregator/attribute/*.go", ".*[mM]arks?|[mM]arks?(Bracket|Frame|Word|Ending)|ruleMark.*",
		"update mark, kill mark: the trade's words"},
	{"told", "aggregator/attribute/*.go", "ruleTold|told|toldBy", "told TASS: the verb itself"},
	{"chain", "aggregator/fetch/*.go", "redirectChain", "the field's word"},
	{"chain", "aggregator/publish/media_test.go", "chain", "of a photo credit"},
	{"chain", "aggregator/publish/feed/*.go", "Chain", "of a photo credit"},
	{"chain", "aggregator/dedup/order_test.go", "TestJoinsDoNotChain", "the field's word"},
	{"hold", "aggregator/entries/held.go", "hold.*", "store without publishing"},
	{"hold", "aggregator/dedup/decide.go", "Hold", "store without publishing"},
	{"hop hops", "cmd/dateline/access.go", "hop.*", "of a chain of proxies"},
	{"mark", "aggregator/parse/encoding.go", "mark", "byte order mark"},
	{"mark", "aggregator/platform/windows.go", "asideMark", "a suffix of file names"},
	{"mark", "aggregator/publish/page/*.go", "Mark|mark", "the HTML element"},
	{"mark", "aggregator/publish/view/notice.go", "mark", "a correction as printed"},
	{"mark", "aggregator/publish/formats_test.go", "mark", "a word that must not go out"},
	{"print", "cmd/dateline/*.go", "print.*|configPrint", "writes"},
	{"print", "aggregator/config/*.go", "print", "config print"},
	{"record", "aggregator/news/entry.go", "LogRecord|Record(New|Updated|Withdrawn|Restored|Merged)", "of the log"},
	{"record records", "store/*.go", "LogRecord|logRecord|Records|records", "of the log"},
	{"records", "aggregator/publish/*.go", "Records|records", "of the log"},
	{"records", "aggregator/search/*.go", "Records|records", "of the log"},
	{"tellings", "aggregator/search/*.go", "Tellings|TestTellings", "a field of queries, as people type it"},
	{"marked", "aggregator/internal/feedtest/report.go", "Marked|marked", "with the marks of a school"},
	{"marked", "aggregator/polite_mutants_test.go", "marked", "with the marks of a school"},
	{"wire", "cmd/dateline/demo/config.go", "Wire", "the composed wire; a template names it"},
	{"wire", "aggregator/publish/*.go", "TestWirePage", "the product's word"},
	{"wire", "aggregator/publish/page/*.go", "Wire|wireView", "the product's word"},
}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}

func isAllowed(n Name) bool {
	for _, a := range allowed {
		fits, err := path.Match(a.file, n.File)
		if err != nil {
			panic(err)
		}
		if fits && wordSet(a.words)[n.Word] && regexp.MustCompile("^(?:"+a.name+")$").MatchString(n.Name) {
			return true
		}
	}
	return false
}

// TestNoOldNames: no declaration and no file of the tree has a name with an old word. A new place where the word is right
// goes into the table above.
func TestNoOldNames(t *testing.T) {
	t.Parallel()
	all, err := Find(os.DirFS("../../.."), old)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, n := range all {
		if !isAllowed(n) {
			count++
			t.Errorf("%s:%d: %s %s (in %s): %q was given up", n.File, n.Line, n.Kind, n.Name, n.In, n.Word)
		}
	}
	if count > 0 {
		t.Errorf("%d old names", count)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{
		"a/mender_test.go": {Data: []byte(`package a

import mend "x"

type Mend[mendT any] struct {
	mendField int
	f func(mendArg int) (mendResult int)
}

type MendIface interface{ MendAll() }

const mendConst, ok = 1, mendless

func (mendRecv *Mend[T]) Walk(mendParam int) {
	mendLocal, y := 1, 2
	for mendKey, mendValue := range x {
	}
	var mendVar struct{ mendInner int }
mendLabel:
	func(mendClosure int) {}(mendUse)
}
`)},
		"a/testdata/mend.go": {Data: []byte("no Go")},
		"mend.txt":           {Data: []byte("no Go")},
	}
	all, err := Find(tree, wordSet("mend mender"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range all {
		got = append(got, strings.Trim(n.Kind+" "+n.In+" "+n.Name, " "))
	}
	want := []string{
		"file  mender", "package  mend", "type  Mend", "param Mend mendT", "field Mend mendField", "param Mend mendArg", "param Mend mendResult",
		"type  MendIface", "method MendIface MendAll", "const  mendConst", "param Mend.Walk mendRecv", "param Mend.Walk mendParam",
		"local Mend.Walk mendLocal", "local Mend.Walk mendKey", "local Mend.Walk mendValue", "local Mend.Walk mendVar",
		"field Mend.Walk mendInner", "label Mend.Walk mendLabel", "param Mend.Walk mendClosure",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for ident, want := range map[string]string{
		"wire": "wire", "newWire": "new wire", "HTTPClient": "http client", "fetchHTTP": "fetch http", "aB2c_D": "a b c d",
		"Dateline": "dateline",
		"_":        "", "ÄÖ": "äö", "wireÄ": "wire ä",
	} {
		if got := strings.Join(Split(ident), " "); got != want {
			t.Errorf("%s: %q, want %q", ident, got, want)
		}
	}
}
