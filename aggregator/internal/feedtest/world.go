package feedtest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// House is an agency of a [World] and its way of writing.
type House struct {
	ID, Agency string // of the source; key in the registry
	Name       string // as readers know it
	Language   string
	Every      time.Duration // the operator's interval
	Open       string        // of a report; in braces: place, PLACE, day, Month, Mon, or the Russian names of months
	Close      string        // its last line; may be empty
	Places     []string
	Slow       bool // takes 40 seconds to answer
	Hub        bool // names the hub of [World.Hub]
}

// Address is where its feed is.
func (h House) Address() string { return "http://" + h.ID + ".example/rss" }

// World is a small world of agencies that write, reprint, edit, correct, withdraw, rename and re-date reports, and of their servers,
// which fail in many ways. It knows what a perfect aggregator would show: see [World.Read]. It may be used by many goroutines, in a
// bubble of testing/synctest.
type World struct {
	Hub  string                              // address of the hub that houses with Hub name
	Push func(house House, body string) bool // delivers a document to the hub's subscribers and reports whether one took it; nil: none

	mu      sync.Mutex
	r       *rand.Rand
	bureaus []*bureau
	ahead   []happening // in order of time
	number  int         // of reports so far

	reports []*report           // of the last days, the oldest first
	links   map[string]*showing // of them
	shown   map[string]*shown   // by atom:id, of them
	odd     map[string]bool     // ids that were shown again after that
	tally   Tally
}

type happening struct {
	at time.Time
	do func() *bureau // returns whose document changed; nil: none
}

// bureau is a house at work.
type bureau struct {
	House
	document []*showing // the newest first
	version  int        // of the document
	changed  time.Time
	trouble  trouble
}

// report is one piece of news in all its showings.
type report struct {
	bureau         *bureau // that wrote it
	at             time.Time
	place          string
	title, text    string
	showings       []*showing
	killed, judged bool
}

// showing is a report as one bureau shows it.
type showing struct {
	Item
	report    *report
	bureau    *bureau
	dateline  bool      // it has that of the house that wrote it
	delivered time.Time // zero: no whole document with it was delivered
	changes   int       // of its title or text
	killed    bool
	late      bool
}

// documentSize is how many items a document of a world has.
const documentSize = 40

// NewWorld returns a world on which nothing has happened yet.
func NewWorld(r *rand.Rand, houses ...House) *World {
	w := &World{r: r, links: map[string]*showing{}, shown: map[string]*shown{}, odd: map[string]bool{}}
	for _, h := range houses {
		b := &bureau{House: h}
		w.bureaus = append(w.bureaus, b)
		w.again(time.Now(), 4*time.Hour, func() *bureau { return w.write(b) })
		w.again(time.Now(), 4*24*time.Hour, func() *bureau { return w.fail(b) })
		w.again(time.Now(), 60*24*time.Hour, func() *bureau { return w.rebuild(b) })
	}
	return w
}

// Feeds are the world's feeds for a [Publisher].
func (w *World) Feeds() (feeds []Feed) {
	for _, b := range w.bureaus {
		feeds = append(feeds, Feed{Name: b.ID, URL: b.Address(), Every: b.Every, Reply: func(a Asked) Reply { return w.reply(b, a.At) }})
	}
	return feeds
}

// Run lets happen what happens, at its time, until ctx ends.
func (w *World) Run(ctx context.Context) {
	for {
		w.mu.Lock()
		next := w.ahead[0]
		w.mu.Unlock()
		if wait(ctx, time.Until(next.at)) != nil {
			return
		}
		w.mu.Lock()
		w.ahead = w.ahead[1:]
		b := next.do()
		body := ""
		if b != nil {
			b.version, b.changed = b.version+1, time.Now()
			b.document = b.document[:min(len(b.document), documentSize)]
			if b.Hub {
				body = w.body(b).write(b.Address())
			}
		}
		w.mu.Unlock()
		if body != "" && w.Push != nil && w.Push(b.House, body) {
			w.mu.Lock()
			b.deliver(time.Now())
			w.mu.Unlock()
		}
	}
}

