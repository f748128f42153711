package publish

import (
	"bytes"
	_ "embed" // our own mark
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"image/png"
)

// Our own mark, as a drawing and as a picture of 48 pixels.
var (
	//go:embed icon/own.svg
	ownSVG []byte
	//go:embed icon/own.ico
	ownICO []byte
)

// Media types of icons.
const (
	typeSVG = "image/svg+xml"
	typeICO = "image/vnd.microsoft.icon"
)

// Paths of the icons below the base address: a drawing, and the picture that programs request without a link to it.
const (
	svgPath = "favicon.svg"
	icoPath = "favicon.ico"
)

// svgIcon returns the icon as a drawing; a picture is put into one.
func svgIcon(c call) (*Document, error) {
	icon := c.p.o.Icon
	if icon == nil {
		icon = ownSVG
	}
	if !isPNG(icon) {
		return &Document{Bytes: icon, MediaType: typeSVG}, nil
	}
	width, height, err := pictureSize(icon)
	if err != nil {
		return nil, err
	}
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[2]d">`+
		`<image width="%[1]d" height="%[2]d" href="data:image/png;base64,%[3]s"/></svg>`, width, height, base64.StdEncoding.EncodeToString(icon))
	return &Document{Bytes: []byte(svg + "\n"), MediaType: typeSVG}, nil
}

// icoIcon returns the icon as a picture; a drawing that is not our own is returned as it is.
func icoIcon(c call) (*Document, error) {
	icon := c.p.o.Icon
	switch {
	case icon == nil:
		return &Document{Bytes: ownICO, MediaType: typeICO}, nil
	case !isPNG(icon):
		return &Document{Bytes: icon, MediaType: typeSVG}, nil
	}
	width, height, err := pictureSize(icon)
	if err != nil {
		return nil, err
	}
	// A file of one picture: a header, an entry of the directory, a PNG. A side of 256 pixels and more is written as 0.
	b := []byte{0, 0, 1, 0, 1, 0, side(width), side(height), 0, 0, 1, 0, 32, 0}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(icon)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(b)+4))
	return &Document{Bytes: append(b, icon...), MediaType: typeICO}, nil
}

func side(pixels int) byte {
	if pixels >= 256 {
		return 0
	}
	return byte(pixels)
}

func isPNG(b []byte) bool { return bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")) }

func pictureSize(b []byte) (width, height int, err error) {
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return 0, 0, fmt.Errorf("publish: icon: %w", err)
	}
	return c.Width, c.Height, nil
}
