package parse

import (
	"strings"
	"testing"
)

// An address of more than 4 KiB is none, and so is one whose host is longer than a name can be.
func TestLongAddress(t *testing.T) {
	t.Parallel()
	host := func(n int) string { return strings.Repeat("a", n-len(".example")) + ".example" }
	for _, tt := range []struct {
		fact, address string
		taken         bool
	}{
		{"a host of 253 bytes with a port", "https://" + host(253) + ":65535/a", true},
		{"a host of 300 bytes", "https://" + host(300) + "/a", false},
		{"a host of a megabyte that is no ASCII", "https://" + strings.Repeat("ä", 1<<19) + "/a", false},
		{"4 KiB", "https://wire.example/" + strings.Repeat("a", maxAddress-len("https://wire.example/")), true},
		{"a byte more", "https://wire.example/" + strings.Repeat("a", maxAddress+1-len("https://wire.example/")), false},
	} {
		if got := resolve("https://wire.example/", tt.address); (got == tt.address) != tt.taken || !tt.taken && got != "" {
			t.Errorf("%s: %.60q", tt.fact, got)
		}
	}
	if got := resolve("https://wire.example/", "/"+strings.Repeat("a", maxAddress)); got != "" {
		t.Errorf("a relative one that becomes too long: %.60q", got)
	}
}
