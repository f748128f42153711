package page

import (
	"html/template"
	"strconv"
	"strings"
)

// svg writes a drawing. Its size is in pixels; what begins with a per cent sign behind it is a part of its width, so that a drawing
// fits any screen with text of the usual size. Colours are those of the style sheet, by class.
type svg struct{ b strings.Builder }

// shapes are the marks of drawings, around 0,0. They differ in form, for who does not see their colours.
var shapes = map[string]string{
	signOwn:        "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0",
	signCopy:       "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0",
	signLanguage:   "M0-7.5 7.5 0 0 7.5-7.5 0Z",
	signRevision:   "M0-8V8",
	signCorrection: "M0-7 7 6-7 6Z",
	signWithdrawn:  "M-6-6 6 6M6-6-6 6",
	shapePhoto:     "M0-7.5 7.5 0 0 7.5-7.5 0Z",
	shapeMore:      "M-1 0h2",
}

// percent prints a part of the width, from 0 to 100.
func percent(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) + "%" }

// put writes an element with its attributes, given as name and value in turn, and its text; without text it is empty.
func (d *svg) put(name, text string, attributes ...string) {
	d.b.WriteString("<" + name)
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			d.b.WriteString(" " + attributes[i] + `="` + attributes[i+1] + `"`)
		}
	}
	if text == "" {
		d.b.WriteString("/>")
		return
	}
	d.b.WriteString(">")
	template.HTMLEscape(&d.b, []byte(text))
	d.b.WriteString("</" + name + ">")
}

// time writes a time of the day above a place from left to right, within the drawing.
func (d *svg) time(text string, x float64) {
	anchor := "middle"
	switch {
	case x < 6:
		anchor = "start"
	case x > 94:
		anchor = "end"
	}
	d.put("text", text, "class", "time", "x", percent(x), "y", "13", "text-anchor", anchor)
}

// line draws a line.
func (d *svg) line(class, x1 string, y1 int, x2 string, y2 int) {
	d.put("line", "", "class", class, "x1", x1, "y1", strconv.Itoa(y1), "x2", x2, "y2", strconv.Itoa(y2))
}

// mark draws one of the shapes.
func (d *svg) mark(shape, x string, y int) {
	d.b.WriteString(`<svg x="` + x + `" y="` + strconv.Itoa(y) + `"><path class="` + shape + `" d="` + shapes[shape] + `"/></svg>`)
}

// drawing returns the whole drawing with the words that are read in its place.
func (d *svg) drawing(class, label, width string, height int) template.HTML {
	return template.HTML(`<svg class="` + class + `" role="img" aria-label="` + template.HTMLEscapeString(label) +
		`" width="` + width + `" height="` + strconv.Itoa(height) + `">` + d.b.String() + "</svg>") // every text in it was escaped
}

// symbols are the shapes as signs in a text, which others say in words.
var symbols = drawnSymbols()

func drawnSymbols() map[string]template.HTML {
	all := make(map[string]template.HTML)
	for shape, d := range shapes {
		all[shape] = template.HTML(`<svg class="mark" aria-hidden="true" width="18" height="18" viewBox="-9 -9 18 18"><path class="` + shape +
			`" d="` + d + `"/></svg>`)
	}
	return all
}
