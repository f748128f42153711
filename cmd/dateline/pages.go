package main

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"dateline/aggregator/config"
	"dateline/aggregator/news"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// pageRow is what came of asking for an article's page, as --json prints it.
type pageRow struct {
	At        moment          `json:"at"`
	Result    news.PageResult `json:"result"` // read, empty, refused, failed
	Why       string          `json:"why"`    // why it brought nothing
	Canonical string          `json:"canonical"`
	Language  string          `json:"language"`
	Licence   string          `json:"licence"`
}

func newPageRow(p *news.Page) *pageRow {
	if p == nil {
		return nil
	}
	return &pageRow{At: moment(p.At), Result: p.Result, Why: p.Why, Canonical: p.Canonical, Language: p.Language, Licence: p.Licence}
}

// pageSaid says for people what came of a page.
func pageSaid(p news.Page) string {
	at := node.Stamp(p.At)
	s := "on the article's page, read at " + at
	switch p.Result {
	case news.PageEmpty:
		s = "the article's page, read at " + at
	case news.PageRefused:
		s = "the article's page was refused at " + at
	case news.PageFailed:
		s = "the article's page could not be read at " + at + " and will be asked for again"
	}
	if p.Why != "" {
		s += ": " + p.Why
	}
	return s
}

// pagesRow is a source whose articles' pages are read, as `check` prints it.
type pagesRow struct {
	ID     string  `json:"id"`
	PerDay float64 `json:"per_day"` // pages that were asked for, by the last week or so
}

// pagesRows returns the sources whose articles' pages are read.
func pagesRows(cfg *config.Config, known map[string]config.Known) (all []pagesRow) {
	for _, s := range cfg.NewsSources() {
		if s.Pages && s.Enabled {
			all = append(all, pagesRow{s.ID, known[s.ID].Pages})
		}
	}
	return all
}

// lookedPage is an article's page that was read and not stored, as `fetch --page --json` prints it.
type lookedPage struct {
	URL string `json:"url"`
	*pageRow
	Source   string        `json:"source"` // the configured one whose page it is; empty: none
	Title    string        `json:"title"`
	Credits  credits       `json:"credits"`
	Evidence []evidenceRow `json:"evidence"`
}

// lookPage reads an article's page as `credits_from: page` does, and stores nothing.
func (a *app) lookPage(ctx context.Context, w *node.Node, address string, asJSON bool) error {
	src := pageSource(w.Engine.Sources(), address)
	pg, title, err := w.Engine.LookPage(ctx, src, address)
	if err != nil {
		a.complaint("%s: %s", address, strings.TrimPrefix(reason(err), address+": "))
		return &sourcesError{failed: 1, visited: 1, unstored: true}
	}
	it := news.Item{Source: src.ID, URL: address, Title: title, Credits: pg.Credits}
	row := lookedPage{URL: address, pageRow: newPageRow(&pg), Source: src.ID, Title: title, Evidence: evidence(pg.Credits)}
	if err := w.View(func(v store.View) error {
		lines, err := w.Publisher(v)
		if err == nil {
			row.Credits = newCredits(pg.Credits, lines.CreditLine(news.Entry{}, []news.Item{it}, ""))
		}
		return err
	}); err != nil {
		return err
	}
	if asJSON {
		return a.json(row)
	}
	a.printf("title     %s\nline      %s\npage      %s\nurl       %s\nlanguage  %s\n", title, row.Credits.Line, pageSaid(pg), pg.Canonical,
		pg.Language)
	for _, e := range row.Evidence {
		e.print(a.stdout)
	}
	return nil
}

// pageSource returns the configured source on whose host, or on whose site's, a page is; zero: none.
func pageSource(all []news.Source, address string) news.Source {
	host := func(s string) string {
		u, err := url.Parse(s)
		if err != nil {
			return ""
		}
		return u.Host
	}
	i := slices.IndexFunc(all, func(s news.Source) bool { return host(s.Site) == host(address) || host(s.URL) == host(address) })
	if i < 0 || host(address) == "" {
		return news.Source{}
	}
	return all[i]
}
