package attribute

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// check reports what is wrong with a result, for any input.
func check(t *testing.T, r *Registry, in Input, res Result) {
	t.Helper()
	var left, all strings.Builder
	last := 0
	for _, c := range res.Cuts {
		if c.Start < last || c.End <= c.Start || c.End > len(in.Text) {
			t.Fatalf("cut %+v behind %d in a text of %d", c, last, len(in.Text))
		}
		left.WriteString(in.Text[last:c.Start])
		all.WriteString(in.Text[last:c.Start] + in.Text[c.Start:c.End])
		last = c.End
	}
	left.WriteString(in.Text[last:])
	all.WriteString(in.Text[last:])
	if left.String() != res.Lead {
		t.Fatalf("lead %q is not what the cuts leave, %q", res.Lead, left.String())
	}
	if all.String() != in.Text {
		t.Fatalf("lead and cuts make %q of %q", all.String(), in.Text)
	}
	c := res.Credits
	list := slices.Concat(res.Evidence, c.Byline, c.Cited, c.Other)
	if c.Agency != nil {
		list = append(list, *c.Agency)
	}
	for _, p := range c.Photos {
		list = append(list, p.Chain...)
		if !stands(in, p.Line) || !stands(in, p.Caption) {
			t.Fatalf("photo %q of %q does not stand in the input", p.Line, p.Caption)
		}
	}
	for _, cr := range list {
		e := cr.Evidence
		if cr.Evidence.Rule == "" || cr.Name == "" {
			t.Fatalf("credit without a name or a rule: %+v", cr)
		}
		if e.Field == "text" && (e.Start < 0 || e.End > len(in.Text) || e.Start > e.End || in.Text[e.Start:e.End] != e.Words) {
			t.Fatalf("evidence %+v does not stand in the text", e)
		}
		if cr.Agency != "" && cr.Agency != in.Source.Agency {
			if _, ok := r.Agency(cr.Agency); !ok {
				t.Fatalf("agency %q is not in the registry", cr.Agency)
			}
		}
		if !stands(in, cr.Name) && cr.Role != "marker" && cr.Evidence.Rule != ruleConfig {
			t.Fatalf("%q stands neither in the input nor in the registry: %+v", cr.Name, cr)
		}
	}
	if d := c.Dateline; d != nil {
		if !stands(in, d.Place) || !stands(in, d.Raw) || d.Month < 0 || d.Month > 12 || d.Day < 0 || d.Day > 31 {
			t.Fatalf("dateline %+v", d)
		}
	}
}

// stands reports whether s is anywhere in the input.
func stands(in Input, s string) bool {
	if s == "" || strings.Contains(in.Text, s) || in.Item == nil {
		return true
	}
	it := in.Item
	fields := []string{it.Title, it.Publisher, it.Rights, it.URL, it.URLRaw, in.Source.Name}
	for _, a := range it.Authors {
		fields = append(fields, a.Name)
	}
	if it.Origin != nil {
		fields = append(fields, it.Origin.Title, it.Origin.Site, it.Origin.Self)
	}
	for _, m := range it.Media {
		fields = append(fields, m.Title, m.Description, m.Copyright)
		var names []string
		for _, cr := range m.Credits {
			names = append(names, strings.TrimSpace(cr.Name))
		}
		fields = append(fields, append(names, strings.Join(names, "/"))...)
	}
	return slices.ContainsFunc(fields, func(f string) bool { return strings.Contains(f, s) })
}

func FuzzCredit(f *testing.F) {
	for _, w := range readTable(f, filepath.Join("testdata", "forms.tsv")) {
		f.Add(w["input"], "", "", "")
	}
	f.Add("MOSCOW, 17 May (BelTA) - Lead.", "UPDATE 1 - Title", "Jane Roe, Reuters", "Anna Roe/AFP")
	f.Add("x", "Title (LEAD)", "Фото: Анна Рогова/ТАСС", "© EPA")
	r := registry(f)
	f.Fuzz(func(t *testing.T, text, title, author, credit string) {
		in := Input{
			Item: &news.Item{Title: title, Authors: []news.Person{{Name: author}}, Publisher: author, Rights: title,
				URL:       "https://tass.com/1",
				Published: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
				Media: []news.Media{{Description: credit, Title: title, Credits: []news.MediaCredit{{Name: credit},
					{Role: "photographer", Name: author}}}}},
			Text:   text,
			Source: news.Source{Name: "Example", Agency: "belta"},
		}
		check(t, r, in, r.Credit(in))
	})
}

// TestProperties checks the properties of the fuzz target on both tables' rows and on pairs of them, which
// bring paragraphs together that no row has.
func TestProperties(t *testing.T) {
	rows := readTable(t, filepath.Join("testdata", "forms.tsv"))
	r := registry(t)
	for i, w := range rows {
		for _, other := range []row{{"input": ""}, rows[(i*7+3)%len(rows)], rows[(i*31+11)%len(rows)]} {
			in := Input{Item: &news.Item{Title: other["input"]}, Text: w["input"] + "\n\n" + other["input"]}
			check(t, r, in, r.Credit(in))
		}
	}
}
