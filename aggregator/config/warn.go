package config

import (
	"cmp"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"

	"dateline/aggregator/news"
)

// Known is what a store, or a look at its feed, knows of a source.
type Known struct {
	URL         string  // address that its items were read at; empty: it has none
	Moved       string  // address that permanent redirects lead to; empty: none
	Unvalidated bool    // its last good answer had neither ETag nor Last-Modified
	HTTPS       string  // the same address by https, where that answers; empty: it does not, or was not asked
	Read        int     // items of a document that was read; 0: none was
	Undated     int     // of these, those with a date that cannot be read
	Pages       float64 // pages of its articles that were asked for, a day
	Refused     string  // why no request goes to its URL, and which key would let it in; empty: one does
}

// spare is from which interval on nothing is said of a source that is sent whole at every visit.
const spare = Duration(time.Hour)

// maxAlike is how many sources are warned of one by one for one reason: of more, one warning speaks.
const maxAlike = 3

// Warnings returns what is allowed and probably not meant, in the order of the file: a retention under an hour, no sources,
// two sources with one feed,
// sources without a name, links that readers cannot follow, an operator's listener that others reach, more entries of each
// source than a document holds, a Cyrillic name under a language of Latin script, a secret in an address or not to be found,
// and what is known by source id: a known address under a new id, dates that a zone would let be read, an address that has
// moved, answers by https too or is not asked, and a feed that is sent whole and often. known may be nil.
func (c *Config) Warnings(known map[string]Known) []*Error {
	w := warner{c: c, alike: map[string]*alike{}}
	w.secrets("store.dsn", c.Store.DSN)
	w.secrets("network.proxy", c.Network.Proxy)
	w.secrets("notify.url", c.Notify.URL)
	if program, _, _ := strings.Cut(strings.TrimSpace(c.Notify.Command), " "); program != "" {
		if _, err := exec.LookPath(program); err != nil {
			w.add("notify.command", wrong("%v: nothing is sent", err))
		}
	}
	if c.Store.Retention < Duration(time.Hour) {
		w.add("store.retention", wrong("texts are kept for %s only: is a unit such as d meant?", c.Store.Retention))
	}
	if rest, home := strings.CutPrefix(c.Store.Path, "~/"); home {
		w.add("store.path", wrong("~ is a folder of that name here, not your home: write the whole path, such as /home/NAME/%s", rest))
	}
	if len(c.Sources) == 0 && !c.ownAlone() {
		w.add("sources", wrong("no sources: nothing will be polled"))
	}
	c.warnOfAddresses(w.add)
	if n := c.enabled(); c.Feed.AtLeast*n > 2*c.Feed.Entries {
		w.add("feed.at_least", wrong("at_least %d of %d sources are more entries than the document holds: "+
			"it ends at twice entries (%d)", c.Feed.AtLeast, n, 2*c.Feed.Entries))
	}
	if isForeignScript(c.Feed.Title, c.Feed.Language) {
		w.add("feed.title", wrong("a Cyrillic title under language %q", c.Feed.Language))
	}
	former := c.formerIDs(known)
	feeds := map[string]int{}
	for i, s := range c.Sources {
		path, feed := fmt.Sprintf("sources[%d]", i), sameFeed(s.URL)
		if id := former[sameFeed(news.Redact(s.URL))]; id != "" && known[s.ID].URL == "" {
			w.add(path+".id", wrong("source %s reads the feed of %s, which is not configured: under another id all its items are new",
				s.ID, id).meant(id))
		}
		w.source(path, s)
		w.known(path, s, known[s.ID])
		if j, again := feeds[feed]; again {
			w.add(path+".url", wrong("sources %s and %s read the same feed, lines %d and %d", c.Sources[j].ID, s.ID,
				c.place(fmt.Sprintf("sources[%d].url", j)).line, c.place(path+".url").line))
			continue
		}
		feeds[feed] = i
	}
	w.together()
	return w.all.placed(c.file, c.lines)
}

// Finding returns what is said of a configured source, at its address in the file.
func (c *Config) Finding(id, message string) *Error {
	i := slices.IndexFunc(c.Sources, func(s Source) bool { return s.ID == id })
	return c.At(fmt.Sprintf("sources[%d].url", i), message)
}

// At returns what is said of the value at a path such as topics[0].query.
func (c *Config) At(path, message string) *Error {
	w := warner{c: c}
	w.add(path, &Error{Message: message})
	return w.all.placed(c.file, c.lines)[0]
}

// warner gathers warnings.
type warner struct {
	c     *Config
	all   Errors
	alike map[string]*alike // by what they are about
}

// alike is one warning of several sources.
type alike struct {
	path string // of the first
	ids  []string
	each []func() // adds the warning of one; no more than maxAlike
}

