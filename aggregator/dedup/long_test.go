package dedup

import (
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// harbour is the body of a report, in sentences of its own.
const harbour = "The works took four years and were paid by the province, the port and a loan of the river bank. " +
	"Divers lifted two wrecks from the basin before the piles could be driven, and a museum will show what was found in them. " +
	"The first ship to use the new quay was a bulk carrier with phosphate for the plant at Lower Karsk. " +
	"Pilots had asked for a wider entrance since a barge ran aground there in heavy fog. " +
	"The harbour master said that the cranes would be tested for a month before containers are taken in. "

// TestLongTexts: two long texts of which each is most of the other are one, whatever they begin with; a word in another's place, which
// makes two of a form, is an edit under titles that are otherwise unlike.
func TestLongTexts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact, title1, one, title2, two string
		same                           bool
	}{
		{"both begin in their own words", "Quay opened",
			"Ships may enter the eastern basin of Karsk again from Monday onwards. " + harbour,
			"Port of Karsk grows", "What used to be a shallow pool is now deep enough for sea-going vessels. " + harbour, true},
		{"a background that is half of both", "Quay opened",
			"Ships may enter the eastern basin of Karsk again from Monday onwards, and the captains of the coasters, who had waited in the roads " +
				"for a week, were " +
				"the first to hear of it over the wireless on Sunday night when the last dredger had left the fairway. " + harbour[:200],
			"Port of Karsk grows", "What used to be a shallow pool is now deep enough for sea-going vessels, says the board, which wants to let " +
				"the meadows behind the sheds to " +
				"merchants who need room for timber, grain and salt and would build a railway to the junction. " + harbour[:200], false},
		{"another word at one place", "Strong wind shuts harbour of Karsk", "The strong wind shut the harbour of Karsk at noon on Sunday. " +
			harbour,
			"Fierce wind: harbour of Karsk is shut and ships wait in the roads", "The fierce wind shut the harbour of Karsk at noon on Sunday. " +
				harbour, true},
		{"a form filled in twice", "Wheat harvest begins in Karsk", "The wheat harvest in Karsk has begun with dry weather. " + harbour,
			"Rapeseed harvest begins in Karsk", "The rapeseed harvest in Karsk has begun with dry weather. " + harbour, false},
		{"titles that are printed again before the text", "Pilots want a wider port of Karsk",
			"Pilots want a wider port of Karsk. " + harbour[:250], "Captains want a wider port of Karsk",
			"Captains want a wider port of Karsk. " + harbour[:250], true},
		{"a form filled in twice under its titles", "Wheat harvest begins in Karsk",
			"Wheat harvest begins in Karsk. The wheat harvest in Karsk has begun with dry weather. " + harbour, "Rapeseed harvest begins in Karsk",
			"Rapeseed harvest begins in Karsk. The rapeseed harvest in Karsk has begun with dry weather. " + harbour, false},
		{"titles with two words for saying it", "Karsk said a wider port is too dear for it",
			"In the morning Karsk said a wider port is too dear for it. " + harbour, "Karsk reported a wider port is too dear for it",
			"In the morning Karsk reported a wider port is too dear for it. " + harbour, true},
		{"a figure in a sentence that was moved", "Quay opened in Karsk", "The ministry bought 4711 barrels of tar. " + harbour,
			"Quay opened in Karsk", harbour + "The ministry bought 8022 barrels of tar.", false},
		{"a sentence that was moved", "Quay opened in Karsk", "The ministry bought 4711 barrels of tar. " + harbour,
			"Quay opened in Karsk", harbour + "The ministry bought 4711 barrels of tar.", true},
		{"a name with one letter twice", "Minister Maas opens quay",
			"Minister Maas opened the quay of Karsk. Maas thanked the divers, and Maas left by boat. " + harbour,
			"Minister Mas opens quay", "Minister Mas opened the quay of Karsk. Mas thanked the divers, and Mas left by boat. " + harbour, true},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			for _, swap := range []bool{false, true} {
				a, b := textItem("alpha", 1, c.title1, c.one, eight), textItem("bravo", 2, c.title2, c.two, eight.Add(time.Hour))
				if swap {
					a, b = b, a
				}
				s := newStored(t)
				s.add(a)
				if m := s.add(b); (m.Join != nil) != c.same {
					t.Errorf("swapped %v: joined %v, want %v: %+v", swap, m.Join != nil, c.same, s.compare(a, b))
				}
			}
		})
	}
}

