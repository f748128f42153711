package feed

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/gorilla/feeds"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

func TestJoinedIsWhole(t *testing.T) {
	t.Parallel()
	m := &view.Maker{Sources: map[string]*news.Source{"belta": {ID: "belta", Name: "BelTA", Content: news.Full, Topics: []string{"t"}}},
		CreditLine: true}
	at, o := view.NewAddresses("https://wire.example"), EntryOptions{Language: "en", IPTC: true}
	head := Head{ID: "urn:x", Title: "Wire & more", Language: "en", Updated: view.Epoch, Self: "https://wire.example/feed.atom",
		Home: "https://wire.example/"}
	var parts []Entry
	var uses prefixes
	var entries []*atomEntry
	for i := range 21 {
		it := news.Item{Key: news.ItemKey("belta", strconv.Itoa(i)), Source: "belta", Title: "Talks " + strconv.Itoa(i),
			Content: "<p>They met & spoke.</p>",
			URL:     "https://belta.example/" + strconv.Itoa(i), FirstSeen: view.Epoch, Revision: 1}
		if i%2 == 0 {
			it.Media = []news.Media{{URL: "https://belta.example/1.jpg", Type: "image/jpeg",
				Credits: []news.MediaCredit{{Name: "Russian MFA/TASS"}}}}
		}
		v := m.Entry(news.Entry{Key: it.Key, Items: []news.Key{it.Key}, Updated: view.Epoch, State: news.Public}, []news.Item{it})
		part, err := AtomEntry(v, at, o)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part)
		a := newAtomEntry(v, at, o)
		uses = uses.or(a.uses())
		entries = append(entries, a)
	}
	joined, err := Atom(head, parts)
	if err != nil {
		t.Fatal(err)
	}
	doc := newAtomFeed(head, uses)
	doc.Entries = entries
	var whole bytes.Buffer
	if err := feeds.WriteXML(doc, &whole); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(joined, whole.Bytes()) {
		t.Errorf("joined fragments differ from the document marshalled whole\njoined: %s\nwhole: %s", joined, whole.Bytes())
	}
	if n := bytes.Count(joined, []byte("</entry>")); n != 21 {
		t.Errorf("%d entries, want 21", n)
	}
}
