package entries

import (
	"slices"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
)

// A story is a group of entries. An entry that is published comes to the story of the entry that is likest to it, together with the
// other entries like it that are in no story yet. Two stories become one where an entry is like two entries of the second, too: one
// likeness of a round-up bridges nothing. No published link is removed: a story that is full gets no more.

// linkStory puts an entry that is about to be published, and is represented by it, into the story of those about the same event.
func (d *tx) linkStory(e *news.Entry, it news.Item) error {
	found, err := d.text(it).Story(d, d.setup.Stemmer, d.setup.Thresholds)
	if err != nil || len(found) == 0 {
		return err
	}
	it.Story = nil
	var story []news.Key
	for i, j := range found {
		other, err := d.entry(j.Entry)
		if err != nil {
			return err
		}
		if !slices.Contains(story, other.Key) {
			theirs := storyOf(other)
			bridged := len(story) > 0 && len(theirs) > 1 && !finds(found[i+1:], theirs)
			if bridged || len(story)+len(theirs) >= news.MaxStory {
				continue
			}
			if story, err = d.union(story, theirs); err != nil {
				return err
			}
		}
		j.At = d.Now()
		it.Story = append(it.Story, j)
	}
	if len(story) > 0 {
		e.Story = append(story, e.Key)
		if err := d.PutStory(e.Story); err != nil {
			return err
		}
	}
	return d.putItem(it)
}

// findStory looks for the story of an item whose text was changed, unless its entry is in one: no published link is removed.
func (d *tx) findStory(k news.Key) error {
	it, _, err := d.Item(k)
	if err != nil || it.Entry != k {
		return err
	}
	e, err := d.entry(k)
	if err != nil || e.State != news.Public || len(e.Story) > 0 {
		return err
	}
	return d.linkStory(&e, it)
}

// storyOf returns the entries of the story that e is in, e alone where it is in none.
func storyOf(e news.Entry) []news.Key {
	if len(e.Story) == 0 {
		return []news.Key{e.Key}
	}
	return e.Story
}

// finds reports whether one of the entries found is in a story.
func finds(found []news.Join, story []news.Key) bool {
	return slices.ContainsFunc(found, func(j news.Join) bool { return slices.Contains(story, j.Entry) })
}

// union returns the entries of two stories, those of the one whose first entry was published earlier before the others.
func (d *tx) union(a, b []news.Key) ([]news.Key, error) {
	if len(a) == 0 {
		return slices.Clone(b), nil
	}
	one, err := d.entry(a[0])
	if err != nil {
		return nil, err
	}
	other, err := d.entry(b[0])
	if err != nil {
		return nil, err
	}
	if first, _ := inOrder(one, other); first.Key != one.Key {
		a, b = b, a
	}
	return slices.Concat(a, slices.DeleteFunc(slices.Clone(b), func(k news.Key) bool { return slices.Contains(a, k) })), nil
}

// moveStory gives the place of an entry in its story to the one that it is merged into, whose story it becomes. The list of the entry that
// is merged stays as it was, so that it comes back to its story when it is split off.
func (d *tx) moveStory(into *news.Entry, from news.Entry) error {
	story := without(into.Story, from.Key)
	if len(from.Story) > 0 && !slices.Contains(from.Story, into.Key) {
		theirs := slices.Clone(from.Story)
		theirs[slices.Index(theirs, from.Key)] = into.Key
		both, err := d.union(story, theirs)
		if err != nil {
			return err
		}
		if story = both; len(both) > news.MaxStory {
			story = into.Story
			if err := d.PutStory(without(from.Story, from.Key)); err != nil {
				return err
			}
		}
	}
	if into.Story = story; len(story) < 2 {
		into.Story = nil
	}
	return d.PutStory(story)
}

// rejoinStory puts an entry that was merged, and is published again, back into the story that it was in, else into one that its text is
// like.
func (d *tx) rejoinStory(e *news.Entry, it news.Item) error {
	was := e.Related()
	e.Story = nil
	for _, k := range was {
		other, err := d.entry(k)
		if err == nil && other.State == news.Merged {
			other, err = d.entry(other.Into)
		}
		if err != nil {
			return err
		}
		if other.Key == e.Key || other.State != news.Public {
			continue
		}
		return d.addToStory(e, other)
	}
	return d.linkStory(e, it)
}

// addToStory puts e into the story of another entry, unless that is full.
func (d *tx) addToStory(e *news.Entry, other news.Entry) error {
	story := storyOf(other)
	if len(story) >= news.MaxStory || slices.Contains(story, e.Key) {
		return nil
	}
	e.Story = append(slices.Clone(story), e.Key)
	return d.PutStory(e.Story)
}

// keepStory puts the copies of an entry that is withdrawn, which are an entry now, into its story.
func (d *tx) keepStory(from, copies news.Key) error {
	was, err := d.entry(from)
	if err != nil || len(was.Story) == 0 {
		return err
	}
	e, err := d.entry(copies)
	if err != nil || len(e.Story) > 0 {
		return err
	}
	return d.addToStory(&e, was)
}

// text returns the text of an item as dedup compares it.
func (d *tx) text(it news.Item) *dedup.Text {
	if t := d.texts[it.Key]; t != nil {
		return t.Of(it)
	}
	return dedup.NewText(it)
}
