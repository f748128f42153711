package agency

import (
	"errors"
	"sort"
	"strings"
	"testing"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"

	"github.com/google/go-cmp/cmp"
)

// TestBuiltin checks the embedded registry: sorted, complete, and no spelling or host of two agencies.
func TestBuiltin(t *testing.T) {
	list, err := builtin(agencies)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 100 {
		t.Fatalf("%d agencies", len(list))
	}
	if !sort.SliceIsSorted(list, func(i, j int) bool { return list[i].Key < list[j].Key }) {
		t.Error("not sorted by key")
	}
	r := registry(t)
	spelled, hosted := map[string]string{}, map[string]string{}
	for _, a := range list {
		t.Run(a.Key, func(t *testing.T) {
			fresh := newRegistry(1)
			if err := fresh.reserve(a); err != nil {
				t.Error(err)
			}
			addressed := len(a.Hosts) > 0 || a.Kind == news.KindMedia || a.Kind == news.KindPhoto // of what is cited the name will do
			if a.Name == "" || a.Kind == "" || !addressed {
				t.Errorf("no name, kind or host: %+v", a)
			}
			if _, ok := r.Agency(a.Parent); a.Parent != "" && !ok {
				t.Errorf("parent %q is unknown", a.Parent)
			}
			if a.Site != "" && !strings.HasPrefix(a.Site, "https://") {
				t.Errorf("site %q", a.Site)
			}
			checkSpellings(t, r, a, spelled)
			for _, h := range a.Hosts {
				if k := hosted[h]; k != "" || !IsHost(h) || h != FoldHost(h) {
					t.Errorf("host %q belongs to %q too, or is none", h, k)
				}
				hosted[h] = a.Key
			}
			if k, ok := r.Lookup(a.Name); !ok || k != a.Key {
				t.Errorf("Lookup(%q) = %q", a.Name, k)
			}
		})
	}
	for _, key := range strings.Fields(`belta tass ria interfax sputnik prime mfa-russia mfa-belarus reuters ap afp dpa efe ansa lusa belga
		xinhua kyodo yonhap pti anadolu irna sana wam mena bernama ukrinform pap bta tanjug azertac trend kazinform 24kg un-news bloomberg
		bbc getty epa alamy shutterstock vostock-photo prnewswire`) {
		if _, ok := r.Agency(key); !ok {
			t.Errorf("no agency %q", key)
		}
	}
}

// checkSpellings checks that no spelling of a occurs twice, belongs to another agency or is not found.
func checkSpellings(t *testing.T, r *Registry, a news.Agency, spelled map[string]string) {
	t.Helper()
	own := map[string]bool{}
	for _, s := range a.Also {
		m, printed := cutSigns(s)
		if own[s] {
			t.Errorf("%q occurs twice", s)
		}
		own[s] = true
		for _, e := range endings {
			if e != "" && !m.declined {
				continue
			}
			f := lex.Fold(printed + e)
			if m.exact {
				f = strings.Join(appendPrinted(nil, printed+e), " ")
			}
			if k := spelled[f]; k != "" && k != a.Key {
				t.Errorf("%q belongs to %s too", s, k)
			}
			spelled[f] = a.Key
		}
		if k, ok := r.Lookup(printed); !ok || k != a.Key {
			t.Errorf("Lookup(%q) = %q", printed, k)
		}
	}
}

func TestLookup(t *testing.T) {
	r := registry(t)
	for spelling, want := range map[string]string{
		"БЕЛТА": "belta", "belta": "belta", "Белорусского телеграфного агентства": "belta", "агентство БЕЛТА": "belta",
		"ИТАР-ТАСС": "tass", "Tass": "tass", "информационное агентство ТАСС": "tass", "The TASS news agency": "tass",
		"РИА «Новости»": "ria", "РИА Новости": "ria", "R-Sport": "ria", "«Интерфаксу»": "interfax", "Интерфаксом": "interfax",
		"рейтер": "reuters", "Associated Press": "ap", "the associated press": "ap", "AP": "ap", "Getty Images": "getty",
		"российского внешнеполитического ведомства": "mfa-russia", "МИДа России": "mfa-russia", "МИД Беларуси": "mfa-belarus",
		"": "", "agency": "", "Nobody at all": "", "the": "",
	} {
		t.Run(spelling, func(t *testing.T) {
			if got, ok := r.Lookup(spelling); got != want || ok != (want != "") {
				t.Errorf("got %q, %v, want %q", got, ok, want)
			}
		})
	}
}

