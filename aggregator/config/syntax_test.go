package config_test

import (
	"testing"

	"dateline/aggregator/config"
)

// TestSyntaxWords: what people get wrong in YAML is said in words of a config.
func TestSyntaxWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"name: BelTA: English\n": `f:1:7: not YAML: a second ": " on the line: put the value in quotes`,
		"feed:\n  title: A\n   id: b\n": "f:2:10: not YAML: the next line is set in as if it went on with this value: keys of one map begin " +
			"in one column",
		"feed: {title: 'A}\n":            "f:1:15: not YAML: the quote that opens here is not closed",
		"feed: {title: A\n":              "f:1:7: not YAML: the { that opens here is not closed",
		"sources: [\n":                   "f:1:10: not YAML: the [ that opens here is not closed",
		"feed: {title: @home}\n":         "f:1:15: not YAML: no value begins with @: put it in quotes",
		"feed:\n  title: *\n":            "f:2:10: not YAML: * without a name: put the value in quotes",
		"feed:\n  title: \"A\" wire\n":   "f:2:14: not YAML: more after a value: put all of it in quotes",
		"sources:\n- id: a\n url: b\n":   "f:3:2: not YAML: neither an element of the list above nor a key beside it: look at the columns",
		"feed: &a *b\n":                  "f:1:10: not YAML: an anchor before another one, or before an alias",
		"http:\n  listen: 8080\n":        `f:2:11: 8080 is no address to listen on: want HOST:PORT (did you mean "127.0.0.1:8080"?)`,
		"feed: {language: english}\n":    `f:1:18: "english" is no language tag such as ru or en-GB (BCP 47) (did you mean "en"?)`,
		"poll: {every: 1h30}\n":          `f:1:15: "1h30" is no duration: write a whole number with s, m, h or d, or a sum such as 1h30m (did you mean "1h30m"?)`,
		"defaults: {encoding: win-1251}": `f:1:22: unknown encoding "win-1251" (did you mean "windows-1251"?)`,
	} {
		_, err := config.Parse("f", []byte(text))
		if err == nil || err.Error() != want {
			t.Errorf("%q\ngot  %v\nwant %s", text, err, want)
		}
	}
}
