package parse

import (
	"regexp"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

var (
	mail      = `[^\s@<>()"',;:]+@[^\s@<>()"',;:]+`
	mailThen  = regexp.MustCompile(`^<?(` + mail + `)>?\s*(?:\((.*)\)|[-–—,]\s*(.*))?$`) // mail (Name)
	nameFirst = regexp.MustCompile(`^(.*?)\s*[<(\[]?(?:mailto:)?(` + mail + `)[>)\]]?$`) // Name <mail>, Name (mail)
)

// person reads a name with or without mail address, as RSS writes them: "mail (Name)", "Name <mail>".
func person(s string) news.Person {
	s = title(s)
	if !strings.Contains(s, "@") {
		return news.Person{Name: s}
	}
	if m := mailThen.FindStringSubmatch(s); m != nil {
		return news.Person{Name: text.Line(m[2] + m[3]), Email: m[1]}
	}
	if m := nameFirst.FindStringSubmatch(s); m != nil {
		return news.Person{Name: text.Line(strings.Trim(m[1], `"' ,`)), Email: m[2]}
	}
	return news.Person{Name: s}
}

// add appends p unless it says nothing or is there already; what it says more of one who is there is taken over.
func add(people []news.Person, p news.Person) []news.Person {
	if p.Name == "" && p.Email == "" && p.URI == "" || len(people) == MaxList {
		return people
	}
	for i := range people {
		q := &people[i]
		if p.Name != q.Name && p.Name != "" && q.Name != "" || p.Email != q.Email && p.Email != "" && q.Email != "" ||
			(p.Name == "" || q.Name == "") && (p.Email != q.Email || p.Email == "") {
			continue
		}
		if q.Name == "" {
			q.Name = p.Name
		}
		if q.Email == "" {
			q.Email = p.Email
		}
		if q.URI == "" {
			q.URI = p.URI
		}
		return people
	}
	return append(people, p)
}
