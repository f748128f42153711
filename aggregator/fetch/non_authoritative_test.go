package fetch

import (
	"net/http"
	"testing"
)

// A 203 is a 200 that a proxy changed: its document, validators and all.
func TestNonAuthoritative(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.WriteHeader(http.StatusNonAuthoritativeInfo)
		_, _ = w.Write([]byte(feed))
	})
	got, err := newClient(t, Options{}).Get(t.Context(), Request{URL: url})
	if err != nil || got.Status != 203 || string(got.Body) != feed || got.Validators.ETag != `"1"` {
		t.Errorf("%+v, %v", got, err)
	}
}
