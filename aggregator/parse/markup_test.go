package parse

import (
	"strings"
	"testing"
)

// A headline is text: it keeps the tags that it speaks of.
func TestHeadlinesThatNameTags(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"A free guide to <head> elements", "A free guide to <head> elements"},
		{"Why <title> matters", "Why <title> matters"},
		{"Use <script> with care", "Use <script> with care"},
		{"Use <script>alert(1)</script> with care", "Use <script>alert(1)</script> with care"},
		{"How <b> differs from <strong>", "How <b> differs from <strong>"},
		{"The <video> element & you", "The <video> element & you"},
		{"<NOR.TO> to buy <Polly Peck>", "<NOR.TO> to buy <Polly Peck>"},
		{"3 < 5 and 7 > 6", "3 < 5 and 7 > 6"},
		{"Close your </div> tags </form>", "Close your tags </form>"},
		{"A <b>bold</b> <i>move</i>", "A bold move"},
		{"<p>A headline</p>", "A headline"},
		{"<p>A headline", "A headline"},
		{"Two<br>lines<br/>here", "Two lines here"},
		{`<a href="https://wire.example/">A link</a> &amp; more`, "A link & more"},
		{"I <3 you", "I <3 you"},
		{"An unfinished <b", "An unfinished <b"},
		{"H<sub>2</sub>O", "H2O"},
	} {
		esc := escaper.Replace(c.in)
		for format, doc := range map[string]string{"rss": rssItem("<title>" + esc + "</title>"),
			"a section": rssItem("<title><![CDATA[" + c.in + "]]></title>"),
			"atom":      atomEntry(`<title type="html">` + esc + `</title>`), "media": rssItem("<media:title>" + esc + "</media:title>")} {
			if it := readOne(t, doc, 0, Options{}); it.Title != c.want {
				t.Errorf("%s in %s: %q, want %q", c.in, format, it.Title, c.want)
			}
		}
	}
	for _, c := range []struct{ in, want string }{
		{"Why <title> matters", "Why <title> matters"},
		{"A free guide to <head> elements", "A free guide to <head> elements"},
		{"<NOR.TO> to buy", "<NOR.TO> to buy"},
		{"A <b>bold</b> move", "A bold move"},
	} {
		for format, doc := range map[string]string{"raw rss": rssItem("<title>" + c.in + "</title><link>/1</link>"),
			"raw atom": atomEntry("<title>" + c.in + "</title>")} {
			if it := readOne(t, doc, 0, Options{}); it.Title != c.want {
				t.Errorf("%s in %s: %q, want %q", c.in, format, it.Title, c.want)
			}
		}
	}
}

// Text in angle brackets is text, and no tag that does not end takes text away.
func TestTextsWithAngleBrackets(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"<Noranda Inc> said <NOR.TO> planned a sale", "<Noranda Inc> said <NOR.TO> planned a sale"},
		{"Write to <desk@wire.example> now, 3 < 5", "Write to <desk@wire.example> now, 3 < 5"},
		{"<Polly Peck said it would buy", "<Polly Peck said it would buy"},
		{"See <https://wire.example/a?b=c&d> for more", "See <https://wire.example/a?b=c&d> for more"},
		{"<p>The <NYSE:IBM> share rose.</p>", "The <NYSE:IBM> share rose."},
		{"<p>A <b said nothing", "A <b said nothing"},
		{`<p>A <a href="x>link</p> goes on`, `A <a href="x>link` + "\ngoes on"},
		{"Use <script> with care", "Use <script> with care"},
		{"The <title> tag matters", "The <title> tag matters"},
		{"A <style> of its own, a <select> few", "A <style> of its own, a <select> few"},
		{"one <!-- two", "one <!-- two"},
		{"one <!-- two --> three", "one three"},
		{"one <![CDATA[two]]> three", "one two three"},
		{"if a<b and c>d, x <= y => z <> w", "if ad, x <= y => z <> w"},
		{"<o:p>Office</o:p> text<o:p/>", "Office text"},
		{"<ya-player id=1>film</ya-player>", "film"},
		{"I </3 you", "I </3 you"},
		{"<svg><text>x</text></svg>after", "after"},
		{"<math><mi>x</mi></math>after", "after"},
		{"1 <2> 3", "1 <2> 3"},
		{"<p>a</p><script>bad()</script><p>b</p>", "a\nb"},
		{"<unknown>kept</unknown>", "<unknown>kept</unknown>"},
	} {
		t.Run(c.in, func(t *testing.T) {
			clean, text := Sanitize(c.in, "")
			if text != c.want {
				t.Errorf("text %q, want %q", text, c.want)
			}
			if again := Plain(clean); again != c.want {
				t.Errorf("text of %q is %q, want %q", clean, again, c.want)
			}
			if plain := Plain(c.in); !strings.Contains(c.in, "svg") && !strings.Contains(c.in, "math") && plain != c.want {
				t.Errorf("Plain %q, want %q", plain, c.want)
			}
			if again, _ := Sanitize(clean, ""); again != clean {
				t.Errorf("cleaned again %q, was %q", again, clean)
			}
			it := readOne(t, rssItem("<title>x</title><description>"+escaper.Replace(c.in)+"</description>"), 0, Options{})
			if _, text := Sanitize(it.Summary, ""); text != c.want {
				t.Errorf("in an item %q, want %q", text, c.want)
			}
		})
	}
}

// So is text in angle brackets that is not even escaped.
func TestRawTextsWithAngleBrackets(t *testing.T) {
	for _, in := range []string{"<Noranda Inc> said <NOR.TO> planned a sale", "Write to <desk@wire.example> now, 3 < 5",
		"<Polly Peck said it would buy"} {
		it := readOne(t, rssItem("<title>x</title><description>"+in+"</description><link>/1</link>"), 0, Options{})
		if _, text := Sanitize(it.Summary, ""); text != in {
			t.Errorf("raw: %q, want %q", text, in)
		}
	}
}

// A line break is one line break, however it is written.
func TestLineBreaksAreNotDoubled(t *testing.T) {
	const want = "one<br/>two<br/>three"
	for _, br := range []string{"<br>", "<br/>", "<br />", "<br></br>", "<BR>", "<br clear=\"all\">", "<br>\n</br>"} {
		text := "one" + br + "two" + br + "three"
		for name, doc := range map[string]string{
			"raw rss":   rssItem("<description>" + text + "</description>"),
			"escaped":   rssItem("<description>" + escaper.Replace(text) + "</description>"),
			"a section": rssItem("<description><![CDATA[" + text + "]]></description>"),
			"xhtml":     atomEntry(`<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">` + text + `</div></summary>`),
			"prefixed": atomEntry(`<summary type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml">` +
				strings.NewReplacer("<br", "<h:br", "</br", "</h:br").Replace(text) + `</h:div></summary>`),
			"json": `{"version":"https://jsonfeed.org/version/1","items":[{"content_html":` + string(marshal(text)) + `}]}`,
		} {
			if name == "prefixed" && !strings.Contains(br, "/") {
				continue // no XML
			}
			it := readOne(t, doc, 0, Options{})
			clean, _ := Sanitize(it.Summary+it.Content, "")
			clean = strings.NewReplacer(` clear="all"`, "", "\n", "").Replace(clean)
			if clean != want {
				t.Errorf("%q in %s: %s", br, name, clean)
			}
		}
	}
}
