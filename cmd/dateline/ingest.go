package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dateline/aggregator"
	"dateline/aggregator/config"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
)

func (a *app) ingestCommand() *cobra.Command {
	var r aggregator.Request
	var asJSON bool
	var deadline time.Duration
	var document string
	cmd := &cobra.Command{
		Use:   "ingest [SOURCE...]",
		Short: "Visit the sources that are due, once, and exit",
		Long: "Visit the sources that are due, once, and exit. With --document nothing is visited: the document that another " +
			"program fetched or\n" +
			"made is stored as one of the source, by the same rules.",
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case deadline < 0:
				return usage("--deadline %v: want a time such as 4m", deadline)
			case r.Force && len(args) == 0:
				return usage("--force: name the sources that are to be asked in spite of a Retry-After")
			case document != "" && (len(args) != 1 || r.Now || r.Force):
				return usage("--document takes what one source has published: name that source, without --now and --force")
			case document != "":
				if err := a.readDocument(document); err != nil {
					return err
				}
			}
			r.Sources = args
			return a.writes(cmd, args, func(ctx context.Context, w *node.Node) error {
				if deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, deadline)
					defer cancel()
				}
				if document != "" {
					return a.take(ctx, w, args[0], a.files[document], asJSON)
				}
				return a.ingest(ctx, w, r, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&r.Now, "now", false, "visit sources that are not due too; what a server asked for is obeyed all the same")
	cmd.Flags().BoolVar(&r.Force, "force", false, "ask the named sources once, now, though a server asked for a pause (Retry-After)")
	cmd.Flags().Var(duration{&deadline, "deadline"}, "deadline",
		"stop after the time `D`, such as 4m; what is not visited stays due; 0: never")
	cmd.Flags().StringVar(&document, "document", "", "store the document `FILE` of the source in place of asking it; - is standard input")
	cobra.CheckErr(cmd.MarkFlagFilename("document")) // it fails for an unknown flag only
	jsonFlag(cmd, &asJSON)
	return cmd
}

// readDocument reads a document for the process that has the store open.
func (a *app) readDocument(path string) error {
	if a.owned != nil {
		return nil
	}
	b, err := a.readBounded(path)
	a.files = map[string][]byte{path: b}
	return err
}

// readBounded reads a file, or standard input for -. It is refused where it is larger than what a source may send: network.max_body of
// the config, the default where that cannot be read.
func (a *app) readBounded(path string) ([]byte, error) {
	most := config.Default().Network.MaxBody
	if cfg, err := a.config(); err == nil {
		most = cfg.Network.MaxBody
	}
	b, err := a.readUpTo(path, int64(most)+1)
	if err == nil && bytes.HasPrefix(b, gzipMagic) && int64(len(b)) <= int64(most) {
		if b, err = unzipped(b, int64(most)+1); err != nil {
			return nil, &exitError{fmt.Errorf("%s: %w", path, err), exitData, "it begins as gzip does: make it anew, or unpack it first"}
		}
	}
	if int64(len(b)) > int64(most) {
		return nil, usage("%s is larger than network.max_body (%v)", path, most)
	}
	return b, err
}

// gzipMagic is how a file of gzip begins (RFC 1952 section 2.3.1).
var gzipMagic = []byte("\x1f\x8b")

// unzipped returns so many bytes of what is compressed in b.
func unzipped(b []byte, most int64) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, most))
}

// readUpTo reads so many bytes of a file, or of standard input for -.
func (a *app) readUpTo(path string, most int64) ([]byte, error) {
	in := a.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, most))
}

// take stores a document that was not asked for.
func (a *app) take(ctx context.Context, w *node.Node, source string, document []byte, asJSON bool) error {
	if most := w.Config.Network.MaxBody; int64(len(document)) > int64(most) {
		return usage("the document is larger than network.max_body (%v)", most)
	}
	began := time.Now()
	report, err := w.Engine.Take(ctx, source, document)
	return a.ingested(ctx, w, report, err, began, asJSON)
}

func (a *app) ingest(ctx context.Context, w *node.Node, r aggregator.Request, asJSON bool) error {
	bar := a.progress()
	began := time.Now()
	r.Visited = bar.visited
	r.Chosen = bar.expects
	report, err := w.Engine.Ingest(ctx, r)
	bar.clear()
	err = a.ingested(ctx, w, report, err, began, asJSON)
	if err == nil && report.Visited == 0 && !a.verbose && !asJSON {
		a.success("nothing visited%s", whyIdle(w, r))
	}
	return err
}

