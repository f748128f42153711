package attribute

import (
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// dateForms are datelines of a place (P), a day (D) and an agency (A); capsForms are read where the place is in capitals alone.
var (
	dateForms = []string{"P (A) - ", "P (A) – ", "P (A) — ", "P (A) -- ", "P (A). ", "P (A): ", "P (A) ", "P, D (A) - ",
		"P, D (A). ", "P, D (A) — ", "P, D (A).- ", "P, D /A/. ", "P, D /A/ - ", "P /A/ - ", "P, D - A. ", "P - A - ",
		"P, A - ", "(P) - ", "(P, D) - ", "(A) P - ", "[A] P - ", "(A) - P, D - ", "P [A] - ", "P, D - "}
	capsForms = []string{"P - ", "P – ", "P — ", "P, D. ", "P, D — "}
)

// Every form of dateline is read in every language of testdata/dateforms.tsv, and the text begins behind it.
func TestDatelineForms(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, cols := range formRows(t, "dateforms.tsv", 6, 60) {
		for n, place := range cols[1:3] {
			if place == "" {
				continue
			}
			names := strings.NewReplacer("P", place, "D", cols[4], "A", cols[3])
			forms := dateForms
			if n == 0 {
				forms = slices.Concat(dateForms, capsForms)
			}
			for _, form := range forms {
				text := strings.ReplaceAll(names.Replace(form), "..", ".") + cols[5] // "március 3." ends with a full stop of its own
				res := r.Credit(Input{Item: &news.Item{Language: cols[0]}, Text: text})
				got := res.Credits.Dateline
				if got == nil || got.Place != place || strings.Contains(form, "A") && got.Agency == "" || res.Lead != cols[5] {
					t.Errorf("%s: %.60s: %+v, %q", cols[0], text, got, res.Lead)
				}
			}
		}
	}
}

// Datelines of Chinese, Japanese and Korean have no spaces between their parts.
func TestEasternDatelines(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, c := range []struct{ head, lead, place, agency string }{
		{"新华社北京11月30日电 ", "市长周五表示，桥将关闭。", "北京", "xinhua"},
		{"新华社东京3月3日电（记者 王明）", "市长周五表示，桥将关闭。", "东京", "xinhua"},
		{"（新华社北京3月3日电）", "市长周五表示，桥将关闭。", "北京", "xinhua"},
		{"法新社巴黎3日电 ", "市长周五表示，桥将关闭。", "巴黎", "afp"},
		{"新华网南非德班１２月９日电（记者陈勇 于大波）", "市长周五表示，桥将关闭。", "南非德班", "xinhua"},
		{"【ワシントン時事】", "市長は金曜日、橋を閉鎖すると述べた。", "ワシントン", "jiji"},
		{"［ロンドン ３日 ロイター］ - ", "市長は金曜日、橋を閉鎖すると述べた。", "ロンドン", "reuters"},
		{"(서울=연합뉴스) 김철수 기자 = ", "시장은 금요일 다리를 폐쇄한다고 밝혔다.", "서울", "yonhap"},
		{"【서울=뉴시스】", "시장은 금요일 다리를 폐쇄한다고 밝혔다.", "서울", "newsis"},
		{"", "市长（新华社）周五表示，桥将关闭。", "", ""},
		{"", "3月3日电影节开幕，市长出席。", "", ""},
	} {
		in := Input{Item: &news.Item{}, Text: c.head + c.lead}
		res := r.Credit(in)
		place, agency := "", ""
		if d := res.Credits.Dateline; d != nil {
			place, agency = d.Place, d.Agency
		}
		if place != c.place || agency != c.agency {
			t.Errorf("%s: %q, %q", c.head+c.lead, place, agency)
		}
	}
}

// Chinese and Korean datelines name the reporter, behind or before a label.
func TestEasternReporters(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for head, want := range map[string]string{
		"新华社东京3月3日电（记者 王明）":       "王明",
		"新华网南非德班１２月９日电（记者陈勇 于大波）": "陈勇 于大波",
		"新华社东京3月3日电（特稿）":          "",
		"(서울=연합뉴스) 김철수 기자 = ":     "김철수",
		"(서울=연합뉴스) 김철수 이영희 기자 = ": "김철수 이영희",
		"(서울=연합뉴스) 종합 = ":         "",
	} {
		var names []string
		res := r.Credit(Input{Item: &news.Item{}, Text: head + "시장은 금요일 다리를 폐쇄한다고 밝혔다."})
		for _, c := range res.Credits.Byline {
			names = append(names, c.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %q", head, got)
		}
	}
}

// A club of sport before an agency is no place, unless it is named as its city.
func TestClubsAreNoPlaces(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for head, place := range map[string]string{
		"BAYERN MÜNCHEN (dpa) - ": "", "LIVERPOOL FC (Reuters) - ": "", "HERTHA (dpa) - ": "", "FUSSBALL (dpa) - ": "",
		"DORTMUND (dpa) - ": "DORTMUND", "SANTA CLARA (AP) — ": "SANTA CLARA",
	} {
		res, got := r.Credit(Input{Item: &news.Item{}, Text: head + "The bridge will be closed for two weeks, the mayor said."}), ""
		if d := res.Credits.Dateline; d != nil {
			got = d.Place
		}
		if got != place {
			t.Errorf("%s: %q", head, got)
		}
	}
}
