package attribute

import "testing"

func TestNamesNoOne(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"": true, "N/A": true, "D.R.": true, "Staff photo": true, "Courtesy": true, "Фото из открытых источников": true, "скриншот": true,
		"Arşiv": true, "أرشيفية": true, "网络图片": true, "Redaktion": true, "2024": true,
		"Ann Lee": false, "Staff Sgt. Ann Lee": false, "AP": false, "Guest House Oslo": false, "Архив музея": false,
	} {
		if got := NamesNoOne(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
