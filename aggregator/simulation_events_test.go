package aggregator_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/dedup"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// read visits a bureau that is configured, and checks what the visit says against what it stored.
func (w *simulation) read(b *bureau) string {
	w.write(b)
	if !b.listed {
		return b.ID + ", not read"
	}
	before := len(w.items(""))
	v := w.visit(b.ID)
	if v.Err != nil {
		w.t.Errorf("source %s: %v", b.ID, v.Err)
	}
	if after := len(w.items("")); after-before != v.New+v.Joined+v.Held {
		w.t.Errorf("source %s: %d new, %d joined and %d held, and %d items came", b.ID, v.New, v.Joined, v.Held, after-before)
	}
	return fmt.Sprintf("%s: %d new, %d joined, %d held, %d updated", b.ID, v.New, v.Joined, v.Held, v.Updated)
}

func (w *simulation) publish() string {
	b := w.bureau()
	for range 1 + w.r.IntN(4) {
		b.shown = append([]*expectation{w.addReport(b, len(w.report)/60*reportCount+w.r.IntN(reportCount))}, b.shown...)
	}
	const window = 12
	if len(b.shown) > window {
		b.gone, b.shown = append(b.gone, b.shown[window:]...), b.shown[:window]
	}
	return w.read(b)
}

// some returns an item that a bureau shows.
func (w *simulation) some() (*bureau, *expectation) {
	b := w.bureau()
	if len(b.shown) == 0 {
		return nil, nil
	}
	return b, b.shown[w.r.IntN(len(b.shown))]
}

func (w *simulation) edit() string {
	b, p := w.some()
	if p == nil {
		return "nothing"
	}
	switch w.r.IntN(4) {
	case 0:
		p.Title = "Correction: " + strings.TrimPrefix(p.Title, "Correction: ")
	case 1:
		p.PubDate = w.date()
	case 2: // it becomes another report
		p.Description = reportOf(w.r, b.ID, w.report[p.word]+7).Description
	}
	w.secret(p)
	return p.word + " of " + w.read(b)
}

func (w *simulation) rename() string {
	b, p := w.some()
	if p == nil {
		return "nothing"
	}
	if w.r.IntN(2) == 0 {
		p.GUID += "a"
	} else {
		p.Link += "a"
	}
	return p.word + " of " + w.read(b)
}

func (w *simulation) kill() string {
	b, p := w.some()
	if p == nil {
		return "nothing"
	}
	p.Title = "KILL: " + strings.TrimPrefix(p.Title, "KILL: ")
	return p.word + " of " + w.read(b)
}

func (w *simulation) unkill() string {
	for _, b := range w.bureaus {
		for _, p := range b.shown {
			if title, killed := strings.CutPrefix(p.Title, "KILL: "); killed {
				p.Title = title
				return p.word + " of " + w.read(b)
			}
		}
	}
	return "nothing"
}

func (w *simulation) delete() string {
	b := w.bureaus[0]
	if len(b.shown) == 0 {
		return "nothing"
	}
	i := w.r.IntN(len(b.shown))
	b.deleted = append(b.deleted, b.shown[i].GUID)
	b.gone, b.shown = append(b.gone, b.shown[i]), slices.Delete(b.shown, i, i+1)
	return w.read(b)
}

func (w *simulation) drop() string {
	b := w.bureau()
	if len(b.shown) == 0 {
		return "nothing"
	}
	i := w.r.IntN(len(b.shown))
	b.gone, b.shown = append(b.gone, b.shown[i]), slices.Delete(b.shown, i, i+1)
	return w.read(b)
}

func (w *simulation) comeBack() string {
	b := w.bureau()
	if len(b.gone) == 0 {
		return "nothing"
	}
	p := b.gone[len(b.gone)-1]
	b.gone = b.gone[:len(b.gone)-1]
	b.deleted = slices.DeleteFunc(b.deleted, func(id string) bool { return id == p.GUID })
	b.shown = append([]*expectation{p}, b.shown...)
	return p.word + " of " + w.read(b)
}

// twice has a document show one item twice, and then once.
func (w *simulation) twice() string {
	b, p := w.some()
	if p == nil {
		return "nothing"
	}
	w.read(b)
	shown := b.shown
	b.shown = append([]*expectation{p}, b.shown...)
	said := w.read(b)
	b.shown = shown
	return p.word + " of " + said + ", then " + w.read(b)
}

