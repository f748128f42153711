package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// A tag finds the records of one source or one language without reading the log: `source:ID` for the source of
// every member of the record's entry, `language:xx` for the representative's language, without its region. An item
// that joins an entry later has its source's tag at the entry's newest position. Who leaves an entry keeps it there,
// so whoever reads by tag looks at the entry as well.
//
// The tags of one page of the log stand together, a byte for each record, so that they take little room and go with
// their page.

const (
	tagSource   = "source:"
	tagLanguage = "language:"
)

func tagKey(tag string, page uint64) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(tag), 0), page)
}

func pageOf(pos uint64) uint64 { return (pos - 1) / PageSize }

// Tagged yields the records with the tag from position `from` downwards, newest first; 0: from the head.
func (v View) Tagged(tag string, from uint64) iter.Seq2[news.LogRecord, error] {
	return func(yield func(news.LogRecord, error) bool) {
		for pos, err := range v.tagged(tag, from) {
			var rec news.LogRecord
			found := false
			if err == nil {
				rec, found, err = v.logRecord(pos)
			}
			if err == nil && !found {
				continue // forgotten, as in Records
			}
			if !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

// tagged yields the positions with the tag, newest first.
func (v View) tagged(tag string, from uint64) iter.Seq2[uint64, error] {
	return func(yield func(uint64, error) bool) {
		if from == 0 {
			from = v.Head()
		}
		if from == 0 {
			return
		}
		c := v.tx.Bucket(bTag).Cursor()
		newest := c.Prev
		if k, _ := c.Seek(tagKey(tag, pageOf(from)+1)); k == nil {
			newest = c.Last
		}
		for k, b := newest(); isTag(k, tag); k, b = c.Prev() {
			r := reader{b: b}
			r.form(formPlain)
			if r.err != nil {
				yield(0, r.err)
				return
			}
			first := num8(k[len(k)-8:])*PageSize + 1
			for _, at := range slices.Backward(r.b) {
				if pos := first + uint64(at); pos <= from && !yield(pos, nil) {
					return
				}
			}
		}
	}
}

func isTag(k []byte, tag string) bool {
	return len(k) == len(tag)+9 && string(k[:len(tag)]) == tag && k[len(tag)] == 0
}

// logRecord returns the record at a position, and whether its entry is still there.
func (v View) logRecord(pos uint64) (news.LogRecord, bool, error) {
	number, rec, err := unpackLog(pos, v.tx.Bucket(bLog).Get(key8(pos)))
	if err != nil {
		return rec, false, err
	}
	k, found, err := v.keyOf(number)
	rec.Entry = k
	return rec, found, err
}

// tagger finds out tags.
type tagger struct {
	v         View
	w         Writes                  // what is being written besides; may be zero
	items     map[news.Key]*news.Item // of w
	languages map[string]string       // of sources, as far as they were asked for
}

func (v View) tagger(w Writes) tagger {
	g := tagger{v: v, w: w, items: make(map[news.Key]*news.Item, len(w.Items)), languages: map[string]string{}}
	for i := range w.Items {
		g.items[w.Items[i].Key] = &w.Items[i]
	}
	return g
}

// of returns the tags of an entry.
func (g *tagger) of(e news.Entry) ([]string, error) {
	var tags []string
	for i, k := range e.Members() {
		it, found, err := g.item(k)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		if tag := tagSource + it.Source; !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
		if i > 0 {
			continue
		}
		lang, err := g.language(it)
		if err != nil {
			return nil, err
		}
		if lang != "" {
			tags = append(tags, tagLanguage+lang)
		}
	}
	return tags, nil
}

// item returns an item among those that are being written, else the store's.
func (g *tagger) item(k news.Key) (news.Item, bool, error) {
	if it := g.items[k]; it != nil {
		return *it, true, nil
	}
	return g.v.Item(k)
}

// language returns the primary language of an item: its own, else its source's, else its feed's.
func (g *tagger) language(it news.Item) (string, error) {
	if lang := text.BaseLanguage(it.Language); lang != "" {
		return lang, nil
	}
	lang, known := g.languages[it.Source]
	if !known {
		st, err := g.v.State(it.Source)
		if err != nil {
			return "", err
		}
		if g.w.State != nil && g.w.Source == it.Source {
			st = *g.w.State
		}
		lang = text.BaseLanguage(st.Language)
		g.languages[it.Source] = lang
	}
	if lang == "" {
		lang = text.BaseLanguage(it.Feed.Language)
	}
	return lang, nil
}

// putTags tags the records of w, which have the positions from first on, and the newest record of each entry that
// others joined. It is called before the entries are put, and given them as they will be.
func (v View) putTags(w Writes, entries []news.Entry, first uint64) error {
	g := v.tagger(w)
	tags := make(map[news.Key][]string, len(w.Log))
	for _, e := range entries {
		if e.Last >= first {
			var err error
			if tags[e.Key], err = g.of(e); err != nil {
				return err
			}
		}
	}
	for i, rec := range w.Log {
		if err := v.tag(tags[rec.Entry], first+uint64(i)); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if e.Last == 0 || e.Last >= first {
			continue // never published, or done above
		}
		old, _, err := v.Entry(e.Key)
		if err != nil {
			return err
		}
		joined := slices.DeleteFunc(slices.Clone(e.Members()), func(k news.Key) bool { return slices.Contains(old.Members(), k) })
		for _, k := range joined {
			it, found, err := g.item(k)
			if err != nil {
				return err
			}
			if !found {
				continue
			}
			if err := v.tag([]string{tagSource + it.Source}, e.Last); err != nil {
				return err
			}
		}
	}
	return nil
}

// tag puts the tags on the record at pos.
func (v View) tag(tags []string, pos uint64) error {
	if v.tx.Bucket(bLog).Get(key8(pos)) == nil {
		return nil // its page was dropped
	}
	b := v.tx.Bucket(bTag)
	offset := byte((pos - 1) % PageSize)
	for _, tag := range tags {
		k := tagKey(tag, pageOf(pos))
		value := bytes.Clone(b.Get(k))
		if len(value) == 0 {
			value = []byte{formPlain}
		}
		at, there := slices.BinarySearch(value[1:], offset)
		if there {
			continue
		}
		if err := b.Put(k, slices.Insert(value, at+1, offset)); err != nil {
			return err
		}
	}
	return nil
}

// dropTags removes the tags of a page of the log.
func (v View) dropTags(page uint64) error {
	b := v.tx.Bucket(bTag)
	c := b.Cursor()
	for k, _ := c.First(); k != nil; {
		if len(k) < 9 {
			return errors.Join(errValue, errors.New("tag without a page"))
		}
		tag := string(k[:len(k)-9])
		if err := b.Delete(tagKey(tag, page)); err != nil {
			return err
		}
		k, _ = c.Seek(append([]byte(tag), 1)) // the next tag
	}
	return nil
}

// tags looks whether the index says what the log and the entries say.
func (c *checker) tags() error {
	err := c.each(bTag, func(k, value []byte) {
		where := fmt.Sprintf("tag %q", k)
		if len(k) < 9 {
			c.fault(where, "has no page")
			return
		}
		r := reader{b: value}
		r.form(formPlain)
		if r.err != nil {
			c.fault(where, "%v", r.err)
		}
		for _, at := range r.b {
			if pos := num8(k[len(k)-8:])*PageSize + 1 + uint64(at); c.tx.Bucket(bLog).Get(key8(pos)) == nil {
				c.fault(where, "position %d is not in the log", pos)
			}
		}
	})
	if err != nil {
		return err
	}
	g := c.tagger(Writes{})
	for rec, err := range c.Records(0) {
		if err != nil {
			return nil // told of the log already
		}
		e, found, err := c.Entry(rec.Entry)
		if err != nil || !found || e.Last != rec.Pos {
			continue // told of the entries already
		}
		tags, err := g.of(e)
		for _, tag := range tags {
			if strings.HasPrefix(tag, tagSource) && !c.hasTag(tag, rec.Pos) {
				c.fault("entry "+e.Key.String(), "is not found by its tag %s", tag)
			}
		}
		if err != nil {
			c.fault("entry "+e.Key.String(), "%v", err)
		}
	}
	return nil
}

// hasTag reports whether the record at pos has the tag.
func (v View) hasTag(tag string, pos uint64) bool {
	for at, err := range v.tagged(tag, pos) {
		return err == nil && at == pos
	}
	return false
}
