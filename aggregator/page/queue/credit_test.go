package queue

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/text/encoding/charmap"

	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
	"dateline/aggregator/page"
)

// composedPage reads a composed page of page/testdata: source and language, address, content type, address asked for.
func composedPage(t testing.TB, name string) (src news.Source, body []byte, o page.Options, want string) {
	t.Helper()
	ar, err := txtar.ParseFile(filepath.Join("..", "testdata", name+".txtar"))
	if err != nil || len(ar.Files) != 3 {
		t.Fatalf("%s: %v", name, err)
	}
	head := strings.Split(string(ar.Files[0].Data), "\n")
	src.ID, src.Language, _ = strings.Cut(head[0], " ")
	o = page.Options{URL: head[1], ContentType: head[2], Asked: head[3]}
	body = ar.Files[1].Data
	if bytes.Contains(body, []byte(`charset="windows-1251"`)) {
		if body, err = charmap.Windows1251.NewEncoder().Bytes(body); err != nil {
			t.Fatal(err)
		}
	}
	return src, body, o, string(ar.Files[2].Data)
}

// TestPageCredits is the table of composed pages in the structures of twelve houses: right credits, or none.
func TestPageCredits(t *testing.T) {
	t.Parallel()
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("..", "testdata", "*.txtar"))
	if err != nil || len(files) < 40 {
		t.Fatalf("%d pages: %v", len(files), err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src, body, o, want := composedPage(t, name)
			if _, ok := registry.Agency(src.ID); ok {
				src.Agency = src.ID
			}
			art, err := page.Read(body, o)
			if d := cmp.Diff(want, pageFacts(registry, src, art, err)); d != "" {
				t.Errorf("%s\ntext %q", d, art.Text)
			}
		})
	}
}

// pageFacts returns what was found on a page, a fact a line.
func pageFacts(r *attribute.Registry, src news.Source, art page.Article, err error) string {
	if err != nil {
		return "none: " + strings.TrimPrefix(err.Error(), "page: ") + "\n"
	}
	var b strings.Builder
	put := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, value)
		}
	}
	c := Credit(r, src, news.Item{}, art, time.Time{}).Credits
	if c.Agency != nil {
		put("agency", c.Agency.ID())
	}
	if c.Dateline != nil {
		put("dateline", c.Dateline.Raw)
	}
	var names []string
	for _, p := range c.Byline {
		names = append(names, p.Name)
	}
	put("byline", strings.Join(names, "; "))
	for _, p := range c.Photos {
		put("photo", strings.TrimSuffix(p.Line+" | "+p.Caption, " | "))
	}
	for _, p := range c.Cited {
		put("cited", p.ID())
	}
	put("rights", c.Rights)
	put("licence", art.Licence)
	put("language", art.Language)
	put("canonical", art.Canonical)
	return b.String()
}

// TestEvidenceOfPictures: what a page says of a picture is evidence where the picture is credited.
func TestEvidenceOfPictures(t *testing.T) {
	t.Parallel()
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, name := range []string{"picture_supplied", "photographer_without_a_picture", "newsroom_and_agency", "belta_photo_and_dateline"} {
		src, body, o, _ := composedPage(t, name)
		art, err := page.Read(body, o)
		if err != nil {
			t.Fatal(err)
		}
		res := Credit(registry, src, news.Item{}, art, time.Time{})
		for _, c := range res.Evidence {
			isCredited := slices.ContainsFunc(res.Credits.Photos, func(p news.Photo) bool {
				return slices.ContainsFunc(p.Chain, func(o news.Credit) bool { return o.Role == c.Role && o.ID() == c.ID() })
			})
			switch c.Role {
			case news.Photographer, news.Owner, news.Supplier:
				if kept++; !isCredited {
					t.Errorf("%s: %s %s is of no picture", name, c.Role, c.ID())
				}
			}
		}
	}
	if kept == 0 {
		t.Error("no evidence of a picture")
	}
}

// TestIsAbout: a page is an item's if at least half of the long words of the item's title are on it, or all words of a short title.
func TestIsAbout(t *testing.T) {
	t.Parallel()
	art := page.Article{Title: "Ministers agree on crossing timetable", Text: "The bridge at Zarechye opens in May."}
	for title, want := range map[string]bool{
		"Ministers agree on the timetable of the crossing": true,
		"Ministers agree on tariffs for foreign fruit":     false,
		"Bridge opens":         true,
		"Bridge falls":         false,
		"Story n1 of house 11": false,
		"In May":               true,
		"":                     true,
	} {
		if got := isAbout(news.Item{Title: title}, art); got != want {
			t.Errorf("%q: %v", title, got)
		}
	}
}
