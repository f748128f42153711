package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dateline/aggregator/config"
)

// near returns the word that was probably meant, by cobra's own measure; empty: none is near.
func near(word string, words []string) string {
	all := &cobra.Command{SuggestionsMinimumDistance: 2}
	if len(word) < 5 {
		all.SuggestionsMinimumDistance = 1 // two slips make of a short word any other
	}
	for _, w := range words {
		all.AddCommand(&cobra.Command{Use: w, Run: func(*cobra.Command, []string) {}})
	}
	for _, w := range words {
		if slices.Contains(all.SuggestionsFor(word), w) {
			return w
		}
	}
	return ""
}

// didYouMean is the end of an error about a word that was not understood.
func didYouMean(word string) string {
	if word == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", word)
}

// noSuchCommand is the error of arguments of a command that is only the name of several.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.SuggestionsMinimumDistance == 0 {
		cmd.SuggestionsMinimumDistance = 2
	}
	if cmd.Name() == "completion" {
		var shells []string
		for _, c := range cmd.Commands() {
			shells = append(shells, c.Name())
		}
		return fmt.Errorf("no completion for %q: want one of %s", args[0], strings.Join(shells, ", "))
	}
	meant := commandElsewhere(cmd, args[0])
	if all := cmd.SuggestionsFor(args[0]); len(all) > 0 && meant == "" {
		meant = all[0]
	}
	return fmt.Errorf("unknown command %q for %q%s", args[0], cmd.CommandPath(), didYouMean(meant))
}

// otherWords are what shells and other programs call our commands.
var otherWords = map[string]string{"ls": "list", "rm": "remove", "del": "remove", "delete": "remove", "new": "add", "cat": "show",
	"find": "discover", "start": "serve", "run": "serve", "poll": "ingest", "pull": "ingest", "validate": "check", "lint": "check"}

// commandElsewhere returns the command below cmd, else below one of its siblings or children, whose name a word is, or means; empty: none.
func commandElsewhere(cmd *cobra.Command, word string) string {
	name := cmp.Or(otherWords[word], word)
	path := func(c *cobra.Command) string { return strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ") }
	for _, c := range cmd.Commands() {
		if c.Name() == name {
			return path(c)
		}
	}
	for _, group := range append([]*cobra.Command{cmd.Root()}, cmd.Root().Commands()...) {
		for _, c := range group.Commands() {
			if c.Name() == name && c.IsAvailableCommand() && group.Name() != "completion" {
				return path(c)
			}
		}
	}
	return ""
}

// badValue says of a flag what it wants in place of the value that it was given.
func badValue(err *pflag.InvalidValueError) error {
	flag := err.GetFlag()
	want := map[string]string{"bool": "true, false or nothing", "int": "a whole number such as 20"}[flag.Value.Type()]
	if want == "" {
		return fmt.Errorf("--%s: %w", flag.Name, errors.Unwrap(err))
	}
	return fmt.Errorf("--%s: %q: want %s", flag.Name, err.GetValue(), want)
}

// duration is a flag's length of time, written as in the config or as time.ParseDuration reads it.
type duration struct {
	d    *time.Duration
	flag string // its name
}

func (d duration) String() string {
	if d.d == nil {
		return ""
	}
	if *d.d%time.Second != 0 {
		return d.d.String()
	}
	return config.Duration(*d.d).String()
}
func (d duration) Type() string { return "duration" }
func (d duration) Set(s string) error {
	read, err := config.ReadDuration(d.flag, s)
	if short, other := time.ParseDuration(s); err != nil && other == nil && short > 0 { // 300ms, 1.5h
		read, err = config.Duration(short), nil
	}
	if err != nil {
		return err
	}
	*d.d = time.Duration(read)
	return nil
}

// noSuchFlag adds to the error of an unknown flag the one that was probably meant, and to that of a wrong value what is wanted.
func noSuchFlag(cmd *cobra.Command, err error) error {
	var wrong *pflag.InvalidValueError
	if errors.As(err, &wrong) {
		return badValue(wrong)
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if meant := near(unknown.GetSpecifiedName(), names); meant != "" {
		return fmt.Errorf("%w%s", err, didYouMean("--"+meant))
	}
	return err
}

// noEmptyValue returns an error for a flag that was given nothing, as a variable without a value gives it: the flag would count as
// not given, and the command would do something else.
func noEmptyValue(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		empty := f.Value.Type() == "string" && f.Value.String() == ""
		if list, several := f.Value.(pflag.SliceValue); several {
			empty = len(list.GetSlice()) == 0 || slices.Contains(list.GetSlice(), "")
		}
		if name, _ := pflag.UnquoteUsage(f); empty && err == nil {
			err = fmt.Errorf("--%s: its value is empty: want %s, or leave the flag away", f.Name, name)
		}
	})
	return err
}

// oneOf returns an error for a value of a flag that is none of words.
func oneOf(flag, value string, words []string) error {
	if slices.Contains(words, value) {
		return nil
	}
	return usage("unknown %s %q: it is one of %s%s", flag, value, strings.Join(words, ", "), didYouMean(near(value, words)))
}
