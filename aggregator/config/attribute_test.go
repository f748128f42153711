package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
)

// TestSet: each kind of key that holds one value is set from text; a list, an unknown key and a value of another type are refused.
func TestSet(t *testing.T) {
	t.Parallel()
	var s config.Source
	for key, value := range map[string]string{"id": "most", "every": "1h30m", "enabled": "true", "priority": "-7", "content": "headline"} {
		if err := s.Set(key, value); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	want := config.Source{ID: "most", Every: config.Duration(90 * time.Minute), Enabled: true, Priority: -7, Content: "headline"}
	if d := cmp.Diff(want, s); d != "" {
		t.Error(d)
	}
	for _, tt := range []struct{ key, value, want string }{
		{"nmae", "Most", `unknown key "nmae"`},
		{"topics", "belarus", "topics holds more than one value"},
		{"enabled", "perhaps", `"perhaps" where true or false belongs`},
		{"priority", "high", `"high" where a whole number belongs`},
	} {
		if err := s.Set(tt.key, tt.value); err == nil || err.Error() != tt.want {
			t.Errorf("%s %s: %v, want %s", tt.key, tt.value, err, tt.want)
		}
	}
	if d := cmp.Diff(want, s); d != "" {
		t.Errorf("a refused value changed the source: %s", d)
	}
}

// TestAttributes: what a list of sources elsewhere can hold is what has one value and is no default, and Set reads it back.
func TestAttributes(t *testing.T) {
	t.Parallel()
	s := config.Source{ID: "most", URL: "https://wire.example/rss", Every: config.Duration(time.Hour), Priority: 3,
		Topics: []string{"belarus"}, Headers: map[string]string{"X-Key": "${KEY}"}}
	got := s.Attributes()
	want := []config.Attribute{{"id", "most"}, {"url", "https://wire.example/rss"}, {"every", "1h"}, {"priority", "3"}, {"enabled", "false"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	again := config.Source{Enabled: true, Topics: s.Topics, Headers: s.Headers}
	for _, a := range got {
		if err := again.Set(a.Key, a.Value); err != nil {
			t.Error(err)
		}
	}
	if d := cmp.Diff(s, again); d != "" {
		t.Error(d)
	}
}

// TestAccepts: a source is judged as if it were in the file: its id is free, its values are good, its topics are in the list.
func TestAccepts(t *testing.T) {
	t.Parallel()
	c := parse(t, "topics: [{id: belarus}]\nsources:\n- {id: most, url: \"https://wire.example/rss\"}\n")
	good := config.Source{ID: "bridge", URL: "https://bridge.example/rss", Topics: []string{"belarus"}, Enabled: true}
	for fact, tt := range map[string]struct {
		change func(*config.Source)
		want   string
	}{
		"good":             {func(*config.Source) {}, ""},
		"a used id":        {func(s *config.Source) { s.ID = "most" }, `id "most" is used already`},
		"no address":       {func(s *config.Source) { s.URL = "wire" }, `"wire" is no address with http or https`},
		"an unknown topic": {func(s *config.Source) { s.Topics = []string{"sport"} }, `"sport" is not in the list of topics`},
		"too often":        {func(s *config.Source) { s.Every = config.Duration(time.Second) }, "every (1s) is below poll.floor (1m)"},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			s := good
			tt.change(&s)
			got := ""
			if err := c.Accepts(s); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestTrustedProxies: addresses and networks of proxies in front of the listener.
func TestTrustedProxies(t *testing.T) {
	t.Parallel()
	var got []string
	for _, p := range parse(t, `{feed: {base_url: "https://wire.example/"}, http: {trusted_proxies: [192.0.2.7, "2001:db8::/32"]}}`).HTTP.Proxies() {
		got = append(got, p.String())
	}
	if d := cmp.Diff([]string{"192.0.2.7/32", "2001:db8::/32"}, got); d != "" {
		t.Error(d)
	}
}

// TestSecretFiles: the files of secrets, each once, in the order in which requests name them.
func TestSecretFiles(t *testing.T) {
	t.Parallel()
	got := parse(t, `
network: {proxy: "http://${file:/run/proxy}@proxy.example:3128"}
notify: {url: "https://chat.example/${file:/run/chat}?u=${USER}"}
sources:
- {id: a, url: "https://wire.example/${file:/run/feed}", headers: {X-B: "${file:/run/b} ${file:/run/chat}", X-A: "${file:/run/a}"}}
`).SecretFiles()
	if d := cmp.Diff([]string{"/run/proxy", "/run/chat", "/run/feed", "/run/a", "/run/b"}, got); d != "" {
		t.Error(d)
	}
}