func (w *warner) add(path string, e *Error) {
	p := w.c.place(path)
	e.Line, e.Column = p.line, p.column
	w.all = append(w.all, e)
}

// of adds a warning of a source, unless it is one of many with that reason.
func (w *warner) of(source, path, reason string, e *Error) {
	a := w.alike[reason]
	if a == nil {
		a = &alike{path: path}
		w.alike[reason] = a
	}
	if a.ids = append(a.ids, source); len(a.ids) <= maxAlike {
		a.each = append(a.each, func() { w.add(path, e) })
	}
}

// together adds the warnings of sources: one by one, or one for all.
func (w *warner) together() {
	for _, reason := range slices.Sorted(maps.Keys(w.alike)) {
		a := w.alike[reason]
		if len(a.ids) > maxAlike {
			w.add(a.path, wrong("%d sources %s: %s and %d more", len(a.ids), reason, strings.Join(a.ids[:maxAlike], ", "), len(a.ids)-maxAlike))
			continue
		}
		for _, add := range a.each {
			add()
		}
	}
}

// secrets warns of what a value names and this process does not find.
func (w *warner) secrets(path, value string) {
	for _, e := range unresolved(value) {
		w.add(path, e)
	}
}

// source warns of what the file alone says of a source.
func (w *warner) source(path string, s Source) {
	if s.Name == "" {
		w.of(s.ID, path, "have no name, so readers see their ids", wrong("source %s has no name: readers see its id", s.ID))
	}
	for _, part := range news.SecretsIn(s.URL) {
		name, _, _ := strings.Cut(part, "=")
		w.add(path+".url", wrong("%q in the address of source %s looks like a secret: name it as ${NAME} or ${file:PATH}", name, s.ID))
	}
	w.secrets(path+".url", s.URL)
	for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
		w.secrets(path+".headers."+name, s.Headers[name])
	}
	if isForeignScript(s.Name, s.Language) {
		w.add(path+".name", wrong("a Cyrillic name under language %q", s.Language))
	}
}

// known warns of what is known of a source.
func (w *warner) known(path string, s Source, k Known) {
	if s.Timezone == "" && k.Undated > 0 {
		w.of(s.ID, path, "have no timezone, so dates without an offset are missing",
			wrong("source %s has no timezone: of %d dates %d are missing for want of an offset", s.ID, k.Read, k.Undated))
	}
	if k.Refused != "" && s.Enabled {
		w.of(s.ID, path+".url", "cannot be asked, see network.allow and network.ports", wrong("source %s cannot be asked: %s", s.ID, k.Refused))
	}
	if k.Moved != "" {
		w.of(s.ID, path+".url", "have moved for good, `dateline status` says where to",
			wrong("source %s has moved for good", s.ID).meant(k.Moved))
	} else if k.HTTPS != "" {
		w.of(s.ID, path+".url", "are asked by http, and https answers",
			wrong("source %s is asked by http, and https answers", s.ID).meant(k.HTTPS))
	}
	if every := cmp.Or(s.Every, w.c.Poll.Every); k.Unvalidated && every < spare {
		w.of(s.ID, path+".every", fmt.Sprintf("give no validators, so they are sent whole at every visit: poll them every %s", spare),
			wrong("source %s gives no validators, so it is sent whole at every visit: poll it every %s, not every %s", s.ID, spare, every))
	}
}

// formerIDs returns, by [sameFeed], the ids of known sources that the config does not hold.
func (c *Config) formerIDs(known map[string]Known) map[string]string {
	former := map[string]string{}
	have := make(map[string]bool, len(c.Sources))
	for _, s := range c.Sources {
		have[s.ID] = true
	}
	for _, id := range slices.Sorted(maps.Keys(known)) {
		if known[id].URL != "" && !have[id] {
			former[sameFeed(news.Redact(known[id].URL))] = id
		}
	}
	return former
}

// sameFeed returns what is equal for two addresses of one feed: http or https, default port and a final
// slash make no other.
func sameFeed(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return address
	}
	host := strings.ToLower(u.Host)
	if u.Port() == "80" || u.Port() == "443" {
		host = strings.ToLower(u.Hostname())
	}
	return host + strings.TrimSuffix(u.EscapedPath(), "/") + "?" + u.RawQuery
}

// listenHost returns the host of HOST:PORT.
func listenHost(listen string) string {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return ""
	}
	return host
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback() || host == "localhost"
}

// isForeignScript reports whether text has Cyrillic letters under a language written in Latin ones.
func isForeignScript(text, lang string) bool {
	t, err := language.Raw.Parse(lang)
	if err != nil {
		return false
	}
	script, sure := t.Script()
	return sure != language.No && script.String() == "Latn" &&
		strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
}
