package dedup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// reportOf is how one agency reports an event: the same facts, in other words and in another order.
type reportOf struct {
	titles    []string
	sentences []string
}

// gazette composes events. A word in braces is a fact of the event, the same in every telling of it.
type gazette struct {
	facts map[string][]string
	words [2]reportOf
}

// gazettes share their few actors, places and sums between all events, as wires do. What makes an event is the thing.
var gazettes = []gazette{
	{
		facts: map[string][]string{
			"actor": {"Governor Korhonen", "Governor Adeyemi", "Mayor Lindqvist", "Mayor Okafor", "Minister Marchetti", "Minister Novak",
				"Senator Petrenko"},
			"place": {"Ozerny", "Kilbrannan", "Vallmora", "Tersk", "Brenholm", "Santa Clarion", "Ludvika", "Mosty"},
			"thing": things("granite quarry peat reservoir cannery ferry lighthouse hydrofoil sawmill tannery telescope vineyard monorail "+
				"aqueduct brewery planetarium herbarium granary windmill cablecar",
				"terminal workshop museum archive tunnel depot institute garden factory laboratory pavilion bakery bathhouse stadium hostel"),
			"second": things("beekeepers glassblowers shipwrights geologists falconers weavers divers potters astronomers botanists cartographers "+
				"blacksmiths firefighters librarians foresters surveyors", "guild union college choir academy league"),
			"sum": {"37 million crowns", "112 million crowns", "four million crowns", "90 million crowns", "15 million crowns"},
			"quote": {"our grandfathers dreamed of this river bank", "nobody believed in it when we began",
				"children will learn here what we forgot", "the valley has waited long enough", "this pays an old debt to the workers"},
		},
		words: [2]reportOf{
			{[]string{"{actor} opens {thing} in {place}", "{thing} opened in {place}"},
				[]string{"{actor} opened the {thing} in {place} on Tuesday in front of members of the {second}",
					"The {thing} cost {sum}, most of it paid by the {second}",
					"\"{quote}\", {actor} told the {second} at the ceremony", "Residents of {place} can visit the {thing} from Friday, free of charge",
					"The {second} had asked {actor} for the {thing} as early as 2019"}},
			{[]string{"{place}: {thing} inaugurated by {actor}", "{actor} inaugurates {thing} at {place}"},
				[]string{"The {thing} has been inaugurated at {place} by {actor}, with the {second} attending",
					"Financed by the {second}, works on the {thing} in {place} took {sum}",
					"{actor} said at the ceremony that \"{quote}\"", "The {thing} opens its doors to the public on Friday",
					"Since 2019 the {second} of {place} had been pressing {actor} for a {thing}"}},
		},
	},
	{
		facts: map[string][]string{
			"actor": {"губернатор Кравцов", "министр Мельникова", "мэр Осипенко", "губернатор Ларионов", "мэр Бондаренко", "министр Федосеева"},
			"place": {"Озерный", "Ветлуга", "Каменка", "Приморье", "Заславль", "Кобрин"},
			"thing": things("гранитный торфяной керамический ветряной речной музейный пивоваренный стекольный кожевенный ботанический лодочный "+
				"соляной льняной паромный часовой", "комбинат терминал питомник архив тоннель цех планетарий маяк причал элеватор музей стадион "+
				"завод театр рынок вокзал приют мост зал корпус"),
			"second": {"союз пчеловодов", "артель стеклодувов", "училище геологов", "общество водолазов", "лига гончаров", "союз астрономов",
				"артель кузнецов", "общество пожарных", "училище лесников", "лига краеведов"},
			"sum": {"37 миллионов рублей", "112 миллионов рублей", "четыре миллиона рублей", "90 миллионов рублей"},
			"quote": {"о таком береге мечтали ещё наши деды", "никто не верил в удачу, когда мы начинали", "здесь дети узнают то, что мы забыли",
				"долина ждала достаточно долго", "это старый долг перед рабочими"},
		},
		words: [2]reportOf{
			{[]string{"{actor} открыл {thing}, {place}", "{place}: открыт {thing}"},
				[]string{"{actor} во вторник открыл {thing}, на церемонии присутствовал {second}, {place}",
					"{thing} обошёлся в {sum}, большую часть внёс {second}",
					"\"{quote}\", сказал на церемонии {actor}", "Жители смогут посетить {thing} с пятницы бесплатно, {place}",
					"{second} ещё в 2019 году просил построить {thing}, напомнил {actor}"}},
			{[]string{"{place}: {thing} торжественно запустил {actor}", "{actor} запустил {thing}"},
				[]string{"Торжественно запущен {thing}, {place}; ленточку перерезал {actor}, рядом стоял {second}",
					"Деньги, {sum}, на {thing} дал {second}",
					"На церемонии {actor} произнёс: \"{quote}\"", "Для посетителей {thing} откроет двери в пятницу",
					"С 2019 года {second} добивался, чтобы {thing} появился, {place}"}},
		},
	},
}

