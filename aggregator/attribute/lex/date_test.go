package lex

import (
	"strings"
	"testing"
	"unicode"
)

// Each line of dates.txt has twelve months, and each of them is read as its month, but for listopada, October in Croatian and November
// in Polish; each day of the week may precede a date.
func TestDatesTable(t *testing.T) {
	t.Parallel()
	cyrillic := func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }
	lines := datesSection("months")
	if len(lines) < 17 || len(Weekdays.table()) < 75 {
		t.Fatalf("%d lines of months, %d days", len(lines), len(Weekdays.table()))
	}
	for _, line := range lines {
		names := strings.Fields(line)
		if len(names) != 12 {
			t.Errorf("%d months: %s", len(names), line)
		}
		for i, name := range names {
			if strings.ContainsFunc(name, cyrillic) != strings.ContainsFunc(names[0], cyrillic) {
				t.Errorf("%s and %s are in two scripts", names[0], name)
			}
			month, end, ok := ReadMonth(name, 0)
			if name == "listopada" {
				if ok {
					t.Errorf("%s is read as month %d", name, month)
				}
			} else if month != i+1 || end != len(name) {
				t.Errorf("%s is read as month %d, want %d", name, month, i+1)
			}
		}
	}
	for _, line := range datesSection("weekdays") {
		for _, day := range strings.Fields(line) {
			if strings.Contains(day, "'") { // two words: tokens know it, dates do not
				continue
			}
			if d, ok := ReadDate(day+", 17 May", 0); !ok || d.Day != 17 || d.Month != 5 {
				t.Errorf("%s, 17 May is read as %+v", day, d)
			}
		}
	}
}

// TestDateWords: a day's ending and the word behind a year belong to the date.
func TestDateWords(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"5 мая 2026 года", "5 мая 2026 г.", "5 мая 2026 годзе", "5 травня 2026 року", "May 5th, 2026",
		"5-га мая 2026"} {
		if d, ok := ReadDate(s, 0); !ok || d.Month != 5 || d.Day != 5 || d.Year != 2026 || d.End != len(s) {
			t.Errorf("%s: %+v, %v", s, d, ok)
		}
	}
}

// TestMarch: the month is read in the forms that its languages have, whole and short.
func TestMarch(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"5 marta 2026", "5. marta 2026", "5. März 2026", "5. Mrz 2026", "5 марта 2026", "5 marca 2026", "5 mart 2026", "5 март 2026",
	} {
		if d, ok := ReadDate(s, 0); !ok || d.Month != 3 || d.Day != 5 || d.Year != 2026 || d.End != len(s) {
			t.Errorf("%s: %+v, %v", s, d, ok)
		}
	}
}
