package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
)

// TestDefaults: a source has the default of a key that it does not give, its own value otherwise, wherever the defaults are.
func TestDefaults(t *testing.T) {
	t.Parallel()
	got := parse(t, `
sources:
  - {id: a, url: "https://a.example"}
  - {id: b, url: "https://b.example", timezone: , topics: [x], enabled: true}
  - &c {id: c, url: "https://c.example", priority: 1}
  - {<<: *c, id: d, url: "https://d.example"}
defaults: {timezone: UTC, topics: [y, z], every: 5m, enabled: false, priority: 7}
`)
	for i, want := range []string{"a UTC [y z] 5m false 7", "b  [x] 5m true 7", "c UTC [y z] 5m false 1", "d UTC [y z] 5m false 1"} {
		s := got.Sources[i]
		if line := strings.Join([]string{s.ID, s.Timezone, "[" + strings.Join(s.Topics, " ") + "]", s.Every.String(),
			map[bool]string{true: "true", false: "false"}[s.Enabled], string('0' + rune(s.Priority))}, " "); line != want {
			t.Errorf("got %s, want %s", line, want)
		}
	}
}

// TestEditWithAnchors: what is added takes the defaults, and what others use stays.
func TestEditWithAnchors(t *testing.T) {
	t.Parallel()
	const text = "defaults: {timezone: UTC, priority: 3}\nsources:\n  - &a\n    id: a\n    url: https://a.example\n    topics: &t [x]\n" +
		"  - id: b\n    url: https://b.example\n    topics: *t\n"
	for _, c := range []struct {
		name string
		edit func([]byte) ([]byte, error)
		want string
	}{
		{"add", add, text + xBlock},
		{"remove what uses an anchor", removing("b"), text[:strings.Index(text, "  - id: b")]},
		{"disable what has one", enabling("a", false), strings.Replace(text, "    topics: &t [x]\n", "    topics: &t [x]\n    enabled: false\n",
			1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := c.edit([]byte(text))
			if diff := cmp.Diff(c.want, string(got)); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
	t.Run("removing an anchor that is used is refused", func(t *testing.T) {
		t.Parallel()
		_, err := config.Remove("f", []byte(text), "a")
		var used *config.AnchorError
		if !errors.As(err, &used) || !errors.Is(err, config.ErrForm) || used.Line != 9 || used.Anchor != "t" {
			t.Errorf("%v", err)
		}
	})
	t.Run("a change that others would take over is refused", func(t *testing.T) {
		t.Parallel()
		merged := strings.Replace(text, "  - id: b\n", "  - <<: *a\n    id: b\n", 1)
		if _, err := config.Enable("f", []byte(merged), "a", false); !errors.Is(err, config.ErrForm) {
			t.Errorf("%v", err)
		}
	})
}