// whyIdle says when the first of the sources asked for is due, or what it waits for; all sources where none is named.
func whyIdle(w *node.Node, r aggregator.Request) string {
	now := time.Now()
	all, err := w.Status(now)
	if err != nil {
		return ""
	}
	all = slices.DeleteFunc(all, func(s node.SourceStatus) bool {
		return s.State == status.Disabled || time.Time(s.NextDue).IsZero() || len(r.Sources) > 0 && !slices.Contains(r.Sources, s.ID)
	})
	switch {
	case len(all) == 0 && len(r.Sources) > 0:
		return fmt.Sprintf(": %s: not polled, see `dateline status`", strings.Join(r.Sources, ", "))
	case len(all) == 0:
		return ": no source is enabled, or all of them are gone"
	}
	first := slices.MinFunc(all, func(x, y node.SourceStatus) int { return time.Time(x.NextDue).Compare(time.Time(y.NextDue)) })
	due := ago(time.Time(first.NextDue), now)
	if first.WaitingFor != nil && time.Time(first.WaitingFor.Until).After(now) {
		return fmt.Sprintf(": %s wants no request yet, the first of %s is due %s; --force SOURCE asks once", first.WaitingFor.Host,
			counted(len(all), "source"), due)
	}
	if r.Now {
		return fmt.Sprintf(": the server of %s wants no request during a pause; --force SOURCE asks once", first.ID)
	}
	return fmt.Sprintf(": %s is due first, %s; --now asks before", first.ID, due)
}

// ingested says what a pass did, once that is served.
func (a *app) ingested(ctx context.Context, w *node.Node, report aggregator.Report, err error, began time.Time, asJSON bool) error {
	var unknown *aggregator.UnknownSourceError
	if errors.As(err, &unknown) {
		return err
	}
	if err != nil && errors.Is(err, ctx.Err()) {
		err = fmt.Errorf("the pass ended early, with %d of %d sources not visited: %w", report.Unvisited, report.Unvisited+report.Visited, err)
	}
	err = errors.Join(err, w.Published(ctx)) // also what another visit brought a moment ago
	a.complain(report)
	if asJSON {
		err = errors.Join(err, a.json(newReport(report)))
	} else if a.verbose {
		a.printf("%s\n", summary(report))
	}
	if ctx.Err() != nil { // what was called off has not failed
		return errors.Join(err, lost(report))
	}
	if lost := lost(report); lost != nil { // it says more than that sources failed
		return errors.Join(err, lost)
	}
	if err == nil && report.Visited > 0 && !a.verbose && !asJSON {
		a.success("%s visited, %s new, %s failed in %s", thousands(report.Visited), thousands(report.New),
			thousands(report.Failed+report.Partial), span(time.Since(began)))
	}
	return errors.Join(err, failures(report))
}

// maxComplaints is how many failed sources are named: in an outage of everything the rest says no more.
const maxComplaints = 20

// complain names the first of the sources that failed, each on one line, and counts the others.
func (a *app) complain(r aggregator.Report) {
	failed := 0
	for _, v := range r.Visits {
		if v.Err == nil {
			continue
		}
		if failed++; failed > maxComplaints {
			continue
		}
		var lost *aggregator.CommitError
		if errors.As(v.Err, &lost) { // it names the source
			a.complaint("%v", lost)
		} else {
			a.complaint("source %s: %s", v.Source, reason(v.Err))
		}
	}
	if more := failed - maxComplaints; more > 0 {
		a.complaint("and %d more", more)
	}
}

// reason says why a source failed, and which key of the config would let it in where that is why.
func reason(err error) string {
	var guard *fetch.GuardError
	if errors.As(err, &guard) && guard.Option != "" {
		return fmt.Sprintf("%v; network.%s would let it in", err, strings.ToLower(guard.Option))
	}
	return err.Error()
}

// lost returns what could not be recorded, once.
func lost(r aggregator.Report) error {
	var lost *aggregator.CommitError
	for _, v := range r.Visits {
		if errors.As(v.Err, &lost) {
			return lost
		}
	}
	return nil
}

func failures(r aggregator.Report) error {
	if n := r.Failed + r.Partial; n > 0 {
		return &sourcesError{failed: n, visited: r.Visited, unstored: r.Failed > 0 && r.Visits[0].ByHand}
	}
	return nil
}

func summary(r aggregator.Report) string {
	return fmt.Sprintf("%d visited: %d not modified, %d unchanged, %d partial, %d failed; items: %d new, %d updated, %d joined, %d held",
		r.Visited, r.NotModified, r.Unchanged, r.Partial, r.Failed, r.New, r.Updated, r.Joined, r.Held)
}

// report is a pass as --json prints it.
type report struct {
	Visited     int        `json:"visited"`
	NotModified int        `json:"not_modified"`
	Unchanged   int        `json:"unchanged"`
	Partial     int        `json:"partial"`
	Failed      int        `json:"failed"`
	New         int        `json:"new"`
	Updated     int        `json:"updated"`
	Joined      int        `json:"joined"`
	Held        int        `json:"held"`
	Sources     []visitRow `json:"sources"`
}

type visitRow struct {
	ID      string      `json:"id"`
	Result  news.Result `json:"result"`
	Status  int         `json:"status"`
	New     int         `json:"new"`
	Updated int         `json:"updated"`
	Error   string      `json:"error,omitempty"`
}

func newReport(r aggregator.Report) report {
	out := report{Visited: r.Visited, NotModified: r.NotModified, Unchanged: r.Unchanged, Partial: r.Partial, Failed: r.Failed,
		New: r.New, Updated: r.Updated, Joined: r.Joined, Held: r.Held, Sources: []visitRow{}}
	for _, v := range r.Visits {
		rec := visitRow{ID: v.Source, Result: v.Result, Status: v.Status, New: v.New, Updated: v.Updated}
		if v.Err != nil {
			rec.Error = v.Err.Error()
		}
		out.Sources = append(out.Sources, rec)
	}
	return out
}
