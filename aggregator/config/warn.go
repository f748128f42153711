package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// Warnings returns what is allowed and probably not meant, in the order of the file: no sources, two
// sources with one feed, a source without a zone, an address that only this machine can reach under a
// listener open to others, and a Cyrillic name under a language of Latin script. moved holds, by source id, the
// addresses that were learned from permanent redirects of the configured ones; it may be nil.
func (c *Config) Warnings(moved map[string]string) []*Error {
	var all Errors
	add := func(path string, e *Error) {
		p := c.place(path)
		e.Line, e.Column = p.line, p.column
		all = append(all, e)
	}
	if len(c.Sources) == 0 {
		add("sources", wrong("no sources: nothing will be polled"))
	}
	if u, err := url.Parse(c.Feed.BaseURL); err == nil && isLoopback(u.Hostname()) && !isLoopback(listenHost(c.HTTP.Listen)) {
		add("feed.base_url", wrong("base_url is on loopback and http.listen is not: readers elsewhere cannot follow its links"))
	}
	if isForeignScript(c.Feed.Title, c.Feed.Language) {
		add("feed.title", wrong("a Cyrillic title under language %q", c.Feed.Language))
	}
	feeds := map[string]int{}
	for i, s := range c.Sources {
		path := fmt.Sprintf("sources[%d]", i)
		if s.Timezone == "" {
			add(path, wrong("source %s has no timezone: its dates without an offset stay missing", s.ID))
		}
		if to := moved[s.ID]; to != "" {
			add(path+".url", wrong("source %s has moved for good", s.ID).meant(to))
		}
		if isForeignScript(s.Name, s.Language) {
			add(path+".name", wrong("a Cyrillic name under language %q", s.Language))
		}
		if j, again := feeds[sameFeed(s.URL)]; again {
			add(path+".url", wrong("sources %s and %s read the same feed, lines %d and %d", c.Sources[j].ID, s.ID,
				c.place(fmt.Sprintf("sources[%d].url", j)).line, c.place(path+".url").line))
			continue
		}
		feeds[sameFeed(s.URL)] = i
	}
	return all.sorted(c.file)
}

// sameFeed returns what is equal for two addresses of one feed: scheme, default port and a final
// slash make no other.
func sameFeed(address string) string {
	u, err := url.Parse(address)
	if err != nil {
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
