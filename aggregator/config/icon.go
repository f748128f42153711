package config

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io/fs"
	"os"
)

// maxIcon bounds the file of an icon, in bytes.
const maxIcon = 256 << 10

// icon reads the file that feed.icon names, and checks that it is one.
func (k checker) icon(path string) *Error {
	if k.c.icon != nil {
		return nil // it was checked where it was read
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
			err = pe.Err
		}
		return wrong("%s cannot be read: %v", path, err)
	case !info.Mode().IsRegular():
		return wrong("%s is no file", path)
	case info.Size() > maxIcon:
		return wrong("%s has %d bytes, more than 256KiB", path, info.Size())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return wrong("%s cannot be read: %v", path, err)
	}
	if _, err := png.DecodeConfig(bytes.NewReader(b)); err != nil && !isSVG(b) {
		return wrong("%s is neither SVG nor PNG", path)
	}
	k.c.icon = b
	return nil
}

// isSVG reports whether the root element of an XML document is that of SVG.
func isSVG(b []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		t, err := d.RawToken()
		if err != nil {
			return false
		}
		if root, ok := t.(xml.StartElement); ok {
			return root.Name.Local == "svg"
		}
	}
}
