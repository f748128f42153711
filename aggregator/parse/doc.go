// Package parse reads feed documents: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.
//
// A document passes these stages, each a file or two:
//
//	decode      encoding.go                 bytes to UTF-8 that XML allows
//	detect      detect.go                   which format, or what it is instead
//	repair      repair.go implied.go        XML to well-formed XML and a tree of its elements; jsonscan.go does it for JSON
//	bounds      bounds.go choose.go         what is beyond a bound is left out alone; which of too many items are taken
//	split       split.go                    items that are known by their bytes are not read again
//	read        reader.go                   gofeed reads what is left
//	merge       rss.go atom.go json.go      one item out of what gofeed and the tree say
//	clean       markup.go sanitize.go       later, for the items that are new: HTML that can do nothing but be read
//
// # Which reader fills which field
//
// gofeed reads every format of the wild and is the reader of what it keeps whole. What it rewrites, guesses or drops is read
// from the tree, which is made of the same bytes. For JSON there is no tree: gofeed reads all but the hubs. Each field has
// one reader, and rssItem, entry and jsonItem are the only places where an item is put together.
//
//	field                   RSS, RDF               Atom      why not gofeed
//	GUID                    gofeed, else tree      tree      resolves ids on xml:base; rdf:about
//	URL                     gofeed, else tree      tree      keeps no hreflang; other places of a link
//	Title                   gofeed, else tree      tree      loses the type of the text; dc:title, media:title
//	Summary, Content        tree                   tree      unescapes and resolves; takes the wrong one of several
//	Language                tree                   tree      drops xml:lang
//	Authors, Contributors   tree                   tree      keeps one author; splits names and mail otherwise
//	Publisher, Rights       tree                   tree      drops them for items
//	Licence                 tree                   tree      does not know them
//	Categories              gofeed, then tree      tree      drops the label; dc:subject
//	Media                   gofeed (enclosure),    tree      drops credits and groups; pictures outside Media RSS
//	                        then tree
//	Published, Updated      gofeed, else tree      gofeed,   the raw date is kept and read by date.go
//	                                               else tree
//	Origin                  gofeed, else tree      tree      drops all but title and address
//	Feed: Title, Subtitle,  gofeed, else tree      tree      as for items
//	Rights, Language, Updated
//	Feed: Self, Site, Hub,  tree                   tree      keeps no relations of links
//	Icon, Authors, Licence
//	TTL, SkipHours,         gofeed                 -
//	SkipDays
//	Deleted                 -                      tree      does not know RFC 6721
//
// Not read, on purpose, since no agency files news in them: CDF, RSS 1.1, the content of Atom entries in formats that are no
// text. Nothing here knows the network, the clock or the store.
package parse
