package aggregator_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/store"
)

// slowNetwork is a network on which every answer brings a feed of 320 KiB at 16 KiB a second. It counts the answers at a time of which more
// than 256 KiB were read and that are not at their end.
type slowNetwork struct {
	mu         sync.Mutex
	here, most int
}

func (n *slowNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	feed := `<rss version="2.0"><channel><title>Wire</title><item><guid>1</guid><title>Council meets</title><description>` +
		strings.Repeat("The council met. ", 320<<10/17) + `</description></item></channel></rss>`
	body := &slowBody{network: n, rest: feed}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, ContentLength: -1, Body: body,
		Request: r}, nil
}

// large counts an answer in or out.
func (n *slowNetwork) large(by int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.here += by
	n.most = max(n.most, n.here)
}

type slowBody struct {
	network *slowNetwork
	rest    string
	read    int
	counted bool
}

func (b *slowBody) Read(p []byte) (int, error) {
	if b.rest == "" {
		return 0, io.EOF
	}
	time.Sleep(time.Second)
	n := copy(p[:min(len(p), 16<<10)], b.rest)
	b.rest = b.rest[n:]
	if b.read += n; b.read > 256<<10 && !b.counted {
		b.counted = true
		b.network.large(1)
	}
	if b.rest == "" {
		b.network.large(-1)
	}
	return n, nil
}

func (b *slowBody) Close() error { return nil }

// Documents that are too large together are read one after the other, those that fit at the same time. A visit that waits for memory
// keeps its time: all are good, though the last waits for minutes.
func TestLargeDocumentsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ documents, want int }{{1, 1}, {100, 8}} { // that memory is for
		t.Run(fmt.Sprint(tt.documents), func(t *testing.T) {
			t.Parallel()
			bubbleAt(t, morning, func(t *testing.T) {
				network := &slowNetwork{}
				client, err := fetch.New(fetch.Options{Transport: network})
				if err != nil {
					t.Fatal(err)
				}
				st, err := openStore(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
				if err != nil {
					t.Fatal(err)
				}
				defer st.Close()
				registry, err := attribute.New(nil, attribute.Rules())
				if err != nil {
					t.Fatal(err)
				}
				var sources []news.Source
				for i := range 8 {
					sources = append(sources, news.Source{ID: fmt.Sprint("s", i), URL: fmt.Sprintf("https://s%d.example/feed", i), Enabled: true})
				}
				a := aggregator.New(st, aggregator.Setup{Sources: sources, Client: client, Registry: registry,
					Memory: 24 * int64(tt.documents) * (512 << 10)}, slog.New(slog.DiscardHandler))
				report, err := a.Ingest(t.Context(), aggregator.Request{})
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range report.Visits {
					if v.Result != news.OK {
						t.Errorf("source %s: %s: %v", v.Source, v.Result, v.Err)
					}
				}
				if network.most != tt.want {
					t.Errorf("%d documents of 320 KiB were read at a time with memory for %d, want %d", network.most, tt.documents, tt.want)
				}
			})
		})
	}
}
