package publish

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// wire is a store of plain maps.
type wire struct {
	log       []news.Record // from position 1
	entries   map[news.Key]news.Entry
	items     map[news.Key]news.Item
	revisions map[string]news.Item // key and number
	oldest    uint64               // of the log, as far as pages are linked; 0: 1
	err       error                // what every reading returns
	changes   uint64               // counted as the store does
	read      atomic.Int64         // items read
}

func newWire() *wire {
	return &wire{
		entries:   make(map[news.Key]news.Entry),
		items:     make(map[news.Key]news.Item),
		revisions: make(map[string]news.Item),
	}
}

func (w *wire) Head() uint64 { return uint64(len(w.log)) }

func (w *wire) Records(from uint64) iter.Seq2[news.Record, error] {
	if from == 0 {
		from = w.Head()
	}
	return func(yield func(news.Record, error) bool) {
		for pos := from; pos > 0; pos-- {
			if !yield(w.log[pos-1], w.err) {
				return
			}
		}
	}
}

func (w *wire) Oldest() uint64 { return min(w.Head(), max(w.oldest, 1)) }

// Tagged reads the whole log: the store keeps an index that finds the same.
func (w *wire) Tagged(tag string, from uint64) iter.Seq2[news.Record, error] {
	return func(yield func(news.Record, error) bool) {
		for rec, err := range w.Records(from) {
			if has := slices.ContainsFunc(w.entries[rec.Entry].Members(), func(k news.Key) bool {
				it := w.items[k]
				return tag == "source:"+it.Source || k == rec.Entry && tag == "language:"+text.Language(it.Language)
			}); (has || err != nil) && !yield(rec, err) {
				return
			}
		}
	}
}

// HeldBy yields them in the order of their keys.
func (w *wire) HeldBy(source string) iter.Seq2[news.Entry, error] {
	return func(yield func(news.Entry, error) bool) {
		for _, k := range slices.SortedFunc(maps.Keys(w.entries), func(a, b news.Key) int { return bytes.Compare(a[:], b[:]) }) {
			if e := w.entries[k]; e.State == news.Held && w.items[k].Source == source && !yield(e, w.err) {
				return
			}
		}
	}
}

func (w *wire) Entry(k news.Key) (news.Entry, bool, error) {
	e, ok := w.entries[k]
	return e, ok, w.err
}

func (w *wire) Item(k news.Key) (news.Item, bool, error) {
	it, ok := w.items[k]
	w.read.Add(1)
	return it, ok, w.err
}

func (w *wire) Revision(k news.Key, n int) (news.Item, bool, error) {
	it, ok := w.revisions[fmt.Sprint(k, n)]
	return it, ok, w.err
}

func (w *wire) FeedID() string { return "urn:uuid:5b2e5d3c-4c1b-4f0e-8a53-0c4a1f1f2a3b" }

// record appends a line to the log and returns its position.
func (w *wire) record(k news.Key, kind news.Kind, at time.Time) uint64 {
	pos := w.Head() + 1
	w.log = append(w.log, news.Record{Pos: pos, Entry: k, Kind: kind, Revision: 1, At: at, Updated: at})
	return pos
}

// day is when the wire's items were seen.
var day = time.Date(2023, 5, 17, 12, 44, 0, 0, time.UTC)

// item returns it with what every stored item has.
func item(it news.Item) news.Item {
	if it.Source == "" {
		it.Source = "belta"
	}
	if it.Key.IsZero() {
		it.Key = news.ItemKey(it.Source, it.GUID)
	}
	if it.FirstSeen.IsZero() {
		it.FirstSeen = day.Add(time.Minute)
	}
	it.Revised, it.Revision = it.FirstSeen, max(it.Revision, 1)
	return it
}

// publish stores the items as one entry, the first of them representing it, and returns the entry.
func (w *wire) publish(items ...news.Item) news.Entry {
	var keys []news.Key
	for i, it := range items {
		items[i] = item(it)
		keys = append(keys, items[i].Key)
		w.items[items[i].Key] = items[i]
	}
	it := items[0]
	e := news.Entry{Key: it.Key, Items: keys, Published: it.Published, Revision: it.Revision}
	if e.Published.IsZero() {
		e.Published = it.FirstSeen
	}
	e.Updated = e.Published
	e.First = w.record(e.Key, news.RecordNew, it.FirstSeen)
	e.Last = e.First
	w.entries[e.Key] = e
	w.touch(e.Key)
	return w.entries[e.Key]
}

// touch notes that the entry or one of its items has changed.
func (w *wire) touch(k news.Key) {
	w.changes++
	e := w.entries[k]
	e.Changed = w.changes
	w.entries[k] = e
}

