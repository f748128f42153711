package search

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

func TestParse(t *testing.T) {
	for query, want := range map[string]Query{
		"Ёлка":                  {Terms: []Term{{Words: []string{"елка"}}}},
		"  talks   Minsk ":      {Terms: []Term{{Words: []string{"talks"}}, {Words: []string{"minsk"}}}},
		`"The Minister said"`:   {Terms: []Term{{Words: []string{"the", "minister", "said"}}}},
		"Minsk-based":           {Terms: []Term{{Words: []string{"minsk", "based"}}}},
		"1,330 tonnes":          {Terms: []Term{{Words: []string{"1330"}}, {Words: []string{"tonnes"}}}},
		"score 2:1":             {Terms: []Term{{Words: []string{"score"}}, {Words: []string{"2:1"}}}},
		"talks -football":       {Terms: []Term{{Words: []string{"talks"}}, {Not: true, Words: []string{"football"}}}},
		`by:"Jane Roe"`:         {Terms: []Term{{Field: By, Words: []string{"jane", "roe"}}}},
		"agency:mfa-russia":     {Terms: []Term{{Field: Agency, Words: []string{"mfa", "russia"}}}},
		"talks -SOURCE:TASS-ru": {Terms: []Term{{Words: []string{"talks"}}, {Not: true, Field: Source, Words: []string{"tass-ru"}}}},
		"place:Минск since:2026-11-24": {Terms: []Term{{Field: Place, Words: []string{"минск"}}},
			Since: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)},
		"talks until:2026-11-24": {Terms: []Term{{Words: []string{"talks"}}}, Until: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)},
		"footb*":                 {Terms: []Term{{Words: []string{"footb"}, Prefix: true}}},
		"-by:Ива*  talks":        {Terms: []Term{{Not: true, Field: By, Words: []string{"ива"}, Prefix: true}, {Words: []string{"talks"}}}},
		"language:ru_RU":         {Terms: []Term{{Field: Language, Words: []string{"ru"}}}},
		"topic:Sport-1":          {Terms: []Term{{Field: Topic, Words: []string{"sport-1"}}}},
		"tellings:02":            {Terms: []Term{{Field: Tellings, Words: []string{"2"}}}},
	} {
		t.Run(query, func(t *testing.T) {
			got, err := Parse(query)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestBadQueries(t *testing.T) {
	for query, want := range map[string]QueryError{
		"":                 {Part: "", Offset: 0, Reason: noWord},
		"the of":           {Part: "the of", Offset: 0, Reason: noWord},
		"having":           {Part: "having", Offset: 0, Reason: noWord},
		"-talks":           {Part: "-talks", Offset: 0, Reason: noWord},
		"since:2026-11-24": {Part: "since:2026-11-24", Offset: 0, Reason: noWord},
		"talks  colour:red": {Part: "colour:red", Offset: 7,
			Reason: "no such field; known are source, agency, place, by, language, topic, tellings, since, until"},
		"talks since:May":                     {Part: "since:May", Offset: 6, Reason: "one date such as 2026-11-24 is wanted"},
		"a since:2026-11-24 since:2026-11-25": {Part: "since:2026-11-25", Offset: 19, Reason: "one date such as 2026-11-24 is wanted"},
		`ёлка "in the`:                        {Part: `"in the`, Offset: 9, Reason: "a quote that is not closed"},
		"fo*":                                 {Part: "fo*", Reason: "one word of 3 letters or more is wanted before the star"},
		"foot-brid*":                          {Part: "foot-brid*", Reason: "one word of 3 letters or more is wanted before the star"},
		"*":                                   {Part: "*", Reason: "no word"},
		"language:latin-ish":                  {Part: "language:latin-ish", Reason: "a language such as ru is wanted"},
		"topic:a/b":                           {Part: "topic:a/b", Reason: "the id of a topic is wanted"},
		"tellings:0":                          {Part: "tellings:0", Reason: "a number such as 2 is wanted"},
		"talks -tellings:2":                   {Part: "-tellings:2", Offset: 6, Reason: "a number such as 2 is wanted"},
		"-language:ru":                        {Part: "-language:ru", Reason: noWord},
		`"of the"`:                            {Part: `"of the"`, Reason: noWord},
		"talks ...":                           {Part: "...", Offset: 6, Reason: "no word"},
		"talks by:":                           {Part: "by:", Offset: 6, Reason: "no word"},
		"source:.*+":                          {Part: "source:.*+", Offset: 0, Reason: "the id of a source is wanted"},
		"a1 a2 a3 a4 a5 a6 a7 a8 a9":          {Part: "a9", Offset: 24, Reason: "more than 8 terms"},
		`"` + strings.Repeat("x ", 17) + `"`:  {Part: `"` + strings.Repeat("x ", 17) + `"`, Reason: "more than 16 words in a row"},
		strings.Repeat("x", 401):              {Part: strings.Repeat("x", 20) + "…", Reason: "longer than 400 bytes"},
	} {
		t.Run(query, func(t *testing.T) {
			q, err := Parse(query)
			var bad *QueryError
			if !errors.As(err, &bad) || !errors.Is(err, news.ErrQuery) {
				t.Fatalf("%+v, %v; want a QueryError", q, err)
			}
			if d := cmp.Diff(want, *bad); d != "" {
				t.Error(d)
			}
			if got := "bad query: “" + want.Part + "”: " + want.Reason; err.Error() != got {
				t.Errorf("told as %s, want %s", err, got)
			}
		})
	}
}

// FuzzParse: no query makes it fail, and what a query is printed as is read as the same query.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`talks "in Minsk" -by:Roe`, "5;330 -5", `"-5 -7 1,330"`, "since:2026-11-24 ё", "\xff\"", "2:1/3",
		"agency:\"a b\"c", `"5' 330"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Parse(s)
		if err != nil {
			if !errors.Is(err, news.ErrQuery) {
				t.Fatal(err)
			}
			return
		}
		printed := q.String()
		again, err := Parse(printed)
		var bad *QueryError
		if errors.As(err, &bad) && strings.HasPrefix(bad.Reason, "longer") {
			return // quotes and separators make it longer
		}
		if err != nil {
			t.Fatalf("%q printed as %q: %v", s, printed, err)
		}
		if d := cmp.Diff(q, again); d != "" {
			t.Errorf("%q printed as %q: %s", s, printed, d)
		}
	})
}

// TestAlternatives: OR in capitals and outside quotes joins queries, each of which must be one.
func TestAlternatives(t *testing.T) {
	t.Parallel()
	for query, want := range map[string][]string{
		"grain":                     {"grain"},
		"зерно OR grain":            {"зерно ", " grain"},
		`"this OR that" or grain`:   {`"this OR that" or grain`},
		"a OR b OR c":               {"a ", " b ", " c"},
		"ORDER OR grain -place:OR1": {"ORDER ", " grain -place:OR1"},
		"OR":                        {"", ""},
	} {
		if diff := cmp.Diff(want, Alternatives(query)); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
	for query, good := range map[string]bool{"grain OR wheat": true, "grain OR": false, "OR grain": false, "grain OR the": false,
		strings.Repeat("grain OR ", 8) + "wheat": false, strings.Repeat("grain OR ", 7) + "wheat": true} {
		if err := Check(query); (err == nil) != good {
			t.Errorf("%q: %v", query, err)
		}
	}
}
