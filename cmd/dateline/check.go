package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/aggregator/fetch"
	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

func (a *app) checkCommand() *cobra.Command {
	var online, asJSON bool
	var against, format string
	cmd := &cobra.Command{
		Use: "check", Short: "Check the config: every error, then what is doubtful", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch err := oneOf("format", format, checkFormats); {
			case err != nil:
				return err
			case asJSON && cmd.Flag("format").Changed:
				return usage("--json is a format: leave --format away")
			case against != "" && !online:
				return usage("--against says which sources --online looks at")
			case asJSON:
				format = checkJSON
			}
			found := checkRow{Errors: []*config.Error{}, Warnings: []*config.Error{}}
			cfg, err := a.checked(&found)
			if err != nil {
				return err
			}
			var old *config.Config
			if against != "" {
				if old, err = a.older(against); err != nil {
					return err
				}
			}
			switch {
			case len(found.Errors) == 0 && online:
				return a.reads(cmd, args, func(ctx context.Context, w *node.Node) error { return a.checkOnline(ctx, w, old, found, format) })
			case len(found.Errors) == 0:
				known, err := refusedHere(cfg, a.known(cmd.Context(), cfg.Store.Path))
				if err != nil {
					return err
				}
				if err := found.warn(cfg, known); err != nil {
					return err
				}
				found.Pages = pagesRows(cfg, known)
			}
			return a.printCheck(found, format)
		},
	}
	cmd.Flags().BoolVar(&online, "online", false, "read each source once, conditionally, and store nothing")
	cmd.Flags().StringVar(&against, "against", "", "with --online: only sources that are new, or read otherwise than by the config `OLD`")
	cmd.Flags().StringVar(&format, "format", checkText, "print `FORMAT`: "+strings.Join(checkFormats, ", "))
	cobra.CheckErr(cmd.MarkFlagFilename("against", "yaml", "yml"))
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc("format",
		a.completeWords(func(*config.Config) []string { return slices.Clone(checkFormats) })))
	jsonFlag(cmd, &asJSON)
	return cmd
}

// checkRow is what `check --json` prints; errors on standard output too, since they are what was asked for.
type checkRow struct {
	Errors   []*config.Error `json:"errors"`
	Warnings []*config.Error `json:"warnings"`
	Sources  []probeRow      `json:"sources,omitempty"` // with --online
	Pages    []pagesRow      `json:"pages,omitempty"`   // sources whose articles' pages are read

	cfg *config.Config // nil: it has errors
}

// warn adds what is doubtful in a config, in the order of the file.
func (found *checkRow) warn(cfg *config.Config, known map[string]config.Known) error {
	more, err := node.Warnings(cfg)
	found.Warnings = append(append(found.Warnings, cfg.Warnings(known)...), more...)
	slices.SortStableFunc(found.Warnings, func(a, b *config.Error) int { return cmp.Compare(a.Line, b.Line) })
	return err
}

// checked reads the config that is checked, the caller's where the owner runs this. What is wrong with it is found.
func (a *app) checked(found *checkRow) (*config.Config, error) {
	text, handed := a.files[a.configPath]
	if !handed {
		var err error
		if text, err = a.readUpTo(a.configPath, config.MaxSize+1); err != nil {
			return nil, err
		}
		path, err := filepath.Abs(a.configPath)
		if err != nil {
			return nil, err
		}
		a.files = map[string][]byte{path: text}
	}
	return a.parsed(text, found)
}

// older reads the config that another one is held against, the caller's where the owner runs this.
func (a *app) older(path string) (*config.Config, error) {
	text, handed := a.files[path]
	if !handed {
		var err error
		if text, err = a.readUpTo(path, config.MaxSize+1); err != nil {
			return nil, err
		}
		a.files[path] = text
	}
	return config.Parse(path, text)
}

