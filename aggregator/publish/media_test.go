package publish

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

func TestMedia(t *testing.T) {
	chain := []readCredit{
		{Name: "Russian MFA/TASS"}, {Name: "Ann Lee", Role: "photographer", Scheme: "urn:ebu"}, {Name: "Russian MFA"},
		{Name: "TASS", Role: "distribution company", Scheme: "urn:ebu"},
	}
	judged := func(url string) news.Credits {
		return news.Credits{Photos: []news.Photo{{Line: "Russian MFA/TASS", URL: url, Caption: "The minister.", Chain: []news.Credit{
			{Role: news.Photographer, Name: "Ann Lee"}, {Role: news.Owner, Name: "Russian MFA"}, {Role: news.Supplier, Name: "TASS"},
		}}}}
	}
	t.Run("a photo with an address", func(t *testing.T) {
		e := single(t, options(), pressBut(func(it *news.Item) { it.Credits = judged("https://belta.example/photo/1.jpg") }))
		want := []readMedia{{
			URL: "https://belta.example/photo/1.jpg", Type: "image/jpeg", Medium: "image", Size: "1200",
			Description: []readText{{"plain", "The minister speaks."}}, Credits: chain,
		}}
		if diff := cmp.Diff(want, e.Media); diff != "" || len(e.Credits) > 0 {
			t.Errorf("media (-want +got):\n%s\ncredits %v", diff, e.Credits)
		}
	})
	t.Run("a photo that only the text names", func(t *testing.T) {
		e := single(t, options(), pressBut(func(it *news.Item) { it.Credits, it.Media = judged("https://belta.example/photo/2.jpg"), nil }))
		want := []readMedia{{
			URL: "https://belta.example/photo/2.jpg", Medium: "image", Description: []readText{{"plain", "The minister."}}, Credits: chain,
		}}
		if diff := cmp.Diff(want, e.Media); diff != "" {
			t.Errorf("media (-want +got):\n%s", diff)
		}
	})
	t.Run("a photo without an address", func(t *testing.T) {
		e := single(t, options(), pressBut(func(it *news.Item) { it.Credits, it.Media = judged(""), nil }))
		if diff := cmp.Diff(chain, e.Credits); diff != "" || len(e.Media) > 0 {
			t.Errorf("credits (-want +got):\n%s\nmedia %v", diff, e.Media)
		}
	})
	t.Run("credits as the feed gives them where they were not judged", func(t *testing.T) {
		e := single(t, options(), pressBut(func(it *news.Item) {
			it.Credits = news.Credits{}
			it.Media[0].Credits = []news.MediaCredit{{Role: "photographer", Scheme: "urn:ebu", Name: "Ann Lee"},
				{Role: "owner", Name: "Russian MFA"}}
		}))
		want := []readCredit{{Name: "Ann Lee"}, {Name: "Ann Lee", Role: "photographer", Scheme: "urn:ebu"}, {Name: "Russian MFA"}}
		if diff := cmp.Diff(want, e.Media[0].Credits); diff != "" {
			t.Errorf("credits (-want +got):\n%s", diff)
		}
	})
	t.Run("a line that is one name stands once", func(t *testing.T) {
		e := single(t, options(), pressBut(func(it *news.Item) {
			it.Credits.Photos = []news.Photo{{Line: "TASS", Chain: []news.Credit{{Role: news.Owner, Name: "TASS"}}}, {Line: "TASS"}}
		}))
		if diff := cmp.Diff([]readCredit{{Name: "TASS"}}, e.Credits); diff != "" {
			t.Errorf("credits (-want +got):\n%s", diff)
		}
	})
	t.Run("one picture given twice", func(t *testing.T) {
		e := single(t, options(), pressBut(func(it *news.Item) { it.Media = append(it.Media, it.Media[0]) }))
		if len(e.Media) != 1 {
			t.Errorf("%d pictures, want 1", len(e.Media))
		}
	})
}
