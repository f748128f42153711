package aggregator_test

import (
	"fmt"
	"html"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// TestSimulation lets everything happen to one wire that may: sources that carry, edit, cut, correct, kill, re-date, rename and
// forget each other's reports, editors, restarts, other configs, pruning and compaction; and after every step compares what is
// stored and published with what a plain reader of the wire would expect. A run in which too little was joined or withdrawn
// to show anything goes on until there was.
func TestSimulation(t *testing.T) {
	t.Parallel()
	seeds := scale(1, 2, 40)
	if os.Getenv("DATELINE_SEED") != "" {
		seeds = 1
	}
	for given := range seeds {
		t.Run(fmt.Sprint(given), func(t *testing.T) {
			t.Parallel()
			n := feedtest.Seed(t, uint64(given))
			bubbleAt(t, morning, func(t *testing.T) {
				w := newSimulation(t, n)
				w.play(scale(40, 60, 100))
				for more := 0; !w.worthwhile() && more < 20; more++ {
					w.play(20)
				}
				w.followed(t)
				w.t.Logf("after %d steps %d items, log position %d, apart %d, %v", w.steps, len(w.items("")), w.head, len(w.apart)/2, w.did)
				if !w.worthwhile() {
					t.Errorf("nothing was joined, or nothing withdrawn, in %d steps", w.steps)
				}
			})
		})
	}
}

// TestSameSeedSameSimulation: a seed makes the same run every time, to the byte.
func TestSameSeedSameSimulation(t *testing.T) {
	t.Parallel()
	n := feedtest.Seed(t, 1)
	run := func() (did []string, feed string) {
		bubbleAt(t, morning, func(t *testing.T) {
			w := newSimulation(t, n)
			for range scale(20, 40, 60) {
				did = append(did, w.step())
				w.check(false)
			}
			feed = string(w.atom())
		})
		return did, feed
	}
	did, feed := run()
	again, feedAgain := run()
	if d := cmp.Diff(did, again); d != "" {
		t.Errorf("other steps:\n%s", d)
	}
	if d := cmp.Diff(feed, feedAgain); d != "" {
		t.Errorf("another feed:\n%s", d)
	}
}

// play makes n steps and checks what came of each, every eighth time and at the end in every document.
func (w *simulation) play(n int) {
	w.t.Helper()
	for i := range n {
		done := w.step()
		w.check(i%8 == 0 || i == n-1)
		if w.t.Failed() {
			w.t.Fatalf("step %d: %s", w.steps, done)
		}
	}
}

// expectation is a report as one source words it.
type expectation struct {
	feedtest.Item
	word   string // a word of the title that no other item has
	secret string // a word of the text that no other item has, and no other revision
}

// bureau is a source of the wire.
type bureau struct {
	news.Source
	shown   []*expectation // the newest first
	gone    []*expectation // have left its document
	deleted []string
	listed  bool // it is configured
}

// simulation is the world around the engine, and what is to be expected of it.
type simulation struct {
	*harness
	s       *feedtest.Server
	r       *rand.Rand
	bureaus []*bureau
	steps   int
	words   int // that were coined
	did     map[string]int

	secrets   map[string][]string     // by mark
	tagged    map[string]news.Key     // the item that has a mark
	report    map[string]int          // by mark
	apart     map[[2]news.Key]bool    // items that an editor set apart
	withdrawn map[news.Key]bool       // items that an editor took back
	ids       map[string]news.Key     // atom:ids that were published
	head      uint64                  // of the log after the last step
	entries   map[news.Key]news.Entry // after the last step
}

// bureauCount is how many sources the wire has: the first of them gives Atom, the last joins later.
const bureauCount = 5

func newSimulation(t *testing.T, seed uint64) *simulation {
	w := &simulation{s: feedtest.NewHost("https://wire.example"), r: rand.New(rand.NewPCG(seed, 1)), did: map[string]int{},
		secrets: map[string][]string{}, tagged: map[string]news.Key{}, report: map[string]int{},
		apart: map[[2]news.Key]bool{}, withdrawn: map[news.Key]bool{}, ids: map[string]news.Key{}}
	for i := range bureauCount {
		b := &bureau{Source: w.s.Source(fmt.Sprintf("s%d", i)), listed: i < bureauCount-1}
		b.Priority = i % 3
		w.bureaus = append(w.bureaus, b)
	}
	w.harness = newHarnessOver(t, w.s, w.listed()...)
	return w
}

func (w *simulation) listed() (all []news.Source) {
	for _, b := range w.bureaus {
		if b.listed {
			all = append(all, b.Source)
		}
	}
	return all
}

func (w *simulation) bureau() *bureau { return w.bureaus[w.r.IntN(len(w.bureaus))] }

// coin returns a word that was never used.
func (w *simulation) coin() string {
	w.words++
	return "zq" + strings.NewReplacer("0", "ba", "1", "ce", "2", "di", "3", "fo", "4", "gu", "5", "ha", "6", "je", "7", "ki", "8", "lo", "9",
		"mu").
		Replace(strconv.Itoa(w.words)) + "x"
}

// reportCount is how many reports are under way at a time.
const reportCount = 30

// addReport composes a report as b words it: whole, with a dateline, cut, edited, or with something of its own behind.
func (w *simulation) addReport(b *bureau, n int) *expectation {
	p := &expectation{Item: reportOf(w.r, b.ID, n), word: w.coin()}
	p.GUID = fmt.Sprint("urn:x-wire:", b.ID, ":", p.word)
	p.Link = fmt.Sprintf("https://%s.example/%s", b.ID, p.word)
	p.Title += " " + p.word
	p.PubDate = w.date()
	words := strings.Fields(p.Description)
	switch w.r.IntN(4) {
	case 0:
		words = words[:max(30, len(words)*2/3)]
	case 1:
		for range 2 {
			words[w.r.IntN(len(words))] = "edited"
		}
	}
	p.Description = strings.Join(words, " ")
	w.report[p.word] = n
	w.secret(p)
	return p
}

// secret gives the text a word by which it can be found wherever it is.
func (w *simulation) secret(p *expectation) {
	was := p.secret
	p.secret = w.coin()
	p.Description = strings.TrimSuffix(p.Description, " "+was+".") + " " + p.secret + "."
	w.secrets[p.word] = append(w.secrets[p.word], p.secret)
}

func (w *simulation) date() string {
	at := time.Now().Add(-time.Duration(w.r.IntN(3600)) * time.Second)
	switch w.r.IntN(8) {
	case 0:
		return ""
	case 1:
		return at.Add(48 * time.Hour).Format(time.RFC1123Z) // not believed
	}
	return at.Format(time.RFC1123Z)
}

// write puts what the bureaus show onto the site.
func (w *simulation) write(b *bureau) {
	path := strings.TrimPrefix(b.URL, w.s.URL)
	if b == w.bureaus[0] {
		w.s.Set(path, feedtest.Doc(w.atomDocument(b)))
		return
	}
	var all []feedtest.Item
	for _, p := range b.shown {
		all = append(all, p.Item)
	}
	w.s.Set(path, page(b.ID, all...))
}

func (w *simulation) atomDocument(b *bureau) string {
	var all strings.Builder
	all.WriteString(`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><id>urn:x-wire:feed</id><title>Wire</title>`)
	for _, id := range b.deleted {
		fmt.Fprintf(&all, `<at:deleted-entry ref="%s" when="2026-11-24T09:00:00Z"/>`, html.EscapeString(id))
	}
	for _, p := range b.shown {
		fmt.Fprintf(&all, `<entry><id>%s</id><title>%s</title><link href="%s"/><updated>2026-11-24T06:00:00Z</updated><content>%s</content></entry>`,
			html.EscapeString(p.GUID), html.EscapeString(p.Title), p.Link, html.EscapeString(p.Description))
	}
	return all.String() + "</feed>"
}

// step lets one thing happen, and says what.
func (w *simulation) step() string {
	w.steps++
	time.Sleep(time.Duration(w.r.IntN(5400)) * time.Second)
	happenings := []struct {
		name  string
		often int
		do    func() string
	}{
		{"report", 12, w.publish}, {"edit", 4, w.edit}, {"rename", 3, w.rename}, {"kill", 2, w.kill}, {"unkill", 2, w.unkill},
		{"delete", 2, w.delete}, {"drop", 3, w.drop}, {"return", 3, w.comeBack}, {"twice", 1, w.twice}, {"fail", 2, w.fail},
		{"rebuild", 1, w.rebuild}, {"split", 4, w.splitOne}, {"join", 2, w.joinTwo}, {"withdraw", 2, w.withdrawOne},
		{"restore", 3, w.restoreOne}, {"release", 2, w.releaseOne}, {"restart", 2, w.restart}, {"config", 2, w.configure},
		{"upkeep", 2, w.keepUp},
		{"compact", 1, w.compact}, {"push", 2, w.push}, {"poll", 5, w.poll},
	}
	sum := 0
	for _, h := range happenings {
		sum += h.often
	}
	n := w.r.IntN(sum)
	for _, h := range happenings {
		if n -= h.often; n < 0 {
			said := h.do()
			w.did[h.name]++
			return h.name + ": " + said
		}
	}
	return ""
}
