package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store/storetest"
)

// feeder composes visits: fifty items each, 40 words of text, 30 fingerprints, 84 stems and three identity keys an item.
type feeder struct {
	r     *rand.Rand
	stems *rand.Zipf
	words []string
	n     int                    // items so far
	seen  map[string][]news.Seen // the last document of each source
}

func newFeeder() *feeder {
	r := rand.New(rand.NewPCG(1, 2))
	w := &feeder{r: r, stems: rand.NewZipf(r, 1.6, 120, 2_000_000), seen: map[string][]news.Seen{}}
	for range 5000 {
		b := make([]byte, 3+r.IntN(8))
		for i := range b {
			b[i] = byte('a' + r.IntN(26))
		}
		w.words = append(w.words, string(b))
	}
	return w
}

func (w *feeder) text(n int) string {
	var b bytes.Buffer
	for range n {
		b.WriteString(w.words[int(w.r.ExpFloat64()*400)%len(w.words)] + " ")
	}
	return b.String()
}

func (w *feeder) terms(n int, draw func() uint32) []uint32 {
	var out []uint32
	for len(out) < n {
		if t := draw(); !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return out
}

// visit returns what a visit with so many new items writes. The window has the last fifty of the source.
func (w *feeder) visit(items int) visited {
	at := noon.Add(time.Duration(w.n) * time.Second)
	source := fmt.Sprint("source", w.n/50%200)
	out := visited{Source: source, Now: at,
		State: &news.State{URL: "https://" + source + ".example/feed", LastVisit: at, LastSuccess: at, Due: at.Add(time.Hour)}}
	for range items {
		w.n++
		guid := fmt.Sprintf("https://%s.example/%d", source, w.n)
		k := news.ItemKey(source, guid)
		out.Items = append(out.Items, news.Item{Key: k, Entry: k, Source: source, GUID: guid, URL: guid, Title: w.text(9),
			Summary: w.text(40), Revision: 1,
			FirstSeen: at, Published: at})
		out.Entries = append(out.Entries, news.Entry{Key: k, ID: guid, Published: at, Updated: at})
		out.Log = append(out.Log, news.LogRecord{Entry: k, Kind: news.RecordNew, Revision: 1})
		for i := range 3 {
			out.Keys = append(out.Keys, storetest.KeyedItem{Key: news.NewIdentityKey(fmt.Sprint(i), guid), Item: k})
		}
		out.Fingerprints = append(out.Fingerprints, news.Fingerprint{Item: k, At: at, Terms: w.terms(30, w.r.Uint32)})
		out.Stems = append(out.Stems, news.Fingerprint{Item: k, At: at,
			Terms: w.terms(84, func() uint32 { return uint32(w.stems.Uint64()+1) * 2654435761 })})
		w.seen[source] = append(w.seen[source], news.Seen{Item: k, Sum: w.r.Uint64()})
	}
	if items > 0 {
		w.seen[source] = w.seen[source][max(0, len(w.seen[source])-50):]
		out.Window = w.seen[source]
	}
	return out
}

// written returns how many bytes the process has given to the system to write; it skips where the system does not count them.
func written(b *testing.B) (n int64) {
	b.Helper()
	all, err := os.ReadFile("/proc/self/io")
	if err != nil {
		b.Skip("no /proc/self/io: ", err)
	}
	_, rest, _ := bytes.Cut(all, []byte("wchar: "))
	if _, err := fmt.Sscan(string(rest), &n); err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkWritten reports how many bytes a commit writes: into a new store, 50 items each, a share for each item; then one that
// brings nothing, five new items, fifty.
func BenchmarkWritten(b *testing.B) {
	for _, items := range []int{10_000, 50_000} {
		s, w := temp(b, Options{}), newFeeder()
		began := written(b)
		for w.n < items {
			commit(b, s, w.visit(50))
		}
		cold := written(b) - began
		b.Run(fmt.Sprint(items, "/cold"), func(b *testing.B) {
			for b.Loop() {
			}
			size, free := s.Space()
			b.ReportMetric(float64(cold)/float64(items), "written-B/item")
			b.ReportMetric(float64(size-free)/float64(items), "stored-B/item")
			b.ReportMetric(0, "ns/op")
		})
		for name, n := range map[string]int{"nothing": 0, "5 new": 5, "50 new": 50} {
			b.Run(fmt.Sprint(items, "/", name), func(b *testing.B) {
				began := written(b)
				for b.Loop() {
					commit(b, s, w.visit(n))
				}
				b.ReportMetric(float64(written(b)-began)/float64(b.N), "written-B/op")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
