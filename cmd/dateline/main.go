// Command dateline is a news-wire aggregator: it polls the feeds of agencies, keeps them in one file, finds
// out who made each piece, and republishes all of it as one Atom feed in which every source is credited.
//
// The package wires the stages together and speaks to people: commands, flags, signals, exit codes. It has
// no news logic. main.go runs a command line; root.go is the table of commands; app.go finds the store or the process that
// has it open; one file for each command. Package node maps the config to each stage's options; package daemon is the running program.
package main

import (
	"context"
	"errors"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"
)

func main() {
	limitMemory()
	log.SetOutput(io.Discard) // what net/http says of the connections of others
	ctx, end := context.WithCancel(context.Background())
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	a := &app{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		terminal: term.IsTerminal(int(os.Stderr.Fd())),
		colour:   term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == "", // https://no-color.org
	}
	if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		a.width = max(width, 40)
	}
	go func() { // the first signal asks to end, the second ends: from the moment on that the end begins
		<-asked
		signal.Stop(asked)
		end()
		time.Sleep(forceTime)
		os.Exit(int(a.forceEnd()))
	}()
	os.Exit(int(a.run(ctx, os.Args[1:])))
}

// run runs one command line and returns its exit code. What went wrong is printed, with a hint what to do.
func (a *app) run(ctx context.Context, args []string) (code exit) {
	defer func() {
		if p := recover(); p != nil {
			code = a.fail(&bug{value: p})
		}
	}()
	root := a.command()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetErr(io.Discard) // errors are printed here, once
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil && !a.started {
		err = &usageError{err: err}
	}
	var use *usageError
	if errors.As(err, &use) && cmd.HasParent() {
		use.command = strings.TrimPrefix(cmd.CommandPath(), root.Name()+" ")
	}
	return a.fail(err)
}
