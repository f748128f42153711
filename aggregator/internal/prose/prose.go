// Package prose composes news for tests: texts in English and Russian by grammar, and copies of them as others would carry
// them. It shares no code with what is tested on them.
package prose

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Seeded returns a source of chance whose seed is drawn now and printed when the test fails.
func Seeded(t testing.TB) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// Grammar composes news. A word in braces stands for one of its list; {n} is a figure.
type Grammar struct {
	Language  string
	sentences []string
	lists     map[string][]string
}

// Expand replaces every word in braces.
func (g Grammar) Expand(r *rand.Rand, s string) string {
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			return s
		}
		end := open + strings.IndexByte(s[open:], '}')
		name := s[open+1 : end]
		word := strconv.Itoa(2 + r.IntN(900))
		if name != "n" {
			list := g.lists[name]
			word = list[r.IntN(len(list))]
		}
		s = s[:open] + word + s[end+1:]
	}
}

// Sentence composes one.
func (g Grammar) Sentence(r *rand.Rand) string {
	s := []rune(g.Expand(r, g.sentences[r.IntN(len(g.sentences))]))
	return strings.ToUpper(string(s[:1])) + string(s[1:]) + "."
}

// Text composes about so many words.
func (g Grammar) Text(r *rand.Rand, words int) string {
	var all []string
	for n := 0; n < words; {
		s := g.Sentence(r)
		all = append(all, s)
		n += len(strings.Fields(s))
	}
	return strings.Join(all, " ")
}

// words returns a vocabulary to edit with.
func (g Grammar) words() (all []string) {
	for _, list := range g.lists {
		for _, entry := range list {
			for _, w := range strings.Fields(entry) {
				if !strings.ContainsAny(w, "{}") {
					all = append(all, w)
				}
			}
		}
	}
	return all
}

// Title composes a headline.
func (g Grammar) Title(r *rand.Rand) string {
	return strings.TrimSuffix(g.Sentence(r), ".")
}

func list(s string) []string {
	var all []string
	for _, w := range strings.Split(s, ",") {
		all = append(all, strings.TrimSpace(w))
	}
	return all
}

