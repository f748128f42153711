package attribute

import (
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// A paper is no party: its maker is cited where one is named, else no one.
func TestPapersAreNotCited(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, tt := range []struct{ text, cited string }{
		{"Seals have come back to the bay, according to a survey published on Tuesday.", ""},
		{"Seals have come back to the bay, according to a new survey of the bay.", ""},
		{"Seals have come back to the bay, according to a survey by the Muster Marine Trust.", "Muster Marine Trust"},
		{"Sales of tide clocks fell, according to data from Musterstat.", "Musterstat"},
		{"Sales of tide clocks fell, according to statistics by research firm Tidewater.", "Tidewater"},
		{"The clock was sold, according to court documents.", "court documents"},
		{"The bridge was closed, according to police in Muster County.", "police in Muster County"},
		{"The bridge was closed, according to a letter from Prime Minister Jane Roe.", "Jane Roe"},
	} {
		var cited []string
		for _, c := range r.Credit(Input{Text: tt.text}).Credits.Cited {
			cited = append(cited, c.Name)
		}
		if got := strings.Join(cited, "|"); got != tt.cited {
			t.Errorf("%s: cited %q, want %q", tt.text, got, tt.cited)
		}
	}
}

// The initials of an agency behind an English article are those of an authority or a party, unless agencies have one too.
func TestInitialsBehindAnArticle(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for text, agency := range map[string]string{
		"Two men were charged on Friday, the AFP said.":                      "",
		"In Muster Town, the PA said that salaries would be paid.":           "",
		"The bill will pass, the PAP said.":                                  "",
		"Two men were charged on Friday, AFP reported.":                      "afp",
		"Two men were charged on Friday, the AP reported.":                   "ap",
		"Two men were charged on Friday, the PAP news agency reported.":      "pap",
		"Two men were charged on Friday, the news agency dpa reported.":      "dpa",
		"nl: Het aantal reizigers groeide vorig jaar, meldt het CBS.":        "",
		"nl: Het aantal reizigers groeide vorig jaar, meldt CBS News.":       "cbs",
		"Two men were charged on Friday, the ANSA news agency has reported.": "ansa",
	} {
		language, rest, ok := strings.Cut(text, ": ")
		if !ok {
			language, rest = "en", text
		}
		credits, got := r.Credit(Input{Item: &news.Item{Language: language}, Text: rest}).Credits, ""
		for _, c := range credits.Cited {
			got += c.ID()
		}
		if credits.Agency != nil {
			got += credits.Agency.ID()
		}
		if got != agency {
			t.Errorf("%s: %q, want %q", text, got, agency)
		}
	}
}
