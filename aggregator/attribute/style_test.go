package attribute

import (
	"testing"

	"dateline/aggregator/news"
)

// TestLearnedWithoutCase: a place before a dash is learned in letters without case too, and read from the fourth item on.
func TestLearnedWithoutCase(t *testing.T) {
	t.Parallel()
	r := registry(t)
	var style news.Style
	for n := range 4 {
		res := r.Credit(Input{Item: &news.Item{Language: "ar"}, Style: style,
			Text: "القاهرة - أعلن رئيس البلدية يوم الجمعة أن الجسر القديم مغلق."})
		style = res.Style
		if got := res.Credits.Dateline; (got != nil) != (n == 3) {
			t.Errorf("item %d: dateline %+v", n, got)
		}
	}
}
