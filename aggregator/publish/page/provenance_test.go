package page

import (
	"html/template"
	"strings"
	"testing"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// TestProvenance: the drawing names who made and passed on the photo, who reported, who published and who carried, in that order.
func TestProvenance(t *testing.T) {
	t.Parallel()
	agencies := map[string]news.Agency{"belta": {Key: "belta", Name: "BelTA"}, "tass": {Key: "tass", Name: "TASS"},
		"mfa": {Key: "mfa", Name: "Russian MFA"}}
	m := &view.Maker{
		Sources: map[string]*news.Source{"belta": {ID: "belta", Name: "BelTA"}, "courier": {ID: "courier", Name: "Courier"},
			"post": {ID: "post", Name: "Post"}},
		Agency: func(key string) (news.Agency, bool) { a, ok := agencies[key]; return a, ok },
	}
	photo := news.Photo{Line: "Russian MFA/TASS", Chain: []news.Credit{{Role: news.Owner, Name: "Russian MFA", Agency: "mfa"},
		{Role: news.Supplier, Name: "TASS", Agency: "tass"}}}
	own := news.Photo{Line: "BelTA", Chain: []news.Credit{{Role: news.Owner, Name: "BelTA", Agency: "belta"}}}
	item := func(source string, photos ...news.Photo) news.Item {
		return news.Item{Source: source, Title: "Talks",
			Credits: news.Credits{Photos: photos, Agency: &news.Credit{Name: "BelTA", Agency: "belta"}}}
	}
	via := item("belta")
	via.Credits.Agency, via.Credits.Joint = &news.Credit{Name: "Reuters"}, []news.Credit{{Name: "AFP"}}
	many := []news.Item{item("belta")}
	for i := range 15 {
		id := "s" + string(rune('a'+i))
		m.Sources[id] = &news.Source{ID: id, Name: "Paper " + id}
		many = append(many, item(id))
	}
	for _, tt := range []struct {
		fact  string
		items []news.Item
		want  string
	}{
		{"a photo through others, and a carrier with it", []news.Item{item("belta", photo), item("courier", photo), item("post")},
			"Russian MFA (owner of the picture) → TASS (supplier of the picture) → BelTA (originator) → Courier (carrier, with the photo) → Post " +
				"(carrier)"},
		{"a report of others", []news.Item{via}, "Reuters (originator) → AFP (originator) → BelTA (carrier)"},
		{"its own photo", []news.Item{item("belta", own)}, ""},
		{"one agency alone", []news.Item{item("belta")}, ""},
	} {
		t.Run(tt.fact, func(t *testing.T) {
			t.Parallel()
			c := m.Entry(news.Entry{}, tt.items)
			got := (&Site{Views: m}).provenance(catalogFor("en"), Account{View: c, Items: tt.items})
			if label(got) != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
	c := m.Entry(news.Entry{}, many)
	got := (&Site{Views: m}).provenance(catalogFor("en"), Account{View: c, Items: many})
	if n := strings.Count(string(got), "<svg x="); n != provenanceCarriers+2 || !strings.HasSuffix(label(got), "→ and 3 more") {
		t.Errorf("%d nodes: %s", n, label(got))
	}
}

// label returns what is read in place of a drawing.
func label(drawing template.HTML) string {
	_, after, _ := strings.Cut(string(drawing), `aria-label="`)
	label, _, _ := strings.Cut(after, `"`)
	return label
}
