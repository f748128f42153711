package publish

import (
	"errors"
	"fmt"
	"net/url"

	"dateline/aggregator/news"
)

// Topic returns the feed at an address below the base address, such as `/search.atom?q=grain`, where it is the one that
// the feed names with rel=self: what a hub delivers (WebSub section 4). It returns [ErrNotFound] for all else, [ErrNotReady],
// and [ErrRead] where the store cannot be read.
func (h *Handler) Topic(address string) (*Document, error) {
	none := fmt.Errorf("%w: %s is no topic", ErrNotFound, address)
	u, err := url.Parse(address)
	if err != nil {
		return nil, none
	}
	to, _ := h.routes.find(u)
	if to == nil || to.doc == nil || "/"+to.target(u).below() != address {
		return nil, none
	}
	doc, err := h.Document(address)
	switch {
	case errors.Is(err, ErrListing), errors.Is(err, ErrFormat), errors.Is(err, news.ErrQuery):
		return nil, none
	case err != nil:
		return nil, err
	case !doc.topic:
		return nil, none
	}
	return doc, nil
}
