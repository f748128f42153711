package demo

import (
	"strings"
	"time"

	"dateline/aggregator/publish/view"
)

// article is one piece as its agency has it.
type article struct {
	ID       string // guid or atom:id
	Path     string // of its page
	Language string
	Title    string
	At       string // time of day in Moscow; empty: it has no date
	Filed    string // likewise, of the day that the text names; empty: At
	Author   string // may be empty
	Category string
	Photo    string // caption with its credit; empty: no photo
	Text     string // paragraphs, one a line

	moment time.Time // of At
}

// Paragraphs returns the text in its paragraphs.
func (a article) Paragraphs() []string { return strings.Split(a.Text, "\n") }

// moscow is the zone of the script.
var moscow = time.FixedZone("", 3*60*60)

// clock returns a time of day of the script, moved.
func clock(at string, later time.Duration) time.Time {
	t, err := time.Parse("15:04", at)
	if err != nil {
		panic(err) // a time of the copy, as every test says
	}
	y, m, d := Day.In(moscow).Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, moscow).Add(later)
}

// on returns the article as it is that much later than on the day of the script: with its date, and with what the text says of days.
func (a article) on(later time.Duration) article {
	filed := Day.Add(later).In(moscow)
	if a.At != "" {
		a.moment = clock(a.At, later)
		filed = a.moment
	}
	if a.Filed != "" {
		filed = clock(a.Filed, later)
	}
	month := func(n int) string { return time.Month((int(filed.Month())-1+n)%12 + 1).String() }
	a.Text = view.Fill(a.Text, "day", filed.Format("2 January"), "Day", filed.Format("January 2"), "weekday", filed.Weekday().String(),
		"next month", month(1), "later month", month(3), "день", view.WordsFor("ru").ShortDay(filed), "в день недели", weekdays[filed.Weekday()])
	return a
}

// weekdays say in Russian on which day of the week something was.
var weekdays = [...]string{"в воскресенье", "в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу"}
