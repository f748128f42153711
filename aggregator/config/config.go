// Package config reads config.yaml: strict keys, every error at once with its line and column, and
// the defaults. The struct [Config] is the documentation of the file: the comment of each field is
// the comment above its key in the reference config.yaml at the root of the project. schema.json, which editors
// use, is made of both by go generate.
//
// The language is YAML 1.2 with merge keys, without what a list of sources has no use for: no tags, directives or second
// document. Booleans are true and false. A value behind an alias has the place of its anchor.
package config

import (
	"net/netip"
	"os"
	"reflect"
	"strings"
	"time"
	_ "time/tzdata" // zones are checked, so they must be known on a machine without a zone database

	"github.com/goccy/go-yaml/ast"

	"dateline/aggregator/news"
)

// MaxSize is the size, in bytes, of the largest file that is read.
const MaxSize = 8 << 20

// Config is what config.yaml says. [Default] holds the values of keys that the file leaves out.
type Config struct {
	Feed     Feed     `yaml:"feed"`
	HTTP     HTTP     `yaml:"http"`
	Admin    Admin    `yaml:"admin"`
	Store    Store    `yaml:"store"`
	Poll     Poll     `yaml:"poll"`
	Network  Network  `yaml:"network"`
	Hub      Hub      `yaml:"hub"`
	Notify   Notify   `yaml:"notify"`
	Match    Match    `yaml:"match"`
	Agencies []Agency `yaml:"agencies"`
	Topics   []Topic  `yaml:"topics"`
	// What holds for a source that does not say otherwise: any key but id, name, url and headers. Its own value replaces a list whole.
	Defaults Defaults `yaml:"defaults"`
	Sources  []Source `yaml:"sources"`

	file    string
	changed time.Time
	bound   netip.AddrPort // of the public listener; zero: it is not open
	icon    []byte         // what feed.icon names
	lines   []string
	at      places
}

// Feed is the merged feed.
type Feed struct {
	// Title of the merged feed, in its language.
	Title string `yaml:"title"`
	// The feed's own atom:id, an absolute URI. Empty: minted once and kept in the store.
	ID string `yaml:"id"`
	// Public address, http or https, of what http.listen serves; links are made from it, not ids. Empty: http.listen as seen from here.
	BaseURL string `yaml:"base_url"`
	// File of the wire's icon, SVG or PNG, at most 256KiB, from the working folder. Empty: Dateline's mark.
	Icon string `yaml:"icon"`
	// Language of the feed's own words, BCP 47. Items keep their own.
	Language string `yaml:"language"`
	// Zone of the times and days on pages, a name of the IANA time zone database. Feeds print times in UTC.
	Timezone string `yaml:"timezone"`
	// Entries in the subscription document: the newest by log position. 1 to 10000.
	Entries int `yaml:"entries"`
	// Characters of plain text that a source with content: summary lets out of a text, cut at a sentence, else at a word. 1 to 10000.
	Summary int `yaml:"summary"`
	// Of every configured source at least so many entries are in it, though for that at most `entries` are added. 0 to 100; 0: none.
	AtLeast int `yaml:"at_least"`
	// Of a source added to a store that has begun: so many of its newest items are published at first, the rest is held. 0 to 10000.
	FirstPoll int `yaml:"first_poll"`
	// Whether a visible line of credits ends the content of each entry: true or false.
	CreditLine bool `yaml:"credit_line"`
	// Where readers see the agency of an entry, beside the text: title (`BelTA: headline`; not in feeds of one source), author, both or none.
	AgencyIn string `yaml:"agency_in"`
	// Whether the IPTC nar: elements are written besides: true or false. Validators warn of a namespace they do not know.
	IPTC bool `yaml:"iptc"`
}

// HTTP is the public listener.
type HTTP struct {
	// Public address, HOST:PORT, or unix:PATH for a socket: feeds and pages. Without HOST: all addresses. A socket wants feed.base_url.
	Listen string `yaml:"listen"`
	// Addresses or CIDRs of the proxies in front, whose X-Forwarded-For says who asks.
	TrustedProxies []string `yaml:"trusted_proxies"`
	// Whether each request to the public listener is logged, with who asks and by which program: true or false.
	AccessLog bool `yaml:"access_log"`
}

