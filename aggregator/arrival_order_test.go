package aggregator_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// reports is how many different reports the wire below carries, each by some of its sources.
const reports = 8

// reportOf composes report n as the source id words it: whole, with another dateline, or with something of its own behind.
func reportOf(r *rand.Rand, id string, n int) feedtest.Item {
	own := rand.New(rand.NewPCG(uint64(n), 3)) // the same words for everybody, and no others'
	sentence := func(length int) string {
		words := make([]string, length)
		for i := range words {
			for range 3 {
				words[i] += string("bdfgklmnprstvz"[own.IntN(14)]) + string("aeiou"[own.IntN(5)])
			}
		}
		words[0] = strings.ToUpper(words[0][:1]) + words[0][1:]
		return strings.Join(words, " ")
	}
	p := feedtest.Item{
		GUID: fmt.Sprint(id, "-", n), Link: fmt.Sprintf("https://%s.example/%d", id, n), PubDate: "Tue, 24 Nov 2026 06:00:00 +0300",
		Title: sentence(7), Description: sentence(12) + ". " + sentence(15) + ". " + sentence(14) + ".",
	}
	switch r.IntN(3) {
	case 1:
		p.Description = strings.ToUpper(id) + ", 24 November. " + p.Description
	case 2:
		p.Description += " Read us every morning."
	}
	return p
}

// grouping names the entries by what is in them, not by what represents them.
func (r *harness) grouping() string {
	in := map[news.Key][]string{}
	for _, it := range r.items("") {
		in[it.Entry] = append(in[it.Entry], it.GUID)
	}
	var all []string
	for _, guids := range in {
		slices.Sort(guids)
		all = append(all, strings.Join(guids, "+"))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

var sourceIDs = []string{"alpha", "bravo", "charlie", "delta"}

// TestAnyOrderOfArrival: in any order in which sources are visited, however their documents are split into visits, with
// repeats and restarts between, the items have the same keys and are grouped in the same way. What the order decides
// is who represents an entry, since that is frozen when it is published: with the key of an entry, and so its id. The
// same order gives the same bytes.
func TestAnyOrderOfArrival(t *testing.T) {
	t.Parallel()
	r := feedtest.Rand(t)
	documents := map[string][]feedtest.Item{}
	for _, id := range sourceIDs {
		for n := range reports {
			if r.IntN(3) > 0 {
				documents[id] = append(documents[id], reportOf(r, id, n))
			}
		}
	}
	play := func(order *rand.Rand) (grouping, keys string, bytes [32]byte) {
		bubble(t, func(t *testing.T, s *feedtest.Server, rg *harness) {
			shown := map[string]int{}
			for left := len(sourceIDs); left > 0; {
				id := sourceIDs[order.IntN(len(sourceIDs))]
				all := documents[id]
				if shown[id] < len(all) {
					if shown[id] += 1 + order.IntN(len(all)-shown[id]); shown[id] == len(all) {
						left--
					}
				} else if len(all) == 0 && shown[id] == 0 {
					shown[id] = 1
					left--
				}
				s.Set("/"+id, page(id, all[:min(shown[id], len(all))]...))
				rg.good(id)
				time.Sleep(time.Duration(order.IntN(600)) * time.Second)
				if order.IntN(4) == 0 {
					rg.open()
				}
			}
			rg.good()
			rg.sound()
			var all []string
			for _, it := range rg.items("") {
				all = append(all, it.Key.String()+" "+it.GUID)
			}
			slices.Sort(all)
			grouping, keys, bytes = rg.grouping(), strings.Join(all, "\n"), sha256.Sum256(rg.atom())
		}, sourceIDs...)
		return grouping, keys, bytes
	}
	var want, wantKeys string
	for range scale(2, 4, 12) {
		n := r.Uint64()
		grouping, keys, bytes := play(rand.New(rand.NewPCG(n, 2)))
		if _, _, again := play(rand.New(rand.NewPCG(n, 2))); again != bytes {
			t.Error("the same order gave other bytes")
		}
		if want == "" {
			want, wantKeys = grouping, keys
		}
		if grouping != want || keys != wantKeys {
			t.Fatalf("in one order\n%s\n\nin another\n%s", want, grouping)
		}
	}
	if !strings.Contains(want, "+") {
		t.Error("nothing was joined: this shows nothing")
	}
}
