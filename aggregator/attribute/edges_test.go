package attribute

import (
	"strings"
	"testing"

	"dateline/aggregator/news"

	"github.com/google/go-cmp/cmp"
)

// TestFurniture: what is cut before the text or the dateline begins or after the text ends is furniture, but for credits; what is cut
// between pieces of the lead is none.
func TestFurniture(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for fact, tt := range map[string]struct {
		title, text string
		want        []string
	}{
		"menu and call": {"", "All news\nMINSK, 17 May (BelTA) - Rain fell on the lakes all day long.\nSubscribe to us",
			[]string{"All news", "Subscribe to us"}},
		"in the middle": {"", "MINSK, 17 May (BelTA) - Rain fell on the lakes all day long.\nSubscribe to us\nIt will rain again, they said.",
			nil},
		"photo credit": {"", "Photo: Pavel Ilyin/TASS\nMINSK, 17 May (BelTA) - Rain fell on the lakes all day long.", nil},
		"byline":       {"", "By Pavel Ilyin\nMINSK, 17 May (BelTA) - Rain fell on the lakes all day long.", nil},
		"rights":       {"", "MINSK, 17 May (BelTA) - Rain fell on the lakes all day long.\n© 2023 BelTA. All rights reserved.", nil},
		"title once more": {"Rain on the lakes", "Rain on the lakes\nMINSK, 17 May (BelTA) - Rain fell on the lakes all day long.",
			[]string{"Rain on the lakes"}},
		"a short title": {"One", "One\nIt rained on the lakes of the district for all of the day.", nil},
		"a title alone": {"Rain fell on the lakes", "Rain fell on the lakes\nIt rained on the lakes for all of the day.",
			[]string{"Rain fell on the lakes"}},
		"behind a preface": {"", "The lakes rose by a hand in one day.\nAll news\nMINSK, 17 May (BelTA) - Rain fell on the lakes all day long.",
			[]string{"All news"}},
		"a line of credit": {"", "Published November 19, 2019 at 6:15 PM\nRain fell on the lakes of the district all day long.", nil},
		"nothing else":     {"", "All news\nSubscribe to us", nil},
		"no text":          {"", "", nil},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			res := r.Credit(Input{Item: &news.Item{Title: tt.title, Language: "en"}, Text: tt.text})
			var got []string
			for _, c := range res.Furniture(tt.text) {
				got = append(got, strings.TrimSpace(tt.text[c.Start:c.End]))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("%s\nlead %q", d, res.Lead)
			}
		})
	}
}

// TestEdges: the lines and the sentences at both ends are compared, from the outside in, without furniture and credits; a dateline
// ends the head.
func TestEdges(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for fact, tt := range map[string]struct {
		text       string
		head, foot []string
	}{
		"lines and sentences": {"Digest\nIt rained on Friday. The lakes rose by a hand.\nEnd of it",
			[]string{"Digest", "It rained on Friday.", "The lakes rose by a hand.", "End of it"},
			[]string{"End of it", "The lakes rose by a hand.", "It rained on Friday.", "Digest"}},
		"bars": {"Digest | Ozerny • It rained", []string{"Digest |", "Ozerny •", "It rained"}, []string{"It rained", "Ozerny •", "Digest |"}},
		"a dateline": {"Digest of the day that was\nMINSK, 17 May (BelTA) - It rained on Friday. The lakes rose by a hand.", nil,
			[]string{"The lakes rose by a hand."}},
		"initials": {"It rained, says P. Ilyin.", []string{"It rained, says P. Ilyin."}, []string{"It rained, says P. Ilyin."}},
		"no words": {"* * *\n- - -", nil, nil},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			res := r.Credit(Input{Text: tt.text})
			words := func(all []Fragment) (out []string) {
				for _, p := range all {
					out = append(out, tt.text[p.Start:p.End])
				}
				return out
			}
			edges := res.Edges(tt.text)
			head, foot := edges.Head, edges.Foot
			if d := cmp.Diff(tt.head, words(head)); d != "" {
				t.Errorf("head: %s", d)
			}
			if d := cmp.Diff(tt.foot, words(foot)); d != "" {
				t.Errorf("foot: %s", d)
			}
		})
	}
	long := strings.Repeat("It rained on Friday.\n", 40)
	edges := r.Credit(Input{Text: long}).Edges(long)
	head, foot := edges.Head, edges.Foot
	if len(head) != maxHead || len(foot) != maxFoot || head[0].Sum != foot[0].Sum || head[0].Prose {
		t.Errorf("%d pieces at the head, %d at the foot: %+v", len(head), len(foot), head[0])
	}
}

// TestPageInOneLine: a page that was brought to one line is read as its lines are; a text that mentions a dateline is not.
func TestPageInOneLine(t *testing.T) {
	t.Parallel()
	r := registry(t)
	const title = "Lakes of Ozerny rise by a hand in one day"
	const report = "OZERNY, 17 May (BelTA) - Rain fell on the lakes all day long, the keeper of the upper dam told reporters on Wednesday " +
		"morning. " +
		"He will open it should the water rise by another hand, and warned the villages below."
	long := strings.Repeat(" It rained on and on.", 12)
	for fact, tt := range map[string]struct{ title, text, place, lead string }{
		"behind the title": {title, "All news +9°C " + title + " Pavel Ilyin. Russian MFA/TASS " + report + " Subscribe to us", "OZERNY",
			"Rain fell"},
		"a known place": {title, "All news " + title + " Russian MFA/TASS " + strings.Replace(report, "OZERNY", "MINSK", 1) + long, "MINSK",
			"Rain fell"},
		"without a title": {"", "All news +9°C 17 May 2023, 15:44 " + strings.Replace(report, "OZERNY", "MINSK", 1) + long, "MINSK",
			"Rain fell"},
		"a text mentions it": {title, "The paper printed a report of the agency on its first page that day. " + report + long, "", "The paper"},
		"unsigned":           {title, "All news " + title + " Rain fell on the lakes - all day long." + long + long, "", "All news"},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			res := r.Credit(Input{Item: &news.Item{Title: tt.title, Language: "en"}, Text: tt.text})
			place := ""
			if d := res.Credits.Dateline; d != nil {
				place = d.Place
			}
			if place != tt.place || !strings.HasPrefix(res.Lead, tt.lead) || strings.Contains(res.Lead, "Subscribe") {
				t.Errorf("place %q, lead %q", place, res.Lead)
			}
		})
	}
}
