package news

import "slices"

// MaxStory is how many entries a story has at most.
const MaxStory = 32

// StoryKey returns the key of the story that the entry belongs to: that of the story's first entry, which is its own where it is in no
// story. Of two stories that become one the earlier keeps its key; the key of any entry leads to its story.
func (e Entry) StoryKey() Key {
	if len(e.Story) == 0 {
		return e.Key
	}
	return e.Story[0]
}

// Related returns the keys of the other entries of the story, in its order; nil: there are none.
func (e Entry) Related() []Key {
	return slices.DeleteFunc(slices.Clone(e.Story), func(k Key) bool { return k == e.Key })
}

// StoryCount counts the items of a story that are public.
type StoryCount struct {
	Own    int `json:"own"`    // reports of their own, one an entry
	Copies int `json:"copies"` // items with the text of one of these
}

// CountStory counts the items of the entry's story that entry and item find; of an entry that is in none, its own. Entries that are not
// public do not count, nor do items that were withdrawn. It returns the first error of entry or item.
func (e Entry) CountStory(entry func(Key) (Entry, bool, error), item func(Key) (Item, bool, error)) (StoryCount, error) {
	var n StoryCount
	for _, k := range append([]Key{e.Key}, e.Related()...) {
		o := e
		if k != e.Key {
			var err error
			if o, _, err = entry(k); err != nil {
				return StoryCount{}, err
			}
		}
		if o.Key.IsZero() || o.State != Public {
			continue
		}
		n.Own++
		if len(o.Items) == 0 {
			continue
		}
		items, err := o.Load(item)
		if err != nil {
			return StoryCount{}, err
		}
		for _, it := range items {
			if it.Key != o.Key && !it.Withdrawn {
				n.Copies++
			}
		}
	}
	return n, nil
}
