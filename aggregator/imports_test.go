package aggregator

import (
	"go/build"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/internal/feedtest"
)

// arrows lists, for each room, which rooms of the project it may import besides news, which all but news
// itself may. The engine alone knows the stages, and cmd all.
var arrows = map[string][]string{
	"aggregator": {"aggregator/attribute", "aggregator/dedup", "aggregator/entries", "aggregator/fetch", "aggregator/opml",
		"aggregator/page/queue", "aggregator/parse", "aggregator/publish/view", "aggregator/schedule",
		"aggregator/search", "aggregator/status", "aggregator/text", "aggregator/websub/subscriber", "store"},
	"aggregator/attribute": {"aggregator/attribute/agency", "aggregator/attribute/lex", "aggregator/text"},
	"aggregator/config":    {"aggregator/platform/atomicfile", "aggregator/platform", "aggregator/text"},
	"aggregator/control":   {"aggregator/platform"},
	"aggregator/dedup":     {"aggregator/text"},
	"aggregator/docs":      nil,
	"aggregator/entries":   {"aggregator/attribute", "aggregator/dedup", "aggregator/text", "store"},
	"aggregator/fetch":     {},
	"aggregator/news":      nil,
	"aggregator/opml":      {"aggregator/text"},
	"aggregator/page":      {"aggregator/text"},
	"aggregator/parse":     {"aggregator/text"},
	"aggregator/platform":  nil,
	"aggregator/publish": {"aggregator/opml", "aggregator/publish/feed", "aggregator/publish/page", "aggregator/publish/view",
		"aggregator/text"},
	"aggregator/schedule": {},
	"aggregator/search":   {"aggregator/text"},
	"aggregator/status":   {},
	"aggregator/text":     {},
	"aggregator/websub":   {},
	"store":               {"aggregator/platform", "aggregator/platform/atomicfile", "aggregator/text", "store/boltfile", "store/postings"},

	"aggregator/platform/atomicfile": {"aggregator/platform"},
	"aggregator/attribute/agency":    {"aggregator/attribute/lex", "aggregator/text"},
	"aggregator/attribute/lex":       {},
	"aggregator/page/queue": {"aggregator/attribute", "aggregator/fetch", "aggregator/page", "aggregator/page/robots",
		"aggregator/schedule", "aggregator/status", "aggregator/text", "store"},
	"aggregator/page/robots":       {},
	"aggregator/publish/feed":      {"aggregator/publish/view", "aggregator/text"},
	"aggregator/publish/page":      {"aggregator/publish/view", "aggregator/text"},
	"aggregator/publish/view":      {"aggregator/text"},
	"aggregator/websub/hub":        {"aggregator/websub"},
	"aggregator/websub/subscriber": {"aggregator/websub"},
	"store/boltfile":               {},
	"store/postings":               {},
	"store/shared":                 {"store"},
	"store/storetest":              {}, // only tests import it

	"aggregator/internal/feedtest": {}, // only tests import it
	"aggregator/internal/words":    {}, // only its test runs it
}

// keepers lists the rooms that alone may import a module.
var keepers = map[string][]string{
	"github.com/mmcdole/gofeed":      {"aggregator/parse"},
	"github.com/gorilla/feeds":       {"aggregator/publish/feed"},
	"go.etcd.io/bbolt":               {"store", "store/boltfile", "store/postings"},
	"github.com/goccy/go-yaml":       {"aggregator/config"},
	"github.com/spf13/cobra":         {"cmd/dateline"},
	"github.com/fsnotify/fsnotify":   {"cmd/dateline/daemon"},
	"github.com/coreos/go-systemd":   {"cmd/dateline/daemon"},
	"github.com/schollz/progressbar": {"cmd/dateline"},
	"github.com/jackc/pgx":           {"store/shared"},

	"github.com/prometheus/client_golang": {"cmd/dateline/daemon"},
	"github.com/prometheus/client_model":  {"cmd/dateline/daemon"},
}

func TestImports(t *testing.T) {
	t.Parallel()
	root := feedtest.Root(t)
	found := 0
	for _, pattern := range []string{"aggregator", "aggregator/*", "aggregator/publish/*", "aggregator/attribute/*", "aggregator/page/*",
		"aggregator/platform/*", "aggregator/websub/*",
		"aggregator/internal/*", "store", "store/*", "cmd/*", "cmd/*/*"} {
		dirs, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range dirs {
			p, err := build.ImportDir(dir, 0)
			if err != nil {
				continue // no Go in it
			}
			pkg, err := filepath.Rel(root, dir)
			if err != nil {
				t.Fatal(err)
			}
			found++
			t.Run(pkg, func(t *testing.T) { look(t, filepath.ToSlash(pkg), p.Imports) })
		}
	}
	if found < 10 {
		t.Errorf("looked at %d rooms", found)
	}
}

func look(t *testing.T, pkg string, imports []string) {
	allowed, known := arrows[pkg]
	everything := strings.HasPrefix(pkg, "cmd/")
	if !known && !everything {
		t.Fatalf("a new room: say in this table what it may import")
	}
	for _, path := range imports {
		if own, ok := strings.CutPrefix(path, "dateline/"); ok {
			if own == "aggregator/internal/feedtest" || own == "store/storetest" {
				t.Errorf("imports %s: only tests may", own)
			}
			if own == "aggregator/news" && pkg != "aggregator/news" || everything || slices.Contains(allowed, own) {
				continue
			}
			t.Errorf("imports %s: no arrow leads there", own)
			continue
		}
		if pkg == "aggregator/news" && strings.Contains(path, ".") {
			t.Errorf("imports %s: the nouns know the standard library only", path)
		}
		for module, dirs := range keepers {
			if (path == module || strings.HasPrefix(path, module+"/")) && !slices.Contains(dirs, pkg) {
				t.Errorf("imports %s: only %s may", path, strings.Join(dirs, " and "))
			}
		}
	}
}
