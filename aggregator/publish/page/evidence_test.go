package page

import (
	"testing"

	"dateline/aggregator/news"
)

func TestEvidence(t *testing.T) {
	for _, tt := range []struct {
		fact string
		w    *catalog
		cr   news.Credit
		want string
	}{
		{"a field of the text and a rule", catalogFor("en"),
			news.Credit{Name: "BelTA", Evidence: news.Evidence{Field: "text", Words: "BelTA", Rule: "dateline-place-date-agency"}},
			"in the text: the dateline"},
		{"words beyond the name", catalogFor("en"), news.Credit{Name: "BelTA",
			Evidence: news.Evidence{Field: "text", Words: "BelTA has learned", Rule: "own-learned"}},
			"in the text: the agency speaks of itself, “BelTA has learned”"},
		{"words that are not granted", catalogFor("en"),
			news.Credit{Name: "BelTA", Evidence: news.Evidence{Field: "text", Words: "Secret words", Rule: "own-learned"}},
			"in the text: the agency speaks of itself"},
		{"a field says it all", catalogFor("en"), news.Credit{Name: "TASS",
			Evidence: news.Evidence{Field: "link", Words: "tass.example", Rule: "link-host"}}, "in the address of the piece, “tass.example”"},
		{"in Russian", catalogFor("ru"), news.Credit{Name: "БЕЛТА",
			Evidence: news.Evidence{Field: "text", Words: "BelTA has learned", Rule: "own-learned"}},
			"в тексте: агентство говорит о себе, «BelTA has learned»"},
		{"unknown words", catalogFor("en"), news.Credit{Evidence: news.Evidence{Field: "x", Rule: "y"}}, "x: y"},
		{"nothing", catalogFor("en"), news.Credit{}, ""},
	} {
		t.Run(tt.fact, func(t *testing.T) {
			if got := tt.w.evidence(tt.cr, "Before BelTA has learned behind"); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
