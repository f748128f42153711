package publish

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// File is a document as a static host serves it.
type File struct {
	Name string // path below the folder that is served at the base address, with slashes
	*Document
}

// pageEnding is that of the file of an entry's page.
const pageEnding = ".html"

// Site yields every document that a [Handler] would serve now, but for what shows the present and for searches, to which
// its pages do not lead. The page of an entry is a file with the ending .html: pages lead to that, feeds to the address
// without it, which most static hosts serve too. What was withdrawn is its notice, and what was merged into another has no
// file. The error is [ErrRead].
func (p *Publisher) Site(r Reader) iter.Seq2[File, error] {
	o := p.o
	o.States, o.Find = nil, nil
	find := p.find
	p = New(o)
	p.find = find
	p.at.Ending, p.site.Addresses.Ending = pageEnding, pageEnding
	return func(yield func(File, error) bool) {
		all, g := newTable(), &generation{p: p}
		for path, err := range p.paths(r) {
			f := File{Name: fileName(path)}
			if err == nil {
				to, arg := all.find(&url.URL{Path: path})
				if to == nil {
					continue // a topic with a slash in it has no address
				}
				f.Document, err = to.doc(call{p: p, r: r, g: g, arg: arg})
			}
			var moved *movedError
			if errors.As(err, &moved) || errors.Is(err, ErrNotFound) || errors.Is(err, ErrListing) || errors.Is(err, ErrFormat) {
				continue
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}

// fileName returns the name of the file for a path.
func fileName(path string) string {
	switch {
	case path == "/":
		return "index.html"
	case path == "/subscribe", isPage(path):
		return path[1:] + pageEnding
	}
	return path[1:]
}

// isPage reports whether a path is that of the page of an entry, a story or a part.
func isPage(path string) bool {
	folder, rest, _ := strings.Cut(path[1:], "/")
	return slices.Contains([]string{"entries", "stories", "sources", "topics", "languages", "agencies", "places"}, folder) &&
		!strings.Contains(rest, "/")
}

// paths yields the path of every document.
func (p *Publisher) paths(r Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, path := range []string{"/", "/subscribe", "/changes.atom", "/feeds.opml", "/sources.opml", "/robots.txt", "/" + svgPath,
			"/" + icoPath} {
			if !yield(path, nil) {
				return
			}
		}
		languages, parts := make(map[string]bool), make(map[string]bool)
		for k, err := range p.everyEntry(r) {
			var f *fragment
			if err == nil {
				f, err = p.load(r, k, true)
			}
			if err != nil {
				yield("", err)
				return
			}
			if f == nil {
				continue
			}
			languages[text.BaseLanguage(f.c.Lang)] = true
			p.partsOf(f.c, parts)
			all := []string{"/entries/" + k.String()}
			if n := f.c.StoryCount; n.Own+n.Copies > 1 && f.c.Entry.StoryKey() == k {
				all = append(all, "/stories/"+k.String(), "/stories/"+k.String()+"/feed.atom")
			}
			for _, path := range all {
				if !yield(path, nil) {
					return
				}
			}
		}
		oldest, open := archives(r)
		for n := oldest; n < open; n++ {
			for _, f := range archiveFormats() {
				if !yield("/"+archivePath(n)+"."+string(f), nil) {
					return
				}
			}
		}
		for _, src := range p.o.Sources {
			if !yield("/"+view.SourceChangesPath(src.ID)+".atom", nil) {
				return
			}
		}
		for _, path := range append(p.feedPaths(languages), slices.Sorted(maps.Keys(parts))...) {
			if part := strings.TrimSuffix(path, "/feed"); part != "" && !yield(part, nil) {
				return
			}
			for _, f := range FeedFormats() {
				if !yield(path+"."+string(f), nil) {
					return
				}
			}
		}
	}
}

// partsOf adds the paths of the feeds, without the format, of the agencies that made and published an entry and that it cites, and of the
// place that it was filed from.
func (p *Publisher) partsOf(c *view.Entry, all map[string]bool) {
	if c.Entry.State == news.Withdrawn {
		return
	}
	put := func(folder, name string) {
		if name != "" && !strings.Contains(name, "/") {
			all[folder+name+"/feed"] = true
		}
	}
	for _, who := range c.Originators() {
		put("/agencies/", who.Key)
	}
	for _, key := range c.PublisherKeys() {
		put("/agencies/", key)
	}
	for _, cr := range c.Item.Credits.Cited {
		put("/agencies/", cr.Agency)
	}
	if d := c.Item.Credits.Dateline; d != nil {
		put("/places/", p.site.PlaceKey(d.Place))
	}
}

// everyEntry yields the entries of the log, each once.
func (p *Publisher) everyEntry(r Reader) iter.Seq2[news.Key, error] {
	return func(yield func(news.Key, error) bool) {
		known := make(map[news.Key]bool)
		for rec, err := range r.Records(0) {
			if err != nil {
				err = fmt.Errorf("%w: log: %w", ErrRead, err)
			} else if known[rec.Entry] {
				continue
			}
			known[rec.Entry] = true
			if !yield(rec.Entry, err) || err != nil {
				return
			}
		}
	}
}

// feedPaths returns the paths of all feeds, without the format. languages are those that something was published in.
func (p *Publisher) feedPaths(languages map[string]bool) []string {
	paths := []string{"/feed"}
	topics := make(map[string]bool)
	for t := range p.o.Topics {
		topics[t] = true
	}
	for _, src := range p.o.Sources {
		paths = append(paths, "/sources/"+src.ID+"/feed")
		for _, t := range src.Topics {
			topics[t] = true
		}
		languages[text.BaseLanguage(src.Language)] = true
	}
	delete(languages, "")
	for t := range topics {
		paths = append(paths, "/topics/"+t+"/feed")
	}
	for l := range languages {
		paths = append(paths, "/languages/"+l+"/feed")
	}
	slices.Sort(paths)
	return paths
}
