package parse

import (
	"bufio"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
)

func TestFeedparserDates(t *testing.T) {
	f, err := os.Open(feedtest.Glob(t, "corpora/feedparser/dates.jsonl")[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for in := bufio.NewScanner(f); in.Scan(); n++ {
		var c struct {
			Src, S string
			Want   *int64
		}
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		zone := time.UTC
		if c.Src == "feedparser:_parse_date_nate" || c.Src == "feedparser:_parse_date_onblog" {
			zone = time.FixedZone("KST", 9*3600) // these read Korean sites only; ours is the source's zone
		}
		t.Run(c.S, func(t *testing.T) {
			got := date(c.S, zone).at
			if c.Want != nil && time.Unix(*c.Want, 0).UTC().Year() < firstYear {
				c.Want = nil // of no report
			}
			switch {
			case c.Want == nil && !got.IsZero():
				t.Errorf("read as %v, is no date", got)
			case c.Want != nil && (got.IsZero() || got.Unix() != *c.Want):
				t.Errorf("read as %v, want %v", got, time.Unix(*c.Want, 0).UTC())
			}
		})
	}
	if n != 64 {
		t.Errorf("%d dates, want 64", n)
	}
}

func TestDate(t *testing.T) {
	minsk, err := time.LoadLocation("Europe/Minsk")
	if err != nil {
		t.Fatal(err)
	}
	const want = "2026-11-23T08:00:00Z"
	for _, c := range []struct{ name, in, want, guesses string }{
		{"rfc 822", "Mon, 23 Nov 2026 11:00:00 +0300", want, ""},
		{"rfc 822, short", "23 Nov 26 08:00 GMT", want, ""},
		{"rfc 3339", "2026-11-23T11:00:00.25+03:00", "2026-11-23T08:00:00.25Z", ""},
		{"msk", "Mon, 23 Nov 2026 11:00:00 MSK", want, ""},
		{"msd", "Mon, 23 Nov 2026 12:00:00 MSD", want, ""},
		{"msk in Russian letters", "Mon, 23 Nov 2026 11:00:00 мск", want, ""},
		{"met", "Mon, 23 Nov 2026 09:00:00 MET", want, ""},
		{"eet", "Mon, 23 Nov 2026 10:00:00 EET", want, ""},
		{"fet", "Mon, 23 Nov 2026 11:00:00 FET", want, ""},
		{"gmt with an offset", "Mon, 23 Nov 2026 11:00:00 GMT+3", want, ""},
		{"gmt with an offset of four digits and a comment", "Mon Nov 23 2026 11:00:00 GMT+0300 (Moscow Standard Time)", want, ""},
		{"utc with an offset", "2026-11-23 11:00 UTC+03:00", want, ""},
		{"an offset and its name", "Mon, 23 Nov 2026 11:00:00 +0300 (MSK)", want, ""},
		{"a comment that is the zone", "Mon, 23 Nov 2026 11:00:00 (MSK)", want, ""},
		{"iana", "Mon, 23 Nov 2026 11:00:00 Europe/Moscow", want, ""},
		{"an unknown zone name is the source's", "Mon, 23 Nov 2026 11:00:00 XYZ", want, "zone"},
		{"no zone is the source's", "Mon, 23 Nov 2026 11:00:00", want, "zone"},
		{"dotted", "23.11.2026 11:00", want, "zone"},
		{"dotted, the time first", "11:00 23.11.2026", want, "zone"},
		{"slashes told by the day", "11/23/2026 11:00", want, "zone"},
		{"slashes by day first", "11/12/2026 11:00", "2026-12-11T08:00:00Z", "date zone"},
		{"slashes by month first with am", "11/12/2026 11:00 AM", "2026-11-12T08:00:00Z", "date zone"},
		{"pm", "23 November 2026, 11:00 p.m. MSK", "2026-11-23T20:00:00Z", ""},
		{"midnight at the end of the day", "Mon, 23 Nov 2026 24:00:00 +0300", "2026-11-23T21:00:00Z", ""},
		{"a leap second", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", ""},
		{"epoch seconds", "1795420800", want, ""},
		{"epoch milliseconds", "1795420800000", want, ""},
		{"compact", "20261123T110000+0300", want, ""},
		{"a day alone", "2026-11-23", "2026-11-22T21:00:00Z", "zone"},
		{"Russian", "Пн, 23 ноября 2026 11:00:00 +0300", want, ""},
		{"Russian, short", "23 ноя 2026, 11:00 МСК", want, ""},
		{"Russian with a year's word", "23 ноября 2026 г. в 11:00", want, "zone"},
		{"Belarusian", "23 лістапада 2026, 11:00", want, "zone"},
		{"Belarusian June", "1 чэрвеня 2026, 11:00", "2026-06-01T08:00:00Z", "zone"},
		{"Ukrainian", "23 листопада 2026 р. о 11:00", want, "zone"},
		{"Polish", "23 listopada 2026 11:00", want, "zone"},
		{"German", "Montag, 23. November 2026 11:00 Uhr", want, "zone"},
		{"German March", "1. März 2026 11:00", "2026-03-01T08:00:00Z", "zone"},
		{"French", "lun. 23 nov. 2026 11:00:00 +0300", want, ""},
		{"French August", "1er août 2026 à 11:00", "2026-08-01T08:00:00Z", "zone"},
		{"French Tuesday is no March", "mar. 24 nov. 2026 11:00:00 +0300", "2026-11-24T08:00:00Z", ""},
		{"March is no Tuesday", "Mar 24, 2026 11:00:00 +0300", "2026-03-24T08:00:00Z", ""},
		{"Spanish", "lunes, 23 de noviembre de 2026 11:00", want, "zone"},
		{"Italian", "lunedì 23 novembre 2026 11:00", want, "zone"},
		{"English with an ordinal", "November 23rd, 2026 11:00 am MSK", want, ""},
		{"white space around", "\n Mon, 23 Nov 2026 11:00:00 +0300 ", want, ""},
		{"a wrong day of the week", "Fri, 23 Nov 2026 11:00:00 +0300", want, ""},
		{"half past midnight", "23 November 2026, 12:30 a.m. MSK", "2026-11-22T21:30:00Z", ""},
		{"slashes, a year of two digits", "23/11/26 11:00", want, "zone"},
		{"a month alone is its first day", "November 2026", "2026-10-31T21:00:00Z", "zone"},
		{"no date", "today at 11:00", "", ""},
		{"a month and a time without a day", "November 2026 11:00", "", ""},
		{"three digits of minutes", "23.11.2026 11:000", "", ""},
		{"an offset of five digits", "Mon, 23 Nov 2026 11:00:00 +03000", "", ""},
		{"a month too many", "23.13.2026 11:00", "", ""},
		{"a day too many", "31.11.2026 11:00", "", ""},
		{"an offset of no place on earth", "Mon, 23 Nov 2026 11:00:00 +9900", "", ""},
		{"a long text", "Mon, 23 Nov 2026 11:00:00 +0300" + string(make([]byte, 100)), "", ""},
		{"nothing", " ", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := date(c.in, minsk)
			got := ""
			if !d.at.IsZero() {
				got = d.at.Format(time.RFC3339Nano)
			}
			if got != c.want || strings.Join(d.guesses, " ") != c.guesses {
				t.Errorf("read as %q guessing %q, want %q guessing %q", got, d.guesses, c.want, c.guesses)
			}
			if without := date(c.in, nil).at; strings.Contains(c.guesses, "zone") && !without.IsZero() {
				t.Errorf("without a zone read as %v", without)
			}
		})
	}
}

// TestDateWords: each line of the table says what its words are, and no name is two months.
func TestDateWords(t *testing.T) {
	t.Parallel()
	month := map[string]string{}
	for key, words := range dateWords {
		n, err := strconv.Atoi(key)
		switch {
		case key == "weekday" || key == "between":
			continue
		case err != nil || n < 1 || n > 12:
			t.Errorf("a line begins with %q", key)
		}
		for _, w := range words {
			if other := month[w]; other != "" && other != key {
				t.Errorf("%s is month %s and month %s", w, other, key)
			}
			month[w] = key
		}
	}
	if len(month) < 250 || len(weekdays) < 100 || len(fillers) < 30 {
		t.Errorf("%d names of months, %d of days, %d words between", len(month), len(weekdays), len(fillers))
	}
}
