package dedup

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"dateline/aggregator/internal/feedtest"
	"time"
)

// series composes two issues of one form that are two reports.
type series struct {
	name string
	form func(r *rand.Rand, issue int) (title, lead string)
}

var towns = []string{"Brest", "Gomel", "Minsk", "Vitebsk", "Grodno", "Mogilev", "Pinsk", "Orsha", "Zarechye", "Ozerny"}

var seriesOf = []series{
	{"weather of two towns", func(r *rand.Rand, issue int) (string, string) {
		town := towns[issue%len(towns)]
		return "Weather in " + town, fmt.Sprintf("%s is going to see partly cloudy weather today. No precipitation is expected during the day, "+
			"the regional weather service said. "+
			"The air will warm up to plus five degrees in the afternoon, and light winds from the west are expected in the evening.", town)
	}},
	{"weather of two days", func(r *rand.Rand, issue int) (string, string) {
		return fmt.Sprintf("Weather forecast for %d November", 1+issue),
			fmt.Sprintf("Partly cloudy weather is expected across the country on %d November. "+
				"Temperatures will range from %d to %d degrees in the daytime, with fog in the south and light winds, the weather service said.",
				1+issue, issue%7-3, issue%7+4)
	}},
	{"погода", func(r *rand.Rand, issue int) (string, string) {
		return fmt.Sprintf("Погода на %d ноября", 1+issue),
			fmt.Sprintf("В четверг по стране ожидается переменная облачность, осадков не прогнозируется, ветер слабый до умеренного. "+
				"Температура воздуха днём составит от %d до %d градусов тепла, сообщили в центре погоды, местами возможен туман и гололедица.", 1+issue,
				6+issue)
	}},
	{"exchange rates", func(r *rand.Rand, issue int) (string, string) {
		return "National bank sets exchange rates",
			fmt.Sprintf("The national bank has set the official exchange rates for the coming day. The US dollar costs 3.%04d roubles, "+
				"the euro stands at 3.%04d roubles and a hundred Russian roubles cost 3.%04d roubles, the bank said on its website.", 1000+issue*7,
				5000+issue*11, 6000+issue*3)
	}},
	{"scores", func(r *rand.Rand, issue int) (string, string) {
		a, b := towns[issue%len(towns)], towns[(issue+1+issue/len(towns))%len(towns)]
		return fmt.Sprintf("%s beat %s", a, b), fmt.Sprintf("The football club of %s beat that of %s %d:%d in a match of the national "+
			"championship played at home in front of a full stadium. "+
			"The winners scored twice before the break and held on until the final whistle.", a, b, 2+issue%5, issue%2)
	}},
	{"scores turned round", func(r *rand.Rand, issue int) (string, string) {
		return "Result of the cup final", fmt.Sprintf("The final of the national cup between the two old rivals ended %d:%d after extra time "+
			"at the stadium of the capital on Sunday evening, "+
			"and the cup was handed over by the chairman of the federation.", 1+issue%2, 2-issue%2+issue/2)
	}},
	{"daily summaries", func(r *rand.Rand, issue int) (string, string) {
		return "Road accidents of the day", fmt.Sprintf("Over the past day, %d accidents were recorded on the roads of the country, the "+
			"traffic police said. In them %d people were hurt and %d died. "+
			"The police ask drivers to keep their distance and to mind the speed limits.", 10+issue, 20+issue, 1+issue%4)
	}},
	{"casualties in figures", func(r *rand.Rand, issue int) (string, string) {
		return fmt.Sprintf("Blast at factory kills %d", 3+issue),
			fmt.Sprintf("At least %d people were killed and dozens were wounded when a boiler exploded at a factory in the north of the country, "+
				"rescuers said. The fire was put out by the evening, and the search among the ruins goes on.", 3+issue)
	}},
	{"casualties in words", func(r *rand.Rand, issue int) (string, string) {
		n := []string{"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"}[issue%10]
		return "Blast at factory", fmt.Sprintf("Rescuers said that %s people had been killed when a boiler exploded at a factory in the north "+
			"of the country, "+
			"where the fire was put out by the evening, and the search among the ruins goes on.", n)
	}},
	{"погибшие словами", func(r *rand.Rand, issue int) (string, string) {
		n := []string{"двух", "трёх", "четырёх", "пяти", "шести", "семи", "восьми", "девяти", "десяти"}[issue%9]
		return "Взрыв на заводе", fmt.Sprintf("Число погибших при взрыве котла на заводе на севере страны выросло до %s человек, сообщили "+
			"спасатели. Пожар потушен к вечеру, "+
			"разбор завалов продолжается, причины происшествия выясняет комиссия.", n)
	}},
	{"congratulations", func(r *rand.Rand, issue int) (string, string) {
		town := towns[issue%len(towns)]
		return "President sends greetings to " + town,
			fmt.Sprintf("The president has sent warm greetings to the residents of %s on the occasion of the town day, the press service said. "+
				"The message speaks of the rich history of the place and wishes everyone health, peace and success.", town)
	}},
}

