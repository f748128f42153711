package config

import (
	"fmt"
	"maps"
	"math"
	"net/textproto"
	"slices"
	"strings"
)

// maxBody is the largest document that may be asked for: it is held in memory.
const maxBody Size = 1 << 30

// checker reports what is wrong with values that could be read.
type checker struct {
	c *Config
	d *decoder
}

// check adds to d everything that is wrong with c beyond its syntax and types.
func check(c *Config, d *decoder) {
	k := checker{c, d}
	k.feed()
	k.listeners()
	k.store()
	k.poll()
	k.network()
	k.each("hub.allow", c.Hub.Allow, reachable)
	k.optional("hub.url", c.Hub.URL, publicAddress)
	k.optional("notify.command", c.Notify.Command, checkOneLine)
	k.optional("notify.url", c.Notify.URL, sourceAddress)
	k.match()
	for i, a := range c.Agencies {
		k.agency(fmt.Sprintf("agencies[%d]", i), a)
	}
	for i, t := range c.Topics {
		k.required(fmt.Sprintf("topics[%d].id", i), t.ID, topic)
		k.optional(fmt.Sprintf("topics[%d].name", i), t.Name, checkOneLine)
		k.optional(fmt.Sprintf("topics[%d].query", i), t.Query, checkOneLine)
	}
	k.common("defaults", Source(c.Defaults))
	for i, s := range c.Sources {
		k.source(fmt.Sprintf("sources[%d]", i), s)
	}
	k.unique("agency key", "agencies[%d].key", len(c.Agencies), func(i int) string { return c.Agencies[i].Key })
	k.unique("topic", "topics[%d].id", len(c.Topics), func(i int) string { return c.Topics[i].ID })
	k.unique("source id", "sources[%d].id", len(c.Sources), func(i int) string { return c.Sources[i].ID })
}

func (k checker) feed() {
	f := k.c.Feed
	k.required("feed.title", f.Title, checkOneLine)
	k.optional("feed.id", f.ID, identifier)
	k.optional("feed.base_url", f.BaseURL, publicAddress)
	if f.BaseURL == "" && len(k.c.HTTP.TrustedProxies) > 0 && !k.c.ownAlone() {
		k.report("http.trusted_proxies", wrong("feed.base_url is missing: behind a proxy only it says where readers are"))
	}
	k.required("feed.language", f.Language, tag)
	k.required("feed.timezone", f.Timezone, zoneName)
	k.between("feed.entries", f.Entries, 1, 10_000)
	k.between("feed.summary", f.Summary, 1, 10_000)
	k.between("feed.at_least", f.AtLeast, 0, 100)
	k.between("feed.first_poll", f.FirstPoll, 0, 10_000)
	k.optional("feed.icon", f.Icon, k.icon)
	k.required("feed.agency_in", f.AgencyIn, agencyIn)
}

func (k checker) listeners() {
	public, admin := k.c.HTTP.Listen, k.c.Admin.Listen
	k.required("http.listen", public, publicListener)
	if _, socket := Socket(public); socket && k.c.Feed.BaseURL == "" && !k.c.ownAlone() {
		k.report("http.listen", wrong("feed.base_url is missing: a socket has no address that links could lead to"))
	}
	k.optional("admin.listen", admin, listener)
	k.each("admin.hosts", k.c.Admin.Hosts, hostAlone)
	k.each("http.trusted_proxies", k.c.HTTP.TrustedProxies, trustedProxy)
	if admin != "" && public == admin && !strings.HasSuffix(admin, ":0") {
		k.report(k.either("admin.listen", "http.listen"), wrong("http.listen and admin.listen are the same address"))
	}
}

func (k checker) store() {
	s := k.c.Store
	k.required("store.path", s.Path, checkOneLine)
	k.optional("store.dsn", s.DSN, dsn)
	if s.DSN != "" && k.c.Feed.BaseURL == "" && !k.c.ownAlone() {
		k.report("store.dsn", wrong("feed.base_url is missing: all nodes are published under one address"))
	}
	k.positive("store.retention", s.Retention)
	if s.Keys != 0 && s.Keys < s.Retention {
		k.report(k.either("store.keys", "store.retention"),
			wrong("store.keys (%s) is shorter than store.retention (%s): an identity outlives its text", s.Keys, s.Retention))
	}
}