// change replaces the entry and records why.
func (w *wire) change(e news.Entry, kind news.Kind, at time.Time) {
	e.Last = w.record(e.Key, kind, at)
	e.Updated = at
	w.entries[e.Key] = e
	w.touch(e.Key)
}

// registry is a small registry of agencies.
func registry(key string) (news.Agency, bool) {
	a, ok := agencies[key]
	return a, ok
}

var agencies = map[string]news.Agency{
	"belta":      {Key: "belta", Name: "BelTA", Names: map[string]string{"ru": "БЕЛТА"}, Kind: news.KindAgency, Site: "https://belta.example/"},
	"tass":       {Key: "tass", Name: "TASS", Names: map[string]string{"ru": "ТАСС"}, Also: []string{"ITAR-TASS"}, Site: "https://tass.example/"},
	"mfa-russia": {Key: "mfa-russia", Name: "Russian MFA", Names: map[string]string{"ru": "МИД России"}, Site: "https://mid.example/"},
}

// options are those of the wire below.
func options() Options {
	return Options{
		Title:      "Agency wire",
		BaseURL:    "https://wire.example/",
		Language:   "en",
		CreditLine: true,
		Contact:    "https://wire.example/about",
		Version:    "1.0",
		Agency:     registry,
		Topics:     map[string]string{"russia": "Russia & neighbours"},
		Sources: []news.Source{
			{ID: "belta", Name: "BelTA", Agency: "belta", URL: "https://belta.example/rss", Site: "https://belta.example/", Language: "en", Content: news.Full, Topics: []string{"belarus"}, Rights: "© BelTA", Every: 10 * time.Minute},
			{ID: "tass", Name: "TASS", Agency: "tass", URL: "https://tass.example/rss", Site: "https://tass.example/", Language: "en", Content: news.Headline, Topics: []string{"russia"}, Every: 5 * time.Minute},
			{ID: "tass-ru", Name: "ТАСС", Agency: "tass", URL: "https://tass.example/ru/rss", Language: "ru", Content: news.Summary},
			{ID: "mid", Name: "Russian MFA", Agency: "mfa-russia", URL: "https://mid.example/rss", Language: "en", Content: news.Summary},
		},
	}
}

// press is a press conference as one agency reports it, the photo of which came through another.
func press() news.Item {
	return news.Item{
		Source: "belta", GUID: "https://belta.example/politics/1", URL: "https://belta.example/politics/1",
		Title:   "Ministers speak of dialogue after talks",
		Summary: "<p>The ministers met in the capital.</p>",
		Content: "<p>The ministers met in the capital.</p><p>They spoke of dialogue & trade.</p>",
		Lead:    "The ministers met in the capital.", Published: day, Language: "en",
		Categories: []news.Category{{Term: "Politics"}},
		Media: []news.Media{{
			URL: "https://belta.example/photo/1.jpg", Type: "image/jpeg", Length: 1200, Description: "The minister speaks.",
			Credits: []news.MediaCredit{{Name: "Russian MFA/TASS"}},
		}},
		Feed: news.Feed{Title: "BelTA news", Self: "https://belta.example/rss", Site: "https://belta.example/", Updated: day},
		Credits: news.Credits{
			Agency:   &news.Credit{Role: news.Originator, Name: "BelTA", Agency: "belta", Display: "BelTA", Evidence: news.Evidence{Field: "text", Start: 16, End: 21, Words: "BelTA", Rule: "dateline"}},
			Dateline: &news.Dateline{Place: "MOSCOW", Month: 5, Day: 17, Year: 2023, Agency: "belta", Raw: "MOSCOW, 17 May (BelTA) -"},
			Photos: []news.Photo{{
				Line: "Russian MFA/TASS", URL: "https://belta.example/photo/1.jpg",
				Chain: []news.Credit{
					{Role: news.Owner, Name: "Russian MFA", Agency: "mfa-russia"},
					{Role: news.Supplier, Name: "TASS", Agency: "tass"},
				},
			}},
		},
	}
}

// ordinary is a wire of one piece that two agencies carry and n others.
func ordinary(n int) *wire {
	w := newWire()
	w.publish(press(), news.Item{Source: "tass", GUID: "t1", URL: "https://tass.example/world/1", Title: "Ministers met", Published: day})
	for i := range n {
		it := press()
		it.GUID = fmt.Sprintf("https://belta.example/economy/%d", i)
		it.URL = it.GUID
		it.Title = fmt.Sprintf("Output of the works grows by %d tonnes", i)
		it.Published = day.Add(time.Duration(i/3) * time.Minute)
		it.Media = slices.Clone(it.Media)
		w.publish(it)
	}
	return w
}
