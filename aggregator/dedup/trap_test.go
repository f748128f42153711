package dedup

import (
	"testing"
	"time"

	"dateline/aggregator/news"
)

// traps are pairs of reports as two agencies print them on one day: same says whether they are one text.
var traps = []struct {
	fact         string
	title1, one  string
	title2, two  string
	same         bool
	hoursBetween int
}{
	// Two reports.
	{"one quote in two reports", "Minister speaks of harvest",
		"\"We have never had a better year and we owe it to those who work the land day and night\", Agriculture Minister Anna Veres said while visiting a grain elevator near Karsk. She watched the unloading of the first trains and talked to drivers.",
		"Budget debate opens", "\"We have never had a better year and we owe it to those who work the land day and night\", Agriculture Minister Anna Veres told parliament as the debate on next year's budget opened. Deputies asked about subsidies and fuel prices.", false, 3},
	{"цитата в двух отчётах", "Министр посетил элеватор",
		"«Лучшего года у нас ещё не было, и обязаны мы этим тем, кто работает на земле днём и ночью», – сказала министр Анна Верес на элеваторе под Карском. Она посмотрела разгрузку первых составов и поговорила с водителями.",
		"Парламент начал обсуждение бюджета", "«Лучшего года у нас ещё не было, и обязаны мы этим тем, кто работает на земле днём и ночью», – сказала министр Анна Верес в парламенте, где началось обсуждение бюджета. Депутаты спросили о субсидиях и ценах на топливо.", false, 3},
	{"boilerplate of a company", "Norvik opens plant in Karsk",
		"Norvik has opened a plant for bicycle tyres in Karsk. About Norvik: founded in 1921, Norvik makes rubber goods for customers in forty countries and employs nine thousand people. Norvik is listed in the capital and publishes its accounts every quarter.",
		"Norvik names head of finance", "Norvik has named Lena Aust its head of finance. About Norvik: founded in 1921, Norvik makes rubber goods for customers in forty countries and employs nine thousand people. Norvik is listed in the capital and publishes its accounts every quarter.", false, 2},
	{"boilerplate of a ministry", "Minister meets ambassador of Dania",
		"The foreign minister received the ambassador of Dania, Ole Brandt, who presented copies of his credentials. The sides exchanged views on the state of bilateral relations and on topical issues of the international agenda, and confirmed their interest in deepening cooperation.",
		"Deputy minister receives envoy", "Deputy Foreign Minister Pavel Ilin received the special envoy for the river commission. The sides exchanged views on the state of bilateral relations and on topical issues of the international agenda, and confirmed their interest in deepening cooperation.", false, 2},
	{"послы по одной форме", "О встрече с послом", "Заместитель министра принял посла Дании Оле Брандта по его просьбе. Стороны обсудили актуальные вопросы двусторонних отношений и международной повестки дня, договорились продолжить контакты на рабочем уровне.",
		"О встрече с послом", "Заместитель министра принял посла Норвегии Ларса Хольма по его просьбе. Стороны обсудили актуальные вопросы двусторонних отношений и международной повестки дня, договорились продолжить контакты на рабочем уровне.", false, 2},
	{"послы, имена одной длины с падежами", "О встрече с послом Индии",
		"Министр встретился с послом Индии Раджем Мехтой. Состоялся обстоятельный обмен мнениями по ключевым вопросам двустороннего взаимодействия, в том числе в торговле и культуре, и по ситуации в регионе.",
		"О встрече с послом Ирана", "Министр встретился с послом Ирана Каземом Джалали. Состоялся обстоятельный обмен мнениями по ключевым вопросам двустороннего взаимодействия, в том числе в торговле и культуре, и по ситуации в регионе.", false, 2},
	{"a rate that rose and one that fell", "Crown rises against dollar",
		"The crown rose against the dollar on the currency exchange at the opening of trading, dealers said. Turnover was thin ahead of the decision of the central bank, and exporters kept away from the market.",
		"Crown falls against dollar", "The crown fell against the dollar on the currency exchange at the opening of trading, dealers said. Turnover was thin ahead of the decision of the central bank, and exporters kept away from the market.", false, 5},
	{"рост и снижение", "Рубль вырос к доллару", "Рубль на открытии торгов вырос к доллару и евро, следует из данных биржи. Объём торгов остаётся небольшим в ожидании решения центрального банка, экспортёры на рынок не выходят.",
		"Рубль снизился к доллару", "Рубль на открытии торгов снизился к доллару и евро, следует из данных биржи. Объём торгов остаётся небольшим в ожидании решения центрального банка, экспортёры на рынок не выходят.", false, 5},
	{"a bridge closed and opened", "Bridge closed for ships",
		"The Karsk bridge has been closed to traffic because of strong wind, the road agency said. Drivers are asked to take the northern bypass and to follow the signs of the patrols along the embankment.",
		"Bridge opened for ships", "The Karsk bridge has been opened to traffic after strong wind, the road agency said. Drivers are asked to take the northern bypass and to follow the signs of the patrols along the embankment.", false, 5},
	{"аэропорт закрыт и открыт", "Аэропорт Карска закрыт",
		"Аэропорт Карска временно закрыт для приёма и отправки рейсов, сообщили в агентстве воздушного транспорта. Ограничения необходимы для обеспечения безопасности полётов гражданских воздушных судов.",
		"Аэропорт Карска открыт", "Аэропорт Карска снова открыт для приёма и отправки рейсов, сообщили в агентстве воздушного транспорта. Ограничения были необходимы для обеспечения безопасности полётов гражданских воздушных судов.", false, 3},
	{"введены и сняты ограничения", "Ограничения в аэропорту Карска",
		"В аэропорту Карска введены временные ограничения на приём и выпуск воздушных судов, сообщил представитель ведомства. Они необходимы для обеспечения безопасности полётов, пассажиров просят следить за табло.",
		"Ограничения в аэропорту Карска", "В аэропорту Карска сняты временные ограничения на приём и выпуск воздушных судов, сообщил представитель ведомства. Они были необходимы для обеспечения безопасности полётов, пассажиров просят следить за табло.", false, 2},
	{"airports by name", "Restrictions at airport", "Temporary restrictions on arrivals and departures have been imposed at the airport of Karsk, the aviation agency said. They are needed to keep flights safe, and passengers are asked to watch the boards.",
		"Restrictions at airport", "Temporary restrictions on arrivals and departures have been imposed at the airport of Lomov, the aviation agency said. They are needed to keep flights safe, and passengers are asked to watch the boards.", false, 1},
	{"who won", "Karsk win derby", "Karsk beat Lomov in the derby of the hockey league on home ice in front of six thousand people. The only goal came in overtime after a mistake of the goalkeeper, and the series goes on next week.",
		"Lomov win derby", "Lomov beat Karsk in the derby of the hockey league on home ice in front of six thousand people. The only goal came in overtime after a mistake of the goalkeeper, and the series goes on next week.", false, 5},
	{"who arrested whom", "Police detain guards", "Police officers detained prison guards in Karsk on suspicion of taking bribes from relatives of inmates. Searches went on through the night, and the court is to decide on the arrest in the coming days.",
		"Guards attack police", "Prison guards attacked police officers in Karsk after searches for bribes from relatives of inmates. Searches went on through the night, and the court is to decide on the arrest in the coming days.", false, 5},
	{"this day in history", "This day in history", "On this day in 1861 the first railway of the province was opened. The line led from Karsk to the harbour and was built by the engineers Holm and Aust in four years, and it carried timber and grain.",
		"This day in history", "On this day in 1911 the first tramway of the province was opened. The line led from Karsk to the harbour and was built by the engineers Holm and Aust in four years, and it carried timber and grain.", false, 1},
	{"traffic", "Accident on ring road", "A lorry overturned on the ring road near the southern exit, and traffic is slow in both directions. The traffic police ask drivers to choose other routes and expect the road to be free by the evening.",
		"Accident on ring road", "A bus broke down on the ring road near the eastern exit, and traffic is slow in both directions. The traffic police ask drivers to choose other routes and expect the road to be free by the evening.", false, 6},
	{"table of a league", "League table", "Karsk lead the league with 41 points from 18 games, ahead of Lomov with 38 and Ozerny with 35. Two teams go down at the end of the season, and the third from the bottom plays for its place.",
		"League table", "Karsk lead the league with 44 points from 19 games, ahead of Lomov with 41 and Ozerny with 38. Two teams go down at the end of the season, and the third from the bottom plays for its place.", false, 60},
	{"a percentage that changed", "Inflation report",
		"Consumer prices rose by 0.4% in October, the statistics office said. Food became dearer most of all, while services and fuel hardly changed, and analysts expect the bank to keep its rate this year.",
		"Inflation report", "Consumer prices rose by 0.6% in October, the statistics office said. Food became dearer most of all, while services and fuel hardly changed, and analysts expect the bank to keep its rate this year.", false, 2},
	{"a year before", "Harvest of grain", "Farms of the province have threshed grain on most of the fields, the committee said. Compared with last year the yield is higher, the moisture is lower, and the elevators take in the harvest around the clock.",
		"Harvest of rapeseed", "Farms of the province have threshed rapeseed on most of the fields, the committee said. Compared with last year the yield is higher, the moisture is lower, and the elevators take in the harvest around the clock.", false, 2},
	{"two captions", "", "Workers clear snow from the steps of the town hall in Karsk. Photo by Ina Roth of the state agency, taken during the first snowfall of this winter.",
		"", "Children play with snow near the fountain of the park in Karsk. Photo by Ina Roth of the state agency, taken during the first snowfall of this winter.", false, 1},
	{"short flashes", "BREAKING: Talks begin in Karsk", "", "BREAKING: Talks end in Karsk", "", false, 3},
	{"flashes of one form", "Earthquake hits coast of southern islands, no tsunami threat", "",
		"Earthquake hits coast of northern islands, no tsunami threat", "", false, 3},
	{"two sentences of one briefing", "Spokeswoman on talks",
		"The talks of the river commission will go on in Karsk in spring, foreign ministry spokeswoman Daria Lind told a briefing on Thursday. According to her, the delegations agreed on the agenda and on the list of experts.",
		"Spokeswoman on visas", "Visas for seasonal workers will be issued on arrival from January, foreign ministry spokeswoman Daria Lind told a briefing on Thursday. According to her, the consulates have received the forms and the instructions.", false, 1},
	{"told on and told off", "Company resumes deliveries",
		"Norvik resumed deliveries of tyres to the east after talks with the carriers, the company said in a statement. The trains leave from Karsk twice a week, and customers were told of the schedule in writing.",
		"Company halts deliveries", "Norvik halted deliveries of tyres to the east after talks with the carriers, the company said in a statement. The trains leave from Karsk twice a week, and customers were told of the schedule in writing.", false, 8},
	{"convicted and acquitted", "Court convicts banker",
		"A court in Karsk convicted the banker Emil Roth of fraud in the case of the missing pensions. The judge read the verdict for five hours, and the defence said that it would appeal to the higher court.",
		"Court acquits banker", "A court in Karsk acquitted the banker Emil Roth of fraud in the case of the missing pensions. The judge read the verdict for five hours, and the prosecution said that it would appeal to the higher court.", false, 4},
	{"за и против", "Совет поддержал резолюцию", "Совет поддержал проект резолюции о судоходстве по реке, внесённый прибрежными странами. Голосование прошло после двухчасового обсуждения, представители делегаций выступили с разъяснениями своей позиции.",
		"Совет заблокировал резолюцию", "Совет заблокировал проект резолюции о судоходстве по реке, внесённый прибрежными странами. Голосование прошло после двухчасового обсуждения, представители делегаций выступили с разъяснениями своей позиции.", false, 4},
	{"alive and dead", "Climber found alive", "The climber missing since Sunday on the north face was found alive, the rescue service said. A helicopter took off at first light, and the team reached the ledge after a night of searching with dogs.",
		"Climber found dead", "The climber missing since Sunday on the north face was found dead, the rescue service said. A helicopter took off at first light, and the team reached the ledge after a night of searching with dogs.", false, 4},
	{"открыл и закрыл", "Президент открыл форум", "Президент открыл форум регионов в Карске, который собрал представителей торговли и промышленности. В программе выставка машин, встречи городов-побратимов и подписание соглашений о поставках.",
		"Президент закрыл форум", "Президент закрыл форум регионов в Карске, который собрал представителей торговли и промышленности. В программе были выставка машин, встречи городов-побратимов и подписание соглашений о поставках.", false, 30},
	{"a president of two countries", "Greetings on national day",
		"The president sent greetings to the people of Dania on the occasion of the national day. The message notes the friendly nature of relations, speaks of new joint projects and wishes peace and prosperity.",
		"Greetings on national day", "The president sent greetings to the people of Norland on the occasion of the national day. The message notes the friendly nature of relations, speaks of new joint projects and wishes peace and prosperity.", false, 20},
	{"countries that begin alike", "Greetings to Slovakia",
		"The president sent greetings to the people of Slovakia on the occasion of the national day. The message notes the friendly nature of relations, speaks of new joint projects and wishes peace and prosperity.",
		"Greetings to Slovenia", "The president sent greetings to the people of Slovenia on the occasion of the national day. The message notes the friendly nature of relations, speaks of new joint projects and wishes peace and prosperity.", false, 20},
	{"Австрия и Австралия", "Поздравление с национальным днём",
		"Президент поздравил народ Австрии с национальным праздником, сообщили в пресс-службе. В послании отмечается дружеский характер отношений, говорится о новых совместных проектах и содержатся пожелания мира.",
		"Поздравление с национальным днём", "Президент поздравил народ Австралии с национальным праздником, сообщили в пресс-службе. В послании отмечается дружеский характер отношений, говорится о новых совместных проектах и содержатся пожелания мира.", false, 20},
	{"a lottery", "Winning numbers", "The lottery commission has drawn the winning numbers of the evening in the presence of a notary: 4, 11, 23, 31, 40 and 44. The jackpot was not won and goes over to the draw of the coming Saturday.",
		"Winning numbers", "The lottery commission has drawn the winning numbers of the evening in the presence of a notary: 5, 12, 23, 31, 40 and 44. The jackpot was not won and goes over to the draw of the coming Saturday.", false, 72},

	// One text.
	{"verbatim", "Dam repaired", "Engineers have repaired the dam of the reservoir above Karsk two months ahead of time. The gates will be tested next week, and fishing is banned until the level of the water has settled.",
		"Dam above Karsk is repaired", "Engineers have repaired the dam of the reservoir above Karsk two months ahead of time. The gates will be tested next week, and fishing is banned until the level of the water has settled.", true, 2},
	{"ё and е", "Съёмки завершены", "Режиссёр Семён Орлёнок завершил съёмки фильма о пилотах полярной авиации. Премьера пройдёт зимой, ещё до неё актёры проедут с картиной по северным городам, сообщили на киностудии.",
		"Съемки завершены", "Режиссер Семен Орленок завершил съемки фильма о пилотах полярной авиации. Премьера пройдет зимой, еще до нее актеры проедут с картиной по северным городам, сообщили на киностудии.", true, 1},
	{"figures in words and otherwise", "Trains for harvest",
		"The railway will run twelve more trains to take in the harvest, and 1,330 wagons have been cleaned. They leave from the junction of Karsk every night until the first frost, the operator said.",
		"Trains for harvest", "The railway will run 12 more trains to take in the harvest, and 1 330 wagons have been cleaned. They leave from the junction of Karsk every night until the first frost, the operator said.", true, 1},
	{"проценты прописью", "Рост вкладов", "Вклады населения за месяц выросли на 5%, до 12 млрд рублей, сообщил банк. Чаще других открывали счета на срок до года, доля валютных сбережений продолжает снижаться третий месяц подряд.",
		"Рост вкладов", "Вклады населения за месяц выросли на 5 процентов, до 12 миллиардов рублей, сообщил банк. Чаще других открывали счета на срок до года, доля валютных сбережений продолжает снижаться третий месяц подряд.", true, 1},
	{"spelling of a name", "Zelenko receives guild", "Mayor Volodymyr Zelenko received the guild of bakers and promised them a new hall on the market square. The plans will be shown in the library for a month, and everyone may comment on them in writing.",
		"Zelenko receives guild", "Mayor Vladimir Zelenko received the guild of bakers and promised them a new hall on the market square. The plans will be shown in the library for a month, and everyone may comment on them in writing.", true, 1},
	{"transliteration of a town", "Market in Kyiv street",
		"The market in the Kharkiv quarter will move to the old tram depot for the winter, the town office said. Stalls are given out by lot on Monday, and rents stay as they are until the end of spring.",
		"Market moves", "The market in the Kharkov quarter will move to the old tram depot for the winter, the town office said. Stalls are given out by lot on Monday, and rents stay as they are until the end of spring.", true, 1},
	{"a lead of the whole", "Library reopens", "The town library of Ozerny has reopened after the flood with a new reading room. Volunteers dried some thousands of books during the summer.",
		"Library of Ozerny reopens", "The town library of Ozerny has reopened after the flood with a new reading room. Volunteers dried some thousands of books during the summer. The rarest of them, a psalter with maps, was restored in the capital and will be shown under glass. The mayor thanked the schools, and the choir sang on the stairs.", true, 3},
	{"agency named within", "Ferry runs again", "The ferry to the islands runs again after the storm, BelTA learned from the harbour office. Passengers with old tickets are taken first, and cars will have to wait until the ramp is mended.",
		"Ferry runs again", "The ferry to the islands runs again after the storm, the harbour office told TASS. Passengers with old tickets are taken first, and cars will have to wait until the ramp is mended.", true, 1},
	{"quotes and dashes", "Театр едет на гастроли", "Театр «Лодья» едет на гастроли в Карск — впервые за десять лет. Зрителям покажут «Вишнёвый сад» и сказку для детей, билеты поступят в кассы в субботу, сообщили в дирекции.",
		"Театр едет на гастроли", "Театр \"Лодья\" едет на гастроли в Карск - впервые за 10 лет. Зрителям покажут \"Вишневый сад\" и сказку для детей, билеты поступят в кассы в субботу, сообщили в дирекции.", true, 1},
	{"names in cases", "Визит посла", "Посол Ларс Хольм приедет в Карск в субботу, сообщила пресс-служба области. Он посетит завод шин, верфь и школу, где учат его родной язык, и откроет выставку старых карт в библиотеке.",
		"Визит посла Хольма", "Посол Ларс Хольм приедет в Карск в субботу, сообщила пресс-служба Карской области. Он посетит завод шин, верфь и школу, где учат его родной язык, и откроет выставку старых карт в библиотеке.", true, 1},
	{"dearer and cheaper in one text", "Prices in October",
		"Bread rose and sugar fell in price in October, the statistics office said, while rents stayed as they were. The office opens its yearbook to the public on Monday and closes the survey of households.",
		"Prices in October", "Bread rose and sugar fell in price last month, the statistics office said, while rents stayed as they were. The office opens its yearbook to the public on Monday and closes the survey of households.", true, 1},
	{"a title alone", "Ozerny library reopens after flood with new reading room", "",
		"Ozerny library reopens after flood with new reading room", "", true, 1},
	{"a mark before the title", "UPDATE 1 - Dam above Karsk repaired ahead of time",
		"Engineers have repaired the dam of the reservoir above Karsk two months ahead of time. The gates will be tested next week, and fishing is banned until the level of the water has settled.",
		"Dam above Karsk repaired ahead of time", "Engineers have repaired the dam of the reservoir above Karsk two months ahead of time. The gates will be tested next week, and fishing is banned until the level of the water has settled.", true, 1},
	{"another weekday word order", "Fair opens", "The spring fair opens in Karsk on Saturday with cattle, honey and woodwork from twenty villages. Trains to the fair run every half an hour, and children under ten travel without a ticket.",
		"Spring fair opens in Karsk", "The spring fair opens on Saturday in Karsk with cattle, honey and woodwork from twenty villages. Trains to the fair run every half an hour, and children under ten travel without a ticket.", true, 1},
}