func TestHost(t *testing.T) {
	r := registry(t)
	for host, want := range map[string]string{
		"belta.by": "belta", "eng.belta.by": "belta", "WWW.Belta.BY.": "belta", "www.mid.ru": "mfa-russia", "mfa.gov.by": "mfa-belarus",
		"rsport.ria.ru": "ria", "by": "", "": "", "notbelta.by": "", "example.org": "",
	} {
		t.Run(host, func(t *testing.T) {
			if got, ok := r.Host(host); got != want || ok != (want != "") {
				t.Errorf("got %q, %v, want %q", got, ok, want)
			}
		})
	}
}

func TestNewExtends(t *testing.T) {
	r, err := New([]news.Agency{
		{Key: "example", Name: "Example Wire", Names: map[string]string{"ru": "Пример"}, Also: []string{"EXW", "~Примерфакс"},
			Hosts: []string{"example.org"}, Parent: "tass"},
		{Key: "tass", Name: "TASS Agency", Also: []string{"Example Of Tass"}},
		{Key: "own-source", Name: "BelTA"}, // a source called as an agency is called
		{Key: "prime-news", Name: "Prime News", Also: []string{"!Prime"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for spelling, want := range map[string]string{"EXW": "example", "Пример": "example", "Примерфаксу": "example",
		"Example of TASS": "tass", "ТАСС": "tass", "BelTA": "belta", "Prime": "prime-news"} {
		if got, _ := r.Lookup(spelling); got != want {
			t.Errorf("Lookup(%q) = %q, want %q", spelling, got, want)
		}
	}
	if k, _ := r.Host("news.example.org"); k != "example" {
		t.Errorf("host of %q", k)
	}
	a, _ := r.Agency("tass")
	if a.Name != "TASS Agency" || a.Kind != news.KindAgency || len(a.Hosts) == 0 {
		t.Errorf("tass is %+v", a)
	}
	e, _ := r.Agency("example")
	if e.Kind != news.KindAgency || e.Parent != "tass" {
		t.Errorf("example is %+v", e)
	}
	if d := r.Display("example", "ru"); d != "Пример" {
		t.Errorf("displayed as %q", d)
	}
}

func TestNewRefuses(t *testing.T) {
	for name, extra := range map[string][]news.Agency{
		"empty key":        {{Key: ""}},
		"space in key":     {{Key: "a b"}},
		"capital in key":   {{Key: "A"}},
		"twice":            {{Key: "a"}, {Key: "a"}},
		"unknown kind":     {{Key: "a", Kind: "paper"}},
		"unknown parent":   {{Key: "a", Parent: "nobody"}},
		"bad host":         {{Key: "a", Hosts: []string{"http://a.example"}}},
		"host of two":      {{Key: "b", Hosts: []string{"a.example"}}, {Key: "a", Hosts: []string{"a.example"}}},
		"spelling of two":  {{Key: "b", Also: []string{"Same Name"}}, {Key: "a", Also: []string{"same name"}}},
		"spelling of none": {{Key: "a", Also: []string{"="}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(extra)
			var ae *Error
			if !errors.As(err, &ae) || !errors.Is(err, ErrAgency) {
				t.Fatalf("got %v", err)
			}
			if ae.Key != extra[len(extra)-1].Key || !strings.Contains(err.Error(), `"`+ae.Key+`"`) {
				t.Errorf("%v does not name the agency at fault", err)
			}
		})
	}
}

func TestRegistryFileErrors(t *testing.T) {
	for _, data := range []string{"  name X\n", "a agency\n  name\n"} {
		if _, err := builtin(data); err == nil {
			t.Errorf("%q was taken", data)
		}
	}
	got, err := builtin("# comment\n\na agency\n  name A\n  ru   А\n  also B; =C\n  hosts a.example b.example\n  parent p\n  site " +
		"https://a.example/\n")
	want := []news.Agency{{Key: "a", Kind: "agency", Name: "A", Names: map[string]string{"ru": "А"}, Also: []string{"B", "=C"},
		Hosts: []string{"a.example", "b.example"}, Parent: "p", Site: "https://a.example/"}}
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Error(err, d)
	}
}

func registry(t testing.TB) *Registry {
	t.Helper()
	r, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// BenchmarkNew builds the registry from the table that is read already.
func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTables reads the agencies and the places.
func BenchmarkTables(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := builtin(agencies); err != nil {
			b.Fatal(err)
		}
		readPlaces(places)
	}
}
