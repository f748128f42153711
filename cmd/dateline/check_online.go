package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/config"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// probeRow is a source as `check --online --json` prints it.
type probeRow struct {
	ID           string `json:"id"`
	Result       string `json:"result"` // as of a visit; waiting: it was not asked, since it wants no request yet
	Status       int    `json:"status"`
	Type         string `json:"type"`
	Items        int    `json:"items"`
	Undated      int    `json:"undated"`
	ETag         string `json:"etag"`
	LastModified string `json:"last_modified"`
	Hub          string `json:"hub"`
	CertUntil    moment `json:"cert_until"`
	URL          string `json:"url"` // that answered
	Error        string `json:"error"`
}

const waiting = "waiting"

// checkOnline reads each enabled source of the config that is checked, which may be newer than what the owner of the store works by;
// where there is an old one, only those that are new or read otherwise.
func (a *app) checkOnline(ctx context.Context, w *node.Node, old *config.Config, found checkRow, format string) error {
	cfg := found.cfg
	var changed []string
	if old != nil {
		changed = cfg.Since(old).Read
	}
	var sources []news.Source
	for _, src := range cfg.NewsSources() {
		if src.Enabled && (old == nil || slices.Contains(changed, src.ID)) {
			sources = append(sources, src)
		}
	}
	probes, err := w.Probe(ctx, cfg, sources)
	if err = cmp.Or(ctx.Err(), err); err != nil {
		return err
	}
	known := knownHere(w, probes)
	failed, asked := 0, 0
	for _, p := range probes {
		r := probeRow{
			ID: p.Source, Result: string(p.Result), Status: p.Status, Type: p.Format, Items: p.Items, Undated: p.Undated,
			ETag: p.Validators.ETag, LastModified: p.Validators.LastModified, Hub: p.Hub, CertUntil: moment(p.CertUntil), URL: p.URL,
		}
		var paused *fetch.PausedError
		switch {
		case errors.As(p.Err, &paused):
			r.Result, r.Error = waiting, p.Err.Error()
		case p.Err != nil:
			asked++
			failed++
			r.Error = reason(p.Err)
		default:
			asked++
		}
		found.Sources = append(found.Sources, r)
	}
	found.Warnings = append(found.Warnings, cfg.Warnings(known)...)
	if err := a.printCheck(found, format); err != nil {
		return err
	}
	if failed > 0 {
		return &sourcesError{failed: failed, visited: asked, unstored: true}
	}
	return nil
}

// knownHere returns what the probes and the store know of the sources.
func knownHere(w *node.Node, probes []aggregator.Probe) map[string]config.Known {
	known := map[string]config.Known{}
	if status, err := w.Status(time.Now()); err == nil {
		for _, s := range status {
			known[s.ID] = config.Known{Moved: s.LearnedURL}
		}
	}
	_ = w.View(func(v store.View) error { // what cannot be read is not warned of
		states, err := v.States()
		for id, s := range states {
			k := known[id]
			k.URL = readAt(s.URL, s.Items)
			known[id] = k
		}
		return err
	})
	for _, p := range probes {
		k := known[p.Source]
		if p.Err == nil {
			k.HTTPS, k.Unvalidated = p.HTTPS, p.Validators.IsZero()
		}
		if p.Format != "" {
			k.Read, k.Undated = p.Items, p.Undated
		}
		known[p.Source] = k
	}
	return known
}

func (a *app) printProbes(all []probeRow) error {
	if len(all) == 0 {
		return nil
	}
	rows := [][]string{{"SOURCE", "RESULT", "STATUS", "TYPE", "ITEMS", "UNDATED", "VALIDATORS", "HUB", "CERTIFICATE UNTIL", "URL", "ERROR"}}
	for _, p := range all {
		problem, validators := p.Error, "-"
		if a.width > 0 {
			problem = withoutAddress(problem, p.URL)
		}
		switch {
		case p.ETag != "" && p.LastModified != "":
			validators = "both"
		case p.ETag != "":
			validators = "etag"
		case p.LastModified != "":
			validators = "date"
		}
		rows = append(rows, []string{p.ID, p.Result, fmt.Sprint(p.Status), cmp.Or(p.Type, "-"), fmt.Sprint(p.Items), fmt.Sprint(p.Undated),
			validators,
			cmp.Or(p.Hub, "-"), node.Stamp(time.Time(p.CertUntil)), cmp.Or(p.URL, "-"), cmp.Or(problem, "-")})
	}
	return a.table(a.narrowed(rows, 0, 1, 2, 3, 4, 10))
}
