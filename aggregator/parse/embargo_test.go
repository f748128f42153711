package parse

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestEmbargoElements: what an element or a member of an item says of an embargo, as field, words and moment; no embargo where it says
// so, and none from a date of availability that is no date.
func TestEmbargoElements(t *testing.T) {
	t.Parallel()
	const at = "2026-05-18T06:00:00Z"
	rss := func(elements string) string {
		return `<rss version="2.0" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">` +
			`<channel><item><title>A</title>` + elements + `</item></channel></rss>`
	}
	json := func(members string) string {
		return `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"A",` + members + `}]}`
	}
	for name, tt := range map[string]struct{ document, want string }{
		"an element of a vocabulary": {rss(`<prism:embargoDate>` + at + `</prism:embargoDate>`), "prism:embargodate " + at + " until " + at},
		"a plain element":            {rss(`<embargo>yes</embargo>`), "embargo yes"},
		"the first of two":           {rss(`<embargo>yes</embargo><embargoed>` + at + `</embargoed>`), "embargo yes"},
		"no embargo":                 {rss(`<embargo>None</embargo>`), ""},
		"a date of availability":     {rss(`<dcterms:available>` + at + `</dcterms:available>`), "dcterms:available " + at + " until " + at},
		"available, without a date":  {rss(`<dcterms:available>soon</dcterms:available>`), ""},
		"withheld":                   {rss(`<pubStatus qcode="stat:withheld"/>`), "pubstatus stat:withheld"},
		"usable":                     {rss(`<pubStatus qcode="stat:usable"/>`), ""},
		"a member":                   {json(`"embargo_until":"` + at + `"`), "embargo_until " + at + " until " + at},
		"a member of an extension":   {json(`"_agency":{"embargo":true}`), "_agency true"},
		"a member that denies it":    {json(`"embargo":false`), ""},
		"a word of the text":         {json(`"content_text":"The embargo ended."`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := Feed(t.Context(), []byte(tt.document), Options{})
			if err != nil || len(doc.Items) != 1 {
				t.Fatal(doc, err)
			}
			got := ""
			if e := doc.Items[0].Embargo; e != nil {
				got = fmt.Sprint(e.Evidence.Field, " ", e.Evidence.Words)
				if !e.Until.IsZero() {
					got += " until " + e.Until.Format(time.RFC3339)
				}
			}
			if d := cmp.Diff(strings.ToLower(tt.want), strings.ToLower(got)); d != "" {
				t.Error(d)
			}
		})
	}
}
