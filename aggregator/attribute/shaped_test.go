package attribute

import (
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// A credit of the text without a label is seen by its form: who is a person by the given name and who is not, an account beside its
// platform, a label that no table has before a person and an agency.
func TestShapedPhotos(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, tt := range []struct{ name, line, chain string }{
		{"person and firm", "The crews drill the first holes in the ice. Jane Roe/Running Tide", "Jane Roe|Running Tide"},
		{"firm and person", "The crews drill the first holes in the ice. Running Tide/Jane Roe", "Jane Roe|Running Tide"},
		{"glued to the sentence", "The crews drill the first holes in the ice.Jane Roe/Running Tide", "Jane Roe|Running Tide"},
		{"in a bracket", "The crews drill the first holes in the ice (Jane Roe / Running Tide)", "Jane Roe|Running Tide"},
		{"behind a dash", "The crews drill the first holes in the ice — Jane Roe/Running Tide", "Jane Roe|Running Tide"},
		{"a line of its own", "Jane Roe/A24", "Jane Roe|A24"},
		{"in small letters", "Posádka vrtá první díry do ledu. Petr Novák/Mustrovský spolek", "Petr Novák|Mustrovský spolek"},
		{"account", "The singer shows her new home. iceholes24/Instagram", "iceholes24|Instagram"},
		{"via", "The crews drill the first holes in the ice. Jane Roe via Running Tide", "Jane Roe|Running Tide"},
		{"unknown label", "The crews drill the first holes in the ice. Xarbo: Jane Roe/AFP", "Jane Roe|afp"},
		{"unknown label in a bracket", "The crews drill the first holes in the ice (Xarbo zel: Jane Roe/Reuters)", "Jane Roe|reuters"},
		{"behind a click", "The crews drill the first holes in the ice. Jane Roe/AP hide caption", "Jane Roe|ap"},
		{"region of a seller", "The crews drill the first holes. Photo: Jane Roe / Getty Images North America", "Jane Roe|getty"},
		{"on a platform", "Photo by Jane Roe on Unsplash", "Jane Roe|unsplash"},
		{"form of a firm", "Photo: Jane Roe/Muster-Call, Inc/Getty Images", "Jane Roe|Muster-Call|getty"},
		{"apostrophe in an owner", "Muster County Sheriff's Office/Reuters", "Muster County Sheriff's Office|reuters"},
		{"via behind a comma", "Jane Roe/Running Tide, via Associated Press", "Jane Roe|Running Tide|ap"},
		{"two behind and", "Images by Getty Images and US Presswire", "us-presswire|getty"},
		{"another word for a picture", "A swamp in the old times (photograph courtesy of the Muster Museum of Tides).",
			"Muster Museum of Tides"},
		{"account behind a label", "Image: MusterTide/twitter", "MusterTide|twitter"},
		{"barred countries", "The motto of the two parties in Prague, May 18, 2021. (CTK Photo/Jane Roe) CZECH REPUBLIC OUT,SLOVAKIA OUT",
			"Jane Roe|ctk"},
		{"caption behind a dash", "©Jane Roe/MAXPPP - The mayor and two guests sign the contract for the new bridge over the river.",
			"Jane Roe|maxppp"},

		{"two persons", "Jane Roe / Anna Lee", ""},
		{"two persons, one with a rare name", "Jane Roe / Xylo Berg", ""},
		{"a place", "Jane Roe / Madrid", ""},
		{"a sentence", "The match went to Jane Roe and/or Running Tide in the end.", ""},
		{"an editor", "The crews drill the first holes in the ice. Text: Jane Roe/AFP", ""},
		{"a call", "Read all our texts every day. Find NJ.com on Facebook", ""},
		{"public domain", "Credit: CC0 Public Domain", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := tt.line + "\nThe mayor of the town spoke to the council for more than an hour on the plans for the new bridge."
			var got []string
			for _, p := range r.Credit(Input{Item: &news.Item{}, Text: text}).Credits.Photos {
				for _, l := range p.Chain {
					got = append(got, l.ID())
				}
			}
			if got := strings.Join(got, "|"); got != tt.chain {
				t.Errorf("%q: %q, want %q", tt.line, got, tt.chain)
			}
		})
	}
}