// plan lets something happen after a while.
func (w *World) plan(after time.Duration, do func() *bureau) {
	at := time.Now().Add(after)
	i, _ := slices.BinarySearchFunc(w.ahead, at, func(h happening, t time.Time) int { return cmp.Or(h.at.Compare(t), -1) })
	w.ahead = slices.Insert(w.ahead, i, happening{at, do})
}

// again lets something happen again and again, every mean on average.
func (w *World) again(from time.Time, mean time.Duration, do func() *bureau) {
	w.plan(time.Until(from)+time.Duration(w.r.ExpFloat64()*float64(mean)), func() *bureau {
		w.again(time.Now(), mean, do)
		return do()
	})
}

// between draws a duration.
func (w *World) between(least, most time.Duration) time.Duration {
	return least + time.Duration(w.r.Int64N(int64(most-least)))
}

func (w *World) chance(share float64) bool { return w.r.Float64() < share }

func (w *World) grammar(language string) Grammar {
	return Grammars[slices.IndexFunc(Grammars, func(g Grammar) bool { return g.Language == language })]
}

// write has a bureau write a report, and plans what comes of it.
func (w *World) write(b *bureau) *bureau {
	g := w.grammar(b.Language)
	rep := &report{bureau: b, at: time.Now(), place: b.Places[w.r.IntN(len(b.Places))],
		title: g.Title(w.r), text: g.Text(w.r, 60+w.r.IntN(60))}
	w.reports = append(w.reports, rep)
	t := w.add(rep, b, rep.title, b.line(b.Open, rep), rep.text)
	for _, other := range w.bureaus {
		if other != b && other.Language == b.Language && w.chance(.15) {
			w.plan(w.between(5*time.Minute, 2*time.Hour), func() *bureau { return w.reprint(rep, other) })
		}
	}
	for _, later := range []struct {
		share float64
		do    func(*showing)
	}{{.15, w.edit}, {.04, w.correct}, {.02, w.kill}, {.05, w.rename}, {.05, w.redate}} {
		if w.chance(later.share) {
			w.plan(w.between(10*time.Minute, 3*time.Hour), func() *bureau { later.do(t); return b })
		}
	}
	if w.chance(.02) { // it comes back at the end of the document, long after its text was forgotten
		w.plan(60*24*time.Hour, func() *bureau { b.document = append(b.document[:min(len(b.document), documentSize-1)], t); return b })
	}
	return b
}

// add puts a report at the head of a bureau's document.
func (w *World) add(rep *report, b *bureau, title, open, text string) *showing {
	w.number++
	t := &showing{report: rep, bureau: b, dateline: open != ""}
	t.Item = Item{
		Title: title, Link: fmt.Sprintf("http://%s.example/news/%d", b.ID, w.number), GUID: fmt.Sprintf("%s:%d", b.ID, w.number),
		PubDate: time.Now().UTC().Format(time.RFC1123Z), Description: "<p>" + open + text + "</p>",
	}
	if b.Close != "" {
		t.Description += "<p>" + b.line(b.Close, rep) + "</p>"
	}
	rep.showings = append(rep.showings, t)
	w.links[t.Link] = t
	b.document = slices.Insert(b.document, 0, t)
	return t
}

// reprint has a bureau print another's report: under its dateline or without one, whole, cut or touched up.
func (w *World) reprint(rep *report, b *bureau) *bureau {
	if rep.killed {
		return nil
	}
	text, open := rep.text, ""
	switch w.r.IntN(4) {
	case 0:
		text = FirstWords(text, len(strings.Fields(text))*2/3) + " …"
	case 1:
		text = w.grammar(b.Language).Edited(w.r, text, .03)
	}
	if w.chance(.7) {
		open = rep.bureau.line(rep.bureau.Open, rep)
	}
	w.add(rep, b, rep.title, open, text)
	return b
}

func (w *World) edit(t *showing) {
	t.Description += "<p>" + w.grammar(t.bureau.Language).Sentence(w.r) + "</p>"
	t.changes++
	if w.chance(.5) && !t.killed {
		t.Title = w.grammar(t.bureau.Language).Title(w.r)
	}
}

