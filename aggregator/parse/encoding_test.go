package parse

import (
	"slices"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

const russian = "Министр иностранных дел провёл встречу"

func TestEncoding(t *testing.T) {
	doc := func(decl, title string) string {
		return decl + "<rss version=\"2.0\"><channel><item><title>" + title + "</title></item></channel></rss>"
	}
	in := func(e encoding.Encoding, s string) []byte {
		b, err := e.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	for _, c := range []struct {
		name    string
		body    []byte
		o       Options
		title   string
		guessed bool
	}{
		{"utf-8 undeclared", []byte(doc("", russian)), Options{}, russian, false},
		{"utf-8 with a byte order mark", []byte("\ufeff" + doc("", russian)), Options{}, russian, false},
		{"windows-1251 declared", in(charmap.Windows1251, doc(`<?xml version="1.0" encoding="windows-1251"?>`, russian)), Options{}, russian,
			false},
		{"windows-1251 by HTTP alone", in(charmap.Windows1251, doc("", russian)),
			Options{ContentType: "application/rss+xml; charset=windows-1251"}, russian, false},
		{"windows-1251 by the source alone", in(charmap.Windows1251, doc("", russian)), Options{Encoding: "windows-1251"}, russian, false},
		{"windows-1251 that nobody names", in(charmap.Windows1251, doc("", russian)), Options{}, russian, true},
		{"windows-1251 that says utf-8", in(charmap.Windows1251, doc(`<?xml version="1.0" encoding="utf-8"?>`, russian)), Options{}, russian,
			true},
		{"windows-1251 that says iso-8859-1 where the source knows better",
			in(charmap.Windows1251, doc(`<?xml version="1.0" encoding="iso-8859-1"?>`, russian)), Options{Encoding: "windows-1251"}, russian, false},
		{"utf-8 that says windows-1251", []byte(doc(`<?xml version="1.0" encoding="windows-1251"?>`, russian)), Options{}, russian, true},
		{"a server's default yields to the declaration", in(charmap.KOI8R, doc(`<?xml version="1.0" encoding="koi8-r"?>`, russian)),
			Options{ContentType: "text/xml; charset=ISO-8859-1"}, russian, false},
		{"koi8-r that nobody names", in(charmap.KOI8R, doc("", russian)), Options{}, russian, true},
		{"ibm866 that nobody names", in(charmap.CodePage866, doc("", russian)), Options{}, russian, true},
		{"windows-1252 that nobody names", in(charmap.Windows1252, doc("", "Caf\u00e9 \u2013 d\u00e9j\u00e0 vu")), Options{},
			"Caf\u00e9 \u2013 d\u00e9j\u00e0 vu", true},
		{"windows-1252 with letters side by side", in(charmap.Windows1252, doc("", "cr\u00e9\u00e9e \u00e0 No\u00ebl, \u00e9t\u00e9")), Options{},
			"cr\u00e9\u00e9e \u00e0 No\u00ebl, \u00e9t\u00e9", true},
		{"iso-8859-2 declared", in(charmap.ISO8859_2, doc(`<?xml version="1.0" encoding="iso-8859-2"?>`, "Zażółć")), Options{}, "Zażółć", false},
		{"gb18030 declared", in(simplifiedchinese.GB18030, doc(`<?xml version="1.0" encoding="gb2312"?>`, "新华社")), Options{}, "新华社", false},
		{"shift_jis declared", in(japanese.ShiftJIS, doc(`<?xml version="1.0" encoding="Shift_JIS"?>`, "共同通信")), Options{}, "共同通信", false},
		{"utf-16 with a byte order mark", in(utf16, doc(`<?xml version="1.0" encoding="utf-16"?>`, russian)), Options{}, russian, false},
		{"utf-16 without", in(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), doc(`<?xml version="1.0" encoding="utf-16"?>`, russian)),
			Options{}, russian, false},
		{"utf-32 with a byte order mark", in(utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), doc("", russian)), Options{}, russian, false},
		{"ascii that says utf-16", []byte(doc(`<?xml version="1.0" encoding="utf-16"?>`, "Plain")), Options{}, "Plain", false},
		{"an unknown name", []byte(doc(`<?xml version="1.0" encoding="x-none"?>`, russian)), Options{}, russian, true},
		{"one bad byte in utf-8", []byte(doc("", "Мин\xffистр")), Options{}, "Мин\ufffdистр", true},
		{"control characters", []byte(doc("", "Mi\x00ni\x0bst\u0085er\ufffe")), Options{}, "Minister", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Feed(t.Context(), c.body, c.o)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Items[0].Title; got != c.title {
				t.Errorf("title %q, want %q", got, c.title)
			}
			if got := slices.Contains(d.Guessed, "encoding"); got != c.guessed || got != slices.Contains(d.Items[0].Guessed, "encoding") {
				t.Errorf("guessed %v of the document, %v of the item, want %v", d.Guessed, d.Items[0].Guessed, c.guessed)
			}
		})
	}
}