// things joins each of the first words with each of the second.
func things(first, second string) (all []string) {
	for _, a := range strings.Fields(first) {
		for _, b := range strings.Fields(second) {
			all = append(all, a+" "+b)
		}
	}
	return all
}

// event draws the facts of event n: no other has its thing.
func (g gazette) event(r *rand.Rand, n int) *strings.Replacer {
	all := []string{"{thing}", g.facts["thing"][n]}
	for _, name := range []string{"actor", "place", "second", "sum", "quote"} {
		all = append(all, "{"+name+"}", g.facts[name][r.IntN(len(g.facts[name]))])
	}
	return strings.NewReplacer(all...)
}

// report returns the title and the lead of a telling, of so many sentences.
func (w reportOf) report(r *rand.Rand, facts *strings.Replacer, sentences int) (title, lead string) {
	all := slices.Clone(w.sentences)
	r.Shuffle(len(all)-1, func(i, j int) { all[i+1], all[j+1] = all[j+1], all[i+1] })
	return facts.Replace(w.titles[r.IntN(len(w.titles))]), facts.Replace(strings.Join(all[:sentences], ". ") + ".")
}

// TestStories composes events in two languages, 180 or in the long form 600, each reported by two agencies in their own words,
// in one window. The others share actors and places, and often half of the thing.
func TestStories(t *testing.T) {
	for sentences, least := range map[int]float64{0: 0.40, 2: 0.18, 5: 0.90} {
		t.Run(fmt.Sprint(sentences, " sentences"), func(t *testing.T) {
			t.Parallel()
			r, s := feedtest.Rand(t), newStored(t)
			events := feedtest.Pick(180, 600)
			event := map[news.Key]int{}
			var all []news.Item
			for n := range events {
				g := gazettes[n%2]
				facts := g.event(r, n/2)
				for i, w := range g.words {
					title, lead := w.report(r, facts, sentences)
					it := textItem([]string{"alpha", "bravo"}[i], n, title, lead, eight.Add(time.Duration(r.IntN(70*60))*time.Minute))
					event[it.Key] = n
					all = append(all, it)
				}
			}
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			right, wrong := map[int]bool{}, 0
			for some := range slices.Chunk(all, 15) {
				for _, it := range some {
					for _, j := range s.story(it) {
						if event[j.With] == event[it.Key] {
							right[event[it.Key]] = true
						} else if wrong++; wrong < 4 {
							other := s.item(j.With)
							t.Logf("%q %q linked to %q %q: %+v", it.Title, it.Lead, other.Title, other.Lead, j)
						}
					}
				}
				s.put(some...)
			}
			recall, precision := float64(len(right))/float64(events), float64(len(right))/math.Max(1, float64(len(right)+wrong))
			t.Logf("recall %.3f, precision %.3f: %d of %d events linked, %d false links", recall, precision, len(right), events, wrong)
			if recall < least {
				t.Errorf("recall %.3f, want %.2f", recall, least)
			}
			if precision < 0.93 {
				t.Errorf("precision %.3f, want 0.93", precision)
			}
		})
	}
}