func (w *World) correct(t *showing) {
	if !t.killed {
		t.Title = map[string]string{"en": "CORRECTED: ", "ru": "ИСПРАВЛЕНО: "}[t.bureau.Language] + t.Title
		t.changes++
	}
}

func (w *World) kill(t *showing) {
	t.Title = map[string]string{"en": "KILL: ", "ru": "АННУЛИРОВАНО: "}[t.bureau.Language] + t.Title
	t.changes++
	t.report.killed = true
	t.killed = !t.delivered.IsZero() // else it is a notice about an item that was never seen
}

func (w *World) rename(t *showing) { t.GUID += "-1" }

// redate has a showing be dated otherwise than when it was delivered. One that is new and old in a document whose items all have other
// guids is held, as part of a flood.
func (w *World) redate(t *showing) {
	at := time.Now().Add(-w.between(0, 48*time.Hour))
	if !t.delivered.IsZero() {
		t.PubDate = at.UTC().Format(time.RFC1123Z)
	}
}

// rebuild gives all items of a document other guids.
func (w *World) rebuild(b *bureau) *bureau {
	for _, t := range b.document {
		t.GUID += "-r"
	}
	return b
}

var russianMonths = strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")

// line fills in what a line of a house has in braces.
func (h House) line(s string, rep *report) string {
	at := rep.at.UTC()
	month := russianMonths[at.Month()-1]
	return strings.NewReplacer("{PLACE}", strings.ToUpper(rep.place), "{place}", rep.place, "{day}", fmt.Sprint(at.Day()),
		"{Month}", at.Month().String(), "{Mon}", at.Format("Jan"), "{year}", at.Format("2006"),
		"{месяца}", month, "{мес}", string([]rune(month)[:3])).Replace(s)
}

// body is a bureau's document as it is now.
func (w *World) body(b *bureau) Document {
	d := Document{Posts: []Post{{Number: b.version}}, Items: []Item{}}
	for _, t := range b.document {
		d.Items = append(d.Items, t.Item)
	}
	return d
}

// deliver notes that the document was delivered.
func (b *bureau) deliver(at time.Time) {
	for _, t := range b.document {
		if t.delivered.IsZero() {
			t.delivered = at
		}
	}
}

// trouble is what is wrong with a server.
type trouble int

const (
	none trouble = iota
	failing
	busy
	hanging
	challenging
	cutting
	troubles
)

// fail brings a bureau's server into trouble for some hours.
func (w *World) fail(b *bureau) *bureau {
	b.trouble = trouble(1 + w.r.IntN(int(troubles)-1))
	w.plan(w.between(time.Hour, 8*time.Hour), func() *bureau { b.trouble = none; return nil })
	return nil
}

// reply answers a request to a bureau.
func (w *World) reply(b *bureau, at time.Time) Reply {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := Reply{ETag: fmt.Sprintf(`"%s-%d"`, b.ID, b.version), LastModified: HTTPDate(b.changed),
		Document: w.body(b), Takes: 150 * time.Millisecond}
	if b.Slow {
		r.Takes = 40 * time.Second
	}
	if b.Hub {
		r.Header = http.Header{"Link": {fmt.Sprintf(`<%s>; rel="hub", <%s>; rel="self"`, w.Hub, b.Address())}}
	}
	switch b.trouble {
	case none:
		b.deliver(at.Add(r.Takes))
		return r
	case failing:
		return Reply{Status: http.StatusInternalServerError, Takes: r.Takes}
	case busy:
		return Reply{Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"1800"}}}
	case challenging:
		return Reply{Status: http.StatusForbidden, Header: http.Header{"Cf-Mitigated": {"challenge"}, "Content-Type": {"text/html"}},
			Body: "<!doctype html><html><title>Just a moment...</title></html>"}
	case hanging:
		r.Takes = 10 * time.Minute
	case cutting:
		r.Cut = true
	}
	return r
}
