package hub

import "testing"

// Names and ports that cost their owner nothing are one site: those of other owners are others.
func TestSite(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"a.example.com:443": "example.com", "b.a.example.com:80": "example.com", "example.com:8080": "example.com",
		"example.co.uk:443": "example.co.uk", "a.example.co.uk:443": "example.co.uk", "one.github.io:443": "one.github.io",
		"localhost:80": "localhost", "192.0.2.1:80": "192.0.2.1",
		"[2001:db8:0:1:2::3]:443": "2001:db8:0:1::/64", "[::ffff:192.0.2.1]:80": "192.0.2.1",
		"com:443": "com", "": "",
	} {
		if got := site(host); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}
