package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// workers are processes that run one command line of the program after another: to start the program costs more than
// most commands do. Each runs one at a time, in the working folder that it is given.
type workers struct {
	mu   sync.Mutex
	idle []*worker
	all  []*worker
}

// worker is a process that runs work.
type worker struct {
	cmd  *exec.Cmd
	jobs io.WriteCloser
	send *json.Encoder
	read *json.Decoder
}

// job is a command line, and the folder and the folder for temporary files that it runs in.
type job struct {
	Dir, Tmp string
	Args     []string
	Get      string // of serve: a path that is asked for, before it is asked to end; the body is what it prints
}

// outcome is what a command line printed, and its exit code.
type outcome struct {
	Code           int
	Stdout, Stderr []byte
}

// work runs the jobs that standard input brings until it ends.
func work() {
	read, send := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var j job
		if read.Decode(&j) != nil {
			return
		}
		if err := os.Chdir(j.Dir); err != nil {
			panic(err)
		}
		os.Setenv("TMPDIR", j.Tmp)
		if err := send.Encode(j.do()); err != nil {
			panic(err)
		}
	}
}

func (j job) do() outcome {
	var stdout, stderr bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
	if j.Get == "" {
		return outcome{int(a.run(context.Background(), j.Args)), stdout.Bytes(), stderr.Bytes()}
	}
	ctx, end := context.WithCancel(context.Background())
	defer end()
	said, say := io.Pipe()
	a.stderr = say
	var heard sync.WaitGroup
	heard.Go(func() {
		for lines := bufio.NewScanner(said); lines.Scan(); {
			fmt.Fprintln(&stderr, lines.Text())
			var serving struct{ Listen string }
			if json.Unmarshal(lines.Bytes(), &serving) == nil && serving.Listen != "" {
				heard.Go(func() { // beside the reading: the daemon logs what it cannot serve before it answers
					defer end()
					copyAnswer(&stdout, "http://"+serving.Listen+j.Get)
				})
			}
		}
	})
	code := a.run(ctx, j.Args)
	say.Close()
	heard.Wait()
	return outcome{int(code), stdout.Bytes(), stderr.Bytes()}
}

// copyAnswer writes the answer of url to w where it is 200.
func copyAnswer(w io.Writer, url string) {
	answer, err := http.Get(url)
	if err == nil && answer.StatusCode == http.StatusOK {
		_, err = io.Copy(w, answer.Body)
	}
	if err != nil {
		panic(err)
	}
	answer.Body.Close()
}

// newWorkers returns workers that end with the test. None is started before it is needed.
func newWorkers(t *testing.T) *workers {
	ws := &workers{}
	t.Cleanup(func() {
		for _, w := range ws.all {
			if err := w.jobs.Close(); err != nil {
				t.Error(err)
			}
			if err := w.cmd.Wait(); err != nil {
				t.Error("a worker:", err)
			}
		}
	})
	return ws
}

// run has an idle worker do a job, or a new one where none is idle. A job that does not end within a minute is killed,
// and the worker with it.
func (ws *workers) run(j job) (outcome, error) {
	w, err := ws.take()
	if err != nil {
		return outcome{}, err
	}
	timer := time.AfterFunc(time.Minute, func() { _ = w.cmd.Process.Kill() })
	defer timer.Stop()
	if err := w.send.Encode(j); err != nil {
		return outcome{}, err
	}
	var out outcome
	if err := w.read.Decode(&out); err != nil {
		return outcome{}, err
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.idle = append(ws.idle, w)
	return out, nil
}

func (ws *workers) take() (*worker, error) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if n := len(ws.idle); n > 0 {
		w := ws.idle[n-1]
		ws.idle = ws.idle[:n-1]
		return w, nil
	}
	c := exec.Command("dateline-worker")
	c.Stderr = os.Stderr
	jobs, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	outcomes, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	w := &worker{c, jobs, json.NewEncoder(jobs), json.NewDecoder(outcomes)}
	ws.all = append(ws.all, w)
	return w, nil
}