func (k checker) poll() {
	p := k.c.Poll
	k.positive("poll.floor", p.Floor)
	k.positive("poll.timeout", p.Timeout)
	k.positive("poll.retry_max", p.RetryMax)
	k.between("poll.concurrency", p.Concurrency, 1, 10_000)
	k.between("poll.pages", p.Pages, 1, 60)
	if p.Every < p.Floor {
		k.report(k.either("poll.every", "poll.floor"), wrong("poll.every (%s) is below poll.floor (%s)", p.Every, p.Floor))
	}
}

func (k checker) network() {
	n := k.c.Network
	k.each("network.allow", n.Allow, reachable)
	for i, port := range n.Ports {
		k.between(fmt.Sprintf("network.ports[%d]", i), port, 1, math.MaxUint16)
		if slices.Contains(n.Ports[:i], port) {
			k.report(fmt.Sprintf("network.ports[%d]", i), wrong("%d is listed twice", port))
		}
	}
	k.optional("network.contact", n.Contact, contact)
	k.optional("network.proxy", n.Proxy, proxy)
	if n.MaxBody < 1 || n.MaxBody > maxBody {
		k.report("network.max_body", wrong("%s: want a size from 1B to %s", n.MaxBody, maxBody))
	}
}

func (k checker) match() {
	m := k.c.Match
	k.positive("match.window", m.Window)
	if m.Edited <= 0 {
		k.report("match.edited", wrong("%s: want more than nothing", m.Edited))
	}
	if m.Edited > m.Duplicate {
		k.report(k.either("match.edited", "match.duplicate"), wrong("match.edited (%s) is above match.duplicate (%s)", m.Edited, m.Duplicate))
	}
}

func (k checker) agency(path string, a Agency) {
	k.required(path+".key", a.Key, id)
	k.required(path+".name", a.Name, checkOneLine)
	for _, lang := range slices.Sorted(maps.Keys(a.Names)) {
		k.optional(path+".names."+lang+":", lang, tag)
		k.required(path+".names."+lang, a.Names[lang], checkOneLine)
	}
	k.each(path+".also", a.Also, checkOneLine)
	k.each(path+".hosts", a.Hosts, agencyHost)
	k.optional(path+".kind", string(a.Kind), agencyKind)
	k.optional(path+".parent", a.Parent, id)
	k.optional(path+".site", a.Site, webAddress)
}

func (k checker) source(path string, s Source) {
	k.required(path+".id", s.ID, id)
	k.optional(path+".name", s.Name, checkOneLine)
	k.required(path+".url", s.URL, sourceAddress)
	given := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
		field := textproto.CanonicalMIMEHeaderKey(name)
		if e := header(name, s.Headers[name]); e != nil {
			k.report(path+".headers."+name, e)
		} else if other, again := given[field]; again {
			k.report(path+".headers."+name+":", wrong("%s and %s are one header field: give it once", other, name))
		}
		given[field] = name
	}
	k.common(path, s)
}

// common checks the keys of a source that have defaults.
func (k checker) common(path string, s Source) {
	k.optional(path+".agency", s.Agency, id)
	k.optional(path+".site", s.Site, webAddress)
	k.optional(path+".language", s.Language, tag)
	k.optional(path+".timezone", s.Timezone, zoneName)
	k.optional(path+".encoding", s.Encoding, encodingName)
	if at, given := k.c.at[path+".every"]; given && at != k.c.at[path+".every:"] && s.Every < k.c.Poll.Floor {
		k.report(path+".every", wrong("every (%s) is below poll.floor (%s)", s.Every, k.c.Poll.Floor))
	}
	k.optional(path+".rights", s.Rights, checkOneLine)
	k.optional(path+".licence", s.Licence, checkOneLine)
	k.optional(path+".content", string(s.Content), content)
	k.between(path+".priority", s.Priority, -1000, 1000)
	k.each(path+".topics", s.Topics, k.topic)
	k.optional(path+".credits_from", s.CreditsFrom, creditsFrom)
	k.optional(path+".furniture", s.Furniture, furniture)
	k.optional(path+".retry_scope", s.RetryScope, retryScope)
	k.each(path+".include", s.Include, phrase)
	k.each(path+".exclude", s.Exclude, phrase)
}

