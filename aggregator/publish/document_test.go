package publish

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

func titles(t *testing.T, o Options, w *world) []string {
	t.Helper()
	all := []string{}
	for _, e := range parse(t, render(t, o, w)).Entries {
		all = append(all, e.Title[0].Text)
	}
	return all
}

func dated(title string, published time.Time) news.Item {
	return news.Item{Source: "mid", GUID: title, Title: title, Published: published}
}

func TestSelection(t *testing.T) {
	few := options()
	few.Entries = 2
	t.Run("order is published, first seen where that is missing, then key", func(t *testing.T) {
		w := newWorld(t)
		w.publish(dated("old", day.Add(-time.Hour)))
		w.publish(dated("none", time.Time{})) // first seen a minute after day
		w.publish(dated("new", day.Add(time.Hour)))
		a, b := w.publish(dated("same 1", day)), w.publish(dated("same 2", day))
		want := []string{"new", "none", "same 1", "same 2", "old"}
		if bytes.Compare(a.Key[:], b.Key[:]) > 0 {
			want[2], want[3] = want[3], want[2]
		}
		if diff := cmp.Diff(want, titles(t, options(), w)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("every record that is not on a closed archive page", func(t *testing.T) {
		for records, want := range map[int]int{3: 3, 99: 99, 100: 2, 101: 2, 102: 2, 103: 3, 199: 99, 200: 2} {
			w := numberedEntries(t, records)
			doc, err := New(few).Atom(w)
			if err != nil {
				t.Fatal(err)
			}
			if doc.Entries != want || doc.Position != uint64(records) {
				t.Errorf("of %d records: %d entries at position %d, want %d", records, doc.Entries, doc.Position, want)
			}
		}
	})
	t.Run("100 records where the options say nothing", func(t *testing.T) {
		w := numberedEntries(t, 200)
		if got := len(titles(t, options(), w)); got != 100 {
			t.Errorf("%d entries, want 100", got)
		}
	})
	t.Run("an update brings an entry back, once", func(t *testing.T) {
		w := newWorld(t)
		first := w.publish(dated("first", day))
		var others []news.Item
		for i := range 110 {
			others = append(others, dated(fmt.Sprint(i), day.Add(time.Duration(i)*time.Second)))
		}
		w.publishEach(others...)
		if slices.Contains(titles(t, few, w), "first") {
			t.Fatal("the first entry is there before its update")
		}
		w.change(first, news.RecordUpdated, day.Add(time.Hour))
		w.change(first, news.RecordUpdated, day.Add(2*time.Hour))
		if got := strings.Count(strings.Join(titles(t, few, w), "\n"), "first"); got != 1 {
			t.Errorf("the entry stands %d times, want once", got)
		}
	})
	t.Run("nothing held, merged or past retention", func(t *testing.T) {
		w := newWorld(t)
		for _, state := range []news.EntryState{news.Held, news.Merged} {
			e := w.publish(dated(string(state), day))
			e.State = state
			w.putEntry(e)
		}
		expired := dated("expired", day)
		expired.Source = "tass-ru"
		w.publish(expired)
		w.purge("tass-ru")
		w.publish(dated("public", day))
		if diff := cmp.Diff([]string{"public"}, titles(t, options(), w)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("an erased text", func(t *testing.T) {
		w := newWorld(t)
		e := w.publish(dated("erased", day))
		w.erase(e.Key)
		if diff := cmp.Diff([]string{}, titles(t, options(), w)); diff != "" {
			t.Errorf("public (-want +got):\n%s", diff)
		}
		e = w.entry(e.Key)
		e.State = news.Withdrawn
		w.putEntry(e)
		if diff := cmp.Diff([]string{"Withdrawn"}, titles(t, options(), w)); diff != "" {
			t.Errorf("withdrawn (-want +got):\n%s", diff)
		}
	})
	for name, change := range map[string]func(*world, news.Key){
		"past retention": func(w *world, _ news.Key) { w.purge("tass") },
		"withdrawn":      func(w *world, k news.Key) { it := w.item(k); it.Withdrawn = true; w.put(it) },
		"held":           func(w *world, k news.Key) { it := w.item(k); it.Held = true; w.put(it) },
	} {
		t.Run("no carrier "+name, func(t *testing.T) {
			w := newWorld(t)
			e := w.publish(press(), news.Item{Source: "tass", GUID: "t"})
			change(w, e.Items[1])
			if got := render(t, options(), w); strings.Contains(got, "Also carried by") {
				t.Error("still credited")
			}
		})
	}
}

func TestUpdated(t *testing.T) {
	t.Run("of an empty wire", func(t *testing.T) {
		doc, err := New(options()).Atom(newWorld(t))
		if err != nil || doc.Updated != view.Epoch || doc.Position != 0 || doc.Entries != 0 {
			t.Errorf("%+v, %v", doc, err)
		}
	})
	t.Run("is the newest entry's where that is later than its record", func(t *testing.T) {
		w := ordinary(t, 1)
		e := w.entry(w.log()[0].Entry)
		e.Updated = day.Add(time.Hour)
		w.putEntry(e)
		if doc, err := New(options()).Atom(w); err != nil || !doc.Updated.Equal(e.Stamp()) {
			t.Errorf("updated %s, %v", doc.Updated, err)
		}
	})
	t.Run("is the newest record's, also where an entry leaves", func(t *testing.T) {
		w := ordinary(t, 2)
		e := w.entry(w.log()[2].Entry)
		e.State = news.Merged
		at := day.Add(3 * time.Hour)
		w.change(e, news.RecordMerged, at)
		doc, err := New(options()).Atom(w)
		if err != nil || !doc.Updated.Equal(at) || !strings.Contains(string(doc.Bytes), "<updated>2023-05-17T15:44:00Z</updated>") {
			t.Errorf("updated %s, %v", doc.Updated, err)
		}
	})
}

func TestFeed(t *testing.T) {
	w := ordinary(t, 0)
	f := parse(t, render(t, options(), w))
	want := []readLink{
		{Rel: "self", Type: "application/atom+xml", Href: "https://wire.example/feed.atom"},
		{Rel: "alternate", Type: "text/html", Href: "https://wire.example/"},
	}
	if diff := cmp.Diff(want, f.Links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if f.ID[0] != w.FeedID() {
		t.Errorf("id %s, want that of the store", f.ID[0])
	}
	o := options()
	o.ID = "tag:wire.example,2023:feed"
	if f := parse(t, render(t, o, ordinary(t, 0))); f.ID[0] != o.ID {
		t.Errorf("id %s, want that of the options", f.ID[0])
	}
}

func TestUnreadable(t *testing.T) {
	w := ordinary(t, 1)
	w.err = errors.New("no such page")
	if _, err := New(options()).Atom(w); !errors.Is(err, ErrRead) || !errors.Is(err, w.err) {
		t.Errorf("error %v, want %v and its cause", err, ErrRead)
	}
}

// TestSameBytes renders one wire under other zones, processors and orders of rendering.
func TestSameBytes(t *testing.T) {
	o := options()
	o.ID = "urn:uuid:5b2e5d3c-4c1b-4f0e-8a53-0c4a1f1f2a3b"
	want := render(t, o, ordinary(t, 30))
	zone := time.Local
	defer func() { time.Local = zone }()
	time.Local = time.FixedZone("MSK", 3*60*60)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	t.Setenv("LANG", "ru_RU.UTF-8")
	t.Setenv("TZ", "Europe/Minsk")
	w := newWorld(t)
	p := New(o)
	for i, items := range ordinaryItems(30) { // one record after the other, rendering each time
		for j := range items {
			items[j].Published = items[j].Published.In(time.Local)
		}
		w.publish(items...)
		doc := w.atom(p)
		if d := cmp.Diff(want, string(doc.Bytes)); i == 30 && d != "" {
			t.Error(d)
		}
	}
}

// TestKeptFragments changes one thing after the other under one publisher: what it keeps must never be stale.
func TestKeptFragments(t *testing.T) {
	w := ordinary(t, 3)
	p := New(options())
	k := w.log()[0].Entry
	carrier := w.entry(k).Items[1]
	for _, tt := range []struct {
		name   string
		change func()
	}{
		{"title", func() { it := w.item(k); it.Title = "Another"; w.put(it) }},
		{"credit", func() { it := w.item(k); it.Credits.Photos[0].Line = "TASS/Russian MFA"; w.put(it) }},
		{"chain", func() { it := w.item(k); it.Credits.Photos[0].Chain[1].Name = "Tass"; w.put(it) }},
		{"feed", func() { it := w.item(k); it.Feed.Title = "Renamed"; w.put(it) }},
		{"date", func() { e := w.entry(k); e.Published = day.Add(time.Hour); w.putEntry(e) }},
		{"carrier's page", func() { it := w.item(carrier); it.URL += "?2"; w.put(it) }},
		{"carrier leaves", func() { e := w.entry(k); e.Items = e.Items[:1]; w.putEntry(e) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, err := p.Atom(w)
			if err != nil {
				t.Fatal(err)
			}
			tt.change()
			w.touch(k)
			after, err := p.Atom(w)
			if err != nil {
				t.Fatal(err)
			}
			fresh, err := New(options()).Atom(w)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(after.Bytes, fresh.Bytes) || bytes.Equal(before.Bytes, after.Bytes) {
				t.Error("a stale fragment was used")
			}
		})
	}
}

func TestUnchangedEntriesAreNotReadAgain(t *testing.T) {
	w := ordinary(t, 3)
	p := New(options())
	if _, err := p.Atom(w); err != nil {
		t.Fatal(err)
	}
	w.read.Store(0)
	w.touch(w.log()[1].Entry)
	if _, err := p.Atom(w); err != nil {
		t.Fatal(err)
	}
	if want := len(w.entry(w.log()[1].Entry).Members()); w.read.Load() != int64(want) {
		t.Errorf("%d items read after one entry changed, want its %d", w.read.Load(), want)
	}
}

func FuzzAtom(f *testing.F) {
	f.Add("Title </b>", "<p>text</p>", "Jane <a@b.example>", "https://пример.рф/a b", "ru_RU", "MOSCOW, 17 May (BelTA) -", int64(1684327440))
	f.Add("\x00\xff", "&amp;", "", "urn:x", "", "\ufffd", int64(-1))
	stored := newWorld(f)
	f.Fuzz(func(t *testing.T, title, text, who, link, lang, raw string, at int64) {
		for _, s := range []*string{&title, &text, &who, &link, &lang, &raw} {
			*s = strings.ToValidUTF8(*s, "\ufffd") // as the parser does
		}
		when := time.Unix(at, 0).UTC()
		it := news.Item{
			Source: "belta", GUID: "1", Title: title, Summary: text, Content: text, Lead: raw, URL: link, Language: lang, Rights: raw, Licence: raw,
			Published: when, Authors: []news.Person{{Name: who, URI: link}}, Contributors: []news.Person{{Name: title, URI: link}},
			Categories: []news.Category{{Term: who, Label: title}},
			Media: []news.Media{
				{URL: link, Medium: "image", Title: title, Description: text, Credits: []news.MediaCredit{{Name: who, Role: raw}}},
				{URL: link + "x", Type: raw, Title: who},
			},
			Feed: news.Feed{ID: link, Title: who, Self: link, Site: link, Rights: title, Licence: link,
				Updated: when, Authors: []news.Person{{Name: who}}},
			Origin: &news.Feed{Title: title, ID: link},
		}
		if at%2 == 0 {
			it.Credits = news.Credits{
				Agency: &news.Credit{Name: who}, Dateline: &news.Dateline{Place: raw, Raw: raw, Month: 5, Day: 17},
				Byline: []news.Credit{{Name: title}}, Photos: []news.Photo{{Line: raw, URL: link,
					Chain: []news.Credit{{Role: news.Supplier, Name: who}}}},
			}
		}
		w := stored.in(t)
		w.publish(it, news.Item{Source: "tass", GUID: "2", URL: link, Language: lang, Title: title, Feed: it.Feed})
		doc, err := New(options()).Atom(w)
		if err != nil {
			t.Fatal(err)
		}
		check(t, string(doc.Bytes), 1)
	})
}
