package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
	meant := ""
	if all := cmd.SuggestionsFor(args[0]); len(all) > 0 {
		meant = all[0]
	}
	return fmt.Errorf("unknown command %q for %q%s", args[0], cmd.CommandPath(), didYouMean(meant))
}

// noSuchFlag adds to the error of an unknown flag the one that was probably meant.
func noSuchFlag(cmd *cobra.Command, err error) error {
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

// oneOf returns an error for a value of a flag that is none of words.
func oneOf(flag, value string, words []string) error {
	if slices.Contains(words, value) {
		return nil
	}
	return usage("unknown %s %q: it is one of %s%s", flag, value, strings.Join(words, ", "), didYouMean(near(value, words)))
}
