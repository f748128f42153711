package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
)

func TestHeadersTakeSecretsFromElsewhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("from-a-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DATELINE_TEST_TOKEN", "from-the-environment")
	c, err := config.Parse("c.yaml", fmt.Appendf(nil, `
sources:
  - id: a
    url: https://example.org/a
    retry_scope: feed
    headers: {authorization: 'Bearer ${DATELINE_TEST_TOKEN}', X-Key: "${file:%s}", X-Plain: $5}
  - id: b
    url: https://example.org/b
`, file))
	if err != nil {
		t.Fatal(err)
	}
	got := c.NewsSources()
	want := map[string][]string{"Authorization": {"Bearer from-the-environment"}, "X-Key": {"from-a-file"}, "X-Plain": {"$5"}}
	if d := cmp.Diff(want, got[0].Header); d != "" {
		t.Error(d)
	}
	if !got[0].RetryFeed || got[1].RetryFeed || got[1].Header != nil {
		t.Errorf("%+v", got)
	}
}

func TestErrorsOfHeadersShowNoSecret(t *testing.T) {
	t.Setenv("DATELINE_TEST_TOKEN", "sec\nret")
	_, err := config.Parse("c.yaml", []byte(`{sources: [{id: a, url: "https://example.org/a", headers: {X-Key: "my${DATELINE_TEST_TOKEN}"}}]}`))
	if err == nil || strings.Contains(err.Error(), "ret") || strings.Contains(err.Error(), "my") {
		t.Errorf("%v", err)
	}
}
