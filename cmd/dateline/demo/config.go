package demo

import (
	"bytes"
	_ "embed"
	"text/template"
)

// Place is where a demonstration runs.
type Place struct {
	Wire   string // base address of the wire, without a final slash
	Store  string // path of the store
	Public string // HOST:PORT of the public listener
	Admin  string // HOST:PORT of the operator's; empty: off
}

//go:embed config.yaml.tmpl
var configText string

var configFile = template.Must(template.New("").Parse(configText))

// Config returns the config.yaml of a daemon that polls the wire every two seconds.
func Config(p Place) []byte {
	var b bytes.Buffer
	if err := configFile.Execute(&b, p); err != nil {
		panic(err) // a template of ours that does not fit Place
	}
	return b.Bytes()
}
