package config_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"dateline/aggregator/config"
	"dateline/aggregator/internal/feedtest"
)

// sheet is a generated config whose sources are a list with dashes: what precedes, the elements, each with
// what is above it, and what follows.
type sheet struct {
	before, behind string
	above, elems   []string
	indent, gap    string
}

// newSheet writes a config in the ways that people do.
func newSheet(r *rand.Rand) sheet {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	s := sheet{indent: strings.Repeat(" ", r.IntN(5)), gap: strings.Repeat(" ", 1+r.IntN(3))}
	s.before = pick("", "---\n", "# The wire\n\n") + pick("", "feed:\n  title: A # b\n", "feed: {title: A,\n  entries: 7}\n",
		"match:\n  window: 70h\n") + pick("sources:\n", "sources: # all of them\n", "\"sources\" :\n")
	for i := range 1 + r.IntN(4) {
		s.above = append(s.above, pick("", "\n", s.indent+"# number one\n", "\n\n# at the margin\n", s.indent+"# two\n\n"))
		s.elems = append(s.elems, s.element(i, pick, r))
	}
	s.behind = pick("", "\n", "# end\n", "\n# end\n", "poll:\n  every: 7m\n", "topics:\n", "...\n")
	return s
}

// element is a source, its keys in any order, its values in any quotes.
func (s sheet) element(i int, pick func(...string) string, r *rand.Rand) string {
	keys := s.indent + " " + s.gap
	if pick("block", "block", "braces") == "braces" {
		return fmt.Sprintf("%s-%s{id: s%d,%surl: \"https://s.example/%d\"%s}%s\n", s.indent, s.gap, i, pick(" ", "\n"+keys+" "), i,
			pick("", ", enabled: true", ", "), pick("", " # braces"))
	}
	lines := []string{
		fmt.Sprintf("id: %s", pick(fmt.Sprintf("s%d", i), fmt.Sprintf("'s%d' # quoted", i), fmt.Sprintf("\"s%d\"", i))),
		fmt.Sprintf("url: https://s.example/%d%s", i, pick("", "  # here")),
	}
	for _, more := range []string{
		pick("name: 'It''s # one'", "name: \"One - \\\"two\\\"\"", "name: One two", "name: |-\n"+keys+"  # One - two",
			"name: >\n"+keys+"  One\n"+keys+"  # two", "name: One\n"+keys+" two", "name:\n"+keys+"  One", "name: \"One\n"+keys+" # two\""),
		pick("topics: [a, \"b\"]", "topics:\n"+keys+"- a\n"+keys+"- \"b\"", "topics: []", "topics:"),
		pick("headers: {X-Desk: foreign}", "headers:\n"+keys+"  X-Desk: foreign # desk", "headers: {}"),
		pick("every: 20m", "every:", "# every: 5m"),
		pick("enabled: true", "enabled:", "enabled: true # now"),
	} {
		if pick("with", "without") == "with" {
			lines = append(lines, more)
		}
	}
	r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	if strings.HasPrefix(lines[0], "#") {
		lines[0], lines[1] = lines[1], lines[0]
	}
	for i := 1; i < len(lines); i++ {
		lines[i] = keys + lines[i]
	}
	return s.indent + "-" + s.gap + strings.Join(lines, "\n"+pick("", "", "\n", keys+"# between\n")) + "\n"
}

// text joins the sheet, in which the elements may have become others.
func (s sheet) text(elems []string) string {
	var b strings.Builder
	b.WriteString(s.before)
	for i, e := range elems {
		if i < len(s.above) {
			b.WriteString(s.above[i])
		}
		b.WriteString(e)
	}
	b.WriteString(s.behind)
	return b.String()
}

// TestEditGenerated: of every generated config, 100 or in the long form 1,000, an edit changes the element that it is about, to
// the byte.
func TestEditGenerated(t *testing.T) {
	t.Parallel()
	first := feedtest.Seed(t, 1)
	for seed := first; seed < first+feedtest.Pick[uint64](100, 1000); seed++ {
		r := rand.New(rand.NewPCG(seed, 1))
		s := newSheet(r)
		before := s.text(s.elems)
		ends := func(text string) []byte { return []byte(text) }
		switch r.IntN(3) {
		case 0:
			ends = func(text string) []byte { return []byte(strings.ReplaceAll(text, "\n", "\r\n")) }
		case 1:
			ends = func(text string) []byte { return []byte("\ufeff" + text) }
		}
		check := func(what string, out []byte, err error, want string) {
			t.Helper()
			if err != nil {
				t.Errorf("seed %d: %s: %v\n%s", seed, what, err, before)
			} else if string(out) != string(ends(want)) {
				t.Errorf("seed %d: %s: got\n%q\nwant\n%q", seed, what, out, ends(want))
			}
		}
		if _, err := config.Parse("f", ends(before)); err != nil {
			t.Fatalf("seed %d: a sheet is no config: %v\n%s", seed, err, before)
		}
		i := r.IntN(len(s.elems))
		id := fmt.Sprintf("s%d", i)

		without := append(append([]string{}, s.elems[:i]...), "")
		out, err := config.Remove("f", ends(before), id)
		check("remove "+id, out, err, s.text(append(without, s.elems[i+1:]...)))

		x := config.Source{ID: "x", URL: "https://x.example/", Enabled: true}
		with := append(append([]string{}, s.elems...), s.indent+"-"+s.gap+"id: x\n"+s.indent+" "+s.gap+"url: https://x.example/\n")
		out, err = config.Add("f", ends(before), []config.Source{x}, nil)
		check("add", out, err, s.text(with))

		// Switched off and on again it is as it was, but for the key.
		off, err := config.Enable("f", ends(before), id, false)
		if strings.Contains(s.elems[i], "{id: ") {
			if !errors.As(err, new(*config.FlowError)) {
				t.Errorf("seed %d: disabled in braces: %v\n%s", seed, err, before)
			}
			continue
		}
		if err != nil {
			t.Errorf("seed %d: disable: %v\n%s", seed, err, before)
			continue
		}
		on, err := config.Enable("f", off, id, true)
		if err != nil || !oneWord(off, on, "false", "true") {
			t.Errorf("seed %d: enable: %v\n%q", seed, err, on)
		}
	}
}

// oneWord reports whether b is a with one word in the place of another.
func oneWord(a, b []byte, was, is string) bool {
	for i := range a {
		if rest, found := bytes.CutPrefix(a[i:], []byte(was)); found && string(a[:i])+is+string(rest) == string(b) {
			return true
		}
	}
	return false
}