// Proxies returns TrustedProxies as networks.
func (h HTTP) Proxies() []netip.Prefix {
	var all []netip.Prefix
	for _, s := range h.TrustedProxies {
		if p, ok := network(s); ok {
			all = append(all, p)
		}
	}
	return all
}

// Admin is the operator's listener.
type Admin struct {
	// Operator's address, HOST:PORT: metrics, status, profiles. Empty: off.
	Listen string `yaml:"listen"`
	// Names that it may be asked by, besides IP addresses and localhost: pages of others cannot read it through a name of theirs.
	Hosts []string `yaml:"hosts"`
}

// Store is the store's file and its memory.
type Store struct {
	// File of the store, from the working folder.
	Path string `yaml:"path"`
	// PostgreSQL that many nodes share, postgres://USER:PASSWORD@HOST/DATABASE, user and password by name as in headers. Empty: one node.
	DSN string `yaml:"dsn"`
	// How long a text is kept after its item was last in its feed. Units: s m h d.
	Retention Duration `yaml:"retention"`
	// How long an identity is remembered after it was last seen, so that it does not return as new. Units: s m h d. 0: for ever.
	Keys Duration `yaml:"keys"`
}

// Poll is how sources are visited.
type Poll struct {
	// How often a source without an every of its own is polled. Units: s m h d.
	Every Duration `yaml:"every"`
	// No source is polled more often than this, and no every may be shorter. Units: s m h d.
	Floor Duration `yaml:"floor"`
	// Time for one visit as a whole. Units: s m h d.
	Timeout Duration `yaml:"timeout"`
	// Sources visited at the same time, never two of one host. 1 to 10000.
	Concurrency int `yaml:"concurrency"`
	// Pause between two requests to one host and port, none where network.allow lets the address in. Units: s m h d.
	HostGap Duration `yaml:"host_gap"`
	// How long a Retry-After is obeyed at most; then its host is asked once. Units: s m h d.
	RetryMax Duration `yaml:"retry_max"`
	// Memory of visits, each 24 times its document; a larger one runs alone. Empty: half of the limit, at most 256MiB. Units: B KiB MiB GiB.
	Memory Size `yaml:"memory"`
	// Requests for articles' pages a minute and host, for sources with credits_from: page. 1 to 60.
	Pages int `yaml:"pages"`
}

// Network is where requests may go and how they present themselves.
type Network struct {
	// Names, addresses or CIDRs that sources may reach though private, on any port. A name does not allow its address.
	Allow []string `yaml:"allow"`
	// Ports that may be reached everywhere else.
	Ports []int `yaml:"ports"`
	// Address or mail of the operator, for the User-Agent. Empty: the address that links are made from.
	Contact string `yaml:"contact"`
	// The largest document that is read, after decompression. Units: B KiB MiB GiB.
	MaxBody Size `yaml:"max_body"`
	// Proxy for every request, http, https or socks5, user and password by name as in headers. Empty: none; the environment is not asked.
	Proxy string `yaml:"proxy"`
}

// Hub is how those who subscribe are notified of what is new (W3C WebSub).
type Hub struct {
	// Names, addresses or CIDRs that may be subscribers, or the hub of hub.url, though private, on any port. A name allows no address.
	Allow []string `yaml:"allow"`
	// A hub elsewhere that documents name and that is notified of what is new. Empty: subscribers are served here, on /hub.
	URL string `yaml:"url"`
}

// Notify is who is notified when a source fails, is silent, blocks or is well again, takes items back, or when a config was refused.
type Notify struct {
	// Program that is run with what changed of sources, as JSON on standard input: path and arguments, split at blanks, no shell. Empty: none.
	Command string `yaml:"command"`
	// Address that the same JSON is sent to by POST, through network.proxy. Path and query may name secrets, as header fields do. Empty: none.
	URL string `yaml:"url"`
}