// parsed reads the text of the config that is checked.
func (a *app) parsed(text []byte, found *checkRow) (*config.Config, error) {
	cfg, err := config.Parse(a.configPath, text)
	var errs config.Errors
	if errors.As(err, &errs) {
		found.Errors = errs
		return nil, nil
	}
	if err == nil {
		if found.Errors = append(found.Errors, node.QueryErrors(cfg)...); len(found.Errors) > 0 {
			return nil, nil
		}
		if _, err = node.NewRegistry(cfg); errors.As(err, &errs) {
			found.Errors = errs
			return nil, nil
		}
		found.cfg = cfg
	}
	return cfg, err
}

func (a *app) printCheck(found checkRow, format string) error {
	if err := a.report(found, format); err != nil {
		return err
	}
	switch n := len(found.Errors); {
	case n == 1:
		return fmt.Errorf("%w: %s has an error", node.ErrConfig, a.configPath)
	case n > 1:
		return fmt.Errorf("%w: %s has %d errors", node.ErrConfig, a.configPath, n)
	}
	ill := slices.ContainsFunc(found.Sources, func(p probeRow) bool { return p.Error != "" && p.Result != waiting })
	if complaints := "no complaints"; format == checkText && !ill {
		if n := len(found.Warnings); n > 0 {
			complaints = counted(n, "warning")
		}
		a.success("%s: %s, %s", a.configPath, counted(len(found.cfg.Sources), "source"), complaints)
	}
	return nil
}

func (a *app) printFinding(kind string, e *config.Error) {
	a.printf("%s%v\n", kind, e)
	for line := range strings.Lines(e.Excerpt) {
		a.printf("    %s\n", strings.TrimRight(line, "\n"))
	}
}

// known returns what the store knows of the sources, as far as it can be asked: a check of the config must not fail
// over it.
func (a *app) known(ctx context.Context, path string) map[string]config.Known {
	var seen bytes.Buffer
	file, err := filepath.Abs(a.configPath)
	if err != nil {
		return nil
	}
	out := map[string]config.Known{}
	call := control.Call{Config: file, Args: []string{"status", "--json"}}
	if code, err := control.Ask(ctx, path, call, &seen, io.Discard); err == nil && code == int(exitOK) {
		var all struct{ Sources []node.SourceStatus }
		if json.Unmarshal(seen.Bytes(), &all) != nil {
			return nil
		}
		for _, s := range all.Sources {
			out[s.ID] = config.Known{
				URL:   readAt(s.URL, s.Items),
				Moved: s.LearnedURL, Unvalidated: !time.Time(s.LastSuccess).IsZero() && s.ETag == "" && s.LastModified == "",
				Read: int(s.Items), Undated: int(s.Undated),
			}
			if p := s.Pages; p != nil {
				k := out[s.ID]
				k.Pages = p.PerDay
				out[s.ID] = k
			}
		}
		return out
	}
	st, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		return nil
	}
	defer st.Close()
	_ = st.View(func(v store.View) error { // what cannot be read is not warned of
		states, err := v.States()
		for id, s := range states {
			out[id] = config.Known{
				URL:   readAt(s.URL, s.Items),
				Moved: s.Learned, Unvalidated: !s.LastSuccess.IsZero() && s.Validators.IsZero(),
				Read: int(s.Tally.Items), Undated: int(s.Tally.Undated), Pages: status.PagesPerDay(s.Pages, time.Now()),
			}
		}
		return err
	})
	return out
}

// refusedHere adds to what is known of sources which of them no request goes to.
func refusedHere(cfg *config.Config, known map[string]config.Known) (map[string]config.Known, error) {
	client, err := node.NewClient(cfg, Version())
	if err != nil {
		return nil, err
	}
	defer client.Close()
	for _, s := range cfg.Sources {
		err := client.Foreseeable(s.URL)
		var guard *fetch.GuardError
		if !errors.As(err, &guard) {
			continue
		}
		if known == nil {
			known = map[string]config.Known{}
		}
		k := known[s.ID]
		k.Refused = reason(&fetch.GuardError{Address: guard.Address, Reason: guard.Reason, Option: guard.Option})
		known[s.ID] = k
	}
	return known, nil
}

// readAt returns the address of a source that has items; empty: it has none.
func readAt(url string, items uint64) string {
	if items == 0 {
		return ""
	}
	return url
}
