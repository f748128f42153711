package parse

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCuts: spans of the text that was credited are found in the HTML of another text as far as both begin and end alike, and nothing is
// cut where nothing would be left.
func TestCuts(t *testing.T) {
	t.Parallel()
	const credited = "Menu News. Talks open in Minsk today. Share this"
	for fact, tt := range map[string]struct {
		s    string
		cut  []string
		want []string // the pieces of the HTML, with their rules
	}{
		"the credited text": {"<p>Menu</p><p>News. Talks open in Minsk today.</p><p>Share this</p>", []string{"Menu", "Share this"},
			[]string{"Menu: <p>Menu</p>", "Share this: <p>Share this</p>"}},
		"shorter at the foot": {"<p>Menu</p><p>News. Talks open.</p>", []string{"Menu", "Share this"}, []string{"Menu: <p>Menu</p>"}},
		"shorter at the head": {"<p>Talks open in Minsk today.</p><p>Share this</p>", []string{"Menu", "Share this"},
			[]string{"Share this: <p>Share this</p>"}},
		"another middle": {"<p>Menu</p><p>News. A bridge closed.</p><p>Share this</p>", []string{"Menu", "Talks", "Share this"},
			[]string{"Menu: <p>Menu</p>", "Share this: <p>Share this</p>"}},
		"nothing would remain": {"<p>Menu</p>", []string{"Menu"}, nil},
		"no text":              {"<img src=\"/a.jpg\">", []string{"Menu"}, nil},
		"no spans":             {"<p>Menu</p>", nil, nil},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			clean, plain := Sanitize(tt.s, "https://wire.example/")
			var spans []Span
			for _, w := range tt.cut {
				i := strings.Index(credited, w)
				spans = append(spans, Span{Start: i, End: i + len(w), Rule: w})
			}
			var got []string
			for _, c := range Cuts(clean, plain, credited, spans, true) {
				if !c.Content {
					t.Errorf("%+v is not of the content", c)
				}
				got = append(got, c.Rule+": "+clean[c.Start:c.End])
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