// topic checks a topic of a source: one of the list, where there is one.
func (k checker) topic(s string) *Error {
	var listed []string
	for _, t := range k.c.Topics {
		switch {
		case t.Query == "":
			listed = append(listed, t.ID)
		case t.ID == s:
			return wrong("topic %q has a query: no source has it", s)
		}
	}
	if len(listed) == 0 || slices.Contains(listed, s) {
		return topic(s)
	}
	return wrong("%q is not in the list of topics", s).meant(nearest(s, listed, 2))
}

// report places e at the value of path, or at the nearest element around it that the file gives. It
// says nothing of what could not be read.
func (k checker) report(path string, e *Error) {
	for p, more := path, true; more; p, more = around(p) {
		if k.d.bad[p] {
			return
		}
	}
	k.d.add(k.c.place(path), e)
}

// either returns path where the file gives it, else the other one: both are wrong together.
func (k checker) either(path, other string) string {
	if _, given := k.c.at[path]; given {
		return path
	}
	return other
}

func (k checker) optional(path, value string, wrongWith func(string) *Error) {
	if value == "" {
		return
	}
	if e := wrongWith(value); e != nil {
		k.report(path, e)
	}
}

func (k checker) required(path, value string, wrongWith func(string) *Error) {
	key := path[strings.LastIndexByte(path, '.')+1:]
	switch _, given := k.c.at[path]; {
	case strings.TrimSpace(value) != "":
		k.optional(path, value, wrongWith)
	case given && k.d.nothing[path]:
		k.report(path, wrong("%s is empty: ~ and null are YAML's words for nothing", key))
	case given:
		k.report(path, wrong("%s is empty", key))
	default:
		k.report(path, wrong("%s is missing", key))
	}
}

// each checks the elements of a list, of which none may be empty or repeated.
func (k checker) each(path string, list []string, wrongWith func(string) *Error) {
	seen := make(map[string]bool, len(list))
	for i, value := range list {
		elem := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case strings.TrimSpace(value) == "":
			k.report(elem, wrong("an empty element"))
		case seen[value]:
			k.report(elem, wrong("%q is listed twice", value))
		default:
			k.optional(elem, value, wrongWith)
		}
		seen[value] = true
	}
}

func (k checker) between(path string, n, least, most int) {
	if n < least || n > most {
		k.report(path, wrong("%d: want a number from %d to %d", n, least, most))
	}
}

func (k checker) positive(path string, d Duration) {
	if d <= 0 {
		k.report(path, wrong("%s: want more than nothing", d))
	}
}

// unique reports each value that is repeated, with both lines.
func (k checker) unique(noun, path string, n int, value func(int) string) {
	first := map[string]int{}
	for i := range n {
		v := value(i)
		j, again := first[v]
		if !again || v == "" {
			first[v] = i
			continue
		}
		here, there := fmt.Sprintf(path, i), fmt.Sprintf(path, j)
		if at := k.c.place(here); at == k.c.place(there) {
			elem, _ := around(here)
			k.report(elem, wrong("%s %q comes from line %d a second time", noun, v, at.line))
			continue
		}
		k.report(here, wrong("%s %q is used twice, on lines %d and %d", noun, v, k.c.place(there).line, k.c.place(here).line))
	}
}

// place returns where path is in the file; where the file has no such key, where the element
// around it begins.
func (c *Config) place(path string) position {
	for p, more := path, true; more; p, more = around(p) {
		if at, ok := c.at[p]; ok {
			return at
		}
	}
	return start
}

// around returns the path of what holds path, and false if path is the whole.
func around(path string) (string, bool) {
	if path == "" {
		return "", false
	}
	return path[:max(0, strings.LastIndexAny(path, ".["))], true
}
