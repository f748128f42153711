package page

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
)

// TestStyle: text contrasts with what it is on (WCAG 2.2, 1.4.3: 4.5 to 1), in the light and in the dark, and
// focus is seen.
func TestStyle(t *testing.T) {
	grounds := regexp.MustCompile(`--([a-z]+):(#[0-9a-f]{6})`)
	light, dark, ok := strings.Cut(style, "@media (prefers-color-scheme:dark)")
	if !ok {
		t.Fatal("no dark scheme")
	}
	for scheme, rules := range map[string]string{"light": light[:strings.Index(light, "}")], "dark": dark[:strings.Index(dark, "}")]} {
		colours := map[string]string{}
		for _, m := range grounds.FindAllStringSubmatch(rules, -1) {
			colours[m[1]] = m[2]
		}
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
	if found := regexp.MustCompile(`url\(|@import|[^-]expression`).FindString(style); found != "" {
		t.Errorf("the style holds %q", found)
	}
}

// contrast is the contrast ratio of two colours (WCAG 2.2).
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative luminance of a colour (WCAG 2.2).
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var rgb [3]int
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		t.Fatalf("colour %q: %v", colour, err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