// TestTraps: what reads alike and is two reports stays apart; what is one text in two spellings is found.
func TestTraps(t *testing.T) {
	for _, c := range traps {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			for _, order := range [][2]int{{0, 1}, {1, 0}} {
				s := newStored(t)
				said := [2]news.Item{textItem("alpha", 1, c.title1, c.one, eight),
					textItem("bravo", 2, c.title2, c.two, eight.Add(time.Duration(c.hoursBetween)*time.Hour))}
				s.add(said[order[0]])
				if m := s.add(said[order[1]]); (m.Join != nil) != c.same {
					t.Errorf("in the order %v: joined %v, want %v: %+v", order, m.Join != nil, c.same, s.compare(said[order[0]], said[order[1]]))
				}
			}
		})
	}
}

// twoReports are pairs that share a statement, or a background, and nothing else.
var twoReports = []struct{ fact, title1, one, title2, two string }{
	{"a statement quoted in two reports", "Premier comments on the resignation of minister Hale",
		"Foreign Minister Robert Hale has resigned, the Chronicle writes. \"This afternoon the prime minister accepted the resignation of Robert Hale. The name of the successor will be announced shortly. " +
			"The prime minister thanks Robert for his work\", a statement says.",
		"Minister Hale resigns, reason given", "The head of the ministry left after a quarrel about the port, his office told reporters. \"This afternoon the prime minister accepted the resignation of Robert Hale. " +
			"The name of the successor will be announced shortly. The prime minister thanks Robert for his work\", it added."},
	{"a background under two events", "Captain Brenner walks out of jail, lawyer says",
		"Last week's ruling of the court set off protests by followers of the Dawn party, who blocked the roads between Ozerny and the harbour. The protests ended after three days.",
		"Neighbours refuse asylum for Brenner", "Last week's ruling of the court set off protests by followers of the Dawn party, who blocked the roads between Ozerny and the harbour. The protests ended after three days."},
	{"a background behind two leads", "Strike halts trains in the north", "Trains stand still from Karsk to the sea since dawn because guards and drivers demand higher wages and a shorter week. Talks are set for Friday. " +
		"The union called the last strike in spring. It lasted for two days and cost the railway a fifth of its monthly takings, and the ministry of transport paid for buses.",
		"Strike halts trains, buses crowded", "Commuters waited for up to an hour at bus stops in Karsk this morning while stations were shut by pickets with drums and banners. Schools opened late. " +
			"The union called the last strike in spring. It lasted for two days and cost the railway a fifth of its monthly takings, and the ministry of transport paid for buses."},
}

// TestSharedStatementIsNoText: neither a quotation nor a background that two reports share makes them one.
func TestSharedStatementIsNoText(t *testing.T) {
	t.Parallel()
	for _, c := range twoReports {
		a, b := textItem("alpha", 1, c.title1, c.one, eight), textItem("bravo", 2, c.title2, c.two, eight.Add(time.Hour))
		for _, pair := range [][2]news.Item{{a, b}, {b, a}} {
			s := newStored(t)
			s.add(pair[0])
			if m := s.add(pair[1]); m.Join != nil {
				t.Errorf("%s: %+v", c.fact, m.Join)
			}
		}
	}
}