// Grammars are an English and a Russian one.
var Grammars = []Grammar{
	{
		Language: "en",
		sentences: []string{
			"{who} {verb} {what} {where} {when}",
			"{when} {who} {verb} {what}, which {effect}",
			"{what} {where} {effect}, {who} said",
			"according to {who}, {what} {effect} after {what} was {done}",
			"{who} and {who} {verb} {what} despite {what}",
			"while {who} {verb} {what}, {who} {verb} {what} {where}",
			"some {n} {people} {verb} {what} {where}",
			"{who} expects {what} to be {done} {when}, and {what} to be {done} by {people}",
			"{people} {where} {verb} {what} worth {n} {unit}",
			"asked about {what}, {who} replied that {what} {effect}",
		},
		lists: map[string][]string{
			"who":    list("{title} {name}, the {adj} {body}, the {body} of {place}, {name} of the {body}, {people} from {place}, a {adj} {body} led by {name}, the head of the {body} {name}"),
			"title":  list("Minister, Deputy Minister, Professor, Governor, Ambassador, Secretary, Director, Judge, Mayor, Colonel, Doctor, Captain"),
			"name":   list("Ivan Petrenko, Maria Olkhova, Stepan Gromov, Anna Keller, Pavel Sidorik, Olga Danilo, Viktor Brandt, Helen Marsh, Peter Novak, Lena Varga, Dmitri Zorin, Karl Lindholm, Irina Belova, Thomas Reid, Yulia Savina, Marek Dolny, Nina Aro, Oleg Tarkhan, Sofia Lund, Anton Veres"),
			"body":   list("ministry, committee, council, academy, university, bank, railway, factory, clinic, museum, institute, court, parliament, commission, agency, union, cooperative, port authority, weather service, forestry office, customs house, theatre, laboratory, shipyard"),
			"place":  list("Zarechye, Ozerny, Lipovka, Staraya Gora, Novy Brod, Berezino, Kamenets, Dubrava, Vysoky, Glinka, Torun, Ravensholm, Port Ellis, Marwick, Karelstad, Osmin, Tavda, Elnya, Borki, Sosnovy Bor"),
			"where":  list("in {place}, near {place}, on the outskirts of {place}, in the {adj} district of {place}, between {place} and {place}, at the {body} in {place}, along the road to {place}, outside the {body}"),
			"when":   list("this week, late in the evening, early in the morning, after a long debate, before the holidays, without warning, ahead of schedule, in the coming months, during a visit, at short notice, once again, as planned, over the weekend, under a new law"),
			"adj":    list("regional, northern, joint, former, independent, newly founded, medical, agricultural, industrial, technical, coastal, financial, environmental, rural, historic, experimental, municipal, federal, private, cultural, southern, temporary"),
			"verb":   list("approved, opened, discussed, inspected, presented, repaired, criticised, supported, examined, welcomed, financed, expanded, described, reviewed, signed, prepared, delivered, registered, celebrated, measured, restored, sold, bought, announced, defended, studied"),
			"what":   list("{adj} {thing}, the {adj} {thing}, a {adj} {thing}, the {thing} of {place}, {thing} for {people}, a {thing} with {people}, the first {thing}, new {thing}, plans for {adj} {thing}, the {thing} and the {thing}"),
			"thing":  list("bridge, harvest, budget, agreement, exhibition, railway line, hospital wing, tariff, reservoir, satellite, vaccine, festival, timber shipment, school programme, pension reform, power station, grain terminal, dairy farm, border crossing, archive, orchestra tour, training course, drainage system, flood barrier, housing project, patent, regatta, greenhouse, cattle breed, tram depot, concert hall, ferry service, wind park, glass works, beetroot crop, chess tournament"),
			"people": list("residents, students, farmers, engineers, nurses, fishermen, volunteers, foreign guests, veterans, teachers, drivers, scientists, pensioners, builders, musicians, athletes, foresters, pilots"),
			"effect": list("may cost {n} {unit}, will help {people}, surprised {people} {where}, had been expected by {people}, could change {what}, depends on {what}, was not on the agenda, takes {n} days, will serve {people} {where}, has drawn {people} from {place}, replaces {what}, remains a matter for {who}"),
			"done":   list("completed, postponed by the {body}, financed by {who}, moved to {place}, tested {where}, shown to {people}, rebuilt, insured, extended, approved, handed over to {people}, photographed"),
			"unit":   list("roubles, dollars, tonnes, hectares, euros, kilometres, litres, megawatts"),
		},
	},
	{
		Language: "ru",
		sentences: []string{
			"{кто} {глагол} {что} {где} {когда}",
			"{когда} {кто} {глагол} {что}, что {итог}",
			"как сообщает {кто}, {событие} {где} {итог}",
			"{событие} {итог}, хотя {кто} {глагол} {что}",
			"{кто} {глагол} {что}, а {кто} {глагол} {что} {где}",
			"по словам {кого}, {событие} {итог} {когда}",
			"около {n} {людей} {где} поддержали {что}",
			"{где} {кто} {глагол} {что} на сумму {n} {единиц}",
			"ранее {кто} {глагол} {что} для {людей} {где}",
			"в отличие от {кого}, {кто} {глагол} {что} {когда}",
		},
		lists: map[string][]string{
			"кто":       list("{должность} {имя}, {какой} {орган}, {орган} {города}, {имя}, {какой} {орган} {города}, заместитель {кого} {имя}"),
			"кого":      list("министра, губернатора, директора завода, главы комитета, посла, ректора, судьи, мэра {города}, профессора, начальника порта, председателя кооператива, тренера сборной, главврача, лесничего"),
			"должность": list("министр, посол, губернатор, профессор, директор, ректор, мэр, полковник, капитан, врач, тренер, депутат"),
			"имя":       list("Иван Петренко, Степан Громов, Павел Сидорик, Виктор Брандт, Олег Тархан, Антон Вереск, Дмитрий Зорин, Марек Дольный, Пётр Новак, Сергей Лунёв, Игорь Масло, Тимур Алиев, Глеб Ковш, Роман Стрельцов, Лев Корнеев, Яков Бруй"),
			"орган":     list("комитет, совет, банк, завод, музей, институт, суд, парламент, союз, университет, театр, порт, центр, фонд, департамент, кооператив, лесхоз, госпиталь, архив, техникум"),
			"какой":     list("областной, северный, городской, бывший, независимый, новый, медицинский, аграрный, технический, районный, приморский, финансовый, экологический, сельский, опытный, частный, федеральный, южный"),
			"города":    list("Заречья, Озёрного, Липовки, Новых Бродов, Березино, Каменца, Дубравы, Высокого, Глинки, Тавды, Ельни, Борков, Осмино, Соснового Бора, Гомеля, Лиды"),
			"где":       list("в районе {города}, недалеко от {города}, на окраине {города}, между окраинами {города} и {города}, на территории {города}, у границы {города}, вдоль дороги до {города}, за пределами {города}"),
			"когда":     list("на этой неделе, поздно вечером, рано утром, после долгих споров, накануне праздника, без предупреждения, раньше срока, в ближайшие месяцы, во время визита, в очередной раз, по плану, в выходные, согласно новому закону"),
			"глагол":    list("одобрил, открыл, обсудил, осмотрел, представил, отремонтировал, раскритиковал, поддержал, изучил, профинансировал, расширил, описал, проверил, подписал, подготовил, доставил, зарегистрировал, отпраздновал, измерил, восстановил, продал, купил, объявил, защитил"),
			"что":       list("{новую} {вещь}, {вещь} {города}, {вещь} для {людей}, {новую} {вещь} и {вещь}, {вещь} вместе с {вещью}, первую {вещь}, {вещь} от {кого}"),
			"новую":     list("крупную, сложную, старую, дорогую, совместную, уникальную, временную, зимнюю, речную, цифровую, учебную, школьную, сезонную, районную"),
			"вещь":      list("программу, выставку, переправу, ферму, реформу, линию, станцию, плотину, вакцину, дорогу, школу, библиотеку, конференцию, экспедицию, пасеку, теплицу, ярмарку, партию леса, больницу, набережную, мельницу, коллекцию, пьесу, турбину, лодку, породу скота, лабораторию, котельную"),
			"вещью":     list("программой, выставкой, переправой, фермой, реформой, станцией, плотиной, школой, ярмаркой, экспедицией, библиотекой, теплицей"),
			"событие":   list("{какой} проект, ремонт переправы, запуск станции, приезд {людей}, {какой} фестиваль, договор {города}, сбор урожая, {какой} турнир, выпуск вакцины, перенос ярмарки, визит {кого}, спор {людей}"),
			"итог":      list("обойдётся в {n} {единиц}, поможет семьям {города}, удивил {людей} {города}, изменит {вещь}, зависит от {кого}, не вошёл в повестку, займёт {n} дней, привлёк {людей} из {города}, остаётся делом {кого}, заменит {новую} {вещь}"),
			"людей":     list("жителей, студентов, фермеров, инженеров, рыбаков, добровольцев, гостей, ветеранов, учителей, водителей, учёных, пенсионеров, строителей, музыкантов, спортсменов, лесников, лётчиков"),
			"единиц":    list("рублей, долларов, тонн, гектаров, евро, километров, литров, мегаватт"),
		},
	},
}

// Edited leaves out, adds or replaces about that share of the words.
func (g Grammar) Edited(r *rand.Rand, s string, share float64) string {
	vocabulary := g.words()
	var out []string
	for _, w := range strings.Fields(s) {
		if r.Float64() >= share {
			out = append(out, w)
			continue
		}
		other := vocabulary[r.IntN(len(vocabulary))]
		switch r.IntN(4) {
		case 0: // left out
		case 1:
			out = append(out, w, other)
		default:
			out = append(out, other)
		}
	}
	return strings.Join(out, " ")
}

// FirstWords returns the first n words.
func FirstWords(s string, n int) string {
	w := strings.Fields(s)
	return strings.Join(w[:min(n, len(w))], " ")
}
