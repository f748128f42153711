package demo

// The copy. The region of Zarechye, its river and all that happens there are made up. What is in braces depends on the day: see
// [article.on].

var weather = article{
	ID: "https://belta.example/society/view/mild-week-ahead-100101-2026/", Path: "/belta/society/view/mild-week-ahead-100101-2026/",
	Language: "en", Category: "Society", At: "08:10",
	Title: "Mild week ahead in the Zarechye region",
	Text: "ZARECHYE, {day} (BelTA) - Up to 19 degrees and light winds from the west are expected in the Zarechye region this week, " +
		"the regional weather centre told BelTA.\n" +
		"Showers are possible on Thursday night, mostly along the river.",
}

var riverMaps = article{
	ID: "https://belta.example/culture/view/old-maps-on-show-100102-2026/", Path: "/belta/culture/view/old-maps-on-show-100102-2026/",
	Language: "en", Category: "Culture", At: "08:40",
	Title: "Exhibition of old river maps opens in Zarechye",
	Text: `ZARECHYE, {day} (BelTA) - Forty hand-drawn maps of the Svetlaya are on show in the town museum of Zarechye, BelTA has learned.
The oldest sheet is dated 1782. The exhibition is open until the end of {later month}.`,
}

var weatherRu = article{
	ID: "https://belta.example/ru/society/view/teplaja-nedelja-200101-2026/", Path: "/belta-ru/society/view/teplaja-nedelja-200101-2026/",
	Language: "ru", Category: "Общество", At: "08:05",
	Title: "Тёплая неделя ожидается в Заречье",
	Text: "{день}, Заречье /Корр. БЕЛТА/. До 19 градусов тепла и слабый западный ветер ожидаются на этой неделе в Заречье, сообщили " +
		"БЕЛТА в областном метеоцентре.\n" +
		"В ночь на четверг вдоль реки возможны дожди.",
}

var ferry = article{
	ID: "https://tass.example/society/300101", Path: "/tass/society/300101",
	Language: "en", Category: "Society", At: "09:00",
	Title: "Summer ferry starts between Zarechye and Ozerny",
	Text: "ZARECHYE, {Day}. /TASS/. The first ferry of the season left Zarechye for Ozerny on {weekday} with 140 passengers on board, " +
		"the shipping office said.",
}

var ferryRu = article{
	ID: "https://tass.example/ru/obschestvo/400101", Path: "/tass-ru/obschestvo/400101",
	Language: "ru", Category: "Общество", At: "09:02",
	Title: "Летний паром начал ходить из Заречья в Озёрный",
	Text: "ЗАРЕЧЬЕ, {день}. /ТАСС/. Первый в сезоне паром отправился {в день недели} из Заречья в Озёрный, на его борту 140 пассажиров, " +
		"сообщили в пароходстве.",
}

var reading = article{
	ID: "https://mfa.example/en/press/news/500101/", Path: "/mfa/en/press/news/500101/",
	Language: "en", At: "10:00",
	Title: "Reading room of the diplomatic archive prolongs its hours",
	Text: "From {next month} the reading room of the archive is open until eight in the evening on working days. Readers are asked to order " +
		"papers a day ahead.",
}

var library = article{
	ID: "tag:courier.example,2026:600101", Path: "/courier/2026/library",
	Language: "en", At: "09:30", Author: "Anna Lesnaya",
	Title: "Town library lends garden tools",
	Text: `The library of Zarechye has added rakes, spades and two wheelbarrows to its shelves.
A reader's card is enough to take one home for a week.`,
}

var bridge = article{
	ID: "https://belta.example/society/view/footbridge-reopens-100103-2026/", Path: "/belta/society/view/footbridge-reopens-100103-2026/",
	Language: "en", Category: "Society", At: "13:20",
	Title: "Footbridge across the Svetlaya reopens",
	Photo: "Guests on the footbridge. Russian MFA/TASS",
	Text: "ZARECHYE, {day} (BelTA) - The footbridge across the Svetlaya was opened again to walkers in Zarechye on {day} after two " +
		"years of repairs, BelTA has learned.\n" +
		"The bridge is 212 metres long. Its planks of larch were laid by hand, and the old iron lamps stand in their places " +
		"again.\n" +
		"\"We kept every lamp and every bolt that could be kept,\" the chief engineer Pavel Rechnoi said at the opening.\n" +
		"Guests from eleven countries walked across first; the town invites everybody to a fair on both banks on Saturday.",
}

var reprint = article{
	ID: "tag:courier.example,2026:600102", Path: bridge.Path,
	Language: "en", At: "13:45",
	Title: "The footbridge is open again",
	Text:  bridge.Text, Filed: bridge.At,
}

var bridgeTass = article{
	ID: "https://tass.example/society/300102", Path: "/tass/society/300102",
	Language: "en", Category: "Society", At: "13:50",
	Title: "Walkers return to the Svetlaya: footbridge reopens after two years of repairs",
	Text: "ZARECHYE, {Day}. /TASS/. Repairs over, the footbridge across the Svetlaya reopened to walkers in Zarechye after two " +
		"years. All lamps and bolts that could be kept were kept, said Pavel Rechnoi, the chief engineer, at the opening. Larch " +
		"planks, laid by hand, cover its 212 metres. Eleven countries sent guests, who walked first; Saturday brings a fair to both " +
		"banks of the town.",
}

var bridgeRu = article{
	ID: "https://belta.example/ru/society/view/most-otkryt-200102-2026/", Path: "/belta-ru/society/view/most-otkryt-200102-2026/",
	Language: "ru", Category: "Общество", At: "14:00",
	Title: "Пешеходный мост через Светлую открыт после ремонта",
	Text: `{день}, Заречье /Вера Озёрная - БЕЛТА/. Пешеходный мост через Светлую открыли в Заречье после двух лет ремонта.
Длина моста 212 метров, настил из лиственницы уложен вручную.`,
}

var undated = article{
	ID: "https://tass.example/society/300103", Path: "/tass/society/300103",
	Language: "en", Category: "Society",
	Title: "Botanical garden of Ozerny counts its orchids",
	Text:  `OZERNY, {Day}. /TASS/. Gardeners in Ozerny have counted 386 orchids in bloom, the botanical garden said.`,
}

var archive = article{
	ID: "https://mfa.example/en/press/news/500102/", Path: "/mfa/en/press/news/500102/",
	Language: "en", At: "15:30",
	Title: "Travelling exhibition of letters to visit five towns",
	Text:  `Sixty letters from the archive set out on a tour of five towns in {next month}. The first stop is Zarechye.`,
}

var bridgeTassRu = article{
	ID: "https://tass.example/ru/obschestvo/400102", Path: "/tass-ru/obschestvo/400102",
	Language: "ru", Category: "Общество", At: "16:10",
	Title: "Ярмарка пройдёт в субботу на обоих берегах Светлой",
	Text:  `ЗАРЕЧЬЕ, {день}. /ТАСС/. Ярмарка в честь открытия пешеходного моста пройдёт в субботу на обоих берегах Светлой, сообщили в мэрии.`,
}

var swans = article{
	ID: "https://belta.example/society/view/swans-return-100104-2026/", Path: "/belta/society/view/swans-return-100104-2026/",
	Language: "en", Category: "Society", At: "17:00",
	Title: "Swans return to the town pond of Zarechye",
	Text:  `ZARECHYE, {day} (BelTA) - A pair of swans has returned to the town pond for the sixth year in a row, BelTA has learned.`,
}
