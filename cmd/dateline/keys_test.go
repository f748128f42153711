package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dateline/aggregator/config"
)

// effect is a key whose effect a run of the command shows: after edit the last command's output is as wanted,
// before it is not.
type effect struct {
	key   string
	edit  []string // pairs of what is in the config and what comes in its place
	do    []string // command lines, one after the other; none: feed, after one pass
	stdin string
	want  string                // pattern of the last one's output, together with what was asked of the wire
	lacks string                // the same, not to be there
	seen  func(out string) bool // the same, where no pattern can show it
}

// mfa is where the ministry's source begins in the config.
const mfa = "/mfa/rss.php\n    language: en\n    timezone: Europe/Moscow"

var effects = []effect{
	{key: "feed.title", edit: []string{"Demonstration wire", "A wire"}, want: `<title>A wire</title>`},
	{key: "feed.id", edit: []string{"  title:", "  id: urn:example:wire\n  title:"}, want: `<id>urn:example:wire</id>`},
	{key: "feed.base_url", edit: []string{"http://127.0.0.1:0/", "https://wire.example/"}, want: `href="https://wire.example/feed.atom"`},
	{key: "feed.language", edit: []string{"  title:", "  language: be\n  title:"}, want: `<feed[^>]* xml:lang="be"`},
	{key: "feed.credit_line", edit: []string{"  title:", "  credit_line: false\n  title:"}, lacks: `class=&#34;credit&#34;`},
	{key: "feed.agency_in", edit: []string{"  title:", "  agency_in: author\n  title:"}, lacks: `<title>BelTA: `},
	{key: "feed.timezone", edit: []string{"  title:", "  timezone: Asia/Tokyo\n  title:"}, do: []string{"ingest", "feed --format html"},
		want: `class="zone">JST<`},
	{key: "feed.iptc", edit: []string{"  title:", "  iptc: true\n  title:"}, want: `<nar:`},

	{key: "store.path", edit: []string{"dateline.db", "config.yaml"}, do: []string{"list"}, want: `config.yaml`},
	{key: "store.dsn", edit: []string{"dateline.db", "dateline.db\n  dsn: postgres://127.0.0.1:1/wire"}, do: []string{"ingest"},
		want: `with store.dsn a store is changed by its node`},
	{key: "poll.every", edit: []string{"every: 1h", "every: 3h"}, do: []string{"ingest", "status --json"},
		seen: dueAfter("belta", 3*time.Hour)},
	{key: "poll.floor", edit: []string{"floor: 1s", "floor: 2h"}, do: []string{"check"}, want: `is below poll.floor \(2h\)`},

	{key: "network.allow", edit: []string{"[127.0.0.1]", "[]"}, do: []string{"ingest tass"},
		want: `is not allowed: loopback; network.allow would let it in`},
	{key: "network.contact", edit: []string{"network:", "network:\n  contact: desk@wire.example"}, do: []string{"ingest tass"},
		want: `User-Agent: Dateline/\S+ \(\+desk@wire.example\)`},
	{key: "network.max_body", edit: []string{"network:", "network:\n  max_body: 500B"}, do: []string{"ingest belta"},
		want: `source belta: .*500`},
	{key: "network.proxy", edit: []string{"network:", "network:\n  proxy: $WIRE", "url: $WIRE/tass/", "url: http://feeds.example/tass/"},
		do: []string{"fetch tass"}, want: `url +http://feeds.example/tass/society/`},

	{key: "hub.url", edit: []string{"network:", "hub: {url: $WIRE/push}\nnetwork:"},
		want: `<link rel="hub" href="http://127.0.0.1:[0-9]+/push">`},

	{key: "agencies[].key", edit: []string{"- key: courier", "- key: zarechye"}, do: []string{"credit --json"},
		stdin: signed("Zarechye Courier"), want: `"agency":"zarechye"`},
	{key: "agencies[].name", edit: []string{"key: courier\n    name: Zarechye Courier", "key: courier\n    name: Ozerny Gazette"},
		do:    []string{"credit --json"},
		stdin: signed("Ozerny Gazette"), want: `"agency":"courier"`},
	{key: "agencies[].names", edit: []string{"kind: media", "kind: media\n    names: {be: Весці Азёрнага}"}, do: []string{"credit --json"},
		stdin: signed("Весці Азёрнага"), want: `"agency":"courier"`},
	{key: "agencies[].also", edit: []string{"kind: media", "kind: media\n    also: [ZCour]"}, do: []string{"credit --json"},
		stdin: signed("ZCour"), want: `"agency":"courier"`},
	{key: "agencies[].kind", edit: []string{"kind: media", "kind: distributor"}, do: []string{"credit --json"},
		stdin: `{"text":"Photo: Zarechye Courier/TASS\nIt rains in Ozerny."}`, want: `"chain":\["tass","courier"\]`},
	{key: "agencies[].site", edit: []string{"kind: media", "kind: media\n    site: https://courier.example/"},
		want: `https://courier.example/`},

	{key: "defaults", edit: []string{"sources:\n", "defaults: {every: 3h}\nsources:\n"}, do: []string{"ingest", "status --json"},
		seen: dueAfter("belta", 3*time.Hour)},
	{key: "topics[].id", edit: []string{"/belta/rss\n", "/belta/rss\n    topics: [rivers]\n", "agencies:", "topics: [{id: lakes}]\nagencies:"},
		do:   []string{"check"},
		want: `"rivers" is not in the list of topics`},
	{key: "topics[].name", edit: []string{"/belta/rss\n", "/belta/rss\n    topics: [rivers]\n", "agencies:",
		"topics: [{id: rivers, name: Rivers and lakes}]\nagencies:"},
		want: `term="rivers" scheme="urn:dateline:topic" label="Rivers and lakes"`},

	{key: "topics[].query", edit: []string{"agencies:", "topics: [{id: rivers, query: 'footbridge OR неделя'}]\nagencies:"},
		do:   []string{"ingest", "feed --topic rivers"},
		want: `<title>.*Тёплая неделя`},

	{key: "sources[].id", edit: []string{"id: tass\n", "id: tass-en\n"}, do: []string{"status"}, want: `(?m)^tass-en `},
	{key: "sources[].name", edit: []string{"name: Russian MFA\n", "name: The Ministry\n"}, do: []string{"export --source mfa-russia"},
		want: `"line":"The Ministry`},
	{key: "sources[].agency", edit: []string{"/courier/feed.atom\n", "/courier/feed.atom\n    agency: tass\n"},
		do: []string{"export --source courier"}, want: `"agency":"tass"`},
	{key: "sources[].url", edit: []string{"/tass/rss/v2.xml", "/tass-ru/rss/v2.xml"}, do: []string{"ingest tass"}, lacks: `GET /tass/rss`},
	{key: "sources[].site", edit: []string{"/mfa/rss.php", "/fault/greek\n    site: https://mfa.example/"}, want: `https://mfa.example/"`},
	{key: "sources[].language", edit: []string{mfa, strings.Replace(mfa, "en", "be", 1)}, want: `<entry xml:lang="be">`},
	{key: "sources[].timezone", edit: []string{mfa, strings.Replace(mfa, "Europe/Moscow", "Asia/Tokyo", 1)},
		do: []string{"export --source mfa-russia"}, want: `"published":"2026-05-18T01:00:00Z"`},
	{key: "sources[].encoding", edit: []string{"/mfa/rss.php", "/fault/greek\n    encoding: iso-8859-7"},
		do: []string{"export --source mfa-russia"}, want: `"title":"Γέφυρα"`},
	{key: "sources[].every", edit: []string{"/belta/rss\n", "/belta/rss\n    every: 3h\n"}, do: []string{"ingest", "status --json"},
		seen: dueAfter("belta", 3*time.Hour)},
	{key: "sources[].rights", edit: []string{"/mfa/rss.php", "/mfa/rss.php\n    rights: © The Ministry"},
		want: `<rights[^>]*>© The Ministry</rights>`},
	{key: "sources[].licence", edit: []string{"/mfa/rss.php", "/mfa/rss.php\n    licence: https://mfa.example/licence"},
		want: `rel="license"[^>]* href="https://mfa.example/licence"`},
	{key: "sources[].furniture", edit: []string{"/mfa/rss.php", "/fault/menu\n    content: full\n    furniture: keep"},
		want: `Minsk Clear \+9°C`},
	{key: "sources[].content", edit: []string{"content: full", "content: headline"}, lacks: "regional weather centre"},
	{key: "sources[].headers", edit: []string{"/mfa/rss.php", "/mfa/rss.php\n    headers: {X-Desk: foreign}"},
		do: []string{"ingest mfa-russia"}, want: `GET /mfa/rss.php .*X-Desk: foreign`},
	{key: "sources[].include", edit: []string{"/tass/rss/v2.xml\n", "/tass/rss/v2.xml\n    include: [no such words]\n"},
		do:   []string{"ingest", "status --json"},
		want: `"id":"tass",.*"items":0,.*"excluded":[1-9]`},
	{key: "sources[].exclude", edit: []string{"/tass/rss/v2.xml\n", "/tass/rss/v2.xml\n    exclude: [the, of, in, a]\n"},
		do: []string{"fetch tass"}, want: `(?m)^decision  excluded$`},
	{key: "sources[].topics", edit: []string{"/belta/rss\n", "/belta/rss\n    topics: [rivers]\n"}, want: `term="rivers"`},
}

