package aggregator

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/text"
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

// TestLibraryThatNeverReturns: a visit ends although what makes its items ready never returns, before the transaction or in it; nothing of
// the document is stored, the next document of the source is not read meanwhile, and other sources are read.
func TestLibraryThatNeverReturns(t *testing.T) {
	t.Parallel()
	for _, inTransaction := range []bool{false, true} {
		t.Run(fmt.Sprintf("in the transaction %v", inTransaction), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { neverReturns(t, inTransaction) })
		})
	}
}

func neverReturns(t *testing.T, inTransaction bool) {
	st, err := store.Open(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		t.Fatal(err)
	}
	var sources []news.Source
	for _, id := range []string{"ill", "well"} {
		sources = append(sources, news.Source{ID: id, URL: "https://wire.example/" + id, Enabled: true})
	}
	a := New(st, Setup{Sources: sources, Registry: registry}, slog.New(slog.DiscardHandler))
	released := make(chan struct{})
	terms := a.setup.entries.Terms
	a.setup.entries.Terms = func(it news.Item, lead []text.Token) []uint32 {
		if it.Title == "Hang" {
			<-released
		}
		return terms(it, lead)
	}
	title := "Hang"
	visit := func(src news.Source) *visit {
		v := a.newVisit(src)
		body := `<rss version="2.0"><channel><title>Wire</title><item><guid>1</guid><title>` + title + `</title></item></channel></rss>`
		v.answer = answer{at: now(), sent: true, response: &fetch.Response{URL: src.URL, Body: []byte(body), ContentType: "text/xml"}}
		if v.reading, v.err = v.read(t.Context(), v.known, v.answer); v.err == nil {
			if inTransaction {
				v.batch = v.open(v.known, v.answer, v.reading)
			} else {
				v.batch, v.err = v.prepare(v.known, v.answer, v.reading)
			}
		}
		v.commit()
		return v
	}
	began := time.Now()
	v := visit(sources[0])
	limit := map[bool]time.Duration{false: prepareTime, true: itemTime}[inTransaction]
	if v.err != errUnready || !v.committed || v.outcome.New != 0 || problem(v.err) != news.ProblemFeed || time.Since(began) != limit {
		t.Errorf("after %v: %v, a problem of %q, %+v", time.Since(began), v.err, problem(v.err), v.outcome)
	}
	began = time.Now()
	if v = visit(sources[0]); !errors.Is(v.err, errUnready) || time.Since(began) != 0 {
		t.Errorf("again, after %v: %v", time.Since(began), v.err)
	}
	title = "Council meets"
	if v = visit(sources[1]); v.err != nil || v.outcome.New != 1 {
		t.Errorf("another source: %v, %+v", v.err, v.outcome)
	}
	close(released)
	synctest.Wait()
	if v = visit(sources[0]); v.err != nil || v.outcome.New != 1 {
		t.Errorf("once it returned: %v, %+v", v.err, v.outcome)
	}
}