// TestStoryOfNearTexts: what L5 holds apart for a figure or a denial is about the same event; an issue of a series is not.
func TestStoryOfNearTexts(t *testing.T) {
	const lead = "The governor of the northern region said on Tuesday that %s people were hurt when the ferry ran aground off Kilbrannan in " +
		"thick fog, and that divers were still looking for the captain."
	title := "Ferry runs aground off Kilbrannan"
	at := eight
	first := textItem("alpha", 1, title, fmt.Sprintf(lead, "12"), at)
	denied := strings.Replace(fmt.Sprintf(lead, "12"), "said on Tuesday that", "denied on Tuesday that", 1)
	for _, tt := range []struct {
		fact string
		it   news.Item
		rule string
	}{
		{"another figure", textItem("bravo", 1, title, fmt.Sprintf(lead, "19"), at.Add(time.Hour)), "text"},
		{"a denial", textItem("bravo", 2, "Governor denies ferry accident", denied, at.Add(time.Hour)), "text"},
		{"the same source", textItem("alpha", 4, title, fmt.Sprintf(lead, "19"), at.Add(time.Hour)), ""},
		{"after the window", textItem("bravo", 5, title, fmt.Sprintf(lead, "19"), at.Add(80*time.Hour)), ""},
		{"another event", textItem("bravo", 6, "Opera reopens in Vallmora",
			"The opera house of Vallmora reopened on Tuesday after nine years of works that cost more than twice what had been planned.", at), ""},
	} {
		t.Run(tt.fact, func(t *testing.T) {
			s := newStored(t)
			s.add(first)
			found := s.story(tt.it)
			if tt.rule == "" {
				if len(found) != 0 {
					t.Fatalf("%+v, want none", found)
				}
				return
			}
			if len(found) != 1 || found[0].With != first.Key || found[0].Entry != first.Key || found[0].Rule != tt.rule || found[0].Level != "L7" ||
				found[0].Story == 0 {
				t.Fatalf("%+v, want one by %s", found, tt.rule)
			}
			if why := s.compare(tt.it, first); why.Level != "L7" || why.Rule != tt.rule {
				t.Errorf("made again, the decision is %+v", why)
			}
		})
	}
	t.Run("other figures in the titles of another text", func(t *testing.T) {
		s := newStored(t)
		s.add(textItem("alpha", 1, "12 hurt as ferry runs aground off Kilbrannan", "Short.", at))
		if found := s.story(textItem("bravo", 1, "19 hurt as ferry runs aground off Kilbrannan", "Brief.", at)); len(found) != 0 {
			t.Errorf("%+v, want none", found)
		}
	})
	t.Run("an issue of a series", func(t *testing.T) {
		s := newStored(t)
		weather := func(source string, n int, place string, at time.Time) news.Item {
			return textItem(source, n, "Weather in "+place,
				"In "+place+" the weather will be mild tomorrow, with light rain in the morning and some sun later on in the day, forecasters say.", at)
		}
		s.add(weather("alpha", 1, "Tersk", at.Add(-24*time.Hour)))
		s.add(weather("alpha", 2, "Tersk", at))
		if found := s.story(weather("bravo", 1, "Mosty", at)); len(found) != 0 {
			t.Errorf("%+v, want none", found)
		}
	})
}

// TestStoryIsSymmetric: which of the two came first makes no difference to what is found.
func TestStoryIsSymmetric(t *testing.T) {
	t.Parallel()
	r := feedtest.Rand(t)
	linked, events := 0, feedtest.Pick(16, 60)
	for n := range events {
		g := gazettes[n%2]
		facts := g.event(r, n)
		var two [2]news.Item
		for i, w := range g.words {
			title, lead := w.report(r, facts, 5)
			two[i] = textItem(fmt.Sprint("source-", i), n, title, lead, eight)
		}
		var score [2]float64
		for i := range two {
			s := newStored(t)
			s.add(two[1-i])
			for _, j := range s.story(two[i]) {
				score[i] = j.Story
			}
		}
		if score[0] != score[1] {
			t.Errorf("%v: %q and %q", score, two[0].Lead, two[1].Lead)
		}
		if score[0] > 0 {
			linked++
		}
	}
	if linked < events/16 {
		t.Errorf("%d of %d linked: nothing was tried", linked, events)
	}
}
