package attribute

import (
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// An author element that has the form of an outlet, a firm or a desk names no person; of one with more than the name the name is read.
func TestAuthorsThatAreNoPersons(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, tt := range []struct{ author, byline, agency string }{
		{"The Example Courant", "", ""},
		{"NutriSample", "", ""},
		{"ИА «НашПример.Ru»", "", ""},
		{"Muster sp. z o.o.", "", ""},
		{"Muster e.V.", "", ""},
		{"Sample Store", "", ""},
		{"Muster Autoren", "", ""},
		{"寒冬裡如何保持水嫩肌膚", "", ""},
		{"Published: January 17, 2012 2:36 AM By THE ASSOCIATED PRESS", "", "ap"},
		{"Muster Developers", "", ""},
		{"false", "", ""},

		{"Ann Roe Defence and security editor", "Ann Roe", ""},
		{"Jane Store", "Jane Store", ""},
		{"Ann McLee", "Ann McLee", ""},
		{"Jane “Jo” Roe", "Jane “Jo” Roe", ""},
		{"Jane Roe is a reporter and editor for Example Weekly who covers the harbour and the town.", "Jane Roe", ""},
		{"Published on June 3, 2019 By Jane Roe", "Jane Roe", ""},
	} {
		c := r.Credit(Input{Item: &news.Item{Authors: []news.Person{{Name: tt.author}}}}).Credits
		var got []string
		for _, p := range c.Byline {
			got = append(got, p.Name)
		}
		agency := ""
		if c.Agency != nil {
			agency = c.Agency.Agency
		}
		if got := strings.Join(got, "|"); got != tt.byline || agency != tt.agency {
			t.Errorf("%q: %q, agency %q; want %q, %q", tt.author, got, agency, tt.byline, tt.agency)
		}
	}
}
