package view

import "testing"

func TestPlaceName(t *testing.T) {
	for in, want := range map[string]string{
		"MOSCOW": "Moscow", "NEW YORK": "New York", "РОСТОВ-НА-ДОНУ": "Ростов-на-Дону", "MINSK/MOSCOW": "Minsk/Moscow",
		"WASHINGTON, D.C.": "Washington, D.C.", "RIO DE JANEIRO": "Rio de Janeiro", "UN": "UN", "Brest": "Brest",
		"ST PETERSBURG": "ST Petersburg", "DE HAAN": "DE Haan", "САНКТ-ПЕТЕРБУРГ": "Санкт-Петербург", "": "", "北京": "北京",
	} {
		t.Run(in, func(t *testing.T) {
			if got := PlaceName(in); got != want {
				t.Errorf("PlaceName(%q) = %q, want %q", in, got, want)
			}
		})
	}
}