// fail has a source give what is no feed, or half of it.
func (w *simulation) fail() string {
	b, p := w.some()
	if p == nil || !b.listed {
		return "nothing"
	}
	path := strings.TrimPrefix(b.URL, w.s.URL)
	w.write(b)
	switch w.r.IntN(3) {
	case 0:
		w.s.Set(path, feedtest.Status(http.StatusInternalServerError))
	case 1:
		w.s.Set(path, feedtest.Doc("<html><body>Down for maintenance</body></html>"))
	case 2:
		half := strings.SplitAfterN(feedtest.RSS(b.ID, p.Item), "</item>", 2)[0] + "<item><title>Cut o"
		w.s.Set(path, feedtest.Doc(half))
	}
	items := len(w.items(""))
	if v := w.visit(b.ID); v.Result.Good() || len(w.items("")) != items+v.New+v.Joined+v.Held {
		w.t.Errorf("source %s: %s: %v, and %d items came", b.ID, v.Result, v.Err, len(w.items(""))-items)
	}
	return b.ID
}

// rebuild has a site give all its items other guids and links.
func (w *simulation) rebuild() string {
	b := w.bureau()
	if !b.listed {
		return "nothing"
	}
	w.read(b)
	known := 0 // whose text is there
	for _, p := range b.shown {
		if it, found := w.itemOf(w.tagged[p.word]); found && !it.Erased {
			known++
		}
	}
	for _, p := range b.shown {
		p.GUID += "r"
		if known > 10 {
			p.Link += "r" // a flood, and titles and texts stay
		}
	}
	return w.read(b)
}

func (w *simulation) releaseOne() string {
	for _, b := range w.bureaus {
		if held := w.held(b.ID); len(held) > 0 {
			decide := w.engine.Release
			if w.r.IntN(4) == 0 {
				decide = w.engine.DropHeld
			}
			done, err := decide(b.ID)
			if err != nil || done.Published+done.Joined+done.Dropped != len(held) {
				w.t.Errorf("of %d held %+v, %v", len(held), done, err)
			}
			return fmt.Sprintf("%s: %+v", b.ID, done)
		}
	}
	return "nothing"
}

func (w *simulation) restart() string {
	w.open()
	return ""
}

// configure takes a source off the list or puts it on it, or gives it another address.
func (w *simulation) configure() string {
	b := w.bureaus[w.r.IntN(len(w.bureaus))]
	if w.r.IntN(4) == 0 {
		b.URL += "-"
	} else {
		b.listed = !b.listed
	}
	w.write(b)
	w.sources = w.listed()
	err := w.engine.Apply(aggregator.Setup{Sources: w.sources, Client: w.client, Registry: w.registry(), FirstPoll: 2})
	if err != nil {
		w.t.Error(err)
	}
	return fmt.Sprint(b.ID, " listed ", b.listed)
}

// kept is how long the wire keeps texts.
const kept = 60 * time.Hour

func (w *simulation) keepUp() string {
	done, err := w.store.Prune(time.Now(), store.Retention{Text: kept, Fingerprints: dedup.Keep(news.Thresholds{})}, dedup.IdentityKeys,
		time.Minute)
	if err != nil {
		w.t.Error(err)
	}
	return fmt.Sprintf("%+v", done)
}

func (w *simulation) compact() string {
	if _, _, err := w.store.Compact(context.Background(), func(int64, int64) {}); err != nil {
		w.t.Error(err)
	}
	return ""
}

func (w *simulation) push() string {
	b := w.bureau()
	if !b.listed {
		return "nothing"
	}
	p := w.addReport(b, w.r.IntN(reportCount))
	if b == w.bureaus[0] { // whose ids a document of RSS would not name as its own
		return "nothing"
	}
	b.shown = append([]*expectation{p}, b.shown...)
	if err := w.engine.Deliver(context.Background(), b.ID, []byte(feedtest.RSS(b.ID, p.Item)), "application/rss+xml"); err != nil {
		w.t.Error(err)
	}
	return p.word + " of " + b.ID
}

// poll reads all sources one after the other: side by side, chance would decide which of them is the first.
func (w *simulation) poll() string {
	var all []string
	for _, i := range w.r.Perm(len(w.bureaus)) {
		all = append(all, w.read(w.bureaus[i]))
	}
	return strings.Join(all, ", ")
}
