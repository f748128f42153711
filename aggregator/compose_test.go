package aggregator_test

import (
	"fmt"
	"html"
	"strings"
)

// piece is an item of a composed feed; what is empty is left out.
type piece struct {
	guid, link, title, text, date string
}

// rss composes a document of RSS 2.0 as news agencies write it.
func rss(title string, pieces ...piece) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel>\n<title>%s</title>\n<link>https://wire.example/</link>\n",
		html.EscapeString(title))
	for _, p := range pieces {
		b.WriteString("<item>\n")
		for _, e := range [][2]string{{"title", p.title}, {"link", p.link}, {"guid", p.guid}, {"description", p.text}, {"pubDate", p.date}} {
			switch {
			case e[1] == "":
			case e[0] == "guid":
				fmt.Fprintf(&b, "<guid isPermaLink=\"false\">%s</guid>\n", html.EscapeString(e[1]))
			default:
				fmt.Fprintf(&b, "<%s>%s</%[1]s>\n", e[0], html.EscapeString(e[1]))
			}
		}
		b.WriteString("</item>\n")
	}
	b.WriteString("</channel></rss>\n")
	return b.String()
}

// pieces composes n items of a source, the newest first, that differ from all others: no two sources have news of
// the same district.
func pieces(source string, from, n int) []piece {
	all := make([]piece, n)
	district := 0
	for _, c := range source {
		district = (district*31 + int(c)) % 9973
	}
	for i := range all {
		no := from + n - 1 - i
		all[i] = piece{
			guid:  fmt.Sprintf("%s-%d", source, no),
			link:  fmt.Sprintf("https://%s.example/news/%d", source, no),
			title: fmt.Sprintf("%s reports event No. %d", source, no),
			text: fmt.Sprintf("MINSK, 24 November (%s) – Event %d took place in district %d, the committee said on Tuesday. "+
				"Some %d residents attended; the next one is due in %d days.", source, no, 20*district+no%17, 100+no*7, no%29+1),
			date: fmt.Sprintf("Tue, 24 Nov 2026 %02d:%02d:00 +0300", 6+no/60%12, no%60),
		}
	}
	return all
}
