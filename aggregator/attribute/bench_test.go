package attribute

import (
	"path/filepath"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// BenchmarkLeads reads the composed table, one row an operation: what `credit` does with a line.
func BenchmarkLeads(b *testing.B) {
	r := registry(b)
	it := &news.Item{Published: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}
	rows := readTable(b, filepath.Join("testdata", "forms.tsv"))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.Credit(Input{Item: it, Text: rows[i%len(rows)]["input"]})
	}
}

// BenchmarkLead reads a lead of forty words as an agency writes it.
func BenchmarkLead(b *testing.B) {
	r := registry(b)
	in := Input{
		Item: &news.Item{Title: "Example port to handle more grain", URL: "https://eng.belta.by/1", Published: time.Date(2024, 5,
			17, 0, 0, 0, 0, time.UTC)},
		Text: "MINSK, 17 May (BelTA) - The port of the example town will handle a tenth more grain than it did a year ago, Deputy Minister " +
			"Ivan Petrov said at a press conference in Gomel on 17 May after talks with the heads of seven carriers, BelTA has learned.",
		Source: news.Source{Name: "BelTA", Agency: "belta", URL: "https://eng.belta.by/rss"},
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Credit(in)
	}
}

// BenchmarkArticle reads the seed article, furniture and all.
func BenchmarkArticle(b *testing.B) {
	r := registry(b)
	in := seed(b)
	b.SetBytes(int64(len(in.Text)))
	b.ReportAllocs()
	for b.Loop() {
		r.Credit(in)
	}
}

// BenchmarkNew builds the registry.
func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		registry(b)
	}
}