// Match is when items of two sources are the same text, and so one entry.
type Match struct {
	// How far apart the dates of two items with the same text may be. Units: s m h d.
	Window Duration `yaml:"window"`
	// Share of a text that must be in the other for them to be the same text. 0 to 1.
	Duplicate Share `yaml:"duplicate"`
	// From this share on they are the same text, edited, where every guard is passed and the titles are alike. 0 to 1.
	Edited Share `yaml:"edited"`
}

// Agency is an addition to the registry of agencies.
type Agency struct {
	// Registry key: lower-case letters, digits and hyphens, a letter first. A known key is replaced.
	Key string `yaml:"key"`
	// Name as credited to readers where the language has none of its own.
	Name string `yaml:"name"`
	// Names by language, BCP 47.
	Names map[string]string `yaml:"names"`
	// Other spellings, abbreviations and case forms.
	Also []string `yaml:"also"`
	// Host names of its pages, without www.
	Hosts []string `yaml:"hosts"`
	// What it does: agency, ministry, photo, distributor, press-release or media. Default agency.
	Kind news.AgencyKind `yaml:"kind"`
	// Key of the agency it belongs to. Default none.
	Parent string `yaml:"parent"`
	// Address that its name links to. Default none.
	Site string `yaml:"site"`
}

// Topic is a name for a topic. Where there is a list of them, sources may have no other topics.
type Topic struct {
	// Topic, as sources have it. Required.
	ID string `yaml:"id"`
	// Name as readers see it. Default: the id.
	Name string `yaml:"name"`
	// Query, as for a search, OR between alternatives: its entries are what that finds, and no source has it. Default: those of its sources.
	Query string `yaml:"query"`
}

// Defaults is what holds for every source that does not say otherwise: the keys of [Source], but those of one source alone.
type Defaults Source

// Source is a feed to poll.
type Source struct {
	// Short and permanent, part of every key: lower-case letters, digits and hyphens, a letter first. Required.
	ID string `yaml:"id"`
	// Name as credited to readers. Default: the id.
	Name string `yaml:"name"`
	// Registry key of the agency whose feed it is. Default: the id. One the registry lacks is added under the source's name.
	Agency string `yaml:"agency"`
	// Address of the feed, http or https. Its path and query may name secrets, as header fields do. Required.
	URL string `yaml:"url"`
	// Address of the agency's pages. Default none.
	Site string `yaml:"site"`
	// Language of items that do not name theirs, BCP 47. Default none.
	Language string `yaml:"language"`
	// Zone of dates without an offset, by its name in the IANA time zone database. Default none: such dates stay missing.
	Timezone string `yaml:"timezone"`
	// Encoding of the feed where it lies about it, such as windows-1251. Default: as it says.
	Encoding string `yaml:"encoding"`
	// How often it is polled. Units: s m h d. Default: poll.every.
	Every Duration `yaml:"every"`
	// Rights, as printed with its entries. Default: as the feed says.
	Rights string `yaml:"rights"`
	// Licence of what the feed brings, an address or a name. What an item says of itself wins. Default: as the feed says.
	Licence string `yaml:"licence"`
	// Whether the page of each new item is read for credits too, once and as its robots.txt allows: feed or page. Default feed.
	CreditsFrom string `yaml:"credits_from"`
	// What repeats at the head and the foot of its texts, menus and calls to subscribe: cut or keep. Default cut.
	Furniture string `yaml:"furniture"`
	// What may be republished: headline, summary or full. Default summary.
	Content news.Content `yaml:"content"`
	// Who represents an entry that several carry, where its originator is none of them: the highest. -1000 to 1000. Default 0.
	Priority int `yaml:"priority"`
	// Topics under which its entries are published besides. Default none.
	Topics []string `yaml:"topics"`
	// What "too many requests" (429) and its Retry-After are about: host or feed. Default host.
	RetryScope string `yaml:"retry_scope"`
	// What an item must have in its title, lead or categories to be taken: one of these words or phrases, whole, any case. Default: anything.
	Include []string `yaml:"include"`
	// What it must not have there. It wins over include. Both are about new items: a change of them takes nothing back. Default none.
	Exclude []string `yaml:"exclude"`
	// Header fields for the host of url alone. Secrets as ${NAME} from the environment or ${file:PATH}, read at each request. Default none.
	Headers map[string]string `yaml:"headers"`
	// Whether it is polled: true or false. Default true.
	Enabled bool `yaml:"enabled"`
}

