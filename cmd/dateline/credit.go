package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"dateline/aggregator/attribute"
	"dateline/aggregator/config"
	"dateline/aggregator/news"
	"dateline/aggregator/page"
	"dateline/aggregator/page/queue"
	"dateline/aggregator/parse"
	"dateline/aggregator/publish"
	"dateline/cmd/dateline/node"
)

func (a *app) creditCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "credit [FILE]",
		Short: "Find the credits in a text, with evidence",
		Long: "Find the credits in a text. FILE (or standard input) is plain text, HTML (of a whole page: the article on it, as\n" +
			"credits_from: page reads it), or JSON Lines of objects with\n" +
			"id, language, title, text, author (the feed's author element), source and published (RFC 3339), all optional.\n" +
			"Lines that name the same source, of the config or not, are its items in order: the style of its datelines is learned from\n" +
			"them. Lines without a source are judged alone.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			collectLess()
			c, err := a.crediting(cmd.Context(), asJSON)
			if err != nil {
				return err
			}
			in := a.stdin
			if len(args) == 1 {
				f, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer f.Close()
				in = f
			}
			return c.read(bufio.NewReaderSize(in, 64<<10))
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// crediting finds the credits of one text after the other.
type crediting struct {
	app      *app
	out      *bufio.Writer
	asJSON   bool
	registry *attribute.Registry
	sources  []news.Source
	lines    *publish.Publisher
	styles   map[string]news.Style // of the datelines, by source
}

// maxLine bounds one line of JSON, and a text that is none.
const maxLine = 16 << 20

// crediting needs no config: without one the built-in registry serves.
func (a *app) crediting(ctx context.Context, asJSON bool) (*crediting, error) {
	cfg, err := a.readConfig(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		def := config.Default()
		cfg, err = &def, nil
	}
	if err != nil {
		return nil, err
	}
	registry, err := node.NewRegistry(cfg)
	if err != nil {
		return nil, err
	}
	return &crediting{app: a, out: bufio.NewWriter(a.stdout), asJSON: asJSON, registry: registry, sources: cfg.NewsSources(),
		styles: map[string]news.Style{},
		lines:  publish.New(publish.Options{Sources: cfg.NewsSources(), Agency: registry.Agency})}, nil
}

// creditInput is one line of JSON.
type creditInput struct {
	ID        string `json:"id"`
	Language  string `json:"language"`
	Title     string `json:"title"`
	Text      string `json:"text"`
	Author    string `json:"author"`
	Source    string `json:"source"`
	Published string `json:"published"`
}

// creditRow is what was found, as --json prints it.
type creditRow struct {
	ID       string        `json:"id"`
	Credits  credits       `json:"credits"`
	Evidence []evidenceRow `json:"evidence"`
	Lead     string        `json:"lead"`
}

func (c *crediting) read(in *bufio.Reader) error {
	first, err := firstByte(in)
	if err != nil {
		return err
	}
	if first == '{' {
		err = c.readLines(in)
	} else {
		var b []byte
		if b, err = io.ReadAll(io.LimitReader(in, maxLine+1)); err == nil {
			err = c.one(creditInput{Text: string(b)})
		}
	}
	return errors.Join(err, c.out.Flush())
}

// firstByte looks at the first byte that is no white space; 0: there is none.
func firstByte(in *bufio.Reader) (byte, error) {
	for n := 1; ; n++ {
		b, err := in.Peek(n)
		if len(b) < n {
			if err == io.EOF || errors.Is(err, bufio.ErrBufferFull) {
				return 0, nil
			}
			return 0, err
		}
		if last := b[n-1]; !bytes.ContainsAny(b[n-1:], " \t\r\n\ufeff") {
			return last, nil
		}
	}
}

func (c *crediting) readLines(in *bufio.Reader) error {
	c.asJSON = true // many inputs are distinguished by their ids
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimPrefix(bytes.TrimSpace(lines.Bytes()), []byte("\ufeff"))
		if len(line) == 0 {
			continue
		}
		var input creditInput
		if err := json.Unmarshal(line, &input); err != nil {
			return usage("line %d is no JSON object as `dateline help credit` describes it: %w", n, err)
		}
		if err := c.one(input); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return lines.Err()
}

// one finds the credits of one text.
func (c *crediting) one(in creditInput) error {
	if len(in.Text) > maxLine {
		return usage("a text of more than %d bytes", maxLine)
	}
	it := news.Item{Title: in.Title, Language: in.Language}
	if in.Published != "" {
		t, err := time.Parse(time.RFC3339, in.Published)
		if err != nil {
			return usage("published %q: want a time such as 2026-11-24T08:00:00Z", in.Published)
		}
		it.Published = t.UTC()
	}
	if in.Author != "" {
		it.Authors = []news.Person{{Name: in.Author}}
	}
	var src news.Source
	if i := slices.IndexFunc(c.sources, func(s news.Source) bool { return s.ID == in.Source }); i >= 0 && in.Source != "" {
		src = c.sources[i]
	}
	found, isPage := c.onPage(in, it, src)
	if !isPage {
		found = c.registry.Credit(attribute.Input{Item: &it, Text: plainText(in.Text), Source: src, Style: c.styles[in.Source]})
		if in.Source != "" {
			c.styles[in.Source] = found.Style
		}
	}
	it.Source, it.Credits, it.Lead = src.ID, found.Credits, found.Lead
	line := c.lines.CreditLine(news.Entry{}, []news.Item{it}, in.Language)
	rec := creditRow{ID: in.ID, Credits: newCredits(found.Credits, line), Evidence: []evidenceRow{}, Lead: found.Lead}
	for _, e := range found.Evidence {
		rec.Evidence = append(rec.Evidence, newEvidence(e))
	}
	return c.print(rec)
}

// onPage finds the credits of a whole HTML page as `credits_from: page` does; a page on which it cannot be decided which article is meant
// has none, nor has one without an article. ok is false for a text that is no page.
func (c *crediting) onPage(in creditInput, it news.Item, src news.Source) (found attribute.Result, ok bool) {
	if !page.IsPage([]byte(in.Text)) {
		return found, false
	}
	art, err := page.Read([]byte(in.Text), page.Options{})
	if err != nil {
		return found, true
	}
	if in.Author != "" {
		art.Authors = append([]page.Author{{Name: in.Author, Kind: page.Visible}}, art.Authors...)
	}
	return queue.Credit(c.registry, src, it, art, time.Time{}), true
}

func (c *crediting) print(rec creditRow) error {
	if c.asJSON {
		return writeJSON(c.out, rec)
	}
	_ = write(c.out, "line      %s\n", rec.Credits.Line) // the last line fails too
	for _, e := range rec.Evidence {
		e.print(c.out)
	}
	return write(c.out, "lead      %s\n", rec.Lead)
}

// plainText returns the text of HTML, and other text as it is.
func plainText(s string) string {
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '<' && (s[i+1] == '/' || s[i+1] == '!' || 'a' <= s[i+1]|0x20 && s[i+1]|0x20 <= 'z') {
			return parse.Plain(s)
		}
	}
	return s
}
