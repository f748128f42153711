package attribute

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// statedBy returns credits as a feed or a page states them, from `agency rule`, a place, a person, a line and rights; "" states nothing.
func statedBy(field, agency, place, person, line, rights string) (c news.Credits) {
	if key, rule, ok := strings.Cut(agency, " "); ok {
		c.Agency = &news.Credit{Role: news.Originator, Name: key, Agency: key, Evidence: news.Evidence{Field: field, Rule: rule}}
	}
	if place != "" {
		c.Dateline = &news.Dateline{Place: place, Raw: place}
	}
	if person != "" {
		c.Byline = []news.Credit{{Role: news.Byline, Name: person}}
	}
	if line != "" {
		c.Photos = []news.Photo{{Line: line, Chain: []news.Credit{{Role: news.Owner, Name: line}}}}
	}
	c.Rights = rights
	return c
}

// names returns what a merge came to, a word a fact; what is kept besides follows a bar.
func names(c news.Credits) string {
	var b strings.Builder
	put := func(s string) { b.WriteString(s + " ") }
	if c.Agency != nil {
		put(c.Agency.ID())
	}
	if c.Dateline != nil {
		put(c.Dateline.Place)
	}
	for _, p := range c.Byline {
		put(p.Name)
	}
	for _, p := range c.Photos {
		put(p.Line)
	}
	put(c.Rights + "|")
	for _, o := range c.Other {
		put(string(o.Role) + ":" + o.ID())
	}
	return strings.TrimSpace(b.String())
}

// TestMerge is the table of precedence.
func TestMerge(t *testing.T) {
	t.Parallel()
	all := statedBy(news.PageField, "reuters dateline-place", "LONDON", "Ann", "Reuters", "©R")
	for name, c := range map[string]struct {
		feed, page news.Credits
		want       string
	}{
		"the page speaks alone": {statedBy("", "", "", "", "", ""), all, "reuters LONDON Ann Reuters ©R|"},
		"the feed speaks alone": {statedBy("text", "afp byline-line", "PARIS", "Bob", "AFP", "©A"), statedBy(news.PageField, "", "", "", "", ""),
			"afp PARIS Bob AFP ©A|"},
		"the feed's own word wins, the page's is kept": {statedBy("text", "afp byline-line", "PARIS", "Bob", "AFP", "©A"), all,
			"afp PARIS Bob AFP ©A| originator:reuters dateline:LONDON byline:Ann owner:Reuters"},
		"what the feed takes from the config gives way": {statedBy("config", "belta configured", "", "", "", ""), all,
			"reuters LONDON Ann Reuters ©R|"},
		"the page's own guess does not win over the config": {statedBy("config", "belta configured", "", "", "", ""),
			statedBy(news.PageField, "portal publisher", "", "", "", ""), "belta |"},
		"nor does the host of its address": {statedBy("config", "belta configured", "", "", "", ""),
			statedBy(news.PageField, "portal link-host", "", "", "", ""), "belta |"},
		"what both say alike is kept once": {statedBy("text", "afp byline-line", "PARIS", "Bob", "AFP", ""),
			statedBy(news.PageField, "afp author", "PARIS", "Bob", "AFP", ""), "afp PARIS Bob AFP |"},
		"the feed's publisher is its own word": {statedBy("dc:publisher", "afp publisher", "", "", "", ""),
			statedBy(news.PageField, "reuters author", "", "", "", ""), "afp | originator:reuters"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(c.want, names(MergePage(c.feed, c.page))); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("an agency that becomes the originator is not cited, and the source is its carrier", func(t *testing.T) {
		t.Parallel()
		feed := statedBy("config", "belta configured", "", "", "", "")
		feed.Cited = []news.Credit{{Role: news.Cited, Name: "reuters", Agency: "reuters"}, {Role: news.Cited, Name: "tass", Agency: "tass"}}
		of := all
		of.Other = []news.Credit{{Role: news.Carrier, Name: "belta", Agency: "belta"}}
		got := MergePage(feed, of)
		if len(got.Cited) != 1 || got.Cited[0].Agency != "tass" || len(got.Other) != 1 || got.Other[0].Role != news.Carrier {
			t.Errorf("cited %v, other %v", got.Cited, got.Other)
		}
		if len(feed.Cited) != 2 || len(feed.Other) != 0 {
			t.Error("the feed's credits were changed")
		}
	})
}
