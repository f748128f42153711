package publish

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
)

// TestIcon: our own mark, a picture and a drawing are served at the two addresses, in a form that goes with the type.
func TestIcon(t *testing.T) {
	t.Parallel()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 300, 16))); err != nil {
		t.Fatal(err)
	}
	drawing := "<svg xmlns='http://www.w3.org/2000/svg'/>"
	inside := `viewBox="0 0 300 16"><image width="300" height="16" href="data:image/png;base64,` +
		base64.StdEncoding.EncodeToString(picture.Bytes()) + `"/></svg>`
	for name, tt := range map[string]struct {
		icon       []byte
		svg        string // part of it
		ico        string // media type
		side, high byte
		pixels     int
	}{
		"our own":   {nil, "<circle", "image/vnd.microsoft.icon", 48, 48, 48},
		"a picture": {picture.Bytes(), inside, "image/vnd.microsoft.icon", 0, 16, 300},
		"a drawing": {[]byte(drawing), drawing, "image/svg+xml; charset=utf-8", 0, 0, 0},
	} {
		o := options()
		o.Icon = tt.icon
		h := New(o).Handler(ordinary(t, 0).view)
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		svg := ask(h, "GET", "/favicon.svg")
		if got := body(t, svg); svg.Header.Get("Content-Type") != "image/svg+xml; charset=utf-8" || !strings.Contains(got, tt.svg) ||
			!strings.Contains(svg.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %v\n%s", name, svg.Header, got)
		}
		ico := ask(h, "GET", "/favicon.ico")
		b := []byte(body(t, ico))
		if got := ico.Header.Get("Content-Type"); got != tt.ico {
			t.Errorf("%s: the icon is of type %s", name, got)
		}
		if tt.pixels == 0 {
			continue
		}
		at, size := binary.LittleEndian.Uint32(b[18:]), binary.LittleEndian.Uint32(b[14:])
		if !bytes.HasPrefix(b, []byte{0, 0, 1, 0, 1, 0, tt.side, tt.high, 0, 0, 1, 0, 32, 0}) || int(at+size) != len(b) {
			t.Fatalf("%s: the header is % x of %d bytes", name, b[:22], len(b))
		}
		if c, err := png.DecodeConfig(bytes.NewReader(b[at:])); err != nil || c.Width != tt.pixels {
			t.Errorf("%s: %d pixels: %v", name, c.Width, err)
		}
	}
}

// TestIconIsNamed: feeds and pages lead to the icon, as readers read them.
func TestIconIsNamed(t *testing.T) {
	t.Parallel()
	h := served(t, ordinary(t, 0))
	for path, want := range map[string]string{
		"/feed.atom": "https://wire.example/favicon.svg", "/feed.rss": "https://wire.example/favicon.ico",
		"/feed.json": "https://wire.example/favicon.svg",
	} {
		f, err := gofeed.NewParser().ParseString(body(t, ask(h, "GET", path)))
		if err != nil || f.Image == nil || f.Image.URL != want {
			t.Errorf("%s: image %+v, %v", path, f.Image, err)
		}
	}
	if !strings.Contains(body(t, ask(h, "GET", "/feed.atom")), "<icon>https://wire.example/favicon.ico</icon>") {
		t.Error("no icon in Atom")
	}
	key := "/entries/" + ordinary(t, 0).log()[0].Entry.String()
	if !strings.Contains(body(t, ask(h, "GET", key)), `<link rel="icon" type="image/svg+xml" href="../favicon.svg">`) {
		t.Error("no icon on a page")
	}
}