// Default returns the values of the keys that a file leaves out. It has no sources.
func Default() Config {
	const day = Duration(24 * time.Hour)
	return Config{
		Feed: Feed{
			Title:      "Agency wire",
			Language:   "en",
			Timezone:   "UTC",
			Entries:    100,
			Summary:    500,
			AtLeast:    3,
			FirstPoll:  20,
			CreditLine: true,
			AgencyIn:   agencyInTitle,
		},
		HTTP:  HTTP{Listen: "127.0.0.1:8080"},
		Admin: Admin{Listen: "127.0.0.1:8081"},
		Store: Store{
			Path:      "dateline.db",
			Retention: 90 * day,
			Keys:      730 * day,
		},
		Poll: Poll{
			Every:       Duration(15 * time.Minute),
			Floor:       Duration(time.Minute),
			Timeout:     Duration(time.Minute),
			Concurrency: 64,
			HostGap:     Duration(time.Second),
			RetryMax:    day,
			Pages:       6,
		},
		Network: Network{
			Ports:   []int{80, 443, 8080, 8443},
			MaxBody: 10 << 20,
		},
		Match: Match{
			Window:    3 * day,
			Duplicate: 0.60,
			Edited:    0.35,
		},
		Defaults: Defaults(defaultSource()),
	}
}

// Load reads the file at path. It returns an [*os.PathError] with [OpRead] if the file cannot be opened, and [Errors]
// with everything that is wrong in it.
func Load(path string) (*Config, error) {
	info, statErr := os.Stat(path) // first: what is changed meanwhile has another time then
	b, err := readFile(path)
	if err != nil {
		return nil, err
	}
	c, err := Parse(path, b)
	if err != nil {
		return nil, err
	}
	if statErr == nil {
		c.changed = info.ModTime().UTC()
	}
	return c, nil
}

// Changed returns when the file was last changed that c was loaded from; zero: c was not loaded from a file.
func (c *Config) Changed() time.Time { return c.changed }

// Icon returns the file that feed.icon names, a PNG that can be read or what begins as SVG does; nil: it names none.
func (c *Config) Icon() []byte { return c.icon }

// Zone returns that of feed.timezone.
func (c *Config) Zone() *time.Location { return zone(c.Feed.Timezone) }

// Parse reads a config from b; errors call the file name. An empty file is a config of
// defaults without sources. The error is always of type [Errors], in the order of the file.
func Parse(name string, b []byte) (*Config, error) {
	c, _, err := read(name, b)
	return c, err
}

// read reads a config, and how it is written.
func read(name string, b []byte) (*Config, *text, error) { return readWith(name, b, nil) }

// readWith is read with the file that feed.icon names; nil: it is looked for.
func readWith(name string, b, icon []byte) (*Config, *text, error) {
	c := Default()
	c.file, c.icon = name, icon
	d := newDecoder()
	body := d.document(b)
	if body != nil {
		d.link(body, map[string]*ast.AnchorNode{})
		d.value(body, reflect.ValueOf(&c).Elem(), "")
		d.inherit(&c)
	}
	c.at, c.lines = d.at, d.lines
	if d.affordable() {
		check(&c, d)
	}
	if len(d.errs) > 0 {
		return nil, nil, d.errs.placed(name, d.lines)
	}
	if c.Feed.BaseURL != "" && !strings.HasSuffix(c.Feed.BaseURL, "/") {
		c.Feed.BaseURL += "/"
	}
	return &c, &text{name: name, b: b, d: d, body: body}, nil
}
