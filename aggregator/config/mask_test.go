package config_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"dateline/aggregator/config"
)

// secretWord may be in no text about a file.
const secretWord = "hunter2secret"

// withSecrets are files that say something wrong or doubtful beside a secret.
var withSecrets = []string{
	"network: {proxy: \"user:hunter2secret@proxy:3128\"}",
	"network:\n  proxy: user:hunter2secret@proxy:3128",
	"network:\n  proxy: http://user:hunter2secret#b@p:1",
	"network:\n  proxy: http://user:a#hunter2secret@p:1",
	"network:\n  proxy: http://user:a/hunter2secret@p:1",
	"network:\n  proxy: ftp://user:hunter2secret@p:1",
	"network:\n  proxy:\n    user:hunter2secret@p:1",
	"network:\n  proxy: [hunter2secret]",
	"network:\n  proxy: http://user:hunter2secret",
	"network:\n  proxy: http://user:hunter2secret:3128",
	"network:\n  proxy: http://user:3128:hunter2secret # x",
	"network: {proxy: http://user:hunter2secret}",
	"network:\n  proxy: \"socks5://user/hunter2secret:x\"",
	"network:\n  proxy: http://proxy:3128/hunter2secret",
	"network:\n  proxy: \"user:hunter2secret@p:1",
	"network:\n  proxy: http://user:${NAME:-hunter2secret}@p:1",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    headers: \"Authorization: Bearer hunter2secret\"",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    headers: X-Key=hunter2secret",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    headers:\n      X-Key=hunter2secret",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    headers:\n      X-Key hunter2secret",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    headers:\n      X-A: b\n      X-Key hunter2secret",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    headers:\n    X-Key: hunter2secret",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    X-Key: hunter2secret",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    headers:\n      - X-Key: hunter2secret",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    headers:\n      X-Key: ${NAME:-hunter2secret}",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    headers:\n      X-Key: [hunter2secret]",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    headers: {X-Key: \"hunter2secret}",
	"sources:\n  - id: a\n    url: https://e.by/rss\n    headers:\n      X-Key: a: hunter2secret",
	"sources:\n  - id: a\n    url: e.by/rss?apikey=hunter2secret",
	"sources:\n  - id: a\n    url: https://u:hunter2secret@e.by/rss",
	"sources:\n  - id: a\n    url: u:hunter2secret@e.by/rss",
	"sources:\n  - id: a\n    url: https://u:a#hunter2secret@e.by/rss",
	"sources:\n  - id: a\n    url: https://e.by/rss?a=${NAME:-hunter2secret}",
	"sources:\n  - id: a\n    url: https://${NAME:-hunter2secret}/rss",
	"notify: https://e.by/hunter2secret",
	"notify: {url: \"e.by/hunter2secret\"}",
	"notify:\n  url: e.by/hunter2secret",
	"notify:\n  url: \"https://e.by:x/hunter2secret\"",
	"notify:\n  url: https://${NAME}/hunter2secret",
	"notify:\n  url: [https://e.by/hunter2secret]",
	"notify:\n  urll: https://e.by/hunter2secret",
	"notify:\n  - https://e.by/hunter2secret",
	"sources:\n  - {id: a, url: 'x" + strings.Repeat("${x:-hunter2secret}", 1_100) + "'}",
	strings.Repeat("- {url: 'https://${x:-hunter2secret}'}\n", 1_100),
}

func TestNoMessageShowsASecret(t *testing.T) {
	t.Parallel()
	for _, file := range withSecrets {
		var all []*config.Error
		c, err := config.Parse("c.yaml", []byte(file+"\n"))
		var errs config.Errors
		if errors.As(err, &errs) {
			all = errs
		} else {
			all = c.Warnings(nil)
		}
		if len(all) == 0 {
			t.Errorf("nothing is said of\n%s", file)
		}
		for _, e := range all {
			b, _ := json.Marshal(e) // text alone
			if strings.Contains(e.Error()+e.Text()+e.Excerpt+string(b), secretWord) {
				t.Errorf("%s\nis said as %s\n%s", file, e.Error(), e.Excerpt)
			}
		}
	}
}
