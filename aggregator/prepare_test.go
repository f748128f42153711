package aggregator

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/store"
)

// A document whose items are not made ready in time is no good one: the error is that of a feed, and nothing of it is made ready further.
func TestPrepareHasADeadline(t *testing.T) {
	t.Parallel()
	st, err := store.Open(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		t.Fatal(err)
	}
	src := news.Source{ID: "a", URL: "https://wire.example/a", Enabled: true}
	a := New(st, Setup{Sources: []news.Source{src}, Registry: registry}, slog.New(slog.DiscardHandler))
	var feed strings.Builder
	feed.WriteString(`<rss version="2.0"><channel><title>Wire</title>`)
	for i := range 9 {
		fmt.Fprintf(&feed, `<item><guid>%d</guid><title>Council number %d meets</title></item>`, i, i)
	}
	feed.WriteString(`</channel></rss>`)
	for left, want := range map[time.Duration]int{-time.Second: 0, time.Hour: 9} {
		v := a.newVisit(src)
		v.answer = answer{at: now(), response: &fetch.Response{URL: src.URL, Body: []byte(feed.String()), ContentType: "text/xml"}}
		if v.reading, err = v.read(t.Context(), v.known, v.answer); err != nil {
			t.Fatal(err)
		}
		b := v.open(v.known, v.answer, v.reading)
		err := b.makeReady(st, time.Now().Add(left))
		if errors.Is(err, errUnready) != (want == 0) || len(b.prepared) != want {
			t.Errorf("with %v left: %d items are ready, %v", left, len(b.prepared), err)
		}
		if len(b.prepared) > 0 && !errors.Is(b.leaveOutRepeats(time.Now().Add(-time.Second)), errUnready) {
			t.Error("what repeats is left out after the deadline")
		}
		if err != nil && problem(err) != news.ProblemFeed {
			t.Errorf("%v is a problem of %q", err, problem(err))
		}
		v.release()
	}
}
