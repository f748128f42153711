package main

import (
	"encoding/xml"
	"fmt"
	"strings"

	"dateline/aggregator/config"
)

// The formats of `check`.
const (
	checkText   = "text"
	checkGitHub = "github"
	checkJUnit  = "junit"
	checkJSON   = "json" // --json
)

// checkFormats are those that --format takes.
var checkFormats = []string{checkText, checkGitHub, checkJUnit}

// report prints what was found in a format.
func (a *app) report(found checkRow, format string) error {
	switch format {
	case checkJSON:
		return a.json(found)
	case checkGitHub:
		a.printAnnotations(found)
		return nil
	case checkJUnit:
		return a.printJUnit(found)
	}
	for _, e := range found.Errors {
		a.printFinding("", e)
	}
	for _, e := range found.Warnings {
		if !a.quiet {
			a.printFinding("warning: ", e)
		}
	}
	for _, p := range found.Pages {
		switch {
		case a.quiet:
		case p.PerDay == 0:
			a.printf("pages: %s: how many a day are asked for is not known yet\n", p.ID)
		default:
			a.printf("pages: %s: %.1f a day were asked for\n", p.ID, p.PerDay)
		}
	}
	return a.printProbes(found.Sources)
}

// ill reports whether a source was asked and could not be read.
func (p probeRow) ill() bool { return p.Error != "" && p.Result != waiting }

// printAnnotations prints errors and warnings as workflow commands, which GitHub shows beside the lines of the file:
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
func (a *app) printAnnotations(found checkRow) {
	for _, e := range found.Errors {
		a.annotate("error", e)
	}
	for _, e := range found.Warnings {
		if !a.quiet {
			a.annotate("warning", e)
		}
	}
	for _, p := range found.Sources {
		switch {
		case p.ill():
			a.annotate("error", found.at(p))
		case p.Error != "":
			a.annotate("notice", found.at(p))
		}
	}
}

// at returns what is said of a source, at its address in the file.
func (found checkRow) at(p probeRow) *config.Error {
	return found.cfg.Finding(p.ID, "source "+p.ID+": "+p.Error)
}

var (
	annotationText  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	annotationValue = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func (a *app) annotate(level string, e *config.Error) {
	place := "file=" + annotationValue.Replace(e.File)
	if e.Line > 0 {
		place += fmt.Sprintf(",line=%d,col=%d", e.Line, e.Column)
	}
	a.printf("::%s %s::%s\n", level, place, annotationText.Replace(e.Text()))
}

// The elements of a report as JUnit writes it, as far as CI servers agree on them.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Name    string       `xml:"name,attr"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
		Out     string        `xml:"system-out,omitempty"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

// printJUnit prints a report with a case for the file and one for each source that was looked at. A source that waits is skipped.
func (a *app) printJUnit(found checkRow) error {
	file := junitCase{Class: "config", Name: a.configPath, Out: eachLine(found.Warnings)}
	if n := len(found.Errors); n > 0 {
		file.Failure = &junitMessage{Message: counted(n, "error"), Text: eachLine(found.Errors)}
	}
	suite := junitSuite{Name: a.configPath}
	suite.add(file)
	for _, p := range found.Sources {
		c := junitCase{Class: "sources", Name: p.ID}
		switch {
		case p.ill():
			c.Failure = &junitMessage{Message: p.Error, Text: found.at(p).Error()}
		case p.Error != "":
			c.Skipped = &junitMessage{Message: p.Error}
		}
		suite.add(c)
	}
	b, err := xml.MarshalIndent(junitSuites{Name: "dateline check", Suites: []junitSuite{suite}}, "", "  ")
	if err != nil {
		return err
	}
	a.printf("%s%s\n", xml.Header, b)
	return nil
}

// eachLine returns errors or warnings, each on one line.
func eachLine(all []*config.Error) string {
	var b strings.Builder
	for _, e := range all {
		b.WriteString(e.Error() + "\n")
	}
	return b.String()
}