// elsewhere names what fails when the effect of a key or flag is removed that no run above shows: a script,
// or tests of another package, to which [TestOptions] shows that the value gets.
var elsewhere = map[string][]string{
	"feed.entries":            {"cmd/dateline/node/TestOptions", "aggregator/publish/TestSelection"},
	"feed.icon":               {"cmd/dateline/node/TestOptions", "aggregator/publish/TestIcon"},
	"http.listen":             {"script/serve_address_taken"},
	"http.trusted_proxies":    {"cmd/dateline/daemon/TestAccessLog", "cmd/dateline/daemon/TestClient"},
	"admin.listen":            {"script/serve_address_taken", "script/serve_admin_off"},
	"admin.hosts":             {"cmd/dateline/daemon/TestAdminHosts"},
	"store.retention":         {"script/key_retention"},
	"store.keys":              {"script/key_keys"},
	"http.access_log":         {"script/serve_access_log"},
	"poll.timeout":            {"script/key_timeout"},
	"poll.concurrency":        {"TestConcurrency"},
	"poll.host_gap":           {"cmd/dateline/node/TestOptions", "aggregator/fetch/TestHosts"},
	"poll.memory":             {"cmd/dateline/node/TestOptions", "aggregator/TestLargeDocumentsOneAfterTheOther"},
	"poll.pages":              {"cmd/dateline/node/TestOptions", "aggregator/TestPagesAMinute"},
	"sources[].credits_from":  {"script/key_credits_from"},
	"fetch --page":            {"script/key_credits_from"},
	"poll.retry_max":          {"cmd/dateline/node/TestOptions", "aggregator/fetch/TestGetPauses", "aggregator/TestRetryMaxIsLowered"},
	"notify.command":          {"script/serve_notify"},
	"notify.url":              {"cmd/dateline/daemon/TestNotify"},
	"network.ports":           {"cmd/dateline/node/TestOptions", "aggregator/fetch/TestGuard"},
	"hub.allow":               {"TestHub", "TestPing"},
	"match.window":            {"script/key_match"},
	"match.duplicate":         {"script/key_match"},
	"match.edited":            {"script/key_match"},
	"agencies[].hosts":        {"script/key_hosts"},
	"agencies[].parent":       {"script/key_parent"},
	"sources[].enabled":       {"script/ingest_disabled"},
	"sources[].retry_scope":   {"script/key_retry_scope"},
	"--config":                {"script/config_missing"},
	"--verbose":               {"script/ingest_verbose", "script/serve_quiet"},
	"--quiet":                 {"script/check_warnings", "script/serve_quiet", "script/progress", "script/demo_listen"},
	"--no-progress":           {"script/progress", "script/progress_beside_daemon"},
	"check --json":            {"script/check_errors"},
	"check --online":          {"script/check_online"},
	"check --against":         {"script/check_against"},
	"check --format":          {"script/check_format"},
	"config print --json":     {"script/config_print"},
	"config push --if-rev":    {"script/nodes_config"},
	"config push --json":      {"script/nodes_config"},
	"config pull --json":      {"script/nodes_config"},
	"config print --redacted": {"script/config_print"},
	"credit --json":           {"script/credit_json"},
	"db backup --json":        {"script/db_backup"},
	"db check --json":         {"script/db_check"},
	"db check --salvage":      {"script/db_salvage"},
	"db restore --json":       {"script/db_backup"},
	"db compact --json":       {"script/db_compact"},
	"db stats --json":         {"script/db_stats"},
	"demo --listen":           {"script/demo_listen"},
	"export --since":          {"script/export_since"},
	"export --source":         {"script/export_source"},
	"feed --format":           {"script/feed_unknown_format", "script/feed_formats"},
	"feed --language":         {"script/feed_parts"},
	"feed --query":            {"script/feed_query"},
	"feed --source":           {"script/feed_parts"},
	"feed --topic":            {"script/feed_parts"},
	"feed --output":           {"script/feed_output"},
	"fetch --base":            {"script/fetch_file"},
	"fetch --json":            {"script/fetch_json"},
	"ingest --deadline":       {"script/ingest_deadline"},
	"ingest --document":       {"script/ingest_document"},
	"ingest --force":          {"script/ingest_retry_after"},
	"ingest --json":           {"script/ingest_json"},
	"ingest --now":            {"script/ingest_due"},
	"list --json":             {"script/list_json"},
	"list --limit":            {"script/list_limit"},
	"show --json":             {"script/show_json"},
	"site --json":             {"script/site"},
	"site --output":           {"script/site"},
	"status --all":            {"TestStatusOfMany"},
	"status --exit-code":      {"script/status_monitor"},
	"status --json":           {"script/status_json"},
	"status --state":          {"script/status_monitor"},
	"why --json":              {"script/why_json"},
	"version --json":          {"script/version"},
	"help --man":              {"script/help_man"},

	"sources[].priority":      {"aggregator/config/TestNewsSources", "aggregator/entries/TestRepresentative"},
	"entry decisions --json":  {"script/entry_reason"},
	"entry join --reason":     {"script/entry_reason"},
	"entry split --reason":    {"script/entry_reason"},
	"entry withdraw --reason": {"script/entry_reason"},
	"entry restore --reason":  {"script/entry_reason"},
	"entry join --json":       {"script/entry_join"},
	"entry split --json":      {"script/entry_split"},
	"entry withdraw --json":   {"script/entry_withdraw"},
	"entry withdraw --erase":  {"script/entry_erase"},
	"entry restore --json":    {"script/entry_withdraw"},

	"feed.summary":             {"cmd/dateline/node/TestOptions", "aggregator/publish/TestSummaryIsBounded"},
	"feed.at_least":            {"cmd/dateline/node/TestOptions", "aggregator/publish/TestPerSourceMinimum"},
	"feed.first_poll":          {"script/key_first_poll"},
	"sources drop-held --json": {"script/sources_drop_held"},
	"sources release --json":   {"script/sources_release"},
	"sources purge --json":     {"script/sources_purge"},
	"sources purge --yes":      {"script/sources_purge"},

	"sources disable --json":  {"script/sources_edit"},
	"sources enable --json":   {"script/sources_edit"},
	"sources list --json":     {"script/sources_list"},
	"sources remove --json":   {"script/sources_edit"},
	"serve --no-poll":         {"script/nodes_parts"},
	"serve --no-http":         {"script/nodes_parts"},
	"sources add --id":        {"script/sources_add"},
	"sources add --name":      {"script/sources_add"},
	"sources add --language":  {"script/sources_add_offline"},
	"sources add --every":     {"script/sources_add"},
	"sources add --topic":     {"script/sources_add"},
	"sources add --offline":   {"script/sources_add_offline"},
	"sources add --json":      {"script/sources_add"},
	"sources discover --json": {"script/sources_discover"},
	"sources export --output": {"script/sources_opml"},
	"sources import --json":   {"script/sources_opml"},
}

