package publish

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// TestAgencyIn: where the options say so the title of an entry begins with its agency in every feed of more than one source and agency, and
// in no page; the agency is its author and the person a contributor. Nothing else changes, its date least of all.
func TestAgencyIn(t *testing.T) {
	t.Parallel()
	w := ordinary(t, 0)
	w.publish(pressBut(func(it *news.Item) {
		it.GUID, it.URL, it.Credits.Byline = "2", "https://belta.example/2", []news.Credit{{Name: "Ann Lee"}}
	}))
	key := w.log()[0].Entry
	entries := func(in AgencyIn) map[string][]visible {
		h := searched(t, w, func(o *Options) { o.AgencyIn = in })
		all := make(map[string][]visible)
		for _, path := range []string{"/feed", "/topics/belarus/feed", "/languages/en/feed", "/search", "/sources/belta/feed",
			"/agencies/belta/feed", "/places/moscow/feed"} {
			for _, f := range FeedFormats() {
				doc, err := h.Document(path + "." + string(f) + map[bool]string{true: "?q=dialogue"}[path == "/search"])
				if err != nil {
					t.Fatal(err)
				}
				all[path+"."+string(f)] = readBack(t, doc)
			}
		}
		for _, path := range []string{"/", "/entries/" + key.String(), "/search?q=dialogue"} {
			if page := body(t, ask(h, "GET", path)); strings.Contains(page, "BelTA: ") {
				t.Errorf("%s: the page %s has a name before a headline", in, path)
			}
		}
		return all
	}
	plain := entries(AgencyInNone)
	if diff := cmp.Diff(plain, entries("")); diff != "" {
		t.Errorf("unset differs from none (-want +got):\n%s", diff)
	}
	for in, want := range map[AgencyIn]struct{ title, author bool }{
		AgencyInTitle: {true, false}, AgencyInAuthor: {false, true}, AgencyInBoth: {true, true},
	} {
		got := entries(in)
		for path, all := range plain {
			for i, e := range all {
				if want.title && !strings.HasPrefix(path, "/sources/") && !strings.HasPrefix(path, "/agencies/") {
					e.Title = "BelTA: " + e.Title
				}
				if want.author {
					e.Authors = []string{"BelTA"}
				}
				if len(got[path]) != len(all) || !cmp.Equal(got[path][i], e) {
					t.Errorf("%s: %s (-want +got):\n%s", in, path, cmp.Diff(all, got[path]))
				}
			}
		}
	}
	both := options()
	both.AgencyIn = AgencyInBoth
	if e := parse(t, render(t, both, w)).Entries; !slices.ContainsFunc(e, func(e readEntry) bool {
		return slices.Contains(names(e.Contributors), "Ann Lee")
	}) {
		t.Error("the person who wrote it is no contributor")
	}
}
