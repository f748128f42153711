package attribute

import (
	"strings"
	"testing"
)

// BenchmarkKill looks at a text that is not taken back, as nearly all are.
func BenchmarkKill(b *testing.B) {
	title, text := "Footbridge across the Svetlaya reopens", strings.Repeat("The footbridge was opened again to walkers on Monday. ", 20)
	r := registry(b).on(text)
	b.ReportAllocs()
	for b.Loop() {
		if r.kill(title, text) != nil {
			b.Fatal("it is no notice")
		}
	}
}
