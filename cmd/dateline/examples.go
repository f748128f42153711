package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// The groups of commands in the help.
const (
	groupRun    = "run"
	groupRead   = "read"
	groupList   = "list"
	groupTend   = "tend"
	groupAround = "around"
)

// groups are the titles of the groups, in the order of the help.
var groups = []*cobra.Group{
	{ID: groupRun, Title: "Run the wire:"},
	{ID: groupRead, Title: "Read what is stored:"},
	{ID: groupList, Title: "The list of sources:"},
	{ID: groupTend, Title: "Entries and the store:"},
	{ID: groupAround, Title: "Around the program:"},
}

// groupOf is the group of each command.
var groupOf = map[string]string{
	"serve": groupRun, "demo": groupRun, "ingest": groupRun, "site": groupRun, "service": groupRun,
	"feed": groupRead, "list": groupRead, "show": groupRead, "why": groupRead, "export": groupRead, "status": groupRead,
	"sources": groupList, "check": groupList, "config": groupList, "fetch": groupList, "credit": groupList,
	"entry": groupTend, "db": groupTend,
	"version": groupAround, "completion": groupAround, "help": groupAround,
}

// examples are command lines as people type them, by command.
var examples = map[string]string{
	"":       "dateline demo\ndateline --config /etc/dateline/config.yaml serve",
	"serve":  "dateline serve\ndateline --config /etc/dateline/config.yaml serve\ndateline serve --no-poll",
	"demo":   "dateline demo",
	"ingest": "dateline ingest\ndateline ingest --deadline 4m\ndateline ingest belta tass --now\ndateline ingest wire --document - < rss.xml",
	"site":   "dateline site -o public",
	"feed":   "dateline feed -o wire.atom\ndateline feed --format rss --topic belarus\ndateline feed --query 'зерно OR grain'",
	"list":   "dateline list -n 20\ndateline list --json",
	"show":   "dateline show urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
	"why":    "dateline why f81d4fae-7dec-11d0-a765-00a0c91e6bf6 https://wire.example/entries/6ba7b810-9dad-11d1-80b4-00c04fd430c8",
	"export": "dateline export --since 2026-11-24 > items.jsonl\ndateline export --source belta",
	"status": "dateline status\ndateline status --state broken --state blocked\ndateline status --exit-code > /dev/null",
	"check":  "dateline check\ndateline check --online\ndateline check --online --against main.yaml --format github",
	"fetch":  "dateline fetch belta\ndateline fetch https://eng.belta.by/rss\ndateline fetch saved.xml --base https://eng.belta.by/rss",
	"credit": "dateline credit article.txt\ndateline credit --json < items.jsonl",

	"sources":      "dateline sources list\ndateline sources add https://eng.belta.by/rss",
	"sources list": "dateline sources list\ndateline sources list --json",
	"sources add": "dateline sources add https://eng.belta.by/rss --topic belarus\n" +
		"dateline sources add --offline 'https://wire.example/rss?key=${WIRE_KEY}' --id wire",
	"sources remove":    "dateline sources remove tass",
	"sources enable":    "dateline sources enable tass",
	"sources disable":   "dateline sources disable tass tass-ru",
	"sources discover":  "dateline sources discover https://www.belta.by/",
	"sources import":    "dateline sources import feeds.opml\ndateline sources import - < feeds.opml",
	"sources export":    "dateline sources export -o list.opml",
	"sources release":   "dateline sources release tass",
	"sources drop-held": "dateline sources drop-held tass",
	"sources purge":     "dateline sources purge tass",
	"config":            "dateline config print --redacted",
	"config print":      "dateline config print --redacted\ndateline config print --json",
	"config schema":     "dateline config schema > schema.json",
	"config push":       "dateline config push wire.yaml\ndateline config push wire.yaml --if-rev 7",
	"config pull":       "dateline config pull > wire.yaml\ndateline config pull --json",

	"entry":           "dateline entry withdraw urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
	"entry split":     "dateline entry split f81d4fae-7dec-11d0-a765-00a0c91e6bf6 6ba7b810-9dad-11d1-80b4-00c04fd430c8",
	"entry join":      "dateline entry join f81d4fae-7dec-11d0-a765-00a0c91e6bf6 6ba7b810-9dad-11d1-80b4-00c04fd430c8",
	"entry withdraw":  "dateline entry withdraw urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6 --erase --reason 'court order 12'",
	"entry decisions": "dateline entry decisions",
	"entry restore":   "dateline entry restore urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
	"db":              "dateline db stats\ndateline db backup /var/backups/dateline/dateline.db",
	"db stats":        "dateline db stats",
	"db check":        "dateline db check\ndateline db check --salvage salvaged.db",
	"db backup":       "dateline db backup /var/backups/dateline/dateline.db",
	"db restore":      "dateline db restore /var/backups/dateline/dateline.db",
	"db compact":      "dateline db compact",

	"service":           "dateline service unit",
	"service unit":      "dateline --config /etc/dateline/config.yaml service unit > /etc/systemd/system/dateline.service",
	"service pass":      "dateline --config /etc/dateline/config.yaml service pass > /etc/systemd/system/dateline-pass.service",
	"service timer":     "dateline service timer > /etc/systemd/system/dateline.timer",
	"service container": "dateline service container > Containerfile",
	"service compose":   "dateline service compose > compose.yaml",
	"service nodes":     "dateline service nodes > nodes.yaml",
	"version":           "dateline version",

	"completion":            "dateline completion bash > /etc/bash_completion.d/dateline",
	"completion bash":       "dateline completion bash > /etc/bash_completion.d/dateline",
	"completion zsh":        "dateline completion zsh > /usr/local/share/zsh/site-functions/_dateline",
	"completion fish":       "dateline completion fish > /etc/fish/completions/dateline.fish",
	"completion powershell": "dateline completion powershell > dateline.ps1",

	"help": "dateline help sources add\ndateline help --man /usr/local/share/man/man1",
}

// illustrate gives the command, and those below it, their examples and what they want said of wrong words.
func illustrate(cmd *cobra.Command) {
	path := strings.TrimSpace(strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()))
	if lines := examples[path]; lines != "" {
		cmd.Example = "  " + strings.ReplaceAll(lines, "\n", "\n  ")
	}
	cmd.SetFlagErrorFunc(noSuchFlag)
	if cmd.HasSubCommands() {
		cmd.Args = noSuchCommand
		if !cmd.Runnable() { // cobra's completion
			cmd.RunE = needsCommand
		}
	}
	if cmd.Parent() == cmd.Root() {
		cmd.GroupID = groupOf[cmd.Name()]
	}
	for _, below := range cmd.Commands() {
		illustrate(below)
	}
}