// TestBriefTextsOfOneEvent: two leads that begin alike and go on in their own words are two reports; a brief text that the other one has is
// a copy of it.
func TestBriefTextsOfOneEvent(t *testing.T) {
	t.Parallel()
	begin := "The twenty-seven states of the league are to settle today their stand on the time after the parting, in which the island " +
		"stays a member without a vote"
	lead := begin + ", the Chronicle was told. The question divides the cabinet, where the minister of trade has threatened to go."
	for _, c := range []struct {
		fact, other string
		same        bool
	}{
		{"another end", "States of the league are to settle their stand on the time after the parting, in which the island stays a member " +
			"without vote. " +
			"Minister Ekaterina Zahova will chair the sitting, for which colleagues from all capitals arrived yesterday by train.", false},
		{"the same in a few other words", "The twenty-seven states of the league settle today their stand on the time after the parting in " +
			"which the island stays " +
			"member without any vote, the Chronicle was told. Question divides the cabinet, where the minister of trade threatened to go.", true},
	} {
		a := textItem("alpha", 1, "League settles its stand on the time after the parting", lead, eight)
		b := textItem("bravo", 2, "League settles stand on the time after parting", c.other, eight.Add(time.Hour))
		for _, pair := range [][2]news.Item{{a, b}, {b, a}} {
			s := newStored(t)
			s.add(pair[0])
			if m := s.add(pair[1]); (m.Join != nil) != c.same {
				t.Errorf("%s: joined %v, want %v: %+v", c.fact, m.Join != nil, c.same, s.compare(pair[0], pair[1]))
			}
		}
	}
}

// TestReportAroundAQuotation: a report that is a quotation for the most part is one text where it also begins with one sentence.
func TestReportAroundAQuotation(t *testing.T) {
	t.Parallel()
	quote := "“" + strings.TrimSpace(strings.ReplaceAll(harbour[:400], ". ", ", and then ")) + "”"
	a := textItem("alpha", 1, "Minister: pipeline kills the islands",
		"The pipeline through the bay threatens the safety of the islands and confirms the stand of the "+
			"northern government, as Jacek Czap put it. "+quote+
			" He spoke on the eve of the vote, which both houses had put off twice because members of the smaller parties wanted to hear "+
			"what fishermen, pilots and the owners of the mills think of it and how they would be paid for lost days. Nobody asked the herring.",
		eight)
	b := textItem("bravo", 2, "Pipeline kills the islands",
		"The pipeline through the bay threatens the safety of the islands and confirms the stand of the northern "+
			"government, said Jacek Czap. So he began: "+quote+
			" Envoys meet again after the feast in a town that neither side has named, with maps, lawyers and a surveyor, to draw the line "+
			"along which cables may be laid until a court at sea has heard all who live by the coast. Fishermen fear nets.", eight.Add(time.Hour))
	s := newStored(t)
	s.add(a)
	if m := s.add(b); m.Join == nil {
		t.Errorf("apart: %+v", s.compare(a, b))
	}
}

// TestLaidSideBySide: a short run of words that are in common by chance does not hide the long one behind it.
func TestLaidSideBySide(t *testing.T) {
	t.Parallel()
	own := "Pilots never complained and were paid by nobody for it all: so ends the letter that readers in Karsk sent to us. "
	a, b := NewText(news.Item{Lead: own + harbour}), NewText(news.Item{Lead: harbour})
	all := gaps(a.tokens, b.tokens)
	if len(all) != 1 || len(all[0].a) != 22 || len(all[0].b) != 0 {
		for _, g := range all {
			t.Errorf("%q against %q", words(g.a), words(g.b))
		}
	}
}
