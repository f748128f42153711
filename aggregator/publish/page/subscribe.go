package page

// Subscribe renders the page that says what a feed is, and lists the address of every feed.
func (s *Site) Subscribe() ([]byte, error) {
	v := struct {
		frame
		Base    string
		Whole   FeedLink
		Changes string // path of the feed of changes
		Groups  []FeedGroup
	}{
		frame: s.frame("subscribe"), Base: s.Addresses.Base, Whole: FeedLink{Title: s.Title, Path: "feed"}, Changes: "changes.atom",
		Groups: s.FeedGroups(),
	}
	v.Title = v.W.Subscribe + " – " + v.Site
	return execute("subscribe", v)
}
