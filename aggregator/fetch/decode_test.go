package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// encode returns body under one coding.
func encode(t testing.TB, coding string, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip", "x-gzip":
		w = gzip.NewWriter(&b)
	case "br":
		w = brotli.NewWriterLevel(&b, 1)
	case "zstd":
		z, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		w = z
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw deflate":
		z, err := flate.NewWriter(&b, flate.BestSpeed)
		if err != nil {
			t.Fatal(err)
		}
		w = z
	default:
		return body
	}
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// document is a feed of some size that compresses as text does.
func document(items int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("Minsk Moscow minister talks said on Tuesday that the trade between both countries grew by per cent in the " +
		"first half of the year agency reports")
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Wire</title>`)
	for i := range items {
		fmt.Fprintf(&b, "<item><guid>http://wire.example/%d</guid><title>", i)
		for range 200 {
			b.WriteString(words[r.IntN(len(words))] + " ")
		}
		b.WriteString("</title></item>\n")
	}
	return []byte(b.String() + "</channel></rss>")
}

// serveEncoded serves body as it is, with a Content-Encoding.
func serveEncoded(t testing.TB, encoding string, body []byte) string {
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", encoding)
		w.Write(body)
	})
}

func TestDecode(t *testing.T) {
	doc := document(300)
	twice := encode(t, "br", encode(t, "gzip", doc))
	members := append(encode(t, "gzip", doc[:1000]), encode(t, "gzip", doc[1000:])...)
	tests := []struct {
		name, encoding string
		encoded, want  []byte
	}{
		{"none", "", doc, doc},
		{"identity", "identity", doc, doc},
		{"gzip", "gzip", encode(t, "gzip", doc), doc},
		{"gzip by its old name, in capitals", "X-GZIP", encode(t, "gzip", doc), doc},
		{"gzip of two members", "gzip", members, doc},
		{"br", "br", encode(t, "br", doc), doc},
		{"zstd", "zstd", encode(t, "zstd", doc), doc},
		{"one over the other", "gzip, br", twice, doc},
		{"deflate as the standard has it", "deflate", encode(t, "deflate", doc), doc},
		{"deflate without its wrapper", "deflate", encode(t, "raw deflate", doc), doc},
		{"a charset for a coding", "utf-8", doc, doc},
		{"a coding of another protocol", "aws-chunked", doc, doc},
		{"an unknown coding over gzip", "aws-chunked, gzip", encode(t, "gzip", doc), doc},
		{"gzip over an unknown coding", "gzip, aws-chunked", encode(t, "gzip", doc), doc},
		{"an unknown coding for br", "br, aws-chunked", encode(t, "br", doc), doc},
		{"gzip that is none", "gzip", doc, doc},
		{"br that is none", "br", doc, doc},
		{"zstd that is none", "zstd", doc, doc},
		{"deflate that is none", "deflate", doc, doc},
		{"three codings, none of them there", "gzip, br, deflate", doc, doc},
		{"one coding declared twice", "gzip, gzip", encode(t, "gzip", doc), doc},
		{"one coding for another", "br", encode(t, "gzip", doc), doc},
		{"zlib for gzip", "gzip", encode(t, "deflate", doc), doc},
		{"white space and a byte order mark first", "gzip", append([]byte("\xef\xbb\xbf \r\n"), doc...),
			append([]byte("\xef\xbb\xbf \r\n"), doc...)},
		{"UTF-16", "gzip", []byte("\xff\xfe<\x00r\x00s\x00s\x00"), []byte("\xff\xfe<\x00r\x00s\x00s\x00")},
		{"JSON", "br", []byte(`{"version":1}`), []byte(`{"version":1}`)},
		{"gzip that nothing declares", "", encode(t, "gzip", doc), doc},
		{"gzip twice, declared once", "gzip", encode(t, "gzip", encode(t, "gzip", doc)), doc},
		{"one zero behind gzip", "gzip", append(encode(t, "gzip", doc), 0), doc},
		{"many zeros behind gzip", "gzip", append(encode(t, "gzip", doc), make([]byte, 9000)...), doc},
		{"zeros behind two members that nothing declares", "", append(slices.Clone(members), make([]byte, 20)...), doc},
		{"a remark behind gzip", "gzip", append(encode(t, "gzip", doc), "<!-- cached -->"...), doc},
		{"an empty body", "gzip", nil, nil},
		{"an empty body in an unknown coding", "utf-8", nil, nil},
		{"an empty document", "br", encode(t, "br", nil), nil},
	}
	c := newClient(t, Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := serveEncoded(t, tt.encoding, tt.encoded)
			for range 2 { // the second time with decoders used before
				resp, err := c.Get(t.Context(), Request{URL: url})
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(resp.Body, tt.want) {
					t.Errorf("got %d bytes, want %d", len(resp.Body), len(tt.want))
				}
			}
		})
	}
}

func TestDecodeFails(t *testing.T) {
	doc := document(300)
	spoilt := func(coding string) []byte {
		b := encode(t, coding, doc)
		for i := len(b) / 2; i < len(b)/2+20; i++ {
			b[i] ^= 0xff
		}
		return b
	}
	tests := []struct {
		name, encoding string
		encoded        []byte
	}{
		{"an unknown coding over what is no feed", "x-secret", []byte("\x00\x01\x02")},
		{"an unknown coding over plain text", "utf-8", []byte("slow down")},
		{"deflate that is none", "deflate", []byte("\xff\x01\x02")},
		{"three codings", "gzip, gzip, gzip", encode(t, "gzip", encode(t, "gzip", encode(t, "gzip", doc)))},
		{"three codings that nothing declares", "", encode(t, "gzip", encode(t, "gzip", encode(t, "gzip", doc)))},
		{"gzip that is none", "gzip", []byte("slow down, please")},
		{"zstd that is none", "zstd", []byte("slow down")},
		{"gzip with garbage inside", "gzip", spoilt("gzip")},
		{"gzip with a wrong sum", "gzip", func() []byte { b := encode(t, "gzip", doc); b[len(b)-6] ^= 1; return b }()},
		{"zstd with garbage inside", "zstd", spoilt("zstd")},
		{"zstd that asks for a gigabyte", "zstd", []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newClient(t, Options{}).Get(t.Context(), Request{URL: serveEncoded(t, tt.encoding, tt.encoded)})
			if !errors.Is(err, ErrEncoding) || Problem(err) != news.ProblemFeed {
				t.Errorf("got %v (%s)", err, Problem(err))
			}
		})
	}
}

// A coded body that ends too early is a document cut off, and what arrived comes along.
func TestDecodeCut(t *testing.T) {
	doc := document(300)
	for _, coding := range []string{"gzip", "br", "zstd"} {
		t.Run(coding, func(t *testing.T) {
			whole := encode(t, coding, doc)
			_, err := newClient(t, Options{}).Get(t.Context(), Request{URL: serveEncoded(t, coding, whole[:len(whole)*3/4])})
			var cut *CutError
			if !errors.As(err, &cut) || Problem(err) != news.ProblemPartial {
				t.Fatalf("got %v (%s)", err, Problem(err))
			}
			if !bytes.HasPrefix(doc, cut.Body) || len(cut.Body) < len(doc)/4 {
				t.Errorf("got %d bytes of %d", len(cut.Body), len(doc))
			}
		})
	}
}

// Of any body no more than the limits comes out, and what was encoded comes out as it went in.
func FuzzDecode(f *testing.F) {
	for _, coding := range []string{"gzip", "br", "zstd", "gzip, br", ""} {
		f.Add(coding, []byte(feed))
		f.Add(coding, encode(f, coding, []byte(feed)))
		f.Add(coding, encode(f, coding, make([]byte, 100_000)))
	}
	d := newDecoders()
	l := limits{body: 50_000, ratio: 100, ratioFrom: 1000}
	f.Fuzz(func(t *testing.T, coding string, body []byte) {
		list := codings([]string{coding})
		got, err := d.read(&meter{r: bytes.NewReader(body), max: l.body}, list, l, -1)
		if err == nil && (int64(len(got)) > l.body || len(list) > 0 && int64(len(got)) > max(l.ratioFrom, l.ratio*int64(len(body)))) {
			t.Errorf("%d bytes out of %d", len(got), len(body))
		}
		if len(body) > int(l.body) || isGzip(body) { // what looks as if it were coded twice is decoded twice
			return
		}
		for _, coding := range []string{"gzip", "br", "zstd"} {
			encoded := &meter{r: bytes.NewReader(encode(t, coding, body)), max: 2 * l.body}
			got, err := d.read(encoded, []string{coding}, l, -1)
			if err != nil && !errors.Is(err, ErrTooLarge) || err == nil && !bytes.Equal(got, body) {
				t.Errorf("%s: %d bytes came back as %d: %v", coding, len(body), len(got), err)
			}
		}
	})
}

// What reads foreign bytes must not be older than the versions that had known flaws: x/net below 0.55
// (CVE-2026-42506 and CVE-2026-25680), and for the decoders what was current when they were chosen.
func TestVersions(t *testing.T) {
	least := map[string][3]int{
		"golang.org/x/net":              {0, 55, 0},
		"github.com/klauspost/compress": {1, 20, 3},
		"github.com/andybalholm/brotli": {1, 2, 8},
	}
	mod, err := os.ReadFile(filepath.Join(feedtest.Root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mod)) {
		words := strings.Fields(strings.TrimPrefix(line, "require "))
		if len(words) < 2 || strings.HasPrefix(line, "replace") {
			continue
		}
		want, ok := least[words[0]]
		if !ok {
			continue
		}
		delete(least, words[0])
		t.Run(words[0], func(t *testing.T) {
			var v [3]int
			if n, err := fmt.Sscanf(words[1], "v%d.%d.%d", &v[0], &v[1], &v[2]); n != 3 {
				t.Fatalf("%s: %v", words[1], err)
			}
			if v[0] < want[0] || v[0] == want[0] && (v[1] < want[1] || v[1] == want[1] && v[2] < want[2]) {
				t.Errorf("%s is older than %v", words[1], want)
			}
		})
	}
	for path := range least {
		t.Errorf("%s is not in go.mod", path)
	}
}
