package main

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dateline/cmd/dateline/node"
)

// TestCompletions: a shell offers for each argument and each flag with a value what may be there, files only where a file belongs.
func TestCompletions(t *testing.T) {
	t.Parallel()
	var look func(cmd *cobra.Command)
	look = func(cmd *cobra.Command) {
		if cmd.ValidArgsFunction == nil && !strings.Contains(cmd.Use, "FILE") && !cmd.HasSubCommands() {
			t.Errorf("%s: files are offered", cmd.CommandPath())
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			_, ours := cmd.GetFlagCompletionFunc(f.Name)
			if files := f.Annotations[cobra.BashCompFilenameExt] != nil || f.Annotations[cobra.BashCompSubdirsInDir] != nil; !ours && !files &&
				f.Value.Type() != "bool" && !strings.Contains(f.Usage, "`FILE`") {
				t.Errorf("%s --%s: files are offered", cmd.CommandPath(), f.Name)
			}
		})
		for _, below := range cmd.Commands() {
			look(below)
		}
	}
	look((&app{}).command())
}

// TestExamples: every command has a group and an example, and every example is a command line of it.
func TestExamples(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	var look func(cmd *cobra.Command, path string)
	look = func(cmd *cobra.Command, path string) {
		seen[path] = true
		if cmd.Example == "" {
			t.Errorf("%s: no example", cmd.CommandPath())
		}
		if cmd.HasParent() && !cmd.Parent().HasParent() && cmd.GroupID == "" {
			t.Errorf("%s: no group", cmd.CommandPath())
		}
		for line := range strings.Lines(cmd.Example) {
			if err := parses(cmd, strings.TrimSpace(line)); err != "" {
				t.Errorf("%s: %s", strings.TrimSpace(line), err)
			}
		}
		for _, below := range cmd.Commands() {
			look(below, strings.TrimSpace(path+" "+below.Name()))
		}
	}
	look((&app{}).command(), "")
	for path := range examples {
		if !seen[path] {
			t.Errorf("an example of %q, which is no command", path)
		}
	}
}

// parses says what is wrong with a command line of a command, or of one below it; empty: nothing.
func parses(of *cobra.Command, line string) string {
	quoted := false
	words := strings.FieldsFunc(line, func(r rune) bool {
		if r == '\'' || r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
	for i, w := range words {
		if w == ">" || w == "<" {
			words = words[:i]
			break
		}
	}
	cmd, rest, err := (&app{}).command().Find(words[1:])
	switch {
	case err != nil:
		return err.Error()
	case !strings.HasPrefix(cmd.CommandPath(), of.CommandPath()):
		return "it is of " + cmd.CommandPath()
	case words[0] != "dateline":
		return "it is of another program"
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err.Error()
	}
	if err := cmd.ValidateArgs(cmd.Flags().Args()); err != nil {
		return err.Error()
	}
	return ""
}

// A command that is run for another process registers no completions: cobra never forgets those, and a daemon runs commands for years.
func TestCompletionsOfOwnCommandsOnly(t *testing.T) {
	t.Parallel()
	for _, owned := range []*node.Node{nil, {}} {
		a := &app{stdout: io.Discard, stderr: io.Discard, owned: owned}
		cmd, _, err := a.command().Find([]string{"feed"})
		if err != nil {
			t.Fatal(err)
		}
		if _, has := cmd.GetFlagCompletionFunc("format"); has != (owned == nil) {
			t.Errorf("for another process %t: completions %t", owned != nil, has)
		}
	}
}
