package config_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/aggregator/config"
)

// TestIcon: the file that feed.icon names is read, and refused where it is none, is too large or is neither SVG nor PNG.
func TestIcon(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ file, wrong string }{
		"a.svg":  {"<svg xmlns='http://www.w3.org/2000/svg'/>", ""},
		"b.svg":  {"\n<!-- <html> --><svg/>", ""},
		"c.png":  {picture.String(), ""},
		"d.png":  {picture.String()[:20], "is neither SVG nor PNG"},
		"e.html": {"<html><svg/></html>", "is neither SVG nor PNG"},
		"f.svg":  {"", "is neither SVG nor PNG"},
		"g.svg":  {"<svg>" + strings.Repeat(" ", 256<<10), "has 262149 bytes, more than 256KiB"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(tt.file), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Parse("config.yaml", []byte("feed: {icon: '"+path+"'}"))
		switch {
		case tt.wrong == "" && (err != nil || string(c.Icon()) != tt.file):
			t.Errorf("%s: %v", name, err)
		case tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), "config.yaml:1:14: "+path+" "+tt.wrong)):
			t.Errorf("%s: error %v, want %s", name, err, tt.wrong)
		}
	}
	for path, wrong := range map[string]string{dir: "is no file", filepath.Join(dir, "none"): "cannot be read: "} {
		if _, err := config.Parse("config.yaml", []byte("feed: {icon: '"+path+"'}")); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%s: error %v, want %s", path, err, wrong)
		}
	}
	if c, err := config.Parse("config.yaml", nil); err != nil || c.Icon() != nil {
		t.Errorf("without the key: %v", err)
	}
}
