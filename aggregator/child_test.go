package aggregator_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/publish"
	"dateline/store"
)

// The test binary runs itself as another process where a test needs one: to be killed, or to live under
// another locale. The environment says what the child is to do.
const (
	childRole  = "DATELINE_TEST_CHILD" // "ingest" or "render"
	childStore = "DATELINE_TEST_STORE" // path
	childSite  = "DATELINE_TEST_SITE"  // address of the server; ingest only
	childFeeds = "DATELINE_TEST_FEEDS" // ids of the sources, separated by spaces
)

// child returns the command that runs the test binary in a role.
func child(t testing.TB, role, path, site string, ids []string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childRole+"="+role, childStore+"="+path, childSite+"="+site, childFeeds+"="+strings.Join(ids, " "))
	return cmd
}

// beChild plays the role and returns the exit code.
func beChild(role string) int {
	s := feedtest.NewHost(os.Getenv(childSite))
	var sources []news.Source
	for _, id := range strings.Fields(os.Getenv(childFeeds)) {
		sources = append(sources, s.Source(id))
	}
	play := map[string]func(*store.Store, []news.Source) error{"ingest": ingestForEver, "render": renderOnce}[role]
	st, err := store.Open(os.Getenv(childStore), store.Options{})
	if err == nil {
		err = play(st, sources)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, role, err)
		return 1
	}
	return 0
}

// ingestForEver makes one pass after the other until it is killed, or ten minutes have gone by.
func ingestForEver(st *store.Store, sources []news.Source) error {
	client, err := fetch.New(fetch.Options{Allow: []string{"127.0.0.0/8"}})
	if err != nil {
		return err
	}
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		return err
	}
	engine := aggregator.New(st, aggregator.Setup{Sources: sources, Client: client, Registry: registry}, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	for {
		report, err := engine.Ingest(ctx, aggregator.Request{Now: true})
		if err != nil {
			return err
		}
		if report.Failed > 0 {
			return report.Visits[0].Err
		}
	}
}

// renderOnce prints the merged feed.
func renderOnce(st *store.Store, sources []news.Source) error {
	options, err := publication(sources)
	if err != nil {
		return err
	}
	return st.View(func(v store.View) error {
		doc, err := publish.New(options).Atom(v)
		if err == nil {
			_, err = os.Stdout.Write(doc.Bytes)
		}
		return err
	})
}
