package entries

import (
	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
	"dateline/store"
)

// PutPage stores what came of asking for the page of an item: its entry gets the credits, and takes no position in the log. An item
// whose page was read or refused for good before stays as it is; so does one that is gone.
func PutPage(t *store.Tx, setup *Setup, item news.Key, pg news.Page) error {
	_, err := update(t, setup, func(d *tx) error {
		it, found, err := d.Item(item)
		if err != nil || !found || it.Erased {
			return err
		}
		if was := it.Page; was != nil {
			if was.Result != news.PageFailed {
				return nil
			}
			pg.Tries = was.Tries
		}
		pg.Tries++
		addPage(&it, &pg)
		return d.PutCredits(it)
	})
	return err
}

// addPage adds to a revision of an item what its page states; pg nil: no page was asked for.
func addPage(it *news.Item, pg *news.Page) {
	it.Page = pg
	if pg == nil {
		return
	}
	it.Credits = attribute.MergePage(it.Credits, pg.Credits)
	if it.Licence == "" {
		it.Licence = pg.Licence
	}
}