// apart is a time between texts at which no text, nor any habit of a source, bears on another.
const apart = 60 * 24 * time.Hour

// TestSeriesAreNotJoined: four sources carry issues of one form, and no two issues become one entry. Each run has sources and
// a time that no other run has.
func TestSeriesAreNotJoined(t *testing.T) {
	for _, of := range seriesOf {
		t.Run(of.name, func(t *testing.T) {
			t.Parallel()
			r, s := feedtest.Rand(t), newStored(t)
			for run := range feedtest.Pick(5, 20) {
				from := r.IntN(50)
				issues := 2 + r.IntN(8)
				for i := range issues {
					title, lead := of.form(r, from+i)
					at := eight.Add(time.Duration(run)*apart + time.Duration(i)*time.Duration(1+r.IntN(20))*time.Hour)
					it := textItem(fmt.Sprintf("source-%d-%d", run, i%4), i, title, lead, at)
					if m := s.add(it); m.Join != nil {
						t.Fatalf("%q joined %q: %+v", lead, s.item(m.Join.With).Lead, m.Join)
					}
				}
			}
		})
	}
}

// denialPairs are what is reported and what denies it.
var denialPairs = [][2]string{
	{"{who} resigned on Tuesday", "{who} denied on Tuesday that he had resigned"},
	{"{who} resigns", "{who} denies resigning"},
	{"{who} will sign the treaty with {place}", "{who} will not sign the treaty with {place}"},
	{"{who} confirmed the visit to {place}", "{who} cancelled the visit to {place}"},
	{"The summit in {place} opens this week", "The summit in {place} is postponed this week"},
	{"{who} accepted the offer of {place}", "{who} rejected the offer of {place}"},
	{"{кто} подаёт в отставку", "{кто} не подаёт в отставку"},
	{"{кто} подтвердил переговоры об отставке", "{кто} опроверг переговоры об отставке"},
	{"Визит {кого} состоится на этой неделе", "Визит {кого} отменён на этой неделе"},
}

// TestDenialsAreNotJoined: a report and its denial, 100 pairs of them or in the long form 2,000, say the rest in the same
// words. Each pair has sources and a time that no other pair has.
func TestDenialsAreNotJoined(t *testing.T) {
	t.Parallel()
	r, s := feedtest.Rand(t), newStored(t)
	for i := range feedtest.Pick(100, 2000) {
		pair := denialPairs[i%len(denialPairs)]
		g := feedtest.Grammars[0]
		if strings.Contains(pair[0]+pair[1], "{к") {
			g = feedtest.Grammars[1]
		}
		seed := r.Uint64()
		say := func(s string) string { return g.Expand(rand.New(rand.NewPCG(seed, 2)), s) }
		rest := g.Text(r, 10+r.IntN(60))
		title := []string{"", "Statement of the day"}[r.IntN(2)]
		for n, said := range pair {
			said = say(said)
			at := eight.Add(time.Duration(i)*apart + time.Duration(r.IntN(600))*time.Minute)
			it := textItem(fmt.Sprintf("source-%d-%d", i, n), n, cmp.Or(title, said), said+". "+rest, at)
			if m := s.add(it); m.Join != nil {
				t.Fatalf("%q joined %q: %+v", it.Lead, s.item(m.Join.With).Lead, m.Join)
			}
		}
	}
}
