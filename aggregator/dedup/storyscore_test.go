package dedup

import (
	"slices"
	"testing"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// TestTitlesOfTwoEvents: a title that names what the other text does not name, on both sides, is of another event; one that has more names
// is not, nor are names in another form, capitals of a headline, or a number in words.
func TestTitlesOfTwoEvents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ fact, a, leadA, b, leadB, want string }{
		{"two towns", "Postmen of Ardwick bring the President's letters", "", "Veterans in Bellmore have letters of the President", "",
			"ardwick against bellmore"},
		{"other first words", "Рыбаки пришли в Саратов", "", "Моряки пришли в Саратов", "", ""},
		{"names that begin the titles", "Ardwick wins at home", "They cheered in Ardwick.", "Bellmore wins at home", "They cheered in Bellmore.",
			"ardwick against bellmore"},
		{"one names more", "Postmen of Ardwick bring letters", "", "Postmen bring the President's letters to Ardwick", "", ""},
		{"the text names it", "Postmen of Ardwick bring letters", "The province of Dunmore has letters.", "Letters for veterans in Dunmore",
			"They came from Ardwick.", ""},
		{"a case of the name", "Почтальоны Саратова везут письма Дунаеву", "", "Саратовцы получили письма от Дунаева", "", ""},
		{"a headline in capitals", "Postmen Bring Many Letters", "", "Veterans Thank Kind President", "", ""},
		{"names in a headline in capitals", "Postmen Bring Letters To Ardwick", "It is far to Ardwick.", "Veterans Thank Bellmore Office",
			"Letters came to Bellmore.", "ardwick against bellmore"},
		{"a number that begins the title", "Пять писем пришли в Саратов", "", "Вторая почта открыта в Саратове", "", ""},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			a, b := NewText(news.Item{Title: c.a, Lead: c.leadA}), NewText(news.Item{Title: c.b, Lead: c.leadB})
			if got := otherNames(a, b); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestStemsWeighByTheirRarity: what many texts have counts for nothing among what is rare, though all of it is in common; in one text more
// than a stem is in, the one that is not stored, it is as rare as in two. The more rare stems are in common, the more they weigh.
func TestStemsWeighByTheirRarity(t *testing.T) {
	t.Parallel()
	var st text.Stemmer
	a := NewText(news.Item{Title: "Harbour of Tersk rebuilt for Okonjo",
		Lead: "Engineers rebuilt the harbour of Tersk, which Okonjo had wanted since the great flood took its moles."})
	b := NewText(news.Item{Title: "Okonjo thanks Tersk",
		Lead: "Since the flood took the moles, Okonjo said in Tersk, everybody had waited for what the builders finished now."})
	rare, err := a.likeStory(frequency{n: 1}, &st, b)
	if err != nil {
		t.Fatal(err)
	}
	common, err := a.likeStory(frequency{n: 900}, &st, b)
	if err != nil {
		t.Fatal(err)
	}
	if common.rare != 0 || rare.rare < 0.5 {
		t.Errorf("%.2f where 900 texts have each word, %.2f where one has; want 0, and more than half", common.rare, rare.rare)
	}
	five := &weighed{terms: []uint32{1, 2, 3, 4, 5}, owners: []int{2, 2, 2, 2, 2}, documents: 1000}
	if got, least := five.rare(five.terms), five.rare(five.terms[:4]); got <= least {
		t.Errorf("%.2f of five rare stems, %.2f of four; want more of five", got, least)
	}
	one, two := &weighed{terms: []uint32{7}, owners: []int{1}}, &weighed{terms: []uint32{7}, owners: []int{2}}
	if got, want := one.rare([]uint32{7}), two.rare([]uint32{7}); got != want || got == 0 {
		t.Errorf("%.3f of a stem that one text has, %.3f of one that two have; want the same", got, want)
	}
}

// TestTextsOfTwoDays: texts that name weekdays, or two figures and more, and none in common are of two events, as are two shocks of one
// fault.
func TestTextsOfTwoDays(t *testing.T) {
	t.Parallel()
	const quake = "No one was hurt when a light earthquake shook the hills north of Karsk on Sunday, the survey of the province said."
	for _, c := range []struct{ fact, a, b, want string }{
		{"two weekdays", quake, "A light earthquake shook the hills north of Karsk on Thursday.", "sunday and thursday"},
		{"one of two weekdays", quake, "A light earthquake shook the hills north of Karsk on Sunday and Thursday.", ""},
		{"no weekday", quake, "A light earthquake shook the hills north of Karsk.", ""},
		{"other figures", "A 4.4 earthquake was felt 23 miles north of Karsk.", "A 4.6 earthquake was felt 26 miles north of Karsk.",
			"4.4 23 and 4.6 26"},
		{"one figure in common", "A 4.4 earthquake was felt 23 miles north of Karsk.", "A 4.6 earthquake was felt 23 miles north of Karsk.", ""},
		{"one figure each", "A 4.4 earthquake was felt north of Karsk.", "A 4.6 earthquake was felt north of Karsk.", ""},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			a, b := NewText(news.Item{Title: "Earthquake", Lead: c.a}), NewText(news.Item{Title: "Earthquake", Lead: c.b})
			if got := otherDay(a.facts(len(a.tokens)), b.facts(len(b.tokens))); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestTitlesThatTheOtherTextSays: of two leads with as much in common the one whose title the other text says scores more.
func TestTitlesThatTheOtherTextSays(t *testing.T) {
	t.Parallel()
	var st text.Stemmer
	const one = "Engineers rebuilt the harbour of Tersk, which Okonjo had wanted since the great flood took its moles."
	b := NewText(news.Item{Title: "Okonjo thanks builders of the harbour", Lead: "Since the flood took the moles, Okonjo said in Tersk, " +
		"everybody had waited for the harbour that the engineers rebuilt."})
	said, err := NewText(news.Item{Title: "Harbour rebuilt for Okonjo", Lead: one}).likeStory(frequency{n: 1}, &st, b)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewText(news.Item{Title: "Budget talks drag on for weeks", Lead: one}).likeStory(frequency{n: 1}, &st, b)
	if err != nil {
		t.Fatal(err)
	}
	if said.titles < 0.5 || other.titles != 0 {
		t.Errorf("of the titles %.2f and %.2f are in the other text, want half of the one and nothing of the other", said.titles, other.titles)
	}
	if said.value < storyLeast || other.value >= storyLeast {
		t.Errorf("%.2f where half of the title is in the other text, %.2f where nothing is; want one of at least %.2f", said.value, other.value,
			storyLeast)
	}
}

// frequency is an index of a thousand texts, each stem in n of them.
type frequency struct {
	Stems
	n int
}

func (f frequency) Frequency(stems []uint32) (of []int, documents int, err error) {
	return slices.Repeat([]int{f.n}, len(stems)), 1000, nil
}
