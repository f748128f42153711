package dedup

import (
	"testing"
	"time"

	"dateline/aggregator/news"
)

// TestNameKey: a name has the same consonants in both scripts, and in a case of it; another name has others.
func TestNameKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		latin, cyrillic string
		same            bool
	}{
		{"kilbrannan", "килбраннан", true}, {"lukashenko", "лукашенко", true}, {"moscow", "москва", true}, {"minsk", "минском", true},
		{"chernyshenko", "чернышенко", true}, {"kharkiv", "харьков", true}, {"shcherbakov", "щербаковым", true}, {"zhukov", "жуков", true},
		{"xerox", "ксерокс", true}, {"cyprus", "кипр", false}, {"brest", "гомель", false}, {"petrov", "павлов", false},
	} {
		if got := sameNameKey(nameKey(c.latin), nameKey(c.cyrillic)); got != c.same {
			t.Errorf("%s %q and %s %q: one name is %v", c.latin, nameKey(c.latin), c.cyrillic, nameKey(c.cyrillic), got)
		}
	}
}

// TestStoryInTwoScripts: reports of one house in Latin and Cyrillic letters with the same names and figures are of one story, and never of
// one entry; not with other figures, of another house, or of another day.
func TestStoryInTwoScripts(t *testing.T) {
	t.Parallel()
	const english = "Governor Korhonen opened the peat museum in Kilbrannan, which cost 37 million crowns and shows 640 tools. " +
		"Astrid Varga of the guild said that it had taken 12 years."
	for _, c := range []struct {
		fact, house, lead string
		hours             int
		story             bool
	}{
		{"the same", "alpha", "Губернатор Корхонен открыл музей торфа в Килбраннане: он обошёлся в 37 миллионов крон, в нём 640 орудий. " +
			"По словам Астрид Варги из гильдии, на это ушло 12 лет.", 2, true},
		{"other figures", "alpha", "Губернатор Корхонен открыл музей торфа в Килбраннане: он обошёлся в 41 миллион крон, в нём 722 орудия. " +
			"По словам Астрид Варги из гильдии, на это ушло 16 лет.", 2, false},
		{"other names", "alpha", "Мэр Осипенко открыл планетарий в Заславле: он обошёлся в 37 миллионов крон, в нём 640 мест. " +
			"По словам Дарьи Ветровой из союза, на это ушло 12 лет.", 2, false},
		{"another house", "bravo", "Губернатор Корхонен открыл музей торфа в Килбраннане: он обошёлся в 37 миллионов крон, в нём 640 орудий. " +
			"По словам Астрид Варги из гильдии, на это ушло 12 лет.", 2, false},
		{"another day", "alpha", "Губернатор Корхонен открыл музей торфа в Килбраннане: он обошёлся в 37 миллионов крон, в нём 640 орудий. " +
			"По словам Астрид Варги из гильдии, на это ушло 12 лет.", 26, false},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			s := newStored(t)
			one := textItem("alpha-en", 1, "Korhonen opens peat museum", english, eight)
			other := textItem("alpha-ru", 2, "Открыт музей торфа", c.lead, eight.Add(time.Duration(c.hours)*time.Hour))
			one.Credits.Agency, other.Credits.Agency = &news.Credit{Agency: "alpha"}, &news.Credit{Agency: c.house}
			s.add(one)
			if m := s.add(other); m.Join != nil {
				t.Fatalf("one entry: %+v", m.Join)
			}
			found := s.story(other)
			if (len(found) > 0) != c.story {
				t.Fatalf("found %+v, want a story: %v", found, c.story)
			}
			if c.story && (found[0].With != one.Key || found[0].Rule != "names") {
				t.Errorf("evidence %+v", found[0])
			}
			if j := s.compare(one, other); (j.Level == "L7") != c.story {
				t.Errorf("compared again: %+v, want a story: %v", j, c.story)
			}
		})
	}
}
