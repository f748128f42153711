package page

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"dateline/aggregator/status"
)

// TestStyle: text contrasts with what it is on (WCAG 2.2, 1.4.3: 4.5 to 1), in the light and in the dark, and
// focus is seen.
func TestStyle(t *testing.T) {
	for scheme, colours := range schemes(t) {
		for _, ink := range []string{"ink", "faint", "link", "accent", "ok", "late", "ill"} {
			for _, ground := range []string{"paper", "panel", "del", "ins", "mark"} {
				t.Run(fmt.Sprintf("%s, %s on %s", scheme, ink, ground), func(t *testing.T) {
					if ratio := contrast(t, colours[ink], colours[ground]); ratio < 4.5 {
						t.Errorf("contrast %.2f of %s on %s", ratio, colours[ink], colours[ground])
					}
				})
			}
		}
	}
	if !strings.Contains(style, ":focus-visible{outline:") || regexp.MustCompile(`outline:(none|0)`).MatchString(style) {
		t.Error("focus is not seen")
	}
	if found := regexp.MustCompile(`(color|background):(#|rgb|[a-z]+\()`).FindAllString(strings.ReplaceAll(style, "var(", ""),
		-1); found != nil {
		t.Errorf("colours beside the two schemes: %v", found)
	}
	if found := regexp.MustCompile(`(left|right):-\d`).FindString(style); found != "" {
		t.Errorf("%s: a page from right to left scrolls to what is hidden there", found)
	}
	if found := regexp.MustCompile(`url\(|@import|[^-]expression`).FindString(style); found != "" {
		t.Errorf("the style holds %q", found)
	}
}

// schemes returns the colours of the style sheet by name, in the light and in the dark.
func schemes(t *testing.T) map[string]map[string]string {
	t.Helper()
	light, dark, ok := strings.Cut(style, "@media (prefers-color-scheme:dark)")
	if !ok {
		t.Fatal("no dark scheme")
	}
	all := map[string]map[string]string{"light": {}, "dark": {}}
	for scheme, rules := range map[string]string{"light": light[:strings.Index(light, "}")], "dark": dark[:strings.Index(dark, "}")]} {
		for _, m := range regexp.MustCompile(`--([a-z]+):(#[0-9a-f]{6})`).FindAllStringSubmatch(rules, -1) {
			all[scheme][m[1]] = m[2]
		}
	}
	return all
}

// deficiencies are what colours become for those who lack one kind of cones, as a matrix over linear RGB (Machado, Oliveira and
// Fernandes 2009, severity 1), and for those who see none.
var deficiencies = map[string][9]float64{
	"protanopia":    {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
	"deuteranopia":  {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
	"tritanopia":    {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
	"achromatopsia": {0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722},
}

// TestColoursForTheColourBlind: texts and drawings contrast with what they are on for the colour-blind too.
func TestColoursForTheColourBlind(t *testing.T) {
	t.Parallel()
	for scheme, colours := range schemes(t) {
		for name, matrix := range deficiencies {
			for _, ink := range []string{"ink", "faint", "link", "accent", "ok", "late", "ill"} {
				for _, ground := range []string{"paper", "panel", "del", "ins", "mark"} {
					x, y := relative(seen(linear(t, colours[ink]), matrix)), relative(seen(linear(t, colours[ground]), matrix))
					if ratio := (max(x, y) + 0.05) / (min(x, y) + 0.05); ratio < 4.5 {
						t.Errorf("%s, %s: contrast %.2f of %s on %s", scheme, name, ratio, ink, ground)
					}
				}
			}
		}
	}
}

// TestShapesDiffer: no two signs of a story and no two of a credit chain differ by their colour alone, and neither do states: their words
// do.
func TestShapesDiffer(t *testing.T) {
	t.Parallel()
	for _, drawing := range [][]string{signs(), {signOwn, signCopy, shapePhoto, shapeMore}} {
		form := map[string]string{}
		for _, sign := range drawing {
			fill := regexp.MustCompile(`svg path\.` + sign + `[^{]*\{[^}]*fill:var\(--(\w+)\)`).FindStringSubmatch(style)
			f := shapes[sign]
			if fill != nil && fill[1] != "paper" {
				f = "filled " + f
			}
			if other := form[f]; other != "" || shapes[sign] == "" {
				t.Errorf("%s has the shape of %q", sign, other)
			}
			form[f] = sign
		}
	}
	for lang, w := range catalogs() {
		of := map[string]status.State{}
		for _, s := range status.States {
			word := w.orName("state", string(s))
			if other := of[word]; other != "" {
				t.Errorf("%s: the states %s and %s are both %q", lang, s, other, word)
			}
			of[word] = s
		}
	}
	for _, rule := range []string{`del{[^}]*text-decoration:line-through`, `ins{[^}]*text-decoration:underline`,
		`\.rail \.quiet::before{[^}]*background:none`} {
		if !regexp.MustCompile(rule).MatchString(style) {
			t.Errorf("no %s in the style", rule)
		}
	}
}

// linear returns a colour as linear RGB.
func linear(t *testing.T, colour string) (rgb [3]float64) {
	t.Helper()
	var all [3]int
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &all[0], &all[1], &all[2]); err != nil {
		t.Fatalf("colour %q: %v", colour, err)
	}
	for i := range all {
		c := float64(all[i]) / 255
		if c <= 0.04045 {
			rgb[i] = c / 12.92
		} else {
			rgb[i] = math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return rgb
}

// seen returns what a colour is seen as.
func seen(rgb [3]float64, m [9]float64) (out [3]float64) {
	for i := range out {
		out[i] = min(1, max(0, m[3*i]*rgb[0]+m[3*i+1]*rgb[1]+m[3*i+2]*rgb[2]))
	}
	return out
}

// relative is the relative luminance of a colour (WCAG 2.2).
func relative(rgb [3]float64) float64 { return 0.2126*rgb[0] + 0.7152*rgb[1] + 0.0722*rgb[2] }

// contrast is the contrast ratio of two colours (WCAG 2.2).
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := relative(linear(t, a)), relative(linear(t, b))
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