// TestKeys fails for a key or a flag without a test beside it, and for a test that is not there.
func TestKeys(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{}
	for _, e := range effects {
		tests[e.key] = append(tests[e.key], "TestKey/"+e.key)
	}
	for name, all := range elsewhere {
		tests[name] = append(tests[name], all...)
	}
	names := append(config.Keys(), flags((&app{}).command(), "")...)
	if len(names) < 40 {
		t.Fatalf("only %d keys and flags", len(names))
	}
	for _, name := range names {
		if len(tests[name]) == 0 {
			t.Errorf("%s: no test would fail if it had no effect", name)
		}
		for _, test := range tests[name] {
			if err := thereIs(test, name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		delete(tests, name)
	}
	for name := range tests {
		t.Errorf("%s is neither key nor flag", name)
	}
}

// flags lists the flags of a command and of those below it, each with its command.
func flags(cmd *cobra.Command, path string) []string {
	var all []string
	add := func(f *pflag.Flag) { all = append(all, strings.TrimSpace(path+" --"+f.Name)) }
	cmd.LocalNonPersistentFlags().VisitAll(add)
	cmd.PersistentFlags().VisitAll(add)
	for _, sub := range cmd.Commands() {
		all = append(all, flags(sub, strings.TrimSpace(path+" "+sub.Name()))...)
	}
	return all
}

// thereIs returns an error if there is no such test, or it is a script in which name is not.
func thereIs(test, name string) error {
	script, isScript := strings.CutPrefix(test, "script/")
	switch {
	case strings.HasPrefix(test, "TestKey/"):
		return nil // the table above is what TestKey runs
	case isScript:
		b, err := os.ReadFile("testdata/script/" + script + ".txtar")
		if word := name[strings.LastIndexAny(name, " .")+1:]; err == nil && !bytes.Contains(b, []byte(word)) {
			err = fmt.Errorf("%s does not speak of %s", test, word)
		}
		return err
	}
	dir, function := filepath.Split(test)
	files, err := filepath.Glob(filepath.Join("../..", dir, "*_test.go"))
	if dir == "" {
		files, err = filepath.Glob("*_test.go")
	}
	if err != nil {
		return err
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if bytes.Contains(b, []byte("\nfunc "+function+"(t *testing.T) {")) {
			return nil
		}
	}
	return fmt.Errorf("there is no %s", test)
}

func TestKey(t *testing.T) {
	t.Parallel()
	plain := map[string]func() string{} // what commands print without a key: the same for all that have them run
	for _, e := range effects {
		run := fmt.Sprintf("%q %q", e.do, e.stdin)
		if plain[run] == nil {
			plain[run] = sync.OnceValue(func() string { return e.run(t, nil) })
		}
		t.Run(e.key, func(t *testing.T) {
			t.Parallel()
			if out := plain[run](); e.shows(out) {
				t.Errorf("seen without the key:\n%s", out)
			}
			if out := e.run(t, e.edit); !e.shows(out) {
				t.Errorf("not seen:\n%s", out)
			}
		})
	}
}
