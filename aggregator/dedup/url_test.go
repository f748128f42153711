package dedup

import "testing"

// Two spellings of one address are one address.
func TestSpellingsOfOneAddress(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"https://wire.example/%d0%bc%d0%be%d1%81%d1%82", "https://wire.example/%D0%BC%D0%BE%D1%81%D1%82"},
		{"https://wire.example/мост", "https://wire.example/%D0%BC%D0%BE%D1%81%D1%82"},
		{"https://wire.example/?q=мост", "https://wire.example/?q=%d0%bc%d0%be%d1%81%d1%82"},
		{"https://wire.example/a//b", "https://wire.example/a/b"},
		{"https://wire.example/a/./b", "https://wire.example/a/b"}, {"https://wire.example/x/../../a/b", "https://wire.example/a/b"},
		{"https://wire.example//a///b//", "https://wire.example/a/b"},
		{"https://wire.example/%7Eann/%61", "https://wire.example/~ann/a"},
		{"https://мост.рф/1", "https://xn--l1aeje.xn--p1ai/1"},
		{"https://МОСТ.РФ/1", "https://XN--L1AEJE.XN--P1AI/1"},
		{"https://www.bücher.example/1", "http://xn--bcher-kva.example/1"},
		{"https://wire.example./1", "https://wire.example/1"},
		{"https://wire.example/1#part", "https://wire.example/1"},
		{"https://wire.example/1#xtor=RSS-3-[titles]", "https://wire.example/1?xtor=RSS-3208"},
	} {
		if a, b := Canonical(c.a), Canonical(c.b); a != b || a == "" {
			t.Errorf("%s is %q, %s is %q", c.a, a, c.b, b)
		}
	}
	for _, c := range []struct{ a, b string }{
		{"https://wire.example/a%2Fb", "https://wire.example/a/b"},
		{"https://wire.example/a?b=c%26d", "https://wire.example/a?b=c&d"},
		{"https://wire.example/a", "https://wire.example/A"},
		{"https://wire.example/a?id=1", "https://wire.example/a?id=2"},
	} {
		if a, b := Canonical(c.a), Canonical(c.b); a == b {
			t.Errorf("%s and %s are both %q", c.a, c.b, a)
		}
	}
}

// Trackers go, in the query and in the fragment, in any letters; all else stays byte for byte.
func TestTrackersOfTheTable(t *testing.T) {
	for _, p := range []string{"utm_source=rss", "at_medium=RSS", "xtor=RSS-3-[titles]", "maca=en-rss-en-all-1573-rdf", "ns_mchannel=rss",
		"ns_campaign=x", "CMP=rss",
		"wt_mc=rss", "wt.mc_id=1", "mtm_campaign=rss", "pk_campaign=rss", "ysclid=abc", "gbraid=1", "wbraid=1", "yclid=1", "fbclid=1",
		"_openstat=a;b", "UTM_Source=x",
		"ref=wire.example", "ref=www.wire.example", "ref=https%3A%2F%2Fwire.example%2F", "utm_source"} {
		for _, c := range []struct{ in, want string }{
			{"https://wire.example/1?" + p, "https://wire.example/1"},
			{"https://wire.example/1#" + p, "https://wire.example/1"},
			{"https://wire.example/1?id=%d0&" + p + "&b=", "https://wire.example/1?id=%d0&b="},
			{"https://wire.example/1?" + p + "&" + p + "#top", "https://wire.example/1#top"},
			{"https://wire.example/1#?" + p, "https://wire.example/1"},
			{"https://wire.example/1?id=1#" + p, "https://wire.example/1?id=1"},
		} {
			if got := Untracked(c.in); got != c.want {
				t.Errorf("%s is %s, want %s", c.in, got, c.want)
			}
			if got, want := Canonical(c.in), Canonical(c.want); got != want {
				t.Errorf("%s is compared as %s, want %s", c.in, got, want)
			}
		}
	}
	for _, in := range []string{"https://wire.example/1?ref=other.example", "https://wire.example/1?atlas=1&ns=2&cmpx=3",
		"https://wire.example/1?",
		"https://wire.example/1#", "https://wire.example/1#at", "https://wire.example/1?ELEMENT_ID=83075", "https://wire.example/utm_source=x",
		"https://wire.example/1?&&"} {
		if got := Untracked(in); got != in {
			t.Errorf("%s is %s", in, got)
		}
	}
}
