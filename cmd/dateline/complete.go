package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator/config"
	"dateline/aggregator/search"
)

// completeSources offers the ids of the configured sources that are not named yet, with their names.
func (a *app) completeSources(cmd *cobra.Command, named []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	cfg := a.anyConfig(cmd.Context())
	var all []cobra.Completion
	for _, src := range cfg.NewsSources() {
		if strings.HasPrefix(src.ID, begun) && !slices.Contains(named, src.ID) {
			all = append(all, cobra.CompletionWithDesc(src.ID, src.Name))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// anyConfig returns the config on disk, that of the process that has the store open, or an empty one: a completion complains of nothing.
func (a *app) anyConfig(ctx context.Context) *config.Config {
	cfg, err := a.config()
	if err == nil {
		return cfg
	}
	if cfg, ok := a.ownersConfig(ctx); ok {
		return cfg
	}
	return &config.Config{}
}

// completeWith offers those of words that begin so. A word may have a description behind a tab.
func completeWith(begun string, words ...string) []cobra.Completion {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.HasPrefix(w, begun) })
}

// completeWords completes a flag with words that the config decides, or with a closed set.
func (a *app) completeWords(words func(*config.Config) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		all := words(a.anyConfig(cmd.Context()))
		slices.Sort(all)
		return completeWith(begun, slices.Compact(all)...), cobra.ShellCompDirectiveNoFileComp
	}
}

// completions are those of flags by their name, where they mean the same in every command.
func (a *app) completions() map[string]cobra.CompletionFunc {
	return map[string]cobra.CompletionFunc{
		"source":   a.completeSources,
		"state":    a.completeWords(func(*config.Config) []string { return stateNames() }),
		"format":   a.completeWords(func(*config.Config) []string { return formats() }),
		"topic":    a.completeWords(topics),
		"language": a.completeWords(languages),
		"query":    a.completeQuery,
	}
}

// free are the flags whose value is of no set and names no file.
var free = []string{"base", "deadline", "every", "id", "if-rev", "limit", "listen", "name", "page", "reason", "since"}

// topics returns those of the sources and those that are listed, by query too.
func topics(c *config.Config) (all []string) {
	for _, s := range c.Sources {
		all = append(all, s.Topics...)
	}
	for _, t := range c.Topics {
		all = append(all, t.ID)
	}
	return all
}

// topicsOfSources returns the topics that a source may be given.
func topicsOfSources(c *config.Config) []string {
	return slices.DeleteFunc(topics(c), func(id string) bool {
		return slices.ContainsFunc(c.Topics, func(t config.Topic) bool { return t.ID == id && t.Query != "" })
	})
}

func languages(c *config.Config) (all []string) {
	for _, s := range c.Sources {
		if s.Language != "" {
			all = append(all, s.Language)
		}
	}
	return all
}

func agencies(c *config.Config) (all []string) {
	for _, s := range c.Effective().Sources {
		all = append(all, s.Agency)
	}
	for _, g := range c.Agencies {
		all = append(all, g.Key)
	}
	return all
}

// completeQuery completes the last word of a search: an operator, and behind it what it may be followed by where the config decides that.
func (a *app) completeQuery(cmd *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	from := strings.LastIndexAny(begun, " -(") + 1
	before, word := begun[:from], begun[from:]
	field, value, inField := strings.Cut(word, ":")
	var all []cobra.Completion
	if !inField {
		for _, f := range search.Fields() {
			all = append(all, before+f+":")
		}
		return completeWith(begun, all...), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	values, known := map[search.Field]func(*config.Config) []string{
		search.Topic: topics, search.Agency: agencies, search.Language: languages,
		search.Source: func(c *config.Config) (all []string) {
			for _, s := range c.Sources {
				all = append(all, s.ID)
			}
			return all
		},
	}[search.Field(field)]
	if !known {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	words := values(a.anyConfig(cmd.Context()))
	slices.Sort(words)
	for _, w := range slices.Compact(words) {
		if strings.HasPrefix(w, value) {
			all = append(all, before+field+":"+w)
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// completeEntries offers the keys of the entries that changed last, with their titles.
func (a *app) completeEntries(cmd *cobra.Command, named []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(named) >= strings.Count(cmd.Use, " ") {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out bytes.Buffer
	b := &app{stdin: bytes.NewReader(nil), stdout: &out, stderr: io.Discard, configPath: a.configPath}
	if code := b.run(cmd.Context(), []string{"list", "--json", "--limit", "100"}); code != exitOK {
		return nil, cobra.ShellCompDirectiveError
	}
	var all []cobra.Completion
	for rows := json.NewDecoder(&out); ; {
		var row listRow
		if rows.Decode(&row) != nil {
			return all, cobra.ShellCompDirectiveNoFileComp
		}
		if key := row.Entry.String(); strings.HasPrefix(key, begun) && !slices.Contains(named, key) {
			all = append(all, cobra.CompletionWithDesc(key, row.Source+": "+row.Title))
		}
	}
}

// complete has the command, and those below it, complete sources and entries where they take any, and the flags that have a
// set of values. One that knows better says so itself.
func (a *app) complete(cmd *cobra.Command) {
	switch {
	case cmd.ValidArgsFunction != nil:
	case strings.Contains(cmd.Use, "SOURCE"), strings.Contains(cmd.Use, " ID"):
		cmd.ValidArgsFunction = a.completeSources
	case strings.Contains(cmd.Use, "ENTRY"), cmd.Name() == "why":
		cmd.ValidArgsFunction = a.completeEntries
	case !strings.Contains(cmd.Use, "FILE") && !cmd.HasSubCommands():
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	for flag, complete := range a.completions() {
		if _, own := cmd.GetFlagCompletionFunc(flag); !own && cmd.Flags().Lookup(flag) != nil {
			cobra.CheckErr(cmd.RegisterFlagCompletionFunc(flag, complete)) // it fails for an unknown flag only
		}
	}
	for _, flag := range free {
		if cmd.Flags().Lookup(flag) != nil {
			cobra.CheckErr(cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)) // as above
		}
	}
	for _, below := range cmd.Commands() {
		a.complete(below)
	}
}
