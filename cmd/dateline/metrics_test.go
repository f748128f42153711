package main

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/config"
	"dateline/aggregator/news"
	"dateline/store"
)

func TestMetrics(t *testing.T) {
	cfg, err := config.Parse("config.yaml", []byte(`{sources: [
		{id: quiet, url: "https://quiet.example/rss", timezone: UTC}, {id: never, url: "https://never.example/rss", timezone: UTC}]}`))
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	w, err := newWire(cfg, "config.yaml", st, log)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	now := time.Now().UTC().Truncate(time.Second)
	k := news.ItemKey("quiet", "1")
	err = st.Commit(func(store.View) (store.Writes, error) {
		return store.Writes{Source: "quiet", Now: now,
			State: &news.State{URL: "https://quiet.example/rss", LastVisit: now, LastSuccess: now, Due: now.Add(time.Hour),
				News: 100, Longest: time.Hour, LastNew: now.Add(-100 * time.Hour)},
			Items:   []news.Item{{Key: k, Entry: k, Source: "quiet", Title: "One", Revision: 1}},
			Entries: []news.Entry{{Key: k}},
			Log:     []news.Record{{Entry: k, Kind: news.RecordNew, Revision: 1}},
		}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	d := &daemon{log: log}
	d.wire.Store(w)
	answer := httptest.NewRecorder()
	d.admin().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	b, err := io.ReadAll(answer.Body)
	if err != nil || answer.Code != 200 {
		t.Fatal(answer.Code, err)
	}
	for _, want := range []string{
		`dateline_source_state{source="quiet",state="silent"} 1`,
		`dateline_source_state{source="quiet",state="ok"} 0`,
		`dateline_source_state{source="never",state="late"} 1`,
		`dateline_source_last_success_timestamp_seconds{source="quiet"} `,
		`dateline_source_next_due_timestamp_seconds{source="quiet"} `,
		"dateline_log_position 1\n",
		"dateline_store_size_bytes ",
		`dateline_build_info{version="`,
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in\n%s", want, b)
		}
	}
	if strings.Contains(string(b), `last_success_timestamp_seconds{source="never"}`) {
		t.Error("a source never visited has no last success")
	}
}
