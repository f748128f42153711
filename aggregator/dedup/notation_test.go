package dedup

import (
	"strings"
	"testing"

	"dateline/aggregator/text"
)

func join(tokens []text.Token) string {
	var all []string
	for _, t := range tokens {
		all = append(all, t.Text)
	}
	return strings.Join(all, " ")
}

func TestNotation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"23.000 cestujících", "23000 cestujících"},
		{"23 000 cestujících", "23000 cestujících"},
		{"23 tisíc cestujících", "23000 cestujících"},
		{"1,5 млн рублей", "1500000 рублей"},
		{"1.25 million barrels", "1250000 barrels"},
		{"two thousand barrels", "2000 barrels"},
		{"1 миллион 532 тысячи 618 гривен", "1532000 618 гривен"},
		{"1,5 млн и 300 тыс", "1500000 и 300000"},
		{"полтора миллиона, больше 2 тысяч", "1500000 больше 2000"},
		{"1.5 million 300 thousand", "1500000 300000"},
		{"thousands of barrels", "thousands of barrels"},
		{"над 550 хил. долара", "над 550000 долара"},
		{"1.234.567 zł", "1234567 zł"},
		{"3.14 and 0.125", "3.14 and 0.125"},
		{"at 08:45, 8.45, 22:00 and 22.00", "at 8.45 8.45 22 and 22"},
		{"won 2:1, not 1:2", "won 2:1 not 1:2"},
		{"rose by 4.0%, 10.50", "rose by 4 10.50"},
		{"on 09.02.2018", "on 9.2.2018"},
		{"-5 to 007", "-5 to 7"},
		{"G20 at 3-5", "g20 at 3-5"},
		{"минус 2,2 градуса, minus -5, plus 7", "минус -2.2 градуса minus -5 plus 7"},
	} {
		if got := join(notation(text.Tokens(c.in, 20))); got != c.want {
			t.Errorf("%q in the one notation is %q, want %q", c.in, got, c.want)
		}
	}
}

func TestStamps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ fact, in, want string }{
		{"a time and a date", "18:48:31 9-11-2026 MN1848NF.003 France is ready", "france is ready"},
		{"counters", "Read 312 times, 9.11.2026 8.29 h. France is ready", "france is ready"},
		{"a date in words", "Updated 20:02 13. února 2026, 11:57 Author: a desk", "author a desk"},
		{"a month before its day", "Published: Tuesday, Dec. 20, 2026 12:00 a.m. MST France is ready", "mst france is ready"},
		{"a weekday between", "11 вересня 2026, вівторок, 21:46 7 Франція готова", "франція готова"},
		{"a date alone", "19.02.2026 France is ready", "france is ready"},
		{"a date in the text", "The law of 19.02.2026 is ready", "the law of 19.02.2026 is ready"},
		{"a time in the text", "At 8:29 France was ready on 9.11.2026", "at 8:29 france was ready on 9.11.2026"},
		{"a sentence that goes on", "On 9.11.2026 at 8:29 the house rose", "on 9.11.2026 at 8:29 the house rose"},
		{"nothing behind", "9.11.2026 8:29", "9.11.2026 8:29"},
	} {
		if got := join(unstamped(text.Tokens(c.in, 20))); got != c.want {
			t.Errorf("%s: of %q is left %q, want %q", c.fact, c.in, got, c.want)
		}
	}
	for in, want := range map[string]string{"21:09 France is ready": "france is ready", "France is ready 02:32 BNR": "france is ready",
		"21:09": "21:09"} {
		if got := join(untimed(text.Tokens(in, 20))); got != want {
			t.Errorf("of the title %q is left %q, want %q", in, got, want)
		}
	}
}
