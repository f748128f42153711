package attribute

import (
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// TestWorkedFor: a credit in capitals with a word such as "for" names a person and an outlet, as one in small letters does.
func TestWorkedFor(t *testing.T) {
	t.Parallel()
	r, err := New(nil, Rules())
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"Photo: ANN LEE FOR THE EXAMPLE":          "ANN LEE / THE EXAMPLE",
		"Photo : ANNE LIER POUR « VENTS & MERS »": "ANNE LIER / VENTS & MERS",
		"Foto: ANA LIMA PARA «EL BARCO»":          "ANA LIMA / EL BARCO",
		"Foto: JAN ROTH FÜR DIE FÄHRE":            "JAN ROTH / DIE FÄHRE",
		"Foto: EVA LIPA PRO LODNÍ LISTY":          "EVA LIPA / LODNÍ LISTY",
		"Fot. EWA LIPA DLA „STATKU”":              "EWA LIPA / STATKU",
		"Фото: АННА ЛИПА ДЛЯ «ПАРОМА»":            "АННА ЛИПА / ПАРОМА",
		"Фото: Анна Липа для газеты «Паром»":      "Анна Липа / газеты «Паром»",
		"Fotoğraf: AYŞE LALE İÇİN REUTERS":        "AYŞE LALE / reuters",
		"Photo: ANN LEE FOR LE MUSTER":            "ANN LEE / LE MUSTER",
		"Foto: PER HANSEN":                        "PER HANSEN",
	} {
		var got []string
		for _, p := range r.Credit(Input{Text: "The ferry is back at the quay. " + line}).Credits.Photos {
			for _, c := range p.Chain {
				got = append(got, c.ID())
			}
		}
		if s := strings.Join(got, " / "); s != want {
			t.Errorf("%s: %s", line, s)
		}
	}
}

// TestNamesInBracket: in the bracket behind a picture's own description a person who worked for an outlet is not one name.
func TestNamesInBracket(t *testing.T) {
	t.Parallel()
	r, err := New(nil, Rules())
	if err != nil {
		t.Fatal(err)
	}
	for bracket, want := range map[string]string{
		"ANN LEE FOR LE MONDE": "photographer ANN LEE / owner LE MONDE", "Ann Lee for Le Monde": "photographer Ann Lee / owner le-monde",
		"Ann Lee": "photographer Ann Lee", "Muster Herald": "owner Muster Herald",
	} {
		var got []string
		item := news.Item{Media: []news.Media{{Medium: "image", Description: "The ferry is back at the quay. (" + bracket + ")"}}}
		for _, p := range r.Credit(Input{Item: &item}).Credits.Photos {
			for _, c := range p.Chain {
				got = append(got, string(c.Role)+" "+c.ID())
			}
		}
		if s := strings.Join(got, " / "); s != want {
			t.Errorf("%s: %s", bracket, s)
		}
	}
}
