package subscriber

import (
	"errors"
	"strings"
	"testing"
)

func TestDiscover(t *testing.T) {
	for _, c := range []struct {
		fact             string
		header, document Links
		topic, hub       string
	}{
		{"nothing", Links{}, Links{}, "", ""},
		{"a hub without a topic", Links{Hubs: []string{"https://h.example/"}}, Links{}, "", ""},
		{"a topic without a hub", Links{}, Links{Self: "https://a.example/"}, "", ""},
		{"a header with a topic only gives way to the document", Links{Self: "https://a.example/header"},
			Links{[]string{"https://h.example/"}, "https://a.example/document"}, "https://a.example/document", "https://h.example/"},
		{"a header with a hub only likewise", Links{Hubs: []string{"https://other.example/"}},
			Links{[]string{"https://h.example/"}, "https://a.example/"}, "https://a.example/", "https://h.example/"},
		{"the first hub", Links{[]string{"https://1.example/", "https://2.example/"}, "https://a.example/"}, Links{}, "https://a.example/",
			"https://1.example/"},
		{"https before http", Links{[]string{"http://1.example/", "HTTPS://2.example/"}, "http://a.example/"}, Links{}, "http://a.example/",
			"HTTPS://2.example/"},
		{"http where there is no other", Links{[]string{"http://1.example/", "http://2.example/"}, "http://a.example/"}, Links{},
			"http://a.example/", "http://1.example/"},
		{"a hub that is no address is passed over", Links{[]string{"mailto:hub@a.example", "https:", "http://2.example/"}, "http://a.example/"},
			Links{}, "http://a.example/", "http://2.example/"},
		{"a topic byte for byte", Links{}, Links{[]string{"https://h.example"}, "HTTP://A.example:80/%7Efeed?b=&a#x"},
			"HTTP://A.example:80/%7Efeed?b=&a#x", "https://h.example"},
		{"a topic with a password", Links{}, Links{[]string{"https://h.example"}, "https://u:p@a.example/"}, "", ""},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if topic, hub := Discover(c.header, c.document); topic != c.topic || hub != c.hub {
				t.Errorf("%q at %q, want %q at %q", topic, hub, c.topic, c.hub)
			}
		})
	}
}

func TestPublic(t *testing.T) {
	for _, base := range []string{"https://wire.example.org/", "http://wire.example.org", "https://wire.example.org:8443/news/",
		"http://93.184.216.34/",
		"https://[2606:2800:220:1::1]/", "https://пример.рф/"} {
		t.Run(base, func(t *testing.T) {
			if err := Public(base); err != nil {
				t.Error(err)
			}
		})
	}
	for _, base := range []string{"", "wire.example.org", "ftp://wire.example.org/", "https:///", "http://localhost/", "http://LOCALHOST.:80/",
		"http://a.localhost/",
		"http://wire/", "http://wire.local/", "http://wire.internal/", "http://wire.home.arpa/", "http://127.0.0.1:8080/", "http://127.9.9.9/",
		"http://[::1]/",
		"http://[::ffff:127.0.0.1]/", "http://[::ffff:100.64.0.1]/", "http://10.0.0.1/", "http://172.16.3.4/", "http://192.168.1.1/",
		"http://169.254.0.1/", "http://100.64.0.1/", "http://0.0.0.0/",
		"http://[fe80::1%25eth0]/", "http://[fd00::1]/", "http://224.0.0.1/", "https://u:secret@wire.example.org/", "https://wire.example.org/?a",
		"https://wire.example.org/#a",
		"http://a b/", "https://u:secret@wire.example.org:x/"} {
		t.Run("not "+base, func(t *testing.T) {
			var bad *BaseError
			err := Public(base)
			if !errors.As(err, &bad) {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("tells the password: %v", err)
			}
		})
	}
}
