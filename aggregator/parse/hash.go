package parse

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"dateline/aggregator/news"
)

// hashOf returns the hash of what a document says of an item. Every text is preceded by its length, every
// list by its count, so that no two items give the same bytes. It is never 0.
func hashOf(it *news.Item) uint64 {
	b := make([]byte, 0, 512+len(it.Summary)+len(it.Content))
	text := func(all ...string) {
		for _, s := range all {
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
	}
	count := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	text(it.GUID, it.URL, it.Title, it.Summary, it.Content, it.Language, it.Publisher, it.Rights, it.Licence, it.PublishedRaw, it.UpdatedRaw)
	for _, people := range [][]news.Person{it.Authors, it.Contributors} {
		count(len(people))
		for _, p := range people {
			text(p.Name, p.Email, p.URI)
		}
	}
	count(len(it.Categories))
	for _, c := range it.Categories {
		text(c.Term, c.Scheme, c.Label)
	}
	count(len(it.Media))
	for _, m := range it.Media {
		text(m.URL, m.Type, m.Medium, m.Title, m.Description, m.Copyright, m.Licence, m.Thumbnail)
		text(strconv.FormatInt(m.Length, 10), strconv.Itoa(m.Width), strconv.Itoa(m.Height))
		count(len(m.Credits))
		for _, c := range m.Credits {
			text(c.Role, c.Scheme, c.Name)
		}
	}
	if e := it.Embargo; e != nil {
		text(e.Evidence.Words)
	}
	if o := it.Origin; o != nil {
		text(o.ID, o.Title, o.Self, o.Site, o.Rights, o.Licence)
	}
	sum := sha256.Sum256(b)
	return max(binary.BigEndian.Uint64(sum[:8]), 1)
}
