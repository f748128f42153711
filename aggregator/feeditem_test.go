package aggregator_test

import (
	"fmt"

	"dateline/aggregator/internal/feedtest"
)

// page composes a feed document as news agencies write it, without validators.
func page(title string, items ...feedtest.Item) feedtest.Page {
	return feedtest.Doc(feedtest.RSS(title, items...))
}

// feedItems composes n items of a source, the newest first, that differ from all others: no two sources have news of
// the same district.
func feedItems(source string, from, n int) []feedtest.Item {
	all := make([]feedtest.Item, n)
	district := 0
	for _, c := range source {
		district = (district*31 + int(c)) % 9973
	}
	for i := range all {
		no := from + n - 1 - i
		all[i] = feedtest.Item{
			GUID:  fmt.Sprintf("%s-%d", source, no),
			Link:  fmt.Sprintf("https://%s.example/news/%d", source, no),
			Title: fmt.Sprintf("%s reports event No. %d", source, no),
			Description: fmt.Sprintf("MINSK, 24 November (%s) – Event %d took place in district %d, the committee said on Tuesday. "+
				"Some %d residents attended; the next one is due in %d days.", source, no, 20*district+no%17, 100+no*7, no%29+1),
			PubDate: fmt.Sprintf("Tue, 24 Nov 2026 %02d:%02d:00 +0300", 6+no/60%12, no%60),
		}
	}
	return all
}
