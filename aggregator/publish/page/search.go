package page

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// searchView is the page of a search.
type searchView struct {
	frame
	Feed    FeedLink // of what is found
	Results []template.HTML
	Why     []Link // of a query that finds nothing: its parts, and what each finds
	Help    []termView
}

type termView struct{ Term, Meaning string }

// Search is the page of a search.
type Search struct {
	Query string        // empty: the form alone
	Wrong string        // what is wrong with the query; empty: nothing
	Found []*view.Entry // in their order
	Parts []QueryPart   // why nothing was found
}

// QueryPart is a part of a query that finds nothing.
type QueryPart struct {
	Text    string
	Query   string // what is to be searched for to see what follows
	Found   int    // by the part alone
	Without bool   // Found is what is found without the part
	Unknown bool   // the part names a source or a topic that is not there
}

// Search renders the page of a search.
func (s *Site) Search(q Search) ([]byte, error) {
	v := searchView{frame: s.frame("search")}
	v.Searching, v.Query, v.Wrong = true, q.Query, q.Wrong
	v.Title = cmp.Or(q.Query, v.W.Search) + " – " + v.Site
	for _, h := range searchHelp {
		v.Help = append(v.Help, termView{h.term, v.W.orName("help", h.key)})
	}
	if q.Query != "" && q.Wrong == "" {
		v.Feed = FeedLink{Title: v.Site + ": " + q.Query, Path: "search", Query: view.SearchQuery(q.Query)}
		v.Feeds = []FeedLink{v.Feed, v.Feeds[0]}
	}
	v.Why = v.W.why(q.Parts)
	wanted := s.wanted(q.Query)
	for _, c := range q.Found {
		v.Results = append(v.Results, s.result(c, wanted).html())
	}
	return execute("search", v)
}

// why says what the parts of a query find.
func (w *catalog) why(parts []QueryPart) (all []Link) {
	for _, p := range parts {
		l := Link{Text: p.Text, Href: "search" + view.SearchQuery(p.Query), After: view.Fill(w.FoundAlone, "n", strconv.Itoa(p.Found))}
		switch {
		case p.Unknown:
			l.After = w.FoundNowhere
		case p.Without:
			l.After = view.Fill(w.FoundWithout, "n", strconv.Itoa(p.Found))
		}
		if p.Found == 0 {
			l.Href = ""
		}
		all = append(all, l)
	}
	return all
}

// result returns the row of an entry that was found, with the wanted words marked. What is held back has no page.
func (s *Site) result(c *view.Entry, wanted looked) row {
	r := s.row(c, "")
	r.Clock = r.W.Moment(c.At.In(s.zone()))
	if c.Entry.State == news.Held {
		r.Page = ""
	}
	r.Heading, _ = s.highlight(strings.Fields(c.Title), wanted)
	granted := strings.Fields(c.GrantedText())
	if _, at := s.highlight(granted, wanted); at >= 0 {
		from := max(0, at-excerptWords/4)
		to := min(len(granted), from+excerptWords)
		if r.Text, _ = s.highlight(granted[from:to], wanted); from > 0 {
			r.Text = append([]stretch{{Text: "… "}}, r.Text...)
		}
		if to < len(granted) {
			r.Text = append(r.Text, stretch{Text: " …"})
		}
	}
	return r
}

// looked are the words that a query looks for in texts.
type looked struct {
	stems      map[string]bool
	beginnings []string
}

// has reports whether a word is looked for.
func (l looked) has(st *text.Stemmer, word string) bool {
	for _, t := range text.Tokens(word, 8) {
		begins := func(beginning string) bool { return strings.HasPrefix(t.Text, beginning) }
		if l.stems[st.Stem(t.Text).Text] || slices.ContainsFunc(l.beginnings, begins) {
			return true
		}
	}
	return false
}

// wanted returns the words that a query looks for in texts.
func (s *Site) wanted(query string) looked {
	all := looked{stems: make(map[string]bool)}
	for _, term := range strings.Fields(query) {
		field, _, colon := strings.Cut(term, ":")
		if term == "OR" || strings.HasPrefix(term, "-") || colon && isField(field) {
			continue
		}
		term, begins := strings.CutSuffix(term, "*")
		for _, t := range text.Tokens(term, 8) {
			switch {
			case begins:
				all.beginnings = append(all.beginnings, t.Text)
			case !text.StopWord(t.Text):
				all.stems[s.stems.Stem(t.Text).Text] = true
			}
		}
	}
	return all
}

// stretch is a part of a text, marked or not.
type stretch struct {
	Text string
	Mark bool
}

// highlight returns words as a text in which the wanted ones are marked, and the place of the first; -1: there is none.
func (s *Site) highlight(words []string, wanted looked) ([]stretch, int) {
	var all []stretch
	at := -1
	for i, word := range words {
		highlighted := wanted.has(&s.stems, word)
		if highlighted && at < 0 {
			at = i
		}
		if i > 0 {
			word = " " + word
		}
		if n := len(all); n > 0 && !highlighted && !all[n-1].Mark {
			all[n-1].Text += word
			continue
		}
		if highlighted && i > 0 {
			if n := len(all); all[n-1].Mark {
				all = append(all, stretch{Text: " "})
			} else {
				all[n-1].Text += " "
			}
			word = word[1:]
		}
		all = append(all, stretch{word, highlighted})
	}
	return all, at
}

// searchHelp is what a query is made of: an example, and the key of the words that explain it.
var searchHelp = []struct{ term, key string }{
	{"talks Minsk", "words"},
	{"foot*", "beginning"},
	{`"press conference"`, "phrase"},
	{"talks OR negotiations", "or"},
	{"-football", "not"},
	{"source:belta", "source"},
	{"agency:tass", "agency"},
	{"place:Moscow", "place"},
	{"by:Ivanova", "by"},
	{"language:ru", "language"},
	{"topic:sport", "topic"},
	{"tellings:2", "tellings"},
	{"since:2026-05-17", "since"},
	{"until:2026-05-18", "until"},
}

// isField reports whether a query may have a term that begins with the name and a colon.
func isField(name string) bool {
	for _, h := range searchHelp {
		if strings.HasPrefix(h.term, name+":") {
			return true
		}
	}
	return false
}
